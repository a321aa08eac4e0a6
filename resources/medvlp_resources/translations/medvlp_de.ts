<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>medvlp</name>
    <message>
        <source> (compared: %1)</source>
        <translation> (verglichen: %1)</translation>
    </message>
    <message>
        <source> (file changed)</source>
        <translation> (Datei geändert)</translation>
    </message>
    <message>
        <source> The computer probably ran out of memory.</source>
        <translation> Wahrscheinlich ging dem Rechner der Speicher aus.</translation>
    </message>
    <message>
        <source> heat %1</source>
        <translation> Heatmap %1</translation>
    </message>
    <message>
        <source>&quot;%1&quot; does not fit the %2 and is left out.</source>
        <translation>„%1“ passt nicht zu %2 und bleibt unbeachtet.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; was read as &quot;%2&quot;.</source>
        <translation>„%1“ wurde als „%2“ gelesen.</translation>
    </message>
    <message>
        <source>&quot;Normal&quot; means that nothing is found; ask for one finding to see where.</source>
        <translation>„Normal“ heißt, dass nichts gefunden wird; fragen Sie nach einem Befund, um zu sehen, wo er liegt.</translation>
    </message>
    <message>
        <source>%1 (DICOM status 0x%2)</source>
        <translation>%1 (DICOM-Status 0x%2)</translation>
    </message>
    <message>
        <source>%1 Without a mask: %2.</source>
        <translation>%1 Ohne Maske: %2.</translation>
    </message>
    <message>
        <source>%1 and %2 more</source>
        <translation>%1 und %2 weitere</translation>
    </message>
    <message>
        <source>%1 answers, but does not offer this operation (%2).</source>
        <translation>%1 antwortet, bietet diesen Vorgang aber nicht an (%2).</translation>
    </message>
    <message>
        <source>%1 cannot be opened: %2</source>
        <translation>%1 lässt sich nicht öffnen: %2</translation>
    </message>
    <message>
        <source>%1 cannot be opened: it is %2.</source>
        <translation>%1 lässt sich nicht öffnen: Es ist %2.</translation>
    </message>
    <message>
        <source>%1 cannot be read (%2).</source>
        <translation>%1 ist nicht lesbar (%2).</translation>
    </message>
    <message>
        <source>%1 closed the connection in the middle of an answer. Try again: what arrived whole is kept.</source>
        <translation>%1 hat die Verbindung mitten in einer Antwort beendet. Versuchen Sie es noch einmal: Was ganz angekommen ist, bleibt.</translation>
    </message>
    <message>
        <source>%1 could not be downloaded: the hub answered with status %2. Pull again later, which goes on where it stopped; or %3.</source>
        <translation>%1 ließ sich nicht herunterladen: Der Hub hat mit dem Status %2 geantwortet. Laden Sie später noch einmal, es geht dort weiter, wo es aufhörte; oder %3.</translation>
    </message>
    <message>
        <source>%1 could not be downloaded: the hub did not answer (%2). Check the network and pull again, which goes on where it stopped; or %3.</source>
        <translation>%1 ließ sich nicht herunterladen: Der Hub hat nicht geantwortet (%2). Prüfen Sie das Netz und laden Sie noch einmal, es geht dort weiter, wo es aufhörte; oder %3.</translation>
    </message>
    <message>
        <source>%1 could not be reached within %2 s. %3</source>
        <translation>%1 war in %2 s nicht zu erreichen. %3</translation>
    </message>
    <message>
        <source>%1 could not be written: %2. Name another place.</source>
        <translation>%1 konnte nicht geschrieben werden: %2. Nennen Sie einen anderen Ort.</translation>
    </message>
    <message>
        <source>%1 does not fit: %2. Close other programs, or choose a smaller model.</source>
        <translation>%1 passt nicht: %2. Schließen Sie andere Programme oder wählen Sie ein kleineres Modell.</translation>
    </message>
    <message>
        <source>%1 does not lie on the scan: none of its contours encloses a voxel of it. Use the structure set that was drawn on this scan.</source>
        <translation>%1 liegt nicht auf dem Scan: keine seiner Konturen umschließt ein Voxel davon. Verwenden Sie das Structure Set, das auf diesem Scan gezeichnet wurde.</translation>
    </message>
    <message>
        <source>%1 files or subfolders could not be read and were left out; check that you may.</source>
        <translation>%1 Dateien oder Unterordner konnten nicht gelesen werden und blieben weg; prüfen Sie, ob Sie es dürfen.</translation>
    </message>
    <message>
        <source>%1 files or subfolders that cannot be read (check that you may)</source>
        <translation>%1 Dateien oder Unterordner, die sich nicht lesen lassen (prüfen Sie, ob Sie es dürfen)</translation>
    </message>
    <message>
        <source>%1 files that look like DICOM could not be read and were left out.</source>
        <translation>%1 Dateien, die wie DICOM aussehen, waren nicht lesbar und wurden ausgelassen.</translation>
    </message>
    <message>
        <source>%1 files that look like DICOM could not be read.</source>
        <translation>%1 Dateien, die wie DICOM aussehen, waren nicht lesbar.</translation>
    </message>
    <message>
        <source>%1 frames but %2 frame descriptions.</source>
        <translation>%1 Bilder, aber %2 Bildbeschreibungen.</translation>
    </message>
    <message>
        <source>%1 has no column of paths: expected one of %2; found %3.</source>
        <translation>%1 hat keine Spalte mit Pfaden: erwartet eine von %2; gefunden %3.</translation>
    </message>
    <message>
        <source>%1 holds %2 regions; expected %3 at most.</source>
        <translation>%1 enthält %2 Regionen; höchstens %3 sind erlaubt.</translation>
    </message>
    <message>
        <source>%1 holds a backslash or a control character.</source>
        <translation>%1 enthält einen umgekehrten Schrägstrich oder ein Steuerzeichen.</translation>
    </message>
    <message>
        <source>%1 holds no closed contour: expected a structure set with drawn regions.</source>
        <translation>%1 enthält keine geschlossene Kontur: erwartet wird ein Structure Set mit gezeichneten Regionen.</translation>
    </message>
    <message>
        <source>%1 image</source>
        <translation>Bild %1</translation>
    </message>
    <message>
        <source>%1 images of the study did not come whole. Open it again to fetch them.</source>
        <translation>%1 Bilder der Studie kamen nicht vollständig an. Öffnen Sie sie noch einmal, um sie zu holen.</translation>
    </message>
    <message>
        <source>%1 in the %2</source>
        <translation>%1 in %2</translation>
    </message>
    <message>
        <source>%1 is %2; expected milliseconds, such as 50.</source>
        <translation>%1 ist %2; erwartet Millisekunden, zum Beispiel 50.</translation>
    </message>
    <message>
        <source>%1 is a model as it was downloaded (%2). Import it once.</source>
        <translation>%1 ist ein Modell, wie es heruntergeladen wurde (%2). Importieren Sie es einmal.</translation>
    </message>
    <message>
        <source>%1 is no AE title: expected 1 to %2 ASCII characters without a backslash.</source>
        <translation>%1 ist kein AE-Titel: erwartet 1 bis %2 ASCII-Zeichen ohne umgekehrten Schrägstrich.</translation>
    </message>
    <message>
        <source>%1 is no CSV table in UTF-8 (%2).</source>
        <translation>%1 ist keine CSV-Tabelle in UTF-8 (%2).</translation>
    </message>
    <message>
        <source>%1 is no JSON (%2).</source>
        <translation>%1 ist kein JSON (%2).</translation>
    </message>
    <message>
        <source>%1 is no Parquet table (%2).</source>
        <translation>%1 ist keine Parquet-Tabelle (%2).</translation>
    </message>
    <message>
        <source>%1 is no URL of a server: %2.</source>
        <translation>%1 ist keine URL eines Servers: %2.</translation>
    </message>
    <message>
        <source>%1 is no address of a server: %2.</source>
        <translation>%1 ist keine Adresse eines Servers: %2.</translation>
    </message>
    <message>
        <source>%1 is no worklist: expected %2.</source>
        <translation>%1 ist keine Arbeitsliste: erwartet %2.</translation>
    </message>
    <message>
        <source>%1 is not a model folder: config.json is missing, unreadable or names no model_type (%2). A model as it was published is imported first.</source>
        <translation>%1 ist kein Modellordner: config.json fehlt, ist unlesbar oder nennt keinen model_type (%2). Ein Modell, wie es veröffentlicht wurde, wird erst importiert.</translation>
    </message>
    <message>
        <source>%1 is not encrypted, and %2 is set: the credentials could be read on the way. Use https, or unset the variable.</source>
        <translation>%1 ist unverschlüsselt, und %2 ist gesetzt: Die Zugangsdaten könnten unterwegs gelesen werden. Verwenden Sie https oder löschen Sie die Variable.</translation>
    </message>
    <message>
        <source>%1 is not in the field of view: there is nothing to outline.</source>
        <translation>%1 liegt nicht im Bildbereich: Es gibt nichts zu umranden.</translation>
    </message>
    <message>
        <source>%1 is not on screen yet: nothing was decided.</source>
        <translation>%1 ist noch nicht zu sehen: Es wurde nichts entschieden.</translation>
    </message>
    <message>
        <source>%1 lists no scan. Choose another folder or file.</source>
        <translation>%1 nennt keinen Scan. Wählen Sie einen anderen Ordner oder eine andere Datei.</translation>
    </message>
    <message>
        <source>%1 measured</source>
        <translation>%1 gemessen</translation>
    </message>
    <message>
        <source>%1 missing slices were interpolated</source>
        <translation>%1 fehlende Schichten wurden interpoliert</translation>
    </message>
    <message>
        <source>%1 moved</source>
        <translation>%1 verschoben</translation>
    </message>
    <message>
        <source>%1 no longer holds the series that was opened.</source>
        <translation>%1 enthält die geöffnete Serie nicht mehr.</translation>
    </message>
    <message>
        <source>%1 notes</source>
        <translation>%1 Hinweise</translation>
    </message>
    <message>
        <source>%1 of %2 slices repeat another slice (same place, same values) and were left out.</source>
        <translation>%1 von %2 Schichten wiederholen eine andere (gleicher Ort, gleiche Werte) und wurden ausgelassen.</translation>
    </message>
    <message>
        <source>%1 offers no C-GET, the only way in which medvlp fetches over DIMSE (C-MOVE would need an open port here). Have it allowed at the server, or use the server&apos;s DICOMweb address.</source>
        <translation>%1 bietet kein C-GET an, die einzige Art, in der medvlp über DIMSE abholt (C-MOVE bräuchte hier einen offenen Port). Lassen Sie es am Server erlauben oder verwenden Sie dessen DICOMweb-Adresse.</translation>
    </message>
    <message>
        <source>%1 other files lie beside the DICOM; unpack the zip to open them.</source>
        <translation>%1 andere Dateien liegen neben dem DICOM; entpacken Sie das ZIP, um sie zu öffnen.</translation>
    </message>
    <message>
        <source>%1 other files were found beside it and not opened.</source>
        <translation>%1 andere Dateien lagen daneben und wurden nicht geöffnet.</translation>
    </message>
    <message>
        <source>%1 other usable series or images were found and not opened.</source>
        <translation>%1 andere brauchbare Serien oder Bilder wurden gefunden und nicht geöffnet.</translation>
    </message>
    <message>
        <source>%1 pixels were not finite and were set to 0.</source>
        <translation>%1 Pixel waren nicht endlich und wurden auf 0 gesetzt.</translation>
    </message>
    <message>
        <source>%1 points</source>
        <translation>%1 Punkte</translation>
    </message>
    <message>
        <source>%1 port %2 cannot be reached (%3). %4</source>
        <translation>%1 Port %2 ist nicht zu erreichen (%3). %4</translation>
    </message>
    <message>
        <source>%1 port %2 does not answer within %3 s. %4</source>
        <translation>%1 Port %2 antwortet nicht in %3 s. %4</translation>
    </message>
    <message>
        <source>%1 refused the %2: %3.</source>
        <translation>%1 hat %2 abgelehnt: %3.</translation>
    </message>
    <message>
        <source>%1 refused the C-GET: %2.</source>
        <translation>%1 hat das C-GET abgelehnt: %2.</translation>
    </message>
    <message>
        <source>%1 removed</source>
        <translation>%1 entfernt</translation>
    </message>
    <message>
        <source>%1 saved: %2</source>
        <translation>%1 gespeichert: %2</translation>
    </message>
    <message>
        <source>%1 scans</source>
        <translation>%1 Scans</translation>
    </message>
    <message>
        <source>%1 sends requests in circles. Check the URL.</source>
        <translation>%1 leitet Anfragen im Kreis. Prüfen Sie die URL.</translation>
    </message>
    <message>
        <source>%1 studies were found.</source>
        <translation>%1 Studien wurden gefunden.</translation>
    </message>
    <message>
        <source>%1 values from %2 to %3, mean %4</source>
        <translation>%1 Werte von %2 bis %3, Mittel %4</translation>
    </message>
    <message>
        <source>%1 volumes in other formats lie beside the DICOM files and were left out; open them by themselves.</source>
        <translation>%1 Volumen in anderen Formaten liegen neben den DICOM-Dateien und wurden ausgelassen; öffnen Sie sie für sich.</translation>
    </message>
    <message>
        <source>%1 voxels outside -32768 to 32767 HU were clipped.</source>
        <translation>%1 Voxel außerhalb von -32768 bis 32767 HU wurden begrenzt.</translation>
    </message>
    <message>
        <source>%1 voxels outside -32768 to 32767 were clipped.</source>
        <translation>%1 Voxel außerhalb von -32768 bis 32767 wurden begrenzt.</translation>
    </message>
    <message>
        <source>%1 voxels were not finite and were set to air.</source>
        <translation>%1 Voxel waren nicht endlich und wurden auf Luft gesetzt.</translation>
    </message>
    <message>
        <source>%1 was added and checked.</source>
        <translation>%1 wurde hinzugefügt und geprüft.</translation>
    </message>
    <message>
        <source>%1 was downloaded and checked.</source>
        <translation>%1 wurde heruntergeladen und geprüft.</translation>
    </message>
    <message>
        <source>%1 was not saved: unexpected %2.</source>
        <translation>%1 wurde nicht gespeichert: unerwartet %2.</translation>
    </message>
    <message>
        <source>%1%2; expected %3 mm. %4.</source>
        <translation>%1%2; erwartet %3 mm. %4.</translation>
    </message>
    <message>
        <source>%1, SHA-256 %2</source>
        <translation>%1, SHA-256 %2</translation>
    </message>
    <message>
        <source>%1, drawn in its own way</source>
        <translation>%1, auf eigene Weise gezeichnet</translation>
    </message>
    <message>
        <source>%1, region %2: a contour runs through %3 slices of the scan; expected contours within its slices. Draw it on this series, or export a DICOM segmentation instead.</source>
        <translation>%1, Region %2: eine Kontur verläuft durch %3 Schichten des Scans; erwartet werden Konturen innerhalb seiner Schichten. Zeichnen Sie sie auf dieser Serie, oder exportieren Sie stattdessen eine DICOM-Segmentierung.</translation>
    </message>
    <message>
        <source>%1, row %2: %3 cells where the header has %4. Put text with commas or line breaks into quotation marks.</source>
        <translation>%1, Zeile %2: %3 Zellen, wo die Kopfzeile %4 hat. Setzen Sie Text mit Kommas oder Zeilenumbrüchen in Anführungszeichen.</translation>
    </message>
    <message>
        <source>%1. It saw no examples of %2 on %3.</source>
        <translation>%1. Es hat keine Beispiele von %2 auf %3 gesehen.</translation>
    </message>
    <message>
        <source>%1. The image does not look like the scans it knows (%2 sure; %3 are needed).</source>
        <translation>%1. Das Bild sieht nicht aus wie die Scans, die es kennt (%2 sicher; nötig sind %3).</translation>
    </message>
    <message>
        <source>%1: %2 files (%3) and no DICOM; expected one scan. Open one of the files.</source>
        <translation>%1: %2 Dateien (%3) und kein DICOM; erwartet ein Scan. Öffnen Sie eine der Dateien.</translation>
    </message>
    <message>
        <source>%1: %2 values per voxel (colour or vectors); expected one.</source>
        <translation>%1: %2 Werte je Voxel (Farbe oder Vektoren); erwartet einer.</translation>
    </message>
    <message>
        <source>%1: Parquet is read with pyarrow, which is not installed. Install it with &apos;pip install pyarrow&apos;, or save the table as CSV.</source>
        <translation>%1: Parquet wird mit pyarrow gelesen, das nicht installiert ist. Installieren Sie es mit &apos;pip install pyarrow&apos; oder speichern Sie die Tabelle als CSV.</translation>
    </message>
    <message>
        <source>%1: a colour volume; expected grey values.</source>
        <translation>%1: ein Farbvolumen; erwartet Grauwerte.</translation>
    </message>
    <message>
        <source>%1: a contour&apos;s coordinates are damaged (%2).</source>
        <translation>%1: die Koordinaten einer Kontur sind beschädigt (%2).</translation>
    </message>
    <message>
        <source>%1: a picture holds no Hounsfield units; expected a CT volume.</source>
        <translation>%1: Ein Bild enthält keine Hounsfield-Einheiten; erwartet ein CT-Volumen.</translation>
    </message>
    <message>
        <source>%1: a volume of complex numbers; expected Hounsfield units.</source>
        <translation>%1: ein Volumen komplexer Zahlen; erwartet Hounsfield-Einheiten.</translation>
    </message>
    <message>
        <source>%1: an X-ray is two-dimensional, found a volume of %2 voxels. Open it as CT.</source>
        <translation>%1: Ein Röntgenbild ist zweidimensional, gefunden ein Volumen aus %2 Voxeln. Öffnen Sie es als CT.</translation>
    </message>
    <message>
        <source>%1: expected %2 here; found %3.</source>
        <translation>%1: erwartet hier %2; gefunden %3.</translation>
    </message>
    <message>
        <source>%1: expected NIfTI, found %2.</source>
        <translation>%1: erwartet NIfTI, gefunden %2.</translation>
    </message>
    <message>
        <source>%1: expected a .csv or .parquet file.</source>
        <translation>%1: erwartet eine Datei .csv oder .parquet.</translation>
    </message>
    <message>
        <source>%1: expected a list of paths or hits; found none.</source>
        <translation>%1: erwartet eine Liste von Pfaden oder Treffern; gefunden keine.</translation>
    </message>
    <message>
        <source>%1: expected a session of the version %2; found %3. Save the session again with this version of the program.</source>
        <translation>%1: erwartet eine Sitzung der Version %2; gefunden %3. Speichern Sie die Sitzung noch einmal mit dieser Programmversion.</translation>
    </message>
    <message>
        <source>%1: expected a volume, found the shape %2.</source>
        <translation>%1: erwartet ein Volumen, gefunden die Form %2.</translation>
    </message>
    <message>
        <source>%1: expected one volume, found %2 dimensions (%3). Save the volume that you want on its own.</source>
        <translation>%1: erwartet ein Volumen, gefunden %2 Dimensionen (%3). Speichern Sie das gewünschte Volumen für sich.</translation>
    </message>
    <message>
        <source>%1: highest on slice %2</source>
        <translation>%1: am höchsten in Schicht %2</translation>
    </message>
    <message>
        <source>%1: measurements</source>
        <translation>%1: Messungen</translation>
    </message>
    <message>
        <source>%1: more than %2 files; expected one study. Open a subfolder.</source>
        <translation>%1: mehr als %2 Dateien; erwartet eine Studie. Öffnen Sie einen Unterordner.</translation>
    </message>
    <message>
        <source>%1: no DICOM data set could be read: the file is incomplete, or is not DICOM. Copy the file again.</source>
        <translation>%1: Es war kein DICOM-Datensatz lesbar: Die Datei ist unvollständig oder kein DICOM. Kopieren Sie die Datei noch einmal.</translation>
    </message>
    <message>
        <source>%1: no PNG, JPEG or TIFF picture could be decoded from this file.</source>
        <translation>%1: Aus dieser Datei ließ sich kein PNG-, JPEG- oder TIFF-Bild lesen.</translation>
    </message>
    <message>
        <source>%1: no profile along slices</source>
        <translation>%1: kein Verlauf über die Schichten</translation>
    </message>
    <message>
        <source>%1: none</source>
        <translation>%1: keine</translation>
    </message>
    <message>
        <source>%1: not sure. %2</source>
        <translation>%1: nicht sicher. %2</translation>
    </message>
    <message>
        <source>%1: the %2 file is damaged or incomplete (%3). Copy it again.</source>
        <translation>%1: Die %2-Datei ist beschädigt oder unvollständig (%3). Kopieren Sie sie noch einmal.</translation>
    </message>
    <message>
        <source>%1: the DICOM file is incomplete: it announces %2 x %3 pixels and ends before them. Copy the file again.</source>
        <translation>%1: Die DICOM-Datei ist unvollständig: Sie kündigt %2 x %3 Pixel an und endet davor. Kopieren Sie die Datei noch einmal.</translation>
    </message>
    <message>
        <source>%1: the DICOM file is incomplete: it is of an image class and ends before its image. Copy the file again.</source>
        <translation>%1: Die DICOM-Datei ist unvollständig: Sie gehört zu einer Bildklasse und endet vor ihrem Bild. Kopieren Sie die Datei noch einmal.</translation>
    </message>
    <message>
        <source>%1: the DICOM header is damaged or incomplete (%2). Copy the file again.</source>
        <translation>%1: Der DICOM-Kopf ist beschädigt oder unvollständig (%2). Kopieren Sie die Datei noch einmal.</translation>
    </message>
    <message>
        <source>%1: the NIfTI file is damaged or incomplete (%2). Copy it again.</source>
        <translation>%1: Die NIfTI-Datei ist beschädigt oder unvollständig (%2). Kopieren Sie sie noch einmal.</translation>
    </message>
    <message>
        <source>%1: the file cannot be read (%2). Check that it exists and that you may read it.</source>
        <translation>%1: Die Datei ist nicht lesbar (%2). Prüfen Sie, ob sie da ist und ob Sie sie lesen dürfen.</translation>
    </message>
    <message>
        <source>%1: the file is empty (0 bytes); expected %2. Copy it again.</source>
        <translation>%1: Die Datei ist leer (0 Bytes); erwartet %2. Kopieren Sie sie noch einmal.</translation>
    </message>
    <message>
        <source>%1: the folder cannot be read (%2). Check that you may.</source>
        <translation>%1: Der Ordner lässt sich nicht lesen (%2). Prüfen Sie, ob Sie es dürfen.</translation>
    </message>
    <message>
        <source>%1: the format is not recognised from its content or name; expected %2.</source>
        <translation>%1: Das Format ist weder am Inhalt noch am Namen zu erkennen; erwartet %2.</translation>
    </message>
    <message>
        <source>%1: the header claims %2 voxels; at most %3 billion are read. The file is damaged, or needs cropping.</source>
        <translation>%1: Der Kopf nennt %2 Voxel; gelesen werden höchstens %3 Milliarden. Die Datei ist beschädigt oder muss zugeschnitten werden.</translation>
    </message>
    <message>
        <source>%1: the header does not say where the voxels lie: %2 Write the file again from its source, with an affine of numbers.</source>
        <translation>%1: Der Kopf sagt nicht, wo die Voxel liegen: %2 Schreiben Sie die Datei noch einmal aus ihrer Quelle, mit einer Affinen aus Zahlen.</translation>
    </message>
    <message>
        <source>%1: the header names pixels outside its own folder; expected a file beside it. Put both into one folder, or save the volume as one file.</source>
        <translation>%1: Der Kopf nennt Pixel außerhalb des eigenen Ordners; erwartet eine Datei daneben. Legen Sie beide in einen Ordner oder speichern Sie das Volumen als eine Datei.</translation>
    </message>
    <message>
        <source>%1: the picture has %2 pages; expected one. A stack of pictures says nothing of its spacing: open the DICOM or NIfTI volume instead.</source>
        <translation>%1: Das Bild hat %2 Seiten; erwartet eine. Ein Bilderstapel sagt nichts über seine Abstände: Öffnen Sie stattdessen das DICOM- oder NIfTI-Volumen.</translation>
    </message>
    <message>
        <source>%1: the picture has %2 x %3 pixels; at most %4 million pixels are read. Make it smaller.</source>
        <translation>%1: Das Bild hat %2 x %3 Pixel; gelesen werden höchstens %4 Millionen. Verkleinern Sie es.</translation>
    </message>
    <message>
        <source>%1: the picture is damaged or incomplete (%2). Copy it again.</source>
        <translation>%1: Das Bild ist beschädigt oder unvollständig (%2). Kopieren Sie es noch einmal.</translation>
    </message>
    <message>
        <source>%1: the picture is too large to decode safely (%2); at most %3 million pixels are read. Make it smaller.</source>
        <translation>%1: Das Bild ist zu groß, um es sicher zu lesen (%2); gelesen werden höchstens %3 Millionen Pixel. Verkleinern Sie es.</translation>
    </message>
    <message>
        <source>%1: the scan has changed: its contents were expected to have the hash %2, found %3. Open the scan by itself, or put the former one back.</source>
        <translation>%1: Der Scan hat sich geändert: erwartet Inhalt mit der Prüfsumme %2, gefunden %3. Öffnen Sie den Scan für sich oder legen Sie den früheren zurück.</translation>
    </message>
    <message>
        <source>%1: the scan of this session is missing: expected %2 beside the session file. Put it back, or move the session file to where the scan is.</source>
        <translation>%1: Der Scan dieser Sitzung fehlt: erwartet %2 neben der Sitzungsdatei. Legen Sie ihn zurück oder verschieben Sie die Sitzungsdatei zum Scan.</translation>
    </message>
    <message>
        <source>%1: the server&apos;s certificate is not trusted, or it speaks no TLS. Where it is signed by an institution of your own, name that one&apos;s file in REQUESTS_CA_BUNDLE.</source>
        <translation>%1: Dem Zertifikat des Servers wird nicht vertraut, oder er spricht kein TLS. Ist es von einer eigenen Stelle unterschrieben, nennen Sie deren Datei in REQUESTS_CA_BUNDLE.</translation>
    </message>
    <message>
        <source>%1: the session could not be read (%2).</source>
        <translation>%1: Die Sitzung war nicht lesbar (%2).</translation>
    </message>
    <message>
        <source>%1: the session holds values that are not allowed: %2. Save the session again.</source>
        <translation>%1: Die Sitzung enthält unzulässige Werte: %2. Speichern Sie die Sitzung noch einmal.</translation>
    </message>
    <message>
        <source>%1: the values are not Hounsfield units: they run from %2 to %3 and %4 % of them are below %5. Expected a CT with air near -1000 and fat near -100; this may be magnetic resonance, or a CT saved without its rescale intercept. Convert it from the original DICOM.</source>
        <translation>%1: Die Werte sind keine Hounsfield-Einheiten: Sie reichen von %2 bis %3, und %4 % von ihnen liegen unter %5. Erwartet ein CT mit Luft nahe -1000 und Fett nahe -100; dies kann eine Magnetresonanz sein oder ein CT, das ohne seinen Achsenabschnitt gespeichert wurde. Wandeln Sie es aus dem ursprünglichen DICOM um.</translation>
    </message>
    <message>
        <source>%1: the volume does not fit into memory.</source>
        <translation>%1: Das Volumen passt nicht in den Speicher.</translation>
    </message>
    <message>
        <source>%1: the zip could not be unpacked (%2). Check the file and the free space for temporary files.</source>
        <translation>%1: Das ZIP ließ sich nicht entpacken (%2). Prüfen Sie die Datei und den freien Platz für temporäre Dateien.</translation>
    </message>
    <message>
        <source>%1: the zip holds %2 files; at most %3 are unpacked. Unpack it yourself and open the folder.</source>
        <translation>%1: Das ZIP enthält %2 Dateien; entpackt werden höchstens %3. Entpacken Sie es selbst und öffnen Sie den Ordner.</translation>
    </message>
    <message>
        <source>%1: the zip holds a file that would be written outside its folder (an absolute path, or a name with &apos;..&apos;). Nothing was unpacked.</source>
        <translation>%1: Das ZIP enthält eine Datei, die außerhalb seines Ordners geschrieben würde (ein absoluter Pfad oder ein Name mit &apos;..&apos;). Nichts wurde entpackt.</translation>
    </message>
    <message>
        <source>%1: the zip holds a symbolic link. Nothing was unpacked.</source>
        <translation>%1: Das ZIP enthält eine symbolische Verknüpfung. Nichts wurde entpackt.</translation>
    </message>
    <message>
        <source>%1: the zip is damaged (%2).</source>
        <translation>%1: Das ZIP ist beschädigt (%2).</translation>
    </message>
    <message>
        <source>%1: the zip is damaged or uses an unsupported method (%2). Copy or pack it again.</source>
        <translation>%1: Das ZIP ist beschädigt oder benutzt ein nicht unterstütztes Verfahren (%2). Kopieren oder packen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>%1: the zip is protected by a password. Unpack it yourself.</source>
        <translation>%1: Das ZIP ist mit einem Passwort geschützt. Entpacken Sie es selbst.</translation>
    </message>
    <message>
        <source>%1: the zip would grow %2 times when unpacked; at most %3 times are allowed (it may be a zip bomb).</source>
        <translation>%1: Das ZIP würde beim Entpacken um das %2-Fache wachsen; erlaubt ist höchstens das %3-Fache (es könnte eine ZIP-Bombe sein).</translation>
    </message>
    <message>
        <source>%1: the zip would unpack to %2 GiB; at most %3 GiB are allowed (it may be a zip bomb).</source>
        <translation>%1: Das ZIP würde entpackt %2 GiB belegen; erlaubt sind höchstens %3 GiB (es könnte eine ZIP-Bombe sein).</translation>
    </message>
    <message>
        <source>%1: this is neither a file nor a folder.</source>
        <translation>%1: Dies ist weder eine Datei noch ein Ordner.</translation>
    </message>
    <message>
        <source>%1: this is no session file: expected JSON.</source>
        <translation>%1: Dies ist keine Sitzungsdatei: erwartet JSON.</translation>
    </message>
    <message>
        <source>%1: this is no session file: it is too large. Open it as a scan.</source>
        <translation>%1: Dies ist keine Sitzungsdatei: Sie ist zu groß. Öffnen Sie sie als Scan.</translation>
    </message>
    <message>
        <source>%1: this looks like a label map or an 8-bit image, not a CT: its values are %2 whole numbers from %3 to %4. Expected Hounsfield units (air near -1000, water 0). Open the CT that it was drawn on, and pass a label map as organs.</source>
        <translation>%1: Dies sieht nach einer Labelkarte oder einem 8-Bit-Bild aus, nicht nach einem CT: Die Werte sind %2 ganze Zahlen von %3 bis %4. Erwartet Hounsfield-Einheiten (Luft nahe -1000, Wasser 0). Öffnen Sie das CT, auf dem sie gezeichnet wurde, und geben Sie eine Labelkarte als Organe an.</translation>
    </message>
    <message>
        <source>%1: unpacking needs %2 MiB, %3 MiB are free in the folder for temporary files. Free some space, or set TMPDIR.</source>
        <translation>%1: Zum Entpacken sind %2 MiB nötig, im Ordner für temporäre Dateien sind %3 MiB frei. Schaffen Sie Platz oder setzen Sie TMPDIR.</translation>
    </message>
    <message>
        <source>%1; expected one. Export one of them alone.</source>
        <translation>%1; erwartet eines. Exportieren Sie eines davon allein.</translation>
    </message>
    <message>
        <source>%1; the one with %2 slices was taken.</source>
        <translation>%1; genommen wurde das mit %2 Schichten.</translation>
    </message>
    <message>
        <source>(and %1 more)</source>
        <translation>(und %1 weitere)</translation>
    </message>
    <message>
        <source>1 note</source>
        <translation>1 Hinweis</translation>
    </message>
    <message>
        <source>1 scan</source>
        <translation>1 Scan</translation>
    </message>
    <message>
        <source>1 study was found.</source>
        <translation>1 Studie wurde gefunden.</translation>
    </message>
    <message>
        <source>3D image</source>
        <translation>3D-Bild</translation>
    </message>
    <message>
        <source>3D pane</source>
        <translation>3D-Ansicht</translation>
    </message>
    <message>
        <source>A CT slice has no %1; expected %2 numbers.</source>
        <translation>Eine CT-Schicht hat kein %1; erwartet %2 Zahlen.</translation>
    </message>
    <message>
        <source>A accept</source>
        <translation>A annehmen</translation>
    </message>
    <message>
        <source>A multi-frame CT of %1 frames has no positions for them (functional groups); expected one each.</source>
        <translation>Ein Mehrbild-CT aus %1 Bildern hat keine Positionen für sie (functional groups); erwartet je eine.</translation>
    </message>
    <message>
        <source>A radiograph of %1 frames (a film loop); expected one frame.</source>
        <translation>Eine Röntgenaufnahme aus %1 Bildern (eine Bildfolge); erwartet ein Bild.</translation>
    </message>
    <message>
        <source>A report without names and pictures: %1</source>
        <translation>Ein Bericht ohne Namen und Bilder: %1</translation>
    </message>
    <message>
        <source>A scan opened again is then encoded again. No pictures or names are stored.</source>
        <translation>Ein erneut geöffneter Scan wird dann noch einmal kodiert. Bilder oder Namen werden nicht gespeichert.</translation>
    </message>
    <message>
        <source>A slice decodes to %1 pixels; its header says %2.</source>
        <translation>Eine Schicht ergibt %1 Pixel; ihr Kopf sagt %2.</translation>
    </message>
    <message>
        <source>AET@host:port or https://host/dicom-web</source>
        <translation>AET@host:port oder https://host/dicom-web</translation>
    </message>
    <message>
        <source>Abdomen</source>
        <translation>Abdomen</translation>
    </message>
    <message>
        <source>About %1 GB are needed and %2 GB are free. Close other programs, then try again.</source>
        <translation>Etwa %1 GB werden gebraucht, und %2 GB sind frei. Schließen Sie andere Programme, und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>About the selected model</source>
        <translation>Über das ausgewählte Modell</translation>
    </message>
    <message>
        <source>Accept and add it</source>
        <translation>Annehmen und hinzufügen</translation>
    </message>
    <message>
        <source>Accept its licence and download the selected model</source>
        <translation>Lizenz annehmen und ausgewähltes Modell herunterladen</translation>
    </message>
    <message>
        <source>Accept the licence</source>
        <translation>Lizenz annehmen</translation>
    </message>
    <message>
        <source>Accept the licence and download</source>
        <translation>Lizenz annehmen und herunterladen</translation>
    </message>
    <message>
        <source>Accept the licence of the selected model</source>
        <translation>Lizenz des ausgewählten Modells annehmen</translation>
    </message>
    <message>
        <source>Accept, and go on</source>
        <translation>Annehmen und weiter</translation>
    </message>
    <message>
        <source>Accepted</source>
        <translation>Angenommen</translation>
    </message>
    <message>
        <source>Add a model from a folder</source>
        <translation>Ein Modell aus einem Ordner hinzufügen</translation>
    </message>
    <message>
        <source>Add a model from a folder…</source>
        <translation>Ein Modell aus einem Ordner hinzufügen …</translation>
    </message>
    <message>
        <source>Add one from a folder…</source>
        <translation>Eines aus einem Ordner hinzufügen …</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>All %1 scans are decided. Export the decisions with Ctrl+E.</source>
        <translation>Alle %1 Scans sind entschieden. Exportieren Sie die Entscheidungen mit Strg+E.</translation>
    </message>
    <message>
        <source>Angle</source>
        <translation>Winkel</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>Antwort</translation>
    </message>
    <message>
        <source>Answer of the server</source>
        <translation>Antwort des Servers</translation>
    </message>
    <message>
        <source>Answers</source>
        <translation>Antworten</translation>
    </message>
    <message>
        <source>Answers of both sides</source>
        <translation>Antworten beider Seiten</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>Darstellung</translation>
    </message>
    <message>
        <source>Apple graphics (MPS)</source>
        <translation>Apple-Grafik (MPS)</translation>
    </message>
    <message>
        <source>As all questions</source>
        <translation>Wie alle Fragen</translation>
    </message>
    <message>
        <source>As stored in the file</source>
        <translation>Wie in der Datei</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Ask</source>
        <translation>Fragen</translation>
    </message>
    <message>
        <source>Ask a CT or a chest X-ray in words, and see where</source>
        <translation>Ein CT oder ein Thoraxröntgen in Worten befragen und sehen, wo</translation>
    </message>
    <message>
        <source>Ask the sample CT: %1</source>
        <translation>Das Beispiel-CT fragen: %1</translation>
    </message>
    <message>
        <source>Asking what there is</source>
        <translation>Fragt, was es gibt</translation>
    </message>
    <message>
        <source>Ask…</source>
        <translation>Fragen…</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Automatisch</translation>
    </message>
    <message>
        <source>Automatic: one question is drawn in a colour map, several each in their own colour</source>
        <translation>Automatisch: Eine Frage wird in einer Farbskala gezeichnet, mehrere jede in ihrer Farbe</translation>
    </message>
    <message>
        <source>Axial</source>
        <translation>Axial</translation>
    </message>
    <message>
        <source>Back to defaults</source>
        <translation>Zurück zur Vorgabe</translation>
    </message>
    <message>
        <source>Back to the model before</source>
        <translation>Zurück zum Modell davor</translation>
    </message>
    <message>
        <source>Bone</source>
        <translation>Knochen</translation>
    </message>
    <message>
        <source>Brain</source>
        <translation>Gehirn</translation>
    </message>
    <message>
        <source>Built in</source>
        <translation>Mitgeliefert</translation>
    </message>
    <message>
        <source>Built-in model</source>
        <translation>Eingebautes Modell</translation>
    </message>
    <message>
        <source>C note</source>
        <translation>C Notiz</translation>
    </message>
    <message>
        <source>CSV table</source>
        <translation>CSV-Tabelle</translation>
    </message>
    <message>
        <source>CT, X-ray</source>
        <translation>CT, Röntgen</translation>
    </message>
    <message>
        <source>Called AE title not recognised</source>
        <translation>Gerufener AE-Titel nicht erkannt</translation>
    </message>
    <message>
        <source>Calling AE title not recognised</source>
        <translation>Rufender AE-Titel nicht erkannt</translation>
    </message>
    <message>
        <source>Can be downloaded</source>
        <translation>Kann geladen werden</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Cancel scoring</source>
        <translation>Bewertung abbrechen</translation>
    </message>
    <message>
        <source>Cancel the running job</source>
        <translation>Die laufende Arbeit abbrechen</translation>
    </message>
    <message>
        <source>Cancelled.</source>
        <translation>Abgebrochen.</translation>
    </message>
    <message>
        <source>Cannot be opened: it is %1</source>
        <translation>Lässt sich nicht öffnen: Es ist %1</translation>
    </message>
    <message>
        <source>Changes hold at once.</source>
        <translation>Änderungen gelten sofort.</translation>
    </message>
    <message>
        <source>Check host and port, and whether a firewall lets this computer through.</source>
        <translation>Prüfen Sie Host und Port und ob eine Firewall diesen Rechner durchlässt.</translation>
    </message>
    <message>
        <source>Checking the sample</source>
        <translation>Das Beispiel wird geprüft</translation>
    </message>
    <message>
        <source>Choose a model to read about it.</source>
        <translation>Wählen Sie ein Modell, um mehr darüber zu lesen.</translation>
    </message>
    <message>
        <source>Choose a model…</source>
        <translation>Modell wählen…</translation>
    </message>
    <message>
        <source>Choose the folder of a model</source>
        <translation>Den Ordner eines Modells wählen</translation>
    </message>
    <message>
        <source>Cite</source>
        <translation>Zitieren</translation>
    </message>
    <message>
        <source>Clear downloaded studies</source>
        <translation>Heruntergeladene Studien löschen</translation>
    </message>
    <message>
        <source>Clear this list</source>
        <translation>Diese Liste leeren</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Close the second side</source>
        <translation>Zweite Seite schließen</translation>
    </message>
    <message>
        <source>Close worklist</source>
        <translation>Arbeitsliste schließen</translation>
    </message>
    <message>
        <source>Colour</source>
        <translation>Farbe</translation>
    </message>
    <message>
        <source>Colour %1</source>
        <translation>Farbe %1</translation>
    </message>
    <message>
        <source>Colour %1, %2</source>
        <translation>Farbe %1, %2</translation>
    </message>
    <message>
        <source>Colour bar of the heat, from 0 to 1</source>
        <translation>Farbbalken der Heatmap, von 0 bis 1</translation>
    </message>
    <message>
        <source>Colour map</source>
        <translation>Farbskala</translation>
    </message>
    <message>
        <source>Colour map of the heat</source>
        <translation>Farbskala der Heatmap</translation>
    </message>
    <message>
        <source>Colour, opacity and threshold of this question (C)</source>
        <translation>Farbe, Deckkraft und Schwelle dieser Frage (C)</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>Farben</translation>
    </message>
    <message>
        <source>Command or question</source>
        <translation>Befehl oder Frage</translation>
    </message>
    <message>
        <source>Command palette</source>
        <translation>Befehlssuche</translation>
    </message>
    <message>
        <source>Commands found</source>
        <translation>Gefundene Befehle</translation>
    </message>
    <message>
        <source>Compare every organ with the findings it can host</source>
        <translation>Jedes Organ mit den Befunden vergleichen, die es haben kann</translation>
    </message>
    <message>
        <source>Compare with it side by side</source>
        <translation>Nebeneinander vergleichen</translation>
    </message>
    <message>
        <source>Compare with the selected model</source>
        <translation>Mit dem ausgewählten Modell vergleichen</translation>
    </message>
    <message>
        <source>Copy as text</source>
        <translation>Als Text kopieren</translation>
    </message>
    <message>
        <source>Cor</source>
        <translation>Kor</translation>
    </message>
    <message>
        <source>Coronal</source>
        <translation>Koronal</translation>
    </message>
    <message>
        <source>Crosshair follows the pointer in all panes</source>
        <translation>Das Fadenkreuz folgt dem Zeiger in allen Ansichten</translation>
    </message>
    <message>
        <source>Ctrl + wheel</source>
        <translation>Strg + Rad</translation>
    </message>
    <message>
        <source>Custom</source>
        <translation>Eigenes</translation>
    </message>
    <message>
        <source>Cut %1</source>
        <translation>Schnitt %1</translation>
    </message>
    <message>
        <source>Cut Ax</source>
        <translation>Schnitt ax</translation>
    </message>
    <message>
        <source>DICOM (file, folder or zip), NIfTI, NRRD, MHA, PNG, JPEG or TIFF</source>
        <translation>DICOM (Datei, Ordner oder ZIP), NIfTI, NRRD, MHA, PNG, JPEG oder TIFF</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>Datum</translation>
    </message>
    <message>
        <source>Decisions</source>
        <translation>Entscheidungen</translation>
    </message>
    <message>
        <source>Decisions about %1 scans saved: %2</source>
        <translation>Entscheidungen über %1 Scans gespeichert: %2</translation>
    </message>
    <message>
        <source>Description</source>
        <translation>Beschreibung</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Einzelheiten</translation>
    </message>
    <message>
        <source>Deutsch</source>
        <translation>Deutsch</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>Gerät</translation>
    </message>
    <message>
        <source>Device %1 was asked for, but torch %2 finds only %3 here. Choose the automatic device, or install a torch build for it.</source>
        <translation>Das Gerät %1 wurde verlangt, doch torch %2 findet hier nur %3. Wählen Sie das automatische Gerät oder installieren Sie eine torch-Version dafür.</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Distance</source>
        <translation>Strecke</translation>
    </message>
    <message>
        <source>Done again: %1</source>
        <translation>Wiederholt: %1</translation>
    </message>
    <message>
        <source>Double click</source>
        <translation>Doppelklick</translation>
    </message>
    <message>
        <source>Downloaded studies removed: %1 MB are free again.</source>
        <translation>Heruntergeladene Studien entfernt: %1 MB sind wieder frei.</translation>
    </message>
    <message>
        <source>Downloading %1 %</source>
        <translation>Wird geladen %1 %</translation>
    </message>
    <message>
        <source>Drag in a pane, or click its points one by one.</source>
        <translation>In einer Ansicht ziehen oder die Punkte einzeln anklicken.</translation>
    </message>
    <message>
        <source>Drag the edges of the window for its width, between them for its level</source>
        <translation>Die Ränder des Fensters ziehen für die Breite, dazwischen für die Lage</translation>
    </message>
    <message>
        <source>Dragging down brightens</source>
        <translation>Nach unten ziehen macht heller</translation>
    </message>
    <message>
        <source>Drawing slice %1 of %2</source>
        <translation>Schicht %1 von %2 wird gezeichnet</translation>
    </message>
    <message>
        <source>Drop a folder, a zip or files anywhere on the window.</source>
        <translation>Ziehen Sie einen Ordner, ein ZIP oder Dateien irgendwo auf das Fenster.</translation>
    </message>
    <message>
        <source>Drop a scan here: a DICOM folder, a zip, NIfTI, NRRD, MHA, PNG</source>
        <translation>Ziehen Sie einen Scan hierher: DICOM-Ordner, ZIP, NIfTI, NRRD, MHA, PNG</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>Bearbeiten</translation>
    </message>
    <message>
        <source>Ellipse</source>
        <translation>Ellipse</translation>
    </message>
    <message>
        <source>Encoded</source>
        <translation>Kodiert</translation>
    </message>
    <message>
        <source>Encoded scans removed: %1 MB are free again.</source>
        <translation>Kodierte Scans entfernt: %1 MB sind wieder frei.</translation>
    </message>
    <message>
        <source>Encoded scans, at most</source>
        <translation>Kodierte Scans, höchstens</translation>
    </message>
    <message>
        <source>Encoding slices %1-%2</source>
        <translation>Schichten %1 bis %2 werden kodiert</translation>
    </message>
    <message>
        <source>Encoding taken from the cache</source>
        <translation>Kodierung aus dem Zwischenspeicher</translation>
    </message>
    <message>
        <source>Encoding the picture</source>
        <translation>Das Bild wird kodiert</translation>
    </message>
    <message>
        <source>Encoding the scan</source>
        <translation>Der Scan wird kodiert</translation>
    </message>
    <message>
        <source>English</source>
        <translation>English</translation>
    </message>
    <message>
        <source>Enter keeps the note, Escape leaves it as it was</source>
        <translation>Eingabe behält die Notiz, Escape lässt sie, wie sie war</translation>
    </message>
    <message>
        <source>Enter shows the slice, Delete removes</source>
        <translation>Eingabe zeigt die Schicht, Entf entfernt</translation>
    </message>
    <message>
        <source>Esc puts the tool down.</source>
        <translation>Esc legt das Werkzeug weg.</translation>
    </message>
    <message>
        <source>Español</source>
        <translation>Español</translation>
    </message>
    <message>
        <source>Every model answers the same questions in its own way. Switch, or compare.</source>
        <translation>Jedes Modell beantwortet dieselben Fragen auf seine Weise. Wechseln oder vergleichen Sie.</translation>
    </message>
    <message>
        <source>Everything found in them is listed here, with a small picture of every series. Click one to open it.</source>
        <translation>Alles, was darin gefunden wird, steht hier mit einem kleinen Bild jeder Serie. Klicken Sie eine an, um sie zu öffnen.</translation>
    </message>
    <message>
        <source>Expected a day as 2026-01-31; found %1.</source>
        <translation>Erwartet ein Tag wie 2026-01-31; gefunden %1.</translation>
    </message>
    <message>
        <source>Export decisions…</source>
        <translation>Entscheidungen exportieren…</translation>
    </message>
    <message>
        <source>Export the decisions</source>
        <translation>Die Entscheidungen exportieren</translation>
    </message>
    <message>
        <source>Failed: %1</source>
        <translation>Fehlgeschlagen: %1</translation>
    </message>
    <message>
        <source>Fetching the sample (%1 s)</source>
        <translation>Das Beispiel wird geholt (%1 s)</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>File %1 of %2</source>
        <translation>Datei %1 von %2</translation>
    </message>
    <message>
        <source>Files missing</source>
        <translation>Dateien fehlen</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>Filtern</translation>
    </message>
    <message>
        <source>Filter names and notes</source>
        <translation>Namen und Notizen filtern</translation>
    </message>
    <message>
        <source>Filter organs and findings</source>
        <translation>Organe und Befunde filtern</translation>
    </message>
    <message>
        <source>Find</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>Find a command…</source>
        <translation>Einen Befehl finden…</translation>
    </message>
    <message>
        <source>Finding</source>
        <translation>Befund</translation>
    </message>
    <message>
        <source>First slice</source>
        <translation>Erste Schicht</translation>
    </message>
    <message>
        <source>First window</source>
        <translation>Erstes Fenster</translation>
    </message>
    <message>
        <source>Folder of a model</source>
        <translation>Ordner eines Modells</translation>
    </message>
    <message>
        <source>Folder…</source>
        <translation>Ordner…</translation>
    </message>
    <message>
        <source>Forget other studies</source>
        <translation>Andere Studien vergessen</translation>
    </message>
    <message>
        <source>From above</source>
        <translation>Von oben</translation>
    </message>
    <message>
        <source>From below</source>
        <translation>Von unten</translation>
    </message>
    <message>
        <source>From day</source>
        <translation>Von Tag</translation>
    </message>
    <message>
        <source>From file</source>
        <translation>Aus der Datei</translation>
    </message>
    <message>
        <source>From the back</source>
        <translation>Von hinten</translation>
    </message>
    <message>
        <source>From the front</source>
        <translation>Von vorn</translation>
    </message>
    <message>
        <source>From the left</source>
        <translation>Von links</translation>
    </message>
    <message>
        <source>From the right</source>
        <translation>Von rechts</translation>
    </message>
    <message>
        <source>Go on scoring</source>
        <translation>Weiter bewerten</translation>
    </message>
    <message>
        <source>Go through many scans with the keyboard alone.</source>
        <translation>Viele Scans allein mit der Tastatur durchgehen.</translation>
    </message>
    <message>
        <source>Heat</source>
        <translation>Heatmap</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>Hilfe</translation>
    </message>
    <message>
        <source>Hide the worklist</source>
        <translation>Die Arbeitsliste ausblenden</translation>
    </message>
    <message>
        <source>Hide the worklist (W)</source>
        <translation>Die Arbeitsliste ausblenden (W)</translation>
    </message>
    <message>
        <source>Histogram</source>
        <translation>Histogramm</translation>
    </message>
    <message>
        <source>Histogram with the window</source>
        <translation>Histogramm mit dem Fenster</translation>
    </message>
    <message>
        <source>Histogram: %1</source>
        <translation>Histogramm: %1</translation>
    </message>
    <message>
        <source>Hottest spot</source>
        <translation>Heißeste Stelle</translation>
    </message>
    <message>
        <source>Hue</source>
        <translation>Farbton</translation>
    </message>
    <message>
        <source>Image %1 of %2</source>
        <translation>Bild %1 von %2</translation>
    </message>
    <message>
        <source>ImageOrientationPatient is not two perpendicular directions: found %1.</source>
        <translation>ImageOrientationPatient sind nicht zwei senkrechte Richtungen: gefunden %1.</translation>
    </message>
    <message>
        <source>Images</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>In the order of the source.</source>
        <translation>In der Reihenfolge der Quelle.</translation>
    </message>
    <message>
        <source>In use</source>
        <translation>In Gebrauch</translation>
    </message>
    <message>
        <source>Interpolate between pixels</source>
        <translation>Zwischen Pixeln interpolieren</translation>
    </message>
    <message>
        <source>Interpolate pixels</source>
        <translation>Pixel interpolieren</translation>
    </message>
    <message>
        <source>It cannot be used: %1 missing. Add it from its folder again.</source>
        <translation>Nicht verwendbar: %1 fehlt. Fügen Sie es noch einmal aus seinem Ordner hinzu.</translation>
    </message>
    <message>
        <source>It is not on this computer. Read its licence; it is accepted with the download. Without a network, add it from a folder.</source>
        <translation>Es ist nicht auf diesem Computer. Lesen Sie seine Lizenz; sie wird mit dem Herunterladen angenommen. Ohne Netz fügen Sie es aus einem Ordner hinzu.</translation>
    </message>
    <message>
        <source>It is ready. The scan stays open, and what was asked is asked again.</source>
        <translation>Es ist bereit. Der Scan bleibt offen, und was gefragt wurde, wird noch einmal gefragt.</translation>
    </message>
    <message>
        <source>It was not opened. Press Enter to try again.</source>
        <translation>Es wurde nicht geöffnet. Eingabe versucht es noch einmal.</translation>
    </message>
    <message>
        <source>J next</source>
        <translation>J nächster</translation>
    </message>
    <message>
        <source>K previous</source>
        <translation>K voriger</translation>
    </message>
    <message>
        <source>Keep a list of recent files</source>
        <translation>Eine Liste der letzten Dateien führen</translation>
    </message>
    <message>
        <source>Keyboard and mouse</source>
        <translation>Tastatur und Maus</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>Knows</source>
        <translation>Kennt</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>Last slice</source>
        <translation>Letzte Schicht</translation>
    </message>
    <message>
        <source>Laying out the pages</source>
        <translation>Seiten werden gesetzt</translation>
    </message>
    <message>
        <source>Leading finding</source>
        <translation>Führender Befund</translation>
    </message>
    <message>
        <source>Leading finding: the most probable one</source>
        <translation>Führender Befund: der wahrscheinlichste</translation>
    </message>
    <message>
        <source>Left click</source>
        <translation>Linksklick</translation>
    </message>
    <message>
        <source>Left drag</source>
        <translation>Links ziehen</translation>
    </message>
    <message>
        <source>Lengths were multiplied by %1 to be mm.</source>
        <translation>Längen wurden mit %1 malgenommen, damit sie mm sind.</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>Lizenz</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>List series</source>
        <translation>Serien auflisten</translation>
    </message>
    <message>
        <source>Listing what there is</source>
        <translation>Der Inhalt wird aufgelistet</translation>
    </message>
    <message>
        <source>Loading the model</source>
        <translation>Das Modell wird geladen</translation>
    </message>
    <message>
        <source>Loading…</source>
        <translation>Wird geladen…</translation>
    </message>
    <message>
        <source>Looking at series %1 of %2</source>
        <translation>Serie %1 von %2 wird angesehen</translation>
    </message>
    <message>
        <source>Looking for an encoding of this scan</source>
        <translation>Eine Kodierung dieses Scans wird gesucht</translation>
    </message>
    <message>
        <source>Looking for it</source>
        <translation>Es wird gesucht</translation>
    </message>
    <message>
        <source>Looking for models…</source>
        <translation>Modelle werden gesucht…</translation>
    </message>
    <message>
        <source>Looking for scans</source>
        <translation>Scans werden gesucht</translation>
    </message>
    <message>
        <source>Looking through it…</source>
        <translation>Wird durchgesehen…</translation>
    </message>
    <message>
        <source>Lung</source>
        <translation>Lunge</translation>
    </message>
    <message>
        <source>Manifests and hit lists (*.csv *.parquet *.json);;All files (*)</source>
        <translation>Manifeste und Trefferlisten (*.csv *.parquet *.json);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Maximise pane</source>
        <translation>Ansicht maximieren</translation>
    </message>
    <message>
        <source>Maximise the pane, or show all</source>
        <translation>Die Ansicht maximieren oder alle zeigen</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>Messen</translation>
    </message>
    <message>
        <source>Measure a distance</source>
        <translation>Eine Strecke messen</translation>
    </message>
    <message>
        <source>Measure a rectangle</source>
        <translation>Ein Rechteck messen</translation>
    </message>
    <message>
        <source>Measure an angle</source>
        <translation>Einen Winkel messen</translation>
    </message>
    <message>
        <source>Measure an ellipse</source>
        <translation>Eine Ellipse messen</translation>
    </message>
    <message>
        <source>Measurements</source>
        <translation>Messungen</translation>
    </message>
    <message>
        <source>Measurements removed</source>
        <translation>Messungen entfernt</translation>
    </message>
    <message>
        <source>Mediastinum</source>
        <translation>Mediastinum</translation>
    </message>
    <message>
        <source>Memory %1 GB</source>
        <translation>Speicher %1 GB</translation>
    </message>
    <message>
        <source>Memory %1 MB</source>
        <translation>Speicher %1 MB</translation>
    </message>
    <message>
        <source>Memory in use</source>
        <translation>Belegter Speicher</translation>
    </message>
    <message>
        <source>Middle drag</source>
        <translation>Mitte ziehen</translation>
    </message>
    <message>
        <source>Modalities</source>
        <translation>Modalitäten</translation>
    </message>
    <message>
        <source>Modality (CT, DX)</source>
        <translation>Modalität (CT, DX)</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Model %1</source>
        <translation>Modell %1</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>Models to choose from</source>
        <translation>Modelle zur Auswahl</translation>
    </message>
    <message>
        <source>Mouse</source>
        <translation>Maus</translation>
    </message>
    <message>
        <source>Move the crosshair</source>
        <translation>Das Fadenkreuz versetzen</translation>
    </message>
    <message>
        <source>NIfTI</source>
        <translation>NIfTI</translation>
    </message>
    <message>
        <source>NVIDIA graphics card (CUDA)</source>
        <translation>NVIDIA-Grafikkarte (CUDA)</translation>
    </message>
    <message>
        <source>Name or folder</source>
        <translation>Name oder Ordner</translation>
    </message>
    <message>
        <source>Navigate</source>
        <translation>Bewegen</translation>
    </message>
    <message>
        <source>Needs its licence accepted</source>
        <translation>Lizenz noch nicht angenommen</translation>
    </message>
    <message>
        <source>New</source>
        <translation>Neu</translation>
    </message>
    <message>
        <source>Next peak</source>
        <translation>Nächstes Maximum</translation>
    </message>
    <message>
        <source>Next peak (N)</source>
        <translation>Nächstes Maximum (N)</translation>
    </message>
    <message>
        <source>Next peak of all questions</source>
        <translation>Nächstes Maximum aller Fragen</translation>
    </message>
    <message>
        <source>Next scan</source>
        <translation>Nächster Scan</translation>
    </message>
    <message>
        <source>Next slice</source>
        <translation>Nächste Schicht</translation>
    </message>
    <message>
        <source>No description</source>
        <translation>Keine Beschreibung</translation>
    </message>
    <message>
        <source>No entry of the lexicon: the words &quot;%1&quot; are used as they stand.</source>
        <translation>Kein Eintrag des Lexikons: Die Wörter „%1“ werden genommen, wie sie sind.</translation>
    </message>
    <message>
        <source>No heat is shown. Show a query that has an answer, then save.</source>
        <translation>Es ist keine Heatmap eingeblendet. Blenden Sie eine beantwortete Frage ein und speichern Sie dann.</translation>
    </message>
    <message>
        <source>No image of this study could be fetched.</source>
        <translation>Von dieser Studie ließ sich kein Bild holen.</translation>
    </message>
    <message>
        <source>No image was found.</source>
        <translation>Es wurde kein Bild gefunden.</translation>
    </message>
    <message>
        <source>No model %1: expected a name, or a folder with %2. Known models: %3.</source>
        <translation>Kein Modell %1: erwartet ein Name oder ein Ordner mit %2. Bekannte Modelle: %3.</translation>
    </message>
    <message>
        <source>No path was given; expected a file or folder with a scan.</source>
        <translation>Es wurde kein Pfad angegeben; erwartet eine Datei oder ein Ordner mit einem Scan.</translation>
    </message>
    <message>
        <source>No scan</source>
        <translation>Kein Scan</translation>
    </message>
    <message>
        <source>No scan is open. Open one first: Session.open(path).</source>
        <translation>Es ist kein Scan offen. Öffnen Sie zuerst einen: Session.open(path).</translation>
    </message>
    <message>
        <source>No study matches. Ask for less, or with * and ?: servers compare whole values, some of them with upper and lower case.</source>
        <translation>Keine Studie passt. Fragen Sie nach weniger oder mit * und ?: Server vergleichen ganze Werte, manche mit Groß- und Kleinschreibung.</translation>
    </message>
    <message>
        <source>No values to count</source>
        <translation>Keine Werte zu zählen</translation>
    </message>
    <message>
        <source>None of the %1 DICOM files can be read: they are damaged or incomplete. Copy them again.</source>
        <translation>Keine der %1 DICOM-Dateien ist lesbar: Sie sind beschädigt oder unvollständig. Kopieren Sie sie noch einmal.</translation>
    </message>
    <message>
        <source>None of the %1 series found is a usable CT or radiograph: %2.</source>
        <translation>Keine der %1 gefundenen Serien ist ein brauchbares CT oder Röntgenbild: %2.</translation>
    </message>
    <message>
        <source>Not enough room in %1: %2 GB are needed to download and convert, %3 GB are free. Set MEDVLP_MODELS to a larger disk.</source>
        <translation>Zu wenig Platz in %1: Zum Herunterladen und Umwandeln braucht es %2 GB, frei sind %3 GB. Setzen Sie MEDVLP_MODELS auf eine größere Platte.</translation>
    </message>
    <message>
        <source>Not looked through: %1</source>
        <translation>Nicht durchgesehen: %1</translation>
    </message>
    <message>
        <source>Not part of this question: %1; ask separately.</source>
        <translation>Nicht Teil dieser Frage: %1; fragen Sie getrennt.</translation>
    </message>
    <message>
        <source>Not taken into account: %1.</source>
        <translation>Nicht berücksichtigt: %1.</translation>
    </message>
    <message>
        <source>Not understood: %1.</source>
        <translation>Nicht verstanden: %1.</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Hinweis</translation>
    </message>
    <message>
        <source>Note on the selected scan</source>
        <translation>Notiz zum gewählten Scan</translation>
    </message>
    <message>
        <source>Note: %1</source>
        <translation>Notiz: %1</translation>
    </message>
    <message>
        <source>Nothing is marked on the images: there is nothing to save.</source>
        <translation>Auf den Bildern ist nichts markiert: Es gibt nichts zu speichern.</translation>
    </message>
    <message>
        <source>Nothing is measured yet.</source>
        <translation>Noch ist nichts gemessen.</translation>
    </message>
    <message>
        <source>Nothing was asked.</source>
        <translation>Es wurde nichts gefragt.</translation>
    </message>
    <message>
        <source>Number</source>
        <translation>Nummer</translation>
    </message>
    <message>
        <source>O order by</source>
        <translation>O ordnen nach</translation>
    </message>
    <message>
        <source>On disk</source>
        <translation>Auf der Platte</translation>
    </message>
    <message>
        <source>On screen</source>
        <translation>Zu sehen</translation>
    </message>
    <message>
        <source>Only in view</source>
        <translation>Nur sichtbare</translation>
    </message>
    <message>
        <source>Opacity</source>
        <translation>Deckkraft</translation>
    </message>
    <message>
        <source>Opacity of %1</source>
        <translation>Deckkraft von %1</translation>
    </message>
    <message>
        <source>Opacity of the heat</source>
        <translation>Deckkraft der Heatmap</translation>
    </message>
    <message>
        <source>Open DICOM folder…</source>
        <translation>DICOM-Ordner öffnen…</translation>
    </message>
    <message>
        <source>Open a DICOM folder</source>
        <translation>Einen DICOM-Ordner öffnen</translation>
    </message>
    <message>
        <source>Open a folder as worklist</source>
        <translation>Einen Ordner als Arbeitsliste öffnen</translation>
    </message>
    <message>
        <source>Open a folder of scans, a manifest (CSV or Parquet) or a list of search hits (JSON). The scans are scored in the background and ordered by what you look for. Decisions are kept as you make them.</source>
        <translation>Öffnen Sie einen Ordner mit Scans, ein Manifest (CSV oder Parquet) oder eine Liste von Suchtreffern (JSON). Die Scans werden im Hintergrund bewertet und nach dem geordnet, was Sie suchen. Entscheidungen bleiben erhalten, sobald Sie sie treffen.</translation>
    </message>
    <message>
        <source>Open a manifest or a hit list</source>
        <translation>Ein Manifest oder eine Trefferliste öffnen</translation>
    </message>
    <message>
        <source>Open a scan</source>
        <translation>Einen Scan öffnen</translation>
    </message>
    <message>
        <source>Open a scan first.</source>
        <translation>Öffnen Sie zuerst einen Scan.</translation>
    </message>
    <message>
        <source>Open anyway</source>
        <translation>Trotzdem öffnen</translation>
    </message>
    <message>
        <source>Open file…</source>
        <translation>Datei öffnen…</translation>
    </message>
    <message>
        <source>Open folder as worklist…</source>
        <translation>Ordner als Arbeitsliste öffnen…</translation>
    </message>
    <message>
        <source>Open from a server</source>
        <translation>Von einem Server öffnen</translation>
    </message>
    <message>
        <source>Open from a server…</source>
        <translation>Von einem Server öffnen…</translation>
    </message>
    <message>
        <source>Open manifest or hit list…</source>
        <translation>Manifest oder Trefferliste öffnen…</translation>
    </message>
    <message>
        <source>Open recent</source>
        <translation>Zuletzt geöffnet</translation>
    </message>
    <message>
        <source>Open recent %1</source>
        <translation>Zuletzt geöffnet %1</translation>
    </message>
    <message>
        <source>Open sample CT</source>
        <translation>Beispiel-CT öffnen</translation>
    </message>
    <message>
        <source>Open series</source>
        <translation>Serie öffnen</translation>
    </message>
    <message>
        <source>Open session</source>
        <translation>Sitzung öffnen</translation>
    </message>
    <message>
        <source>Open session…</source>
        <translation>Sitzung öffnen…</translation>
    </message>
    <message>
        <source>Open study</source>
        <translation>Studie öffnen</translation>
    </message>
    <message>
        <source>Open worklist</source>
        <translation>Arbeitsliste öffnen</translation>
    </message>
    <message>
        <source>Open worklist…</source>
        <translation>Arbeitsliste öffnen…</translation>
    </message>
    <message>
        <source>OpenGL could not be started.</source>
        <translation>OpenGL ließ sich nicht starten.</translation>
    </message>
    <message>
        <source>Opening the scan</source>
        <translation>Der Scan wird geöffnet</translation>
    </message>
    <message>
        <source>Or try a question on the sample CT:</source>
        <translation>Oder probieren Sie eine Frage am Beispiel-CT:</translation>
    </message>
    <message>
        <source>Order by</source>
        <translation>Ordnen nach</translation>
    </message>
    <message>
        <source>Order by a finding, such as pleural effusion</source>
        <translation>Ordnen nach einem Befund, etwa pleural effusion</translation>
    </message>
    <message>
        <source>Order by…</source>
        <translation>Ordnen nach…</translation>
    </message>
    <message>
        <source>Ordered by: %1</source>
        <translation>Geordnet nach: %1</translation>
    </message>
    <message>
        <source>Organ</source>
        <translation>Organ</translation>
    </message>
    <message>
        <source>Organ masks from a file…</source>
        <translation>Organmasken aus einer Datei…</translation>
    </message>
    <message>
        <source>Organ masks of %1 are in use for this scan.</source>
        <translation>Organmasken aus %1 werden für diesen Scan verwendet.</translation>
    </message>
    <message>
        <source>Organs</source>
        <translation>Organe</translation>
    </message>
    <message>
        <source>Organs and measurements</source>
        <translation>Organe und Messungen</translation>
    </message>
    <message>
        <source>Other side</source>
        <translation>Andere Seite</translation>
    </message>
    <message>
        <source>Overlap</source>
        <translation>Überlappung</translation>
    </message>
    <message>
        <source>PACS and DICOMweb servers need the package %1, which is not installed. Install it with: pip install &quot;medvlp[pacs]&quot;.</source>
        <translation>PACS- und DICOMweb-Server brauchen das Paket %1, das nicht installiert ist. Installieren Sie es mit: pip install &quot;medvlp[pacs]&quot;.</translation>
    </message>
    <message>
        <source>PDF document</source>
        <translation>PDF-Dokument</translation>
    </message>
    <message>
        <source>PNG picture</source>
        <translation>PNG-Bild</translation>
    </message>
    <message>
        <source>Page %1 of %2</source>
        <translation>Seite %1 von %2</translation>
    </message>
    <message>
        <source>Pan</source>
        <translation>Verschieben</translation>
    </message>
    <message>
        <source>Parametric Map</source>
        <translation>Parametric Map</translation>
    </message>
    <message>
        <source>Patient</source>
        <translation>Patient</translation>
    </message>
    <message>
        <source>Patient id</source>
        <translation>Patienten-ID</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>Pause scoring</source>
        <translation>Bewertung anhalten</translation>
    </message>
    <message>
        <source>Pause scoring, or go on</source>
        <translation>Bewertung anhalten oder fortsetzen</translation>
    </message>
    <message>
        <source>Peaks apart</source>
        <translation>Abstand der Maxima</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>PixelSpacing must be positive; found %1 and %2 mm.</source>
        <translation>PixelSpacing muss positiv sein; gefunden %1 und %2 mm.</translation>
    </message>
    <message>
        <source>Port %1 does not exist: expected 1 to %2.</source>
        <translation>Port %1 gibt es nicht: erwartet 1 bis %2.</translation>
    </message>
    <message>
        <source>Preparing the 3D view</source>
        <translation>Die 3D-Ansicht wird vorbereitet</translation>
    </message>
    <message>
        <source>Preparing the scan</source>
        <translation>Der Scan wird vorbereitet</translation>
    </message>
    <message>
        <source>Previous peak</source>
        <translation>Voriges Maximum</translation>
    </message>
    <message>
        <source>Previous peak (P)</source>
        <translation>Voriges Maximum (P)</translation>
    </message>
    <message>
        <source>Previous peak of all questions</source>
        <translation>Voriges Maximum aller Fragen</translation>
    </message>
    <message>
        <source>Previous scan</source>
        <translation>Voriger Scan</translation>
    </message>
    <message>
        <source>Previous slice</source>
        <translation>Vorige Schicht</translation>
    </message>
    <message>
        <source>Privacy</source>
        <translation>Datenschutz</translation>
    </message>
    <message>
        <source>Prob.</source>
        <translation>Wahrsch.</translation>
    </message>
    <message>
        <source>Probability</source>
        <translation>Wahrscheinlichkeit</translation>
    </message>
    <message>
        <source>Probability of %1</source>
        <translation>Wahrscheinlichkeit von %1</translation>
    </message>
    <message>
        <source>Probability of the leading finding</source>
        <translation>Wahrscheinlichkeit des führenden Befundes</translation>
    </message>
    <message>
        <source>Problem</source>
        <translation>Problem</translation>
    </message>
    <message>
        <source>Processor (CPU)</source>
        <translation>Prozessor (CPU)</translation>
    </message>
    <message>
        <source>Profile along the slices</source>
        <translation>Verlauf über die Schichten</translation>
    </message>
    <message>
        <source>Program</source>
        <translation>Programm</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Progress of scoring</source>
        <translation>Fortschritt der Bewertung</translation>
    </message>
    <message>
        <source>Progress of the download</source>
        <translation>Fortschritt des Herunterladens</translation>
    </message>
    <message>
        <source>Put the tool down</source>
        <translation>Das Werkzeug weglegen</translation>
    </message>
    <message>
        <source>Queries</source>
        <translation>Fragen</translation>
    </message>
    <message>
        <source>Query</source>
        <translation>Frage</translation>
    </message>
    <message>
        <source>Question</source>
        <translation>Frage</translation>
    </message>
    <message>
        <source>Question removed: %1</source>
        <translation>Frage entfernt: %1</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>R reject</source>
        <translation>R ablehnen</translation>
    </message>
    <message>
        <source>Read as &quot;%1&quot; (%2).</source>
        <translation>Gelesen als „%1“ (%2).</translation>
    </message>
    <message>
        <source>Read the licence, then accept it.</source>
        <translation>Lesen Sie die Lizenz und nehmen Sie sie dann an.</translation>
    </message>
    <message>
        <source>Read when it is opened</source>
        <translation>Wird beim Öffnen gelesen</translation>
    </message>
    <message>
        <source>Reading file %1 of %2</source>
        <translation>Datei %1 von %2 wird gelesen</translation>
    </message>
    <message>
        <source>Reading header %1 of %2</source>
        <translation>Kopf %1 von %2 wird gelesen</translation>
    </message>
    <message>
        <source>Reading organ masks</source>
        <translation>Organmasken werden gelesen</translation>
    </message>
    <message>
        <source>Reading slice %1 of %2</source>
        <translation>Schicht %1 von %2 wird gelesen</translation>
    </message>
    <message>
        <source>Reading the images</source>
        <translation>Die Bilder werden gelesen</translation>
    </message>
    <message>
        <source>Reading the list of hits</source>
        <translation>Die Trefferliste wird gelesen</translation>
    </message>
    <message>
        <source>Reading the manifest</source>
        <translation>Das Manifest wird gelesen</translation>
    </message>
    <message>
        <source>Reading the radiograph</source>
        <translation>Die Röntgenaufnahme wird gelesen</translation>
    </message>
    <message>
        <source>Reading the volume</source>
        <translation>Das Volumen wird gelesen</translation>
    </message>
    <message>
        <source>Rectangle</source>
        <translation>Rechteck</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <source>Reject, and go on</source>
        <translation>Ablehnen und weiter</translation>
    </message>
    <message>
        <source>Rejected</source>
        <translation>Abgelehnt</translation>
    </message>
    <message>
        <source>Remark</source>
        <translation>Bemerkung</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Remove (Delete)</source>
        <translation>Entfernen (Entf)</translation>
    </message>
    <message>
        <source>Remove all</source>
        <translation>Alle entfernen</translation>
    </message>
    <message>
        <source>Remove all measurements</source>
        <translation>Alle Messungen entfernen</translation>
    </message>
    <message>
        <source>Remove encoded scans now</source>
        <translation>Kodierte Scans jetzt entfernen</translation>
    </message>
    <message>
        <source>Remove the chosen measurement</source>
        <translation>Die gewählte Messung entfernen</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>Bericht</translation>
    </message>
    <message>
        <source>Reset view and window</source>
        <translation>Ansicht und Fenster zurücksetzen</translation>
    </message>
    <message>
        <source>Right drag</source>
        <translation>Rechts ziehen</translation>
    </message>
    <message>
        <source>Runs on</source>
        <translation>Läuft auf</translation>
    </message>
    <message>
        <source>Sag</source>
        <translation>Sag</translation>
    </message>
    <message>
        <source>Sagittal</source>
        <translation>Sagittal</translation>
    </message>
    <message>
        <source>Sample ready</source>
        <translation>Beispiel bereit</translation>
    </message>
    <message>
        <source>Save DICOM structured report</source>
        <translation>Strukturierten DICOM-Bericht speichern</translation>
    </message>
    <message>
        <source>Save DICOM structured report…</source>
        <translation>Strukturierten DICOM-Bericht speichern…</translation>
    </message>
    <message>
        <source>Save PDF report</source>
        <translation>PDF-Bericht speichern</translation>
    </message>
    <message>
        <source>Save PDF report…</source>
        <translation>PDF-Bericht speichern…</translation>
    </message>
    <message>
        <source>Save as DICOM</source>
        <translation>Als DICOM speichern</translation>
    </message>
    <message>
        <source>Save heat as DICOM Parametric Map</source>
        <translation>Heatmap als DICOM Parametric Map speichern</translation>
    </message>
    <message>
        <source>Save heat as DICOM Parametric Map…</source>
        <translation>Heatmap als DICOM Parametric Map speichern…</translation>
    </message>
    <message>
        <source>Save heat as DICOM Segmentation</source>
        <translation>Heatmap als DICOM-Segmentierung speichern</translation>
    </message>
    <message>
        <source>Save heat as DICOM Segmentation…</source>
        <translation>Heatmap als DICOM-Segmentierung speichern…</translation>
    </message>
    <message>
        <source>Save organs as DICOM Segmentation</source>
        <translation>Organe als DICOM-Segmentierung speichern</translation>
    </message>
    <message>
        <source>Save organs as DICOM Segmentation…</source>
        <translation>Organe als DICOM-Segmentierung speichern…</translation>
    </message>
    <message>
        <source>Save picture as DICOM Secondary Capture</source>
        <translation>Bild als DICOM Secondary Capture speichern</translation>
    </message>
    <message>
        <source>Save picture as DICOM Secondary Capture…</source>
        <translation>Bild als DICOM Secondary Capture speichern…</translation>
    </message>
    <message>
        <source>Save picture of the panes</source>
        <translation>Bild der Ansichten speichern</translation>
    </message>
    <message>
        <source>Save picture of the panes…</source>
        <translation>Bild der Ansichten speichern…</translation>
    </message>
    <message>
        <source>Save picture of the window</source>
        <translation>Bild des Programmfensters speichern</translation>
    </message>
    <message>
        <source>Save picture of the window…</source>
        <translation>Bild des Programmfensters speichern…</translation>
    </message>
    <message>
        <source>Save picture of this pane</source>
        <translation>Bild dieser Ansicht speichern</translation>
    </message>
    <message>
        <source>Save picture of this pane…</source>
        <translation>Bild dieser Ansicht speichern…</translation>
    </message>
    <message>
        <source>Save scores as CSV</source>
        <translation>Werte als CSV speichern</translation>
    </message>
    <message>
        <source>Save scores as CSV…</source>
        <translation>Werte als CSV speichern…</translation>
    </message>
    <message>
        <source>Save scores as JSON</source>
        <translation>Werte als JSON speichern</translation>
    </message>
    <message>
        <source>Save scores as JSON…</source>
        <translation>Werte als JSON speichern…</translation>
    </message>
    <message>
        <source>Save session</source>
        <translation>Sitzung speichern</translation>
    </message>
    <message>
        <source>Save session…</source>
        <translation>Sitzung speichern…</translation>
    </message>
    <message>
        <source>Save the 3D picture</source>
        <translation>Das 3D-Bild speichern</translation>
    </message>
    <message>
        <source>Save the 3D picture…</source>
        <translation>Das 3D-Bild speichern…</translation>
    </message>
    <message>
        <source>Saving %1</source>
        <translation>%1 wird gespeichert</translation>
    </message>
    <message>
        <source>Saving failed:</source>
        <translation>Speichern fehlgeschlagen:</translation>
    </message>
    <message>
        <source>Saving was stopped: nothing was written.</source>
        <translation>Das Speichern wurde abgebrochen: Es wurde nichts geschrieben.</translation>
    </message>
    <message>
        <source>Scan</source>
        <translation>Scan</translation>
    </message>
    <message>
        <source>Scans</source>
        <translation>Scans</translation>
    </message>
    <message>
        <source>Scans (*.dcm *.zip *.nii *.nii.gz *.nrrd *.nhdr *.mha *.mhd *.png *.jpg *.jpeg *.tif *.tiff);;All files (*)</source>
        <translation>Scans (*.dcm *.zip *.nii *.nii.gz *.nrrd *.nhdr *.mha *.mhd *.png *.jpg *.jpeg *.tif *.tiff);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Score</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>Score organs</source>
        <translation>Organe bewerten</translation>
    </message>
    <message>
        <source>Score the rest</source>
        <translation>Den Rest bewerten</translation>
    </message>
    <message>
        <source>Scores</source>
        <translation>Werte</translation>
    </message>
    <message>
        <source>Scoring</source>
        <translation>Bewertung</translation>
    </message>
    <message>
        <source>Scoring %1</source>
        <translation>%1 wird bewertet</translation>
    </message>
    <message>
        <source>Scoring organs</source>
        <translation>Organe werden bewertet</translation>
    </message>
    <message>
        <source>Scoring was stopped: its process ended several times in a row.</source>
        <translation>Die Bewertung wurde angehalten: Ihr Prozess endete mehrmals hintereinander.</translation>
    </message>
    <message>
        <source>Scroll through slices</source>
        <translation>Durch die Schichten blättern</translation>
    </message>
    <message>
        <source>Secondary Capture</source>
        <translation>Secondary Capture</translation>
    </message>
    <message>
        <source>Segmentation</source>
        <translation>Segmentierung</translation>
    </message>
    <message>
        <source>Select a scan of the worklist first.</source>
        <translation>Wählen Sie zuerst einen Scan der Arbeitsliste.</translation>
    </message>
    <message>
        <source>Select an organ to see it slice by slice</source>
        <translation>Wählen Sie ein Organ, um es Schicht für Schicht zu sehen</translation>
    </message>
    <message>
        <source>Series</source>
        <translation>Serien</translation>
    </message>
    <message>
        <source>Series %1</source>
        <translation>Serie %1</translation>
    </message>
    <message>
        <source>Series %1 cannot be used: it is %2.</source>
        <translation>Serie %1 ist nicht brauchbar: Es ist %2.</translation>
    </message>
    <message>
        <source>Series of the study</source>
        <translation>Serien der Studie</translation>
    </message>
    <message>
        <source>Series that can be opened</source>
        <translation>Serien, die sich öffnen lassen</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>Server</translation>
    </message>
    <message>
        <source>Session of the viewer</source>
        <translation>Sitzung des Programms</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Settings…</source>
        <translation>Einstellungen…</translation>
    </message>
    <message>
        <source>Shift + move</source>
        <translation>Umschalt + bewegen</translation>
    </message>
    <message>
        <source>Show %1 scans</source>
        <translation>Scans zeigen: %1</translation>
    </message>
    <message>
        <source>Show all scans</source>
        <translation>Alle Scans zeigen</translation>
    </message>
    <message>
        <source>Show annotations</source>
        <translation>Beschriftung zeigen</translation>
    </message>
    <message>
        <source>Show crosshair</source>
        <translation>Fadenkreuz zeigen</translation>
    </message>
    <message>
        <source>Show heat</source>
        <translation>Heatmap zeigen</translation>
    </message>
    <message>
        <source>Show its heat</source>
        <translation>Ihre Heatmap zeigen</translation>
    </message>
    <message>
        <source>Show names</source>
        <translation>Namen zeigen</translation>
    </message>
    <message>
        <source>Show names and ids of patients in this table. They are hidden again at the next start.</source>
        <translation>Namen und IDs der Patienten in dieser Tabelle zeigen. Beim nächsten Start sind sie wieder verborgen.</translation>
    </message>
    <message>
        <source>Show names and ids of patients where DICOM files state them. They are never saved.</source>
        <translation>Namen und Kennungen von Patienten zeigen, wo DICOM-Dateien sie nennen. Sie werden nie gespeichert.</translation>
    </message>
    <message>
        <source>Show names of patients</source>
        <translation>Patientennamen zeigen</translation>
    </message>
    <message>
        <source>Show patient names</source>
        <translation>Patientennamen zeigen</translation>
    </message>
    <message>
        <source>Show scans with status</source>
        <translation>Scans mit Status zeigen</translation>
    </message>
    <message>
        <source>Show study browser</source>
        <translation>Studienliste zeigen</translation>
    </message>
    <message>
        <source>Show the heat of %1</source>
        <translation>Die Heatmap von %1 zeigen</translation>
    </message>
    <message>
        <source>Show worklist</source>
        <translation>Arbeitsliste zeigen</translation>
    </message>
    <message>
        <source>Slice</source>
        <translation>Schicht</translation>
    </message>
    <message>
        <source>Slice %1 lies at %2 mm where %3 mm was expected on an even grid. All slices were put on an even grid.</source>
        <translation>Schicht %1 liegt bei %2 mm, wo auf einem gleichmäßigen Gitter %3 mm erwartet war. Alle Schichten wurden auf ein gleichmäßiges Gitter gebracht.</translation>
    </message>
    <message>
        <source>Slice %1 of %2: %3</source>
        <translation>Schicht %1 von %2: %3</translation>
    </message>
    <message>
        <source>Slice slider, %1</source>
        <translation>Schichtregler, %1</translation>
    </message>
    <message>
        <source>Slices 1 to %1 shift sideways by %2 mm per slice, %3 mm in all, as with a gantry tilt of %4 degrees; expected 0 mm. They were resampled onto an upright grid.</source>
        <translation>Die Schichten 1 bis %1 verschieben sich seitlich um %2 mm je Schicht, insgesamt um %3 mm, wie bei einer Gantry-Neigung von %4 Grad; erwartet 0 mm. Sie wurden auf ein aufrechtes Gitter gebracht.</translation>
    </message>
    <message>
        <source>Soft</source>
        <translation>Weich</translation>
    </message>
    <message>
        <source>Soft tissue</source>
        <translation>Weichteile</translation>
    </message>
    <message>
        <source>Something went wrong in the viewer (%1). Your work is still there.</source>
        <translation>Im Programm ist etwas schiefgegangen (%1). Ihre Arbeit ist noch da.</translation>
    </message>
    <message>
        <source>Space shows or hides, N and P step through peaks, C sets the colour</source>
        <translation>Leertaste zeigt oder verbirgt, N und P gehen durch die Maxima, C stellt die Farbe ein</translation>
    </message>
    <message>
        <source>%1, %2 samples per pixel</source>
        <translation>%1, %2 Werte je Pixel</translation>
    </message>
    <message>
        <source>%1 answers, but not as a DICOMweb server does. Check the path of the URL: it is what comes before /studies, often ending in /dicom-web.</source>
        <translation>%1 antwortet, aber nicht wie ein DICOMweb-Server. Prüfen Sie den Pfad der URL: Er ist, was vor /studies kommt, und endet oft auf /dicom-web.</translation>
    </message>
    <message>
        <source>%1 asks who you are (HTTP 401). Set MEDVLP_DICOMWEB_TOKEN, or MEDVLP_DICOMWEB_USER and MEDVLP_DICOMWEB_PASSWORD, to what the server accepts.</source>
        <translation>%1 fragt, wer Sie sind (HTTP 401). Setzen Sie MEDVLP_DICOMWEB_TOKEN oder MEDVLP_DICOMWEB_USER und MEDVLP_DICOMWEB_PASSWORD auf das, was der Server annimmt.</translation>
    </message>
    <message>
        <source>%1 cannot be reached: %2. Check host and port, and whether a firewall lets this computer through.</source>
        <translation>%1 ist nicht zu erreichen: %2. Prüfen Sie Host und Port und ob eine Firewall diesen Rechner durchlässt.</translation>
    </message>
    <message>
        <source>%1 failed inside (HTTP %2).</source>
        <translation>%1 hatte einen inneren Fehler (HTTP %2).</translation>
    </message>
    <message>
        <source>%1 gave no answer to the %2 within %3 s, or closed the connection. Try again: what arrived whole is kept.</source>
        <translation>%1 hat auf das %2 in %3 s nicht geantwortet oder die Verbindung beendet. Versuchen Sie es noch einmal: Was ganz angekommen ist, bleibt.</translation>
    </message>
    <message>
        <source>%1 gave no answer within %2 s. Try again.</source>
        <translation>%1 hat in %2 s nicht geantwortet. Versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>%1 has had too many requests (HTTP 429). Try again later.</source>
        <translation>%1 hat zu viele Anfragen bekommen (HTTP 429). Versuchen Sie es später noch einmal.</translation>
    </message>
    <message>
        <source>%1 has no study with this UID.</source>
        <translation>%1 hat keine Studie mit dieser UID.</translation>
    </message>
    <message>
        <source>%1 has no such revision on the hub.</source>
        <translation>%1 hat diese Revision auf dem Hub nicht.</translation>
    </message>
    <message>
        <source>%1 has nothing at this address (HTTP 404). Check the path of the URL: it is what comes before /studies, often ending in /dicom-web.</source>
        <translation>%1 hat unter dieser Adresse nichts (HTTP 404). Prüfen Sie den Pfad der URL: Er ist, was vor /studies kommt, und endet oft auf /dicom-web.</translation>
    </message>
    <message>
        <source>%1 is another program&apos;s database, not the decisions of a worklist. It was left as it is; move it to another place.</source>
        <translation>%1 ist die Datenbank eines anderen Programms, nicht die Entscheidungen einer Arbeitsliste. Sie blieb, wie sie ist; legen Sie sie an einen anderen Ort.</translation>
    </message>
    <message>
        <source>%1 is behind a proxy that asks who you are (HTTP 407). Check HTTPS_PROXY.</source>
        <translation>%1 liegt hinter einem Proxy, der fragt, wer Sie sind (HTTP 407). Prüfen Sie HTTPS_PROXY.</translation>
    </message>
    <message>
        <source>%1 is damaged (%2): the decisions in it cannot be read. It was left as it is. Put a copy of it back, or move it away to begin again.</source>
        <translation>%1 ist beschädigt (%2): Die Entscheidungen darin sind nicht lesbar. Die Datei blieb, wie sie ist. Spielen Sie eine Kopie zurück oder legen Sie sie weg, um neu zu beginnen.</translation>
    </message>
    <message>
        <source>%1 is not DICOM: a %2 refers to the DICOM images it was made from. Write NIfTI or PNG instead.</source>
        <translation>%1 ist kein DICOM: %2 verweist auf die DICOM-Bilder, aus denen es entstand. Schreiben Sie stattdessen NIfTI oder PNG.</translation>
    </message>
    <message>
        <source>%1 is not a medvlp model: %2 is missing or unreadable (%3).</source>
        <translation>%1 ist kein medvlp-Modell: %2 fehlt oder ist nicht lesbar (%3).</translation>
    </message>
    <message>
        <source>%1 is not a safetensors file (%2).</source>
        <translation>%1 ist keine safetensors-Datei (%2).</translation>
    </message>
    <message>
        <source>%1 is not available at the moment (HTTP 503). Try again later.</source>
        <translation>%1 ist im Augenblick nicht verfügbar (HTTP 503). Versuchen Sie es später noch einmal.</translation>
    </message>
    <message>
        <source>%1 is open only to people who accepted its terms on the hub. Accept them at %2/%3, log in with &apos;hf auth login&apos;, then pull again; or %4.</source>
        <translation>%1 steht nur denen offen, die seine Bedingungen auf dem Hub angenommen haben. Nehmen Sie sie unter %2/%3 an, melden Sie sich mit &apos;hf auth login&apos; an und laden Sie dann noch einmal; oder %4.</translation>
    </message>
    <message>
        <source>%1 knows CT only; the scan on screen is an X-ray.</source>
        <translation>%1 kennt nur CT; der Scan auf dem Bildschirm ist ein Röntgenbild.</translation>
    </message>
    <message>
        <source>%1 knows X-rays only; the scan on screen is a CT.</source>
        <translation>%1 kennt nur Röntgenbilder; der Scan auf dem Bildschirm ist ein CT.</translation>
    </message>
    <message>
        <source>%1 knows you and does not allow this (HTTP 403). Ask its administrator for the permission.</source>
        <translation>%1 kennt Sie und erlaubt dies nicht (HTTP 403). Bitten Sie die Verwaltung des Servers um die Erlaubnis.</translation>
    </message>
    <message>
        <source>%1 of %2 arrived damaged: %3 bytes whose hash is not the hub&apos;s (%4 bytes were expected). It was removed; pull again.</source>
        <translation>%1 von %2 kam beschädigt an: %3 Bytes, deren Hash nicht der des Hubs ist (erwartet waren %4 Bytes). Die Datei wurde entfernt; laden Sie noch einmal.</translation>
    </message>
    <message>
        <source>%1 of the %2 series asked for are not in this study, which has %3.</source>
        <translation>%1 der %2 verlangten Serien sind nicht in dieser Studie, die %3 hat.</translation>
    </message>
    <message>
        <source>%1 refused the request (HTTP %2).</source>
        <translation>%1 hat die Anfrage abgelehnt (HTTP %2).</translation>
    </message>
    <message>
        <source>%1 rejected the association (%2): %3. Check the title before the @, and have this computer&apos;s title entered at the server.</source>
        <translation>%1 hat die Verbindung zurückgewiesen (%2): %3. Prüfen Sie den Titel vor dem @ und lassen Sie den Titel dieses Rechners am Server eintragen.</translation>
    </message>
    <message>
        <source>%1 was reached, but gave no DICOM answer within %2 s or closed the connection (%3). Check that the port is its DICOM port.</source>
        <translation>%1 war zu erreichen, gab aber in %2 s keine DICOM-Antwort oder beendete die Verbindung (%3). Prüfen Sie, ob der Port sein DICOM-Port ist.</translation>
    </message>
    <message>
        <source>%1 was written by a newer version of medvlp: expected version %2 or older, found %3. It was left as it is; update medvlp to go on with it.</source>
        <translation>%1 wurde von einer neueren Version von medvlp geschrieben: erwartet Version %2 oder älter, gefunden %3. Die Datei blieb, wie sie ist; aktualisieren Sie medvlp, um damit fortzufahren.</translation>
    </message>
    <message>
        <source>%1, where modality %2 was asked for</source>
        <translation>%1, wo die Modalität %2 verlangt war</translation>
    </message>
    <message>
        <source>%1: expected an object with &apos;files&apos;.</source>
        <translation>%1: erwartet ein Objekt mit &apos;files&apos;.</translation>
    </message>
    <message>
        <source>%1: model_type %2 is not supported; expected one of %3.</source>
        <translation>%1: model_type %2 wird nicht unterstützt; erwartet eines von %3.</translation>
    </message>
    <message>
        <source>%1: the scan of this session is %2, another session; expected the file or folder of a scan. Open the scan and save the session again.</source>
        <translation>%1: Der Scan dieser Sitzung ist %2, eine andere Sitzung; erwartet die Datei oder der Ordner eines Scans. Öffnen Sie den Scan und speichern Sie die Sitzung noch einmal.</translation>
    </message>
    <message>
        <source>%1: there is no such host that this computer could find. Check the URL.</source>
        <translation>%1: Es gibt keinen solchen Host, den dieser Rechner finden könnte. Prüfen Sie die URL.</translation>
    </message>
    <message>
        <source>, number %1</source>
        <translation>, Nummer %1</translation>
    </message>
    <message>
        <source>; and %1 more</source>
        <translation>; und %1 weitere</translation>
    </message>
    <message>
        <source>; and %1 more kinds</source>
        <translation>; und %1 weitere Arten</translation>
    </message>
    <message>
        <source>A DICOM %1 needs a frame of reference in the patient, and an X-ray has none. Save a picture instead.</source>
        <translation>DICOM %1 braucht ein Bezugssystem im Patienten, und ein Röntgenbild hat keines. Speichern Sie stattdessen ein Bild.</translation>
    </message>
    <message>
        <source>ASK</source>
        <translation>FRAGEN</translation>
    </message>
    <message>
        <source>Accession number</source>
        <translation>Auftragsnummer</translation>
    </message>
    <message>
        <source>Align at the two crosshairs</source>
        <translation>An den beiden Fadenkreuzen ausrichten</translation>
    </message>
    <message>
        <source>Align here</source>
        <translation>Hier ausrichten</translation>
    </message>
    <message>
        <source>All series of the study</source>
        <translation>Alle Serien der Studie</translation>
    </message>
    <message>
        <source>All were put on an even grid</source>
        <translation>Alle wurden auf ein gleichmäßiges Gitter gebracht</translation>
    </message>
    <message>
        <source>Another scan was opened: the alignment was dropped.</source>
        <translation>Ein anderer Scan wurde geöffnet: Die Ausrichtung wurde verworfen.</translation>
    </message>
    <message>
        <source>Another window has decided about this scan since; that decision was kept.</source>
        <translation>Ein anderes Fenster hat inzwischen über diese Aufnahme entschieden; diese Entscheidung blieb.</translation>
    </message>
    <message>
        <source>Answered by two different models: their probabilities cannot be compared.</source>
        <translation>Beantwortet von zwei verschiedenen Modellen: Ihre Wahrscheinlichkeiten sind nicht vergleichbar.</translation>
    </message>
    <message>
        <source>Ask for an organ or a finding; several with ;</source>
        <translation>Organ oder Befund (englisch); mehrere mit ;</translation>
    </message>
    <message>
        <source>Ask the server for the series of the chosen study</source>
        <translation>Den Server nach den Serien der gewählten Studie fragen</translation>
    </message>
    <message>
        <source>Asking the hub about %1</source>
        <translation>Die Plattform wird nach %1 gefragt</translation>
    </message>
    <message>
        <source>Cancel the job of the second scan</source>
        <translation>Die Arbeit am zweiten Scan abbrechen</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>Abgebrochen</translation>
    </message>
    <message>
        <source>Checking and converting the model</source>
        <translation>Das Modell wird geprüft und umgewandelt</translation>
    </message>
    <message>
        <source>Checking what was written</source>
        <translation>Das Geschriebene wird geprüft</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Vergleichen</translation>
    </message>
    <message>
        <source>Compare with a DICOM folder…</source>
        <translation>Mit einem DICOM-Ordner vergleichen…</translation>
    </message>
    <message>
        <source>Compare with…</source>
        <translation>Vergleichen mit…</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>Unterschied</translation>
    </message>
    <message>
        <source>Drag in the 3D pane</source>
        <translation>In der 3D-Ansicht ziehen</translation>
    </message>
    <message>
        <source>Encoding</source>
        <translation>Kodierung</translation>
    </message>
    <message>
        <source>Geometry</source>
        <translation>Geometrie</translation>
    </message>
    <message>
        <source>Get the folder again, or import it anew.</source>
        <translation>Beschaffen Sie den Ordner noch einmal oder importieren Sie ihn neu.</translation>
    </message>
    <message>
        <source>Heatmap</source>
        <translation>Heatmap</translation>
    </message>
    <message>
        <source>Installed</source>
        <translation>Installiert</translation>
    </message>
    <message>
        <source>Left turns the patient, middle moves, right zooms</source>
        <translation>Links dreht den Patienten, Mitte verschiebt, rechts vergrößert</translation>
    </message>
    <message>
        <source>Left: %1</source>
        <translation>Links: %1</translation>
    </message>
    <message>
        <source>Link</source>
        <translation>Koppeln</translation>
    </message>
    <message>
        <source>Link the two scans</source>
        <translation>Die beiden Scans koppeln</translation>
    </message>
    <message>
        <source>Linked by the centres of the scans. Align at a landmark to be exact.</source>
        <translation>Gekoppelt über die Mitten der Scans. Richten Sie an einer Landmarke aus, um genau zu sein.</translation>
    </message>
    <message>
        <source>Linked by the positions in the files. Align at a landmark where they differ.</source>
        <translation>Gekoppelt über die Positionen in den Dateien. Richten Sie an einer Landmarke aus, wo sie abweichen.</translation>
    </message>
    <message>
        <source>Linked with a step of %1 mm (left, back, up).</source>
        <translation>Gekoppelt mit einem Versatz von %1 mm (links, hinten, oben).</translation>
    </message>
    <message>
        <source>Model %1 has no organ head: the whole scan is scored as one.</source>
        <translation>Das Modell %1 hat keinen Organteil: Der ganze Scan wird als eines bewertet.</translation>
    </message>
    <message>
        <source>Model %1 knows %2; this scan is %3. Choose another model.</source>
        <translation>Modell %1 kennt %2; diese Aufnahme ist %3. Wählen Sie ein anderes Modell.</translation>
    </message>
    <message>
        <source>No organ masks: the whole scan is scored as one.</source>
        <translation>Keine Organmasken: Der ganze Scan wird als eines bewertet.</translation>
    </message>
    <message>
        <source>Not linked: scroll each side by itself, then align.</source>
        <translation>Nicht gekoppelt: Blättern Sie auf jeder Seite für sich und richten Sie dann aus.</translation>
    </message>
    <message>
        <source>Not linked: the two pictures have no common millimetres.</source>
        <translation>Nicht gekoppelt: Die beiden Bilder haben keine gemeinsamen Millimeter.</translation>
    </message>
    <message>
        <source>Not usable:</source>
        <translation>Nicht brauchbar:</translation>
    </message>
    <message>
        <source>One scan, two models. Difference: right minus left. Peaks apart: distance of the hottest points. Overlap: Dice of the heat above the threshold.</source>
        <translation>Ein Scan, zwei Modelle. Unterschied: rechts minus links. Abstand der Maxima: zwischen den heißesten Punkten. Überlappung: Dice der Heatmaps über der Schwelle.</translation>
    </message>
    <message>
        <source>Only the patient&apos;s %1 side is considered.</source>
        <translation>Betrachtet wird nur die Seite %1 des Patienten.</translation>
    </message>
    <message>
        <source>Open a scan first; then another one can be compared with it.</source>
        <translation>Öffnen Sie zuerst einen Scan; dann lässt sich ein anderer mit ihm vergleichen.</translation>
    </message>
    <message>
        <source>Organs as the model sees them, on its coarse grid: volumes are estimates.</source>
        <translation>Organe, wie das Modell sie sieht, auf seinem groben Gitter: Volumen sind Schätzungen.</translation>
    </message>
    <message>
        <source>Progress of the second scan</source>
        <translation>Fortschritt des zweiten Scans</translation>
    </message>
    <message>
        <source>Pulling from a hub needs the package huggingface_hub: pip install huggingface_hub. Without it, copy the model&apos;s folder here and import it.</source>
        <translation>Das Laden von einem Hub braucht das Paket huggingface_hub: pip install huggingface_hub. Ohne es kopieren Sie den Ordner des Modells hierher und importieren ihn.</translation>
    </message>
    <message>
        <source>Research use only. Not for clinical decisions.</source>
        <translation>Nur für die Forschung. Nicht für klinische Entscheidungen.</translation>
    </message>
    <message>
        <source>Right: %1</source>
        <translation>Rechts: %1</translation>
    </message>
    <message>
        <source>STUDY</source>
        <translation>STUDIE</translation>
    </message>
    <message>
        <source>Session</source>
        <translation>Sitzung</translation>
    </message>
    <message>
        <source>Show models</source>
        <translation>Modelle zeigen</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Somebody else published it: read its licence and accept it once, then use it.</source>
        <translation>Jemand anderes hat es veröffentlicht: Lesen Sie seine Lizenz und nehmen Sie sie einmal an, dann können Sie es benutzen.</translation>
    </message>
    <message>
        <source>Spacing</source>
        <translation>Abstände</translation>
    </message>
    <message>
        <source>Starting the 3D view…</source>
        <translation>Die 3D-Ansicht startet…</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>Status</translation>
    </message>
    <message>
        <source>Stop the search or the download</source>
        <translation>Die Suche oder das Herunterladen anhalten</translation>
    </message>
    <message>
        <source>Stopped.</source>
        <translation>Angehalten.</translation>
    </message>
    <message>
        <source>Storage</source>
        <translation>Speicherplatz</translation>
    </message>
    <message>
        <source>Studies of a PACS or a DICOMweb server. An opened study is kept on this computer until File &gt; Clear downloaded studies.</source>
        <translation>Studien eines PACS oder DICOMweb-Servers. Eine geöffnete Studie bleibt auf diesem Rechner bis Datei &gt; Heruntergeladene Studien löschen.</translation>
    </message>
    <message>
        <source>Studies on the server</source>
        <translation>Studien auf dem Server</translation>
    </message>
    <message>
        <source>Study %1</source>
        <translation>Studie %1</translation>
    </message>
    <message>
        <source>Ten slices back</source>
        <translation>Zehn Schichten zurück</translation>
    </message>
    <message>
        <source>Ten slices on</source>
        <translation>Zehn Schichten weiter</translation>
    </message>
    <message>
        <source>That decision belongs to a worklist that is not open any more.</source>
        <translation>Diese Entscheidung gehört zu einer Arbeitsliste, die nicht mehr offen ist.</translation>
    </message>
    <message>
        <source>The %1 is no DICOM UID: expected digits and single dots, at most %2 characters.</source>
        <translation>%1 ist keine DICOM-UID: erwartet Ziffern und einzelne Punkte, höchstens %2 Zeichen.</translation>
    </message>
    <message>
        <source>The %1 of a CT slice has %2 numbers, not %3.</source>
        <translation>%1 einer CT-Schicht hat %2 Zahlen, nicht %3.</translation>
    </message>
    <message>
        <source>The %1 of a CT slice is not made of numbers.</source>
        <translation>%1 einer CT-Schicht besteht nicht aus Zahlen.</translation>
    </message>
    <message>
        <source>The %1 slices are up to %2 mm apart where %3 mm was expected: %4 of %5 slices would have to be invented. Slices are missing; export the series again.</source>
        <translation>Die %1 Schichten liegen bis zu %2 mm auseinander, wo %3 mm erwartet war: %4 von %5 Schichten müssten erfunden werden. Es fehlen Schichten; exportieren Sie die Serie noch einmal.</translation>
    </message>
    <message>
        <source>The 3D view could not be prepared.</source>
        <translation>Die 3D-Ansicht ließ sich nicht vorbereiten.</translation>
    </message>
    <message>
        <source>The 3D view needs OpenGL 3.2, and none could be started. Install a graphics driver or Mesa (Debian: &apos;apt-get install libegl1 libgl1-mesa-dri&apos;), then try again. Slices, questions and scores work without it.</source>
        <translation>Die 3D-Ansicht braucht OpenGL 3.2, und es ließ sich keines starten. Installieren Sie einen Grafiktreiber oder Mesa (Debian: &apos;apt-get install libegl1 libgl1-mesa-dri&apos;) und versuchen Sie es dann noch einmal. Schichten, Fragen und Werte gehen auch ohne.</translation>
    </message>
    <message>
        <source>The 3D view needs VTK (%1). Install it with &apos;pip install medvlp[viewer]&apos;.</source>
        <translation>Die 3D-Ansicht braucht VTK (%1). Installieren Sie es mit &apos;pip install medvlp[viewer]&apos;.</translation>
    </message>
    <message>
        <source>The 3D view shows CT. An X-ray has no third dimension.</source>
        <translation>Die 3D-Ansicht zeigt CT. Ein Röntgenbild hat keine dritte Dimension.</translation>
    </message>
    <message>
        <source>The URL holds a user or a password, which logs and the shell&apos;s history would keep. Put them into MEDVLP_DICOMWEB_USER and MEDVLP_DICOMWEB_PASSWORD instead.</source>
        <translation>Die URL enthält einen Benutzer oder ein Passwort, die in Protokollen und im Verlauf der Shell stehen blieben. Setzen Sie stattdessen MEDVLP_DICOMWEB_USER und MEDVLP_DICOMWEB_PASSWORD.</translation>
    </message>
    <message>
        <source>The URL of a DICOMweb server ends with its path: leave out what follows ? or #.</source>
        <translation>Die URL eines DICOMweb-Servers endet mit ihrem Pfad: Lassen Sie weg, was auf ? oder # folgt.</translation>
    </message>
    <message>
        <source>The arguments of &apos;%1&apos; cannot be sent to the inference process: %2</source>
        <translation>Die Angaben zu &apos;%1&apos; lassen sich nicht an den Rechenprozess senden: %2</translation>
    </message>
    <message>
        <source>The axes of the volume are %1 degrees from perpendicular; expected 0. Positions are exact, but pictures of it look sheared.</source>
        <translation>Die Achsen des Volumens weichen %1 Grad von der Senkrechten ab; erwartet 0. Positionen sind genau, Bilder davon sehen aber geschert aus.</translation>
    </message>
    <message>
        <source>The decision could not be written to %1 (%2) and does not count. Check the space on the disk, then decide again.</source>
        <translation>Die Entscheidung ließ sich nicht nach %1 schreiben (%2) und zählt nicht. Prüfen Sie den Platz auf der Platte und entscheiden Sie dann noch einmal.</translation>
    </message>
    <message>
        <source>The decisions of this worklist cannot be kept in %1: %2. Check that the folder can be written and has space, or set MEDVLP_WORKLISTS to another folder.</source>
        <translation>Die Entscheidungen dieser Arbeitsliste können nicht in %1 aufbewahrt werden: %2. Prüfen Sie, ob der Ordner beschreibbar ist und Platz hat, oder setzen Sie MEDVLP_WORKLISTS auf einen anderen Ordner.</translation>
    </message>
    <message>
        <source>The description of the slices is damaged: an element of it cannot be decoded. Copy the files again.</source>
        <translation>Die Beschreibung der Schichten ist beschädigt: Ein Element davon ist nicht lesbar. Kopieren Sie die Dateien noch einmal.</translation>
    </message>
    <message>
        <source>The doubt is ignored: the question is whether it is present.</source>
        <translation>Der Zweifel bleibt außer Acht: Die Frage ist, ob es vorhanden ist.</translation>
    </message>
    <message>
        <source>The download was stopped. The next one goes on where it was.</source>
        <translation>Das Herunterladen wurde angehalten. Das nächste geht dort weiter.</translation>
    </message>
    <message>
        <source>The downloaded studies could not all be removed (%1).</source>
        <translation>Nicht alle heruntergeladenen Studien ließen sich entfernen (%1).</translation>
    </message>
    <message>
        <source>The file states no orientation (sform and qform codes are 0); left, right, head and feet are guessed from the order of its axes.</source>
        <translation>Die Datei nennt keine Ausrichtung (sform- und qform-Code sind 0); links, rechts, Kopf und Füße sind aus der Reihenfolge der Achsen erraten.</translation>
    </message>
    <message>
        <source>The file states no patient space; left, right, head and feet are guessed from the order of its axes.</source>
        <translation>Die Datei nennt keinen Patientenraum; links, rechts, Kopf und Füße sind aus der Reihenfolge der Achsen erraten.</translation>
    </message>
    <message>
        <source>The first day is after the last one.</source>
        <translation>Der erste Tag liegt nach dem letzten.</translation>
    </message>
    <message>
        <source>The grey scale of the radiograph cannot be worked out: its rescale, lookup table or window is damaged. Copy the file again.</source>
        <translation>Die Grauskala der Röntgenaufnahme lässt sich nicht ermitteln: Ihre Umrechnung, Tabelle oder ihr Fenster ist beschädigt. Kopieren Sie die Datei noch einmal.</translation>
    </message>
    <message>
        <source>The hub has no public repository %1; expected OWNER/NAME.</source>
        <translation>Der Hub hat kein öffentliches Repository %1; erwartet OWNER/NAME.</translation>
    </message>
    <message>
        <source>The image does not fit into memory.</source>
        <translation>Das Bild passt nicht in den Speicher.</translation>
    </message>
    <message>
        <source>The import was stopped. Nothing was added.</source>
        <translation>Der Import wurde angehalten. Nichts wurde hinzugefügt.</translation>
    </message>
    <message>
        <source>The inference process ended unexpectedly (status %1). It was started again and the scan is still open; ask again.</source>
        <translation>Der Rechenprozess endete unerwartet (Status %1). Er wurde neu gestartet, und der Scan ist noch offen; fragen Sie noch einmal.</translation>
    </message>
    <message>
        <source>The inference process was ended by %1.%2 It was started again and the scan is still open; ask again, or try a smaller scan or model.</source>
        <translation>Der Rechenprozess wurde durch %1 beendet.%2 Er wurde neu gestartet, und der Scan ist noch offen; fragen Sie noch einmal oder versuchen Sie einen kleineren Scan oder ein kleineres Modell.</translation>
    </message>
    <message>
        <source>The label map is empty on this scan: every voxel is background.</source>
        <translation>Die Labelkarte ist auf diesem Scan leer: Jedes Voxel ist Hintergrund.</translation>
    </message>
    <message>
        <source>The lateral radiograph states no usable PatientOrientation; it is taken to be hung with the front of the patient on the left of the picture.</source>
        <translation>Die seitliche Röntgenaufnahme nennt keine brauchbare PatientOrientation; angenommen wird, dass die Vorderseite des Patienten links im Bild liegt.</translation>
    </message>
    <message>
        <source>The limit of the encoded scans could not be written (%1).</source>
        <translation>Die Grenze der kodierten Scans ließ sich nicht schreiben (%1).</translation>
    </message>
    <message>
        <source>The map shows the %1; &quot;normal&quot; has no place of its own: ask for a finding.</source>
        <translation>Die Karte zeigt %1; „normal“ hat keinen eigenen Ort: Fragen Sie nach einem Befund.</translation>
    </message>
    <message>
        <source>The map shows the %1; the probability is of its absence.</source>
        <translation>Die Karte zeigt %1; die Wahrscheinlichkeit gilt dem Fehlen.</translation>
    </message>
    <message>
        <source>The memory of the graphics card is full. Use the processor instead.</source>
        <translation>Der Speicher der Grafikkarte ist voll. Nehmen Sie stattdessen den Prozessor.</translation>
    </message>
    <message>
        <source>The model before is used again.</source>
        <translation>Das Modell davor wird wieder benutzt.</translation>
    </message>
    <message>
        <source>The model in %1 cannot be used:</source>
        <translation>Das Modell in %1 ist nicht verwendbar:</translation>
    </message>
    <message>
        <source>The model in use stays the one before.</source>
        <translation>Es bleibt beim Modell davor.</translation>
    </message>
    <message>
        <source>The organs were not scored.</source>
        <translation>Die Organe wurden nicht bewertet.</translation>
    </message>
    <message>
        <source>The path cannot be used (%1).</source>
        <translation>Der Pfad ist nicht brauchbar (%1).</translation>
    </message>
    <message>
        <source>The picture holds no finite pixel value.</source>
        <translation>Das Bild enthält keinen endlichen Pixelwert.</translation>
    </message>
    <message>
        <source>The pixel data cannot be decoded: it is incomplete, damaged, or in a compression without a decoder here (%1; %2). Copy the files again, or decompress them.</source>
        <translation>Die Pixeldaten sind nicht lesbar: Sie sind unvollständig, beschädigt oder auf eine Weise komprimiert, die hier nicht gelesen wird (%1; %2). Kopieren Sie die Dateien noch einmal oder dekomprimieren Sie sie.</translation>
    </message>
    <message>
        <source>The pixel spacing holds in the detector plane; lengths in the patient are shorter by the geometric magnification.</source>
        <translation>Der Pixelabstand gilt in der Detektorebene; Längen im Patienten sind um die geometrische Vergrößerung kürzer.</translation>
    </message>
    <message>
        <source>The places contradict one another: %1, %2. Both are looked at.</source>
        <translation>Die Orte widersprechen einander: %1, %2. Beide werden betrachtet.</translation>
    </message>
    <message>
        <source>The preparation of the 3D view was cancelled.</source>
        <translation>Die Vorbereitung der 3D-Ansicht wurde abgebrochen.</translation>
    </message>
    <message>
        <source>The process that draws the 3D view has ended unexpectedly. Try again.</source>
        <translation>Der Prozess, der die 3D-Ansicht zeichnet, endete unerwartet. Versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>The process that scores ended while it read this scan. The computer may have run out of memory: open the scan by itself.</source>
        <translation>Der bewertende Prozess endete, während er diesen Scan las. Vielleicht ging dem Rechner der Speicher aus: Öffnen Sie den Scan für sich.</translation>
    </message>
    <message>
        <source>The query %1 has no words; expected a finding or an organ, such as &apos;pleural effusion&apos; or &apos;left kidney&apos;.</source>
        <translation>Die Frage %1 hat keine Wörter; erwartet ein Befund oder ein Organ, etwa &apos;pleural effusion&apos; oder &apos;left kidney&apos;.</translation>
    </message>
    <message>
        <source>The query has %1 characters; at most %2 are allowed. Ask for one finding or organ at a time, such as &apos;right pleural effusion&apos;.</source>
        <translation>Die Frage hat %1 Zeichen; erlaubt sind höchstens %2. Fragen Sie nach jeweils einem Befund oder Organ, etwa &apos;right pleural effusion&apos;.</translation>
    </message>
    <message>
        <source>The question is whether there is no %1.</source>
        <translation>Die Frage ist, ob es kein %1 gibt.</translation>
    </message>
    <message>
        <source>The radiograph states no usable PatientOrientation; it is taken to be hung as usual, with the left of the patient on the right of the picture.</source>
        <translation>Die Röntgenaufnahme nennt keine brauchbare PatientOrientation; angenommen wird die übliche Aufhängung mit der linken Seite des Patienten rechts im Bild.</translation>
    </message>
    <message>
        <source>The radiograph states no usable pixel spacing; positions are in pixels, not mm.</source>
        <translation>Die Röntgenaufnahme nennt keinen brauchbaren Pixelabstand; Positionen sind in Pixeln, nicht in mm.</translation>
    </message>
    <message>
        <source>The sample %1 could not be written to %2 (%3). Free some space, or set MEDVLP_CACHE to another folder.</source>
        <translation>Das Beispiel %1 konnte nicht nach %2 geschrieben werden (%3). Schaffen Sie Platz oder setzen Sie MEDVLP_CACHE auf einen anderen Ordner.</translation>
    </message>
    <message>
        <source>The sample %1 is missing from this installation of medvlp. Install it again.</source>
        <translation>Das Beispiel %1 fehlt in dieser Installation von medvlp. Installieren Sie sie noch einmal.</translation>
    </message>
    <message>
        <source>The sample that was fetched is not the expected file: SHA-256 %1 expected, %2 found. Nothing was kept.</source>
        <translation>Das geholte Beispiel ist nicht die erwartete Datei: erwartet SHA-256 %1, gefunden %2. Nichts wurde behalten.</translation>
    </message>
    <message>
        <source>The second scan has changed since the session was saved: how it was looked at is not restored.</source>
        <translation>Die zweite Aufnahme hat sich seit dem Speichern der Sitzung geändert: Ihre Ansicht wird nicht wiederhergestellt.</translation>
    </message>
    <message>
        <source>The selected query has no heat. Select one that has an answer, then save.</source>
        <translation>Die gewählte Frage hat keine Heatmap. Wählen Sie eine, die beantwortet ist, und speichern Sie dann.</translation>
    </message>
    <message>
        <source>The series holds %1 volumes at the same place, told apart by %2</source>
        <translation>Die Serie enthält %1 Volumen am selben Ort, unterschieden durch %2</translation>
    </message>
    <message>
        <source>The series holds different images at the same place, and no acquisition number, time or phase tells them apart; expected one image at each place. Export one volume alone.</source>
        <translation>Die Serie enthält verschiedene Bilder am selben Ort, und weder Aufnahmenummer noch Zeit oder Phase unterscheidet sie; erwartet ein Bild je Ort. Exportieren Sie ein Volumen allein.</translation>
    </message>
    <message>
        <source>The series is not a regular grid, and strict reading was asked for: %1 Open it without strict to have it regularised so.</source>
        <translation>Die Serie ist kein regelmäßiges Gitter, und verlangt war strenges Lesen: %1 Öffnen Sie sie ohne diese Strenge, damit sie so regelmäßig gemacht wird.</translation>
    </message>
    <message>
        <source>The series is one slice; its extent across the slice is %1.</source>
        <translation>Die Serie ist eine einzige Schicht; ihre Ausdehnung quer dazu ist %1.</translation>
    </message>
    <message>
        <source>The series of %1 slices does not fit into memory.</source>
        <translation>Die Serie aus %1 Schichten passt nicht in den Speicher.</translation>
    </message>
    <message>
        <source>The session was saved with the model %1 (%2); %3 (%4) answers now, perhaps differently.</source>
        <translation>Die Sitzung wurde mit dem Modell %1 (%2) gespeichert; jetzt antwortet %3 (%4), vielleicht anders.</translation>
    </message>
    <message>
        <source>The settings could not be written (%1). They hold until the program ends.</source>
        <translation>Die Einstellungen ließen sich nicht schreiben (%1). Sie gelten, bis das Programm endet.</translation>
    </message>
    <message>
        <source>The settings file %1. The defaults are used.</source>
        <translation>Die Einstellungsdatei %1. Es gelten die Vorgaben.</translation>
    </message>
    <message>
        <source>The settings file %1. The defaults are used; the file is kept as %2.</source>
        <translation>Die Einstellungsdatei %1. Es gelten die Vorgaben; die Datei bleibt als %2 erhalten.</translation>
    </message>
    <message>
        <source>The slices shift sideways by %1 mm over %2 mm (%3 degrees); expected a stack. They do not form a volume.</source>
        <translation>Die Schichten verschieben sich seitlich um %1 mm auf %2 mm (%3 Grad); erwartet ein Stapel. Sie bilden kein Volumen.</translation>
    </message>
    <message>
        <source>The spacing or orientation of the radiograph is damaged: it cannot be decoded. Copy the file again.</source>
        <translation>Abstand oder Ausrichtung der Röntgenaufnahme ist beschädigt und nicht lesbar. Kopieren Sie die Datei noch einmal.</translation>
    </message>
    <message>
        <source>The study could not be written (%1).</source>
        <translation>Die Studie konnte nicht geschrieben werden (%1).</translation>
    </message>
    <message>
        <source>The two affines of the file (sform, qform) differ by up to %1 mm; expected the same. The sform was used.</source>
        <translation>Die beiden Affinen der Datei (sform, qform) unterscheiden sich um bis zu %1 mm; erwartet dieselbe. Genommen wurde sform.</translation>
    </message>
    <message>
        <source>The values do not look like Hounsfield units of a body: they run from %1 to %2 and %3 % of them are below %4; expected air near -1000 and fat near -100. RescaleSlope or RescaleIntercept may be wrong: check them before trusting an answer.</source>
        <translation>Die Werte sehen nicht aus wie Hounsfield-Einheiten eines Körpers: Sie reichen von %1 bis %2, und %3 % von ihnen liegen unter %4; erwartet Luft nahe -1000 und Fett nahe -100. RescaleSlope oder RescaleIntercept können falsch sein: Prüfen Sie sie, bevor Sie einer Antwort trauen.</translation>
    </message>
    <message>
        <source>The values of this CT are not Hounsfield units but of type %1 (RescaleType), as in perfusion or material maps. Choose the original images.</source>
        <translation>Die Werte dieses CT sind keine Hounsfield-Einheiten, sondern vom Typ %1 (RescaleType), wie in Perfusions- oder Materialkarten. Wählen Sie die ursprünglichen Bilder.</translation>
    </message>
    <message>
        <source>The weights in %1 cannot be loaded: %2</source>
        <translation>Die Gewichte in %1 lassen sich nicht laden: %2</translation>
    </message>
    <message>
        <source>The weights in %1 do not fit config.json: %2</source>
        <translation>Die Gewichte in %1 passen nicht zu config.json: %2</translation>
    </message>
    <message>
        <source>The wheel does not hold the sample (%1).</source>
        <translation>Das Wheel enthält das Beispiel nicht (%1).</translation>
    </message>
    <message>
        <source>The window closed before the scan was encoded.</source>
        <translation>Das Fenster wurde geschlossen, bevor der Scan kodiert war.</translation>
    </message>
    <message>
        <source>The work was given up.</source>
        <translation>Die Arbeit wurde aufgegeben.</translation>
    </message>
    <message>
        <source>There is no file or folder %1. Check the spelling; expected %2.</source>
        <translation>Es gibt keine Datei und keinen Ordner %1. Prüfen Sie die Schreibweise; erwartet %2.</translation>
    </message>
    <message>
        <source>There is no host %1 that this computer could find. %2</source>
        <translation>Es gibt keinen Host %1, den dieser Rechner finden könnte. %2</translation>
    </message>
    <message>
        <source>There is no mask of %1: it cannot be outlined.</source>
        <translation>Es gibt keine Maske von %1: Es lässt sich nicht umranden.</translation>
    </message>
    <message>
        <source>There is no sample %1; expected one of %2.</source>
        <translation>Es gibt kein Beispiel %1; erwartet eines von %2.</translation>
    </message>
    <message>
        <source>There is no series %1. Found: %2.</source>
        <translation>Es gibt keine Serie %1. Gefunden: %2.</translation>
    </message>
    <message>
        <source>There is no worklist %1: expected %2.</source>
        <translation>Es gibt keine Arbeitsliste %1: erwartet %2.</translation>
    </message>
    <message>
        <source>There is not enough memory for a second model.</source>
        <translation>Der Speicher reicht nicht für ein zweites Modell.</translation>
    </message>
    <message>
        <source>There is not enough memory for a second scan.</source>
        <translation>Der Speicher reicht nicht für einen zweiten Scan.</translation>
    </message>
    <message>
        <source>There may be more than these %1 studies: ask for less.</source>
        <translation>Es kann mehr als diese %1 Studien geben: Fragen Sie nach weniger.</translation>
    </message>
    <message>
        <source>There was not enough memory. Close other programs or scans.</source>
        <translation>Es war nicht genug Speicher da. Schließen Sie andere Programme oder Scans.</translation>
    </message>
    <message>
        <source>This CT has a RescaleSlope of 0, so all its values would be equal.</source>
        <translation>Dieses CT hat einen RescaleSlope von 0, sodass alle Werte gleich wären.</translation>
    </message>
    <message>
        <source>This CT has no scale in Hounsfield units: RescaleSlope and RescaleIntercept were expected, and are missing. Export it from the scanner or PACS again.</source>
        <translation>Dieses CT hat keine Skala in Hounsfield-Einheiten: RescaleSlope und RescaleIntercept waren erwartet und fehlen. Exportieren Sie es noch einmal vom Scanner oder PACS.</translation>
    </message>
    <message>
        <source>This cannot be set: %1.</source>
        <translation>Das lässt sich nicht einstellen: %1.</translation>
    </message>
    <message>
        <source>This is %1. Expected a CT or a radiograph.</source>
        <translation>Dies ist %1. Erwartet ein CT oder ein Röntgenbild.</translation>
    </message>
    <message>
        <source>This is a lateral radiograph; expected a frontal one, the only kind that the default model was trained on. Do not rely on its answers, least of all on sides.</source>
        <translation>Dies ist eine seitliche Röntgenaufnahme; erwartet eine frontale, denn nur mit solchen wurde das Standardmodell trainiert. Verlassen Sie sich nicht auf seine Antworten, am wenigsten auf Seitenangaben.</translation>
    </message>
    <message>
        <source>This is a raw detector image (for processing), which looks flatter than the radiograph made from it; expected an image for presentation.</source>
        <translation>Dies ist ein rohes Detektorbild (zur Verarbeitung), das flacher aussieht als die daraus erstellte Röntgenaufnahme; erwartet ein Bild zur Darstellung.</translation>
    </message>
    <message>
        <source>This is the %1 scan of the list.</source>
        <translation>Dies ist der %1 Scan der Liste.</translation>
    </message>
    <message>
        <source>This model answers. Choose another one to switch, or to compare both.</source>
        <translation>Dieses Modell antwortet. Wählen Sie ein anderes, um zu wechseln oder beide zu vergleichen.</translation>
    </message>
    <message>
        <source>This scan of %1 voxels needs about %2 GB of memory, and %3 GB are free. Close other programs, or open it anyway: the computer may become slow, or end the program.</source>
        <translation>Dieser Scan aus %1 Voxeln braucht etwa %2 GB Speicher, und %3 GB sind frei. Schließen Sie andere Programme oder öffnen Sie ihn trotzdem: Der Rechner kann langsam werden oder das Programm beenden.</translation>
    </message>
    <message>
        <source>This series</source>
        <translation>Diese Serie</translation>
    </message>
    <message>
        <source>This simulated CT comes with the program. Press one of the example questions on the right, or drop a scan of your own on the window.</source>
        <translation>Dieses simulierte CT gehört zum Programm. Drücken Sie rechts eine der Beispielfragen oder ziehen Sie einen eigenen Scan auf das Fenster.</translation>
    </message>
    <message>
        <source>Threshold</source>
        <translation>Schwelle</translation>
    </message>
    <message>
        <source>Threshold of %1</source>
        <translation>Schwelle von %1</translation>
    </message>
    <message>
        <source>Threshold: heat below it is not drawn</source>
        <translation>Schwelle: Was darunter liegt, wird nicht gezeichnet</translation>
    </message>
    <message>
        <source>Title of this computer</source>
        <translation>Titel dieses Rechners</translation>
    </message>
    <message>
        <source>To day</source>
        <translation>Bis Tag</translation>
    </message>
    <message>
        <source>Tools</source>
        <translation>Werkzeuge</translation>
    </message>
    <message>
        <source>TotalSegmentator ended without writing a label map: %1</source>
        <translation>TotalSegmentator endete, ohne eine Labelkarte zu schreiben: %1</translation>
    </message>
    <message>
        <source>TotalSegmentator failed (status %1): %2</source>
        <translation>TotalSegmentator ist fehlgeschlagen (Status %1): %2</translation>
    </message>
    <message>
        <source>TotalSegmentator is not installed: no program of that name was found. Install it with &apos;pip install TotalSegmentator&apos; (Apache-2.0; it downloads its weights at first use), or use the built-in organ masks.</source>
        <translation>TotalSegmentator ist nicht installiert: Es wurde kein Programm dieses Namens gefunden. Installieren Sie es mit &apos;pip install TotalSegmentator&apos; (Apache-2.0; es lädt seine Gewichte beim ersten Gebrauch) oder verwenden Sie die eingebauten Organmasken.</translation>
    </message>
    <message>
        <source>TotalSegmentator is running</source>
        <translation>TotalSegmentator läuft</translation>
    </message>
    <message>
        <source>TotalSegmentator segments CT; this scan is an X-ray. Use the built-in organ masks.</source>
        <translation>TotalSegmentator segmentiert CT; diese Aufnahme ist ein Röntgenbild. Verwenden Sie die eingebauten Organmasken.</translation>
    </message>
    <message>
        <source>TotalSegmentator took longer than %1 seconds and was ended. Use a computer with a GPU, a smaller scan, or the built-in organ masks.</source>
        <translation>TotalSegmentator brauchte länger als %1 Sekunden und wurde beendet. Verwenden Sie einen Rechner mit GPU, eine kleinere Aufnahme oder die eingebauten Organmasken.</translation>
    </message>
    <message>
        <source>Triage</source>
        <translation>Triage</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Noch einmal</translation>
    </message>
    <message>
        <source>Turn down</source>
        <translation>Nach unten drehen</translation>
    </message>
    <message>
        <source>Turn left</source>
        <translation>Nach links drehen</translation>
    </message>
    <message>
        <source>Turn right</source>
        <translation>Nach rechts drehen</translation>
    </message>
    <message>
        <source>Turn up</source>
        <translation>Nach oben drehen</translation>
    </message>
    <message>
        <source>Two slices lie side by side at %1 mm along the slice axis; expected one slice at each height.</source>
        <translation>Zwei Schichten liegen nebeneinander bei %1 mm entlang der Schichtachse; erwartet eine Schicht je Höhe.</translation>
    </message>
    <message>
        <source>Type a command or a question</source>
        <translation>Befehl oder Frage eingeben</translation>
    </message>
    <message>
        <source>Type a finding and press Enter: the scans are ordered by its probability</source>
        <translation>Einen Befund eingeben und Eingabe drücken: Die Scans werden nach seiner Wahrscheinlichkeit geordnet</translation>
    </message>
    <message>
        <source>Type an organ or a finding and press Enter</source>
        <translation>Ein Organ oder einen Befund eingeben und Eingabe drücken</translation>
    </message>
    <message>
        <source>U unsure</source>
        <translation>U unsicher</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Undone: %1</source>
        <translation>Rückgängig: %1</translation>
    </message>
    <message>
        <source>Unexpected %1: %2</source>
        <translation>Unerwartet %1: %2</translation>
    </message>
    <message>
        <source>Unknown device %1: expected one of %2.</source>
        <translation>Unbekanntes Gerät %1: erwartet eines von %2.</translation>
    </message>
    <message>
        <source>Unpacking %1 of %2</source>
        <translation>%1 von %2 wird entpackt</translation>
    </message>
    <message>
        <source>Unreadable</source>
        <translation>Nicht lesbar</translation>
    </message>
    <message>
        <source>Unsure</source>
        <translation>Unsicher</translation>
    </message>
    <message>
        <source>Unsure, and go on</source>
        <translation>Unsicher und weiter</translation>
    </message>
    <message>
        <source>Use the selected model</source>
        <translation>Ausgewähltes Modell benutzen</translation>
    </message>
    <message>
        <source>Use this model</source>
        <translation>Dieses Modell benutzen</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>View</source>
        <translation>Ansicht</translation>
    </message>
    <message>
        <source>Volume</source>
        <translation>Volumen</translation>
    </message>
    <message>
        <source>Volume in millilitres; ≥ where the field of view cuts the organ off</source>
        <translation>Volumen in Millilitern; ≥, wo das Bildfeld das Organ abschneidet</translation>
    </message>
    <message>
        <source>WORKLIST</source>
        <translation>ARBEITSLISTE</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>Warnung</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>Gewichte</translation>
    </message>
    <message>
        <source>What can be done with the selected model</source>
        <translation>Was mit dem ausgewählten Modell getan werden kann</translation>
    </message>
    <message>
        <source>Wheel</source>
        <translation>Rad</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>Fenster</translation>
    </message>
    <message>
        <source>Window level (centre)</source>
        <translation>Fensterlage (Mitte)</translation>
    </message>
    <message>
        <source>Window preset</source>
        <translation>Fenstervorgabe</translation>
    </message>
    <message>
        <source>Window preset (1 to 5, 0 from the file)</source>
        <translation>Fenstervorgabe (1 bis 5, 0 aus der Datei)</translation>
    </message>
    <message>
        <source>Window width</source>
        <translation>Fensterbreite</translation>
    </message>
    <message>
        <source>Window: right widens, down darkens; with a tool in hand it measures</source>
        <translation>Fenster: rechts weitet, unten dunkelt ab; mit einem Werkzeug wird gemessen</translation>
    </message>
    <message>
        <source>Worklist</source>
        <translation>Arbeitsliste</translation>
    </message>
    <message>
        <source>Write a note</source>
        <translation>Eine Notiz schreiben</translation>
    </message>
    <message>
        <source>X-ray</source>
        <translation>Röntgen</translation>
    </message>
    <message>
        <source>X-ray, frontal</source>
        <translation>Röntgen, frontal</translation>
    </message>
    <message>
        <source>X-ray, lateral</source>
        <translation>Röntgen, seitlich</translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation>Vergrößern</translation>
    </message>
    <message>
        <source>Zoom about the pointer</source>
        <translation>Um den Zeiger vergrößern</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>Vergrößern</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>Verkleinern</translation>
    </message>
    <message>
        <source>a CT image</source>
        <translation>ein CT-Bild</translation>
    </message>
    <message>
        <source>a CT that cannot be interpreted (%1)</source>
        <translation>ein CT, das sich nicht deuten lässt (%1)</translation>
    </message>
    <message>
        <source>a DICOM object without an image</source>
        <translation>ein DICOM-Objekt ohne Bild</translation>
    </message>
    <message>
        <source>a PET image</source>
        <translation>ein PET-Bild</translation>
    </message>
    <message>
        <source>a bone densitometry image</source>
        <translation>ein Bild einer Knochendichtemessung</translation>
    </message>
    <message>
        <source>a colour image (%1)</source>
        <translation>ein Farbbild (%1)</translation>
    </message>
    <message>
        <source>a colour secondary capture (%1)</source>
        <translation>eine farbige Sekundäraufnahme (%1)</translation>
    </message>
    <message>
        <source>a directory of a DICOM medium</source>
        <translation>ein Verzeichnis eines DICOM-Mediums</translation>
    </message>
    <message>
        <source>a dose report of a CT</source>
        <translation>ein Dosisbericht eines CT</translation>
    </message>
    <message>
        <source>a fluoroscopy image</source>
        <translation>ein Durchleuchtungsbild</translation>
    </message>
    <message>
        <source>a localiser (scout) of a CT</source>
        <translation>ein Übersichtsbild (Scout) eines CT</translation>
    </message>
    <message>
        <source>a mammogram</source>
        <translation>eine Mammographie</translation>
    </message>
    <message>
        <source>a nuclear medicine image</source>
        <translation>ein nuklearmedizinisches Bild</translation>
    </message>
    <message>
        <source>a panoramic dental radiograph</source>
        <translation>ein Panorama-Röntgenbild der Zähne</translation>
    </message>
    <message>
        <source>a parametric map</source>
        <translation>eine Parameterkarte</translation>
    </message>
    <message>
        <source>a presentation state</source>
        <translation>ein Präsentationszustand</translation>
    </message>
    <message>
        <source>a radiation dose report</source>
        <translation>ein Strahlendosisbericht</translation>
    </message>
    <message>
        <source>a radiograph</source>
        <translation>eine Röntgenaufnahme</translation>
    </message>
    <message>
        <source>a radiotherapy object</source>
        <translation>ein Objekt der Strahlentherapie</translation>
    </message>
    <message>
        <source>a real world value mapping</source>
        <translation>eine Zuordnung realer Werte</translation>
    </message>
    <message>
        <source>a secondary capture of %1</source>
        <translation>eine Sekundäraufnahme von %1</translation>
    </message>
    <message>
        <source>a secondary capture of a CT workstation (screen save or dose report)</source>
        <translation>eine Sekundäraufnahme einer CT-Konsole (Bildschirmbild oder Dosisbericht)</translation>
    </message>
    <message>
        <source>a secondary capture that does not say what it shows (%1)</source>
        <translation>eine Sekundäraufnahme, die nicht sagt, was sie zeigt (%1)</translation>
    </message>
    <message>
        <source>a segmentation</source>
        <translation>eine Segmentierung</translation>
    </message>
    <message>
        <source>a set of spatial fiducials</source>
        <translation>eine Sammlung räumlicher Marken</translation>
    </message>
    <message>
        <source>a spatial registration</source>
        <translation>eine räumliche Registrierung</translation>
    </message>
    <message>
        <source>a structured report</source>
        <translation>ein strukturierter Bericht</translation>
    </message>
    <message>
        <source>a surface segmentation</source>
        <translation>eine Oberflächensegmentierung</translation>
    </message>
    <message>
        <source>a tomosynthesis or 3D X-ray image</source>
        <translation>ein Tomosynthese- oder 3D-Röntgenbild</translation>
    </message>
    <message>
        <source>a visible light photograph or slide</source>
        <translation>ein Lichtbild oder Präparat</translation>
    </message>
    <message>
        <source>a waveform</source>
        <translation>eine Kurve</translation>
    </message>
    <message>
        <source>about %1 min left</source>
        <translation>noch etwa %1 min</translation>
    </message>
    <message>
        <source>about %1 s left</source>
        <translation>noch etwa %1 s</translation>
    </message>
    <message>
        <source>about a second left</source>
        <translation>noch etwa eine Sekunde</translation>
    </message>
    <message>
        <source>absent</source>
        <translation>nicht vorhanden</translation>
    </message>
    <message>
        <source>accepted</source>
        <translation>angenommene</translation>
    </message>
    <message>
        <source>an MR image</source>
        <translation>ein MR-Bild</translation>
    </message>
    <message>
        <source>an X-ray</source>
        <translation>einem Röntgenbild</translation>
    </message>
    <message>
        <source>an angiography image</source>
        <translation>ein Angiographiebild</translation>
    </message>
    <message>
        <source>an angiography or fluoroscopy image</source>
        <translation>ein Angiographie- oder Durchleuchtungsbild</translation>
    </message>
    <message>
        <source>an encapsulated document</source>
        <translation>ein eingebettetes Dokument</translation>
    </message>
    <message>
        <source>an image that is a CT by its class and %1 by its modality</source>
        <translation>ein Bild, das nach seiner Klasse ein CT und nach seiner Modalität %1 ist</translation>
    </message>
    <message>
        <source>an intra-oral radiograph</source>
        <translation>ein intraorales Röntgenbild</translation>
    </message>
    <message>
        <source>an object of an unsupported kind (modality %1)</source>
        <translation>ein Objekt nicht unterstützter Art (Modalität %1)</translation>
    </message>
    <message>
        <source>an ultrasound image</source>
        <translation>ein Ultraschallbild</translation>
    </message>
    <message>
        <source>and %1 more pairs</source>
        <translation>und %1 weitere Paare</translation>
    </message>
    <message>
        <source>automatic</source>
        <translation>automatisch</translation>
    </message>
    <message>
        <source>called as %1, calling as %2</source>
        <translation>gerufen als %1, rufend als %2</translation>
    </message>
    <message>
        <source>cancelling…</source>
        <translation>wird abgebrochen…</translation>
    </message>
    <message>
        <source>could not be read (%1)</source>
        <translation>war nicht lesbar (%1)</translation>
    </message>
    <message>
        <source>cut off by the field of view</source>
        <translation>vom Bildfeld abgeschnitten</translation>
    </message>
    <message>
        <source>expected AET@host:port (DIMSE) or https://host/path (DICOMweb)</source>
        <translation>erwartet AET@host:port (DIMSE) oder https://host/path (DICOMweb)</translation>
    </message>
    <message>
        <source>it does not go by the title it was called by</source>
        <translation>er hat nicht den Titel, mit dem er gerufen wurde</translation>
    </message>
    <message>
        <source>it does not know this computer&apos;s title</source>
        <translation>er kennt den Titel dieses Rechners nicht</translation>
    </message>
    <message>
        <source>it refused the connection</source>
        <translation>Er hat die Verbindung abgelehnt</translation>
    </message>
    <message>
        <source>max %1</source>
        <translation>max %1</translation>
    </message>
    <message>
        <source>medvlp %1</source>
        <translation>medvlp %1</translation>
    </message>
    <message>
        <source>medvlp report</source>
        <translation>medvlp-Bericht</translation>
    </message>
    <message>
        <source>no file at all</source>
        <translation>gar keine Datei</translation>
    </message>
    <message>
        <source>no status was given</source>
        <translation>es wurde kein Status genannt</translation>
    </message>
    <message>
        <source>not given</source>
        <translation>nicht angegeben</translation>
    </message>
    <message>
        <source>not in the field of view</source>
        <translation>nicht im Bildfeld</translation>
    </message>
    <message>
        <source>not stated</source>
        <translation>nicht angegeben</translation>
    </message>
    <message>
        <source>only files of other kinds</source>
        <translation>nur Dateien anderer Art</translation>
    </message>
    <message>
        <source>reason not known to DICOM</source>
        <translation>DICOM kennt den Grund nicht</translation>
    </message>
    <message>
        <source>structured report</source>
        <translation>strukturierter Bericht</translation>
    </message>
    <message>
        <source>the connection failed</source>
        <translation>Die Verbindung ist gescheitert</translation>
    </message>
    <message>
        <source>whole scan</source>
        <translation>ganzer Scan</translation>
    </message>
    <message>
        <source>Second model:</source>
        <translation>Zweites Modell:</translation>
    </message>
    <message>
        <source>Second scan:</source>
        <translation>Zweiter Scan:</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Stop adding the model</source>
        <translation>Das Hinzufügen des Modells anhalten</translation>
    </message>
    <message>
        <source>Stopped. What has arrived is kept, and the next download goes on there.</source>
        <translation>Angehalten. Was angekommen ist, bleibt, und das nächste Herunterladen geht dort weiter.</translation>
    </message>
    <message>
        <source>The DICOM images name no frame of reference (FrameOfReferenceUID), so that nothing else can be placed on them. Write NIfTI instead.</source>
        <translation>Die DICOM-Bilder nennen kein Bezugssystem (FrameOfReferenceUID), sodass nichts anderes darauf platziert werden kann. Schreiben Sie stattdessen NIfTI.</translation>
    </message>
    <message>
        <source>The sample could not be fetched from the Python package index (%1). Check the connection.</source>
        <translation>Das Beispiel ließ sich nicht vom Python-Paketverzeichnis holen (%1). Prüfen Sie die Verbindung.</translation>
    </message>
    <message>
        <source>drawn in %1</source>
        <translation>gezeichnet in %1</translation>
    </message>
    <message>
        <source>enhanced CT</source>
        <translation>Enhanced CT</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>fehlgeschlagen</translation>
    </message>
    <message>
        <source>has version %1, and this program knows version %2</source>
        <translation>hat die Version %1, und dieses Programm kennt die Version %2</translation>
    </message>
    <message>
        <source>heat</source>
        <translation>Heatmap</translation>
    </message>
    <message>
        <source>heat: %1</source>
        <translation>Heatmap: %1</translation>
    </message>
    <message>
        <source>hidden</source>
        <translation>verborgen</translation>
    </message>
    <message>
        <source>holds values that are not allowed (%1)</source>
        <translation>enthält unzulässige Werte (%1)</translation>
    </message>
    <message>
        <source>inference process</source>
        <translation>Rechenprozess</translation>
    </message>
    <message>
        <source>is damaged: it is no JSON</source>
        <translation>ist beschädigt: Sie ist kein JSON</translation>
    </message>
    <message>
        <source>it is no text</source>
        <translation>sie ist kein Text</translation>
    </message>
    <message>
        <source>mean %1%2</source>
        <translation>Mittel %1%2</translation>
    </message>
    <message>
        <source>mean %1,</source>
        <translation>Mittel %1,</translation>
    </message>
    <message>
        <source>medvlp viewer</source>
        <translation>medvlp viewer</translation>
    </message>
    <message>
        <source>min %1</source>
        <translation>min %1</translation>
    </message>
    <message>
        <source>modality %1</source>
        <translation>Modalität %1</translation>
    </message>
    <message>
        <source>new</source>
        <translation>neue</translation>
    </message>
    <message>
        <source>no</source>
        <translation>nein</translation>
    </message>
    <message>
        <source>no difference can be given</source>
        <translation>es lässt sich kein Unterschied angeben</translation>
    </message>
    <message>
        <source>no modality</source>
        <translation>keine Modalität</translation>
    </message>
    <message>
        <source>no pixel inside</source>
        <translation>kein Pixel darin</translation>
    </message>
    <message>
        <source>no scan</source>
        <translation>kein Scan</translation>
    </message>
    <message>
        <source>none compared</source>
        <translation>keine verglichen</translation>
    </message>
    <message>
        <source>not in view</source>
        <translation>nicht sichtbar</translation>
    </message>
    <message>
        <source>not sure</source>
        <translation>nicht sicher</translation>
    </message>
    <message>
        <source>not sure: %1 cannot be judged on %2.</source>
        <translation>nicht sicher: %1 lässt sich auf %2 nicht beurteilen.</translation>
    </message>
    <message>
        <source>not sure: outside what this model was trained on</source>
        <translation>nicht sicher: außerhalb dessen, womit dieses Modell trainiert wurde</translation>
    </message>
    <message>
        <source>not sure: the field of view does not seem to hold the %1.</source>
        <translation>nicht sicher: Der Bildbereich scheint %1 nicht zu enthalten.</translation>
    </message>
    <message>
        <source>one colour per query</source>
        <translation>eine Farbe je Frage</translation>
    </message>
    <message>
        <source>peak</source>
        <translation>Maximum</translation>
    </message>
    <message>
        <source>peak %1</source>
        <translation>Maximum %1</translation>
    </message>
    <message>
        <source>peak %1 of %2: %3</source>
        <translation>Maximum %1 von %2: %3</translation>
    </message>
    <message>
        <source>pip brought no wheel of %1. Try again.</source>
        <translation>pip brachte kein Wheel von %1. Versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>present</source>
        <translation>vorhanden</translation>
    </message>
    <message>
        <source>raw data</source>
        <translation>Rohdaten</translation>
    </message>
    <message>
        <source>rejected</source>
        <translation>abgelehnte</translation>
    </message>
    <message>
        <source>scan %1 of %2</source>
        <translation>Scan %1 von %2</translation>
    </message>
    <message>
        <source>scoring…</source>
        <translation>wird bewertet…</translation>
    </message>
    <message>
        <source>sky blue</source>
        <translation>himmelblau</translation>
    </message>
    <message>
        <source>slice %1 of %2</source>
        <translation>Schicht %1 von %2</translation>
    </message>
    <message>
        <source>slices %1 and %2 (at %3 and %4 mm) are %5 mm apart</source>
        <translation>die Schichten %1 und %2 (bei %3 und %4 mm) liegen %5 mm auseinander</translation>
    </message>
    <message>
        <source>spacing unknown</source>
        <translation>Abstand unbekannt</translation>
    </message>
    <message>
        <source>the decoder stopped on damaged data</source>
        <translation>der Dekoder brach an beschädigten Daten ab</translation>
    </message>
    <message>
        <source>threshold %1, opacity %2</source>
        <translation>Schwelle %1, Deckkraft %2</translation>
    </message>
    <message>
        <source>unsure</source>
        <translation>unsichere</translation>
    </message>
    <message>
        <source>value %1</source>
        <translation>Wert %1</translation>
    </message>
    <message>
        <source>working…</source>
        <translation>wird bearbeitet…</translation>
    </message>
</context>
</TS>
