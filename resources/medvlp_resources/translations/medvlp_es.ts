<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="es" sourcelanguage="en">
<context>
    <name>medvlp</name>
    <message>
        <source> (compared: %1)</source>
        <translation> (comparado: %1)</translation>
    </message>
    <message>
        <source> (file changed)</source>
        <translation> (el archivo cambió)</translation>
    </message>
    <message>
        <source> The computer probably ran out of memory.</source>
        <translation> Probablemente el equipo se quedó sin memoria.</translation>
    </message>
    <message>
        <source> heat %1</source>
        <translation> mapa %1</translation>
    </message>
    <message>
        <source>&quot;%1&quot; does not fit the %2 and is left out.</source>
        <translation>«%1» no corresponde a %2 y no se tiene en cuenta.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; was read as &quot;%2&quot;.</source>
        <translation>«%1» se leyó como «%2».</translation>
    </message>
    <message>
        <source>&quot;Normal&quot; means that nothing is found; ask for one finding to see where.</source>
        <translation>«Normal» significa que no se encuentra nada; pregunte por un hallazgo para ver dónde está.</translation>
    </message>
    <message>
        <source>%1 (DICOM status 0x%2)</source>
        <translation>%1 (estado DICOM 0x%2)</translation>
    </message>
    <message>
        <source>%1 Without a mask: %2.</source>
        <translation>%1 Sin máscara: %2.</translation>
    </message>
    <message>
        <source>%1 and %2 more</source>
        <translation>%1 y %2 más</translation>
    </message>
    <message>
        <source>%1 answers, but does not offer this operation (%2).</source>
        <translation>%1 responde, pero no ofrece esta operación (%2).</translation>
    </message>
    <message>
        <source>%1 cannot be opened: %2</source>
        <translation>%1 no se puede abrir: %2</translation>
    </message>
    <message>
        <source>%1 cannot be opened: it is %2.</source>
        <translation>%1 no se puede abrir: es %2.</translation>
    </message>
    <message>
        <source>%1 cannot be read (%2).</source>
        <translation>%1 no se puede leer (%2).</translation>
    </message>
    <message>
        <source>%1 closed the connection in the middle of an answer. Try again: what arrived whole is kept.</source>
        <translation>%1 cerró la conexión en medio de una respuesta. Inténtelo de nuevo: lo que llegó completo se conserva.</translation>
    </message>
    <message>
        <source>%1 could not be downloaded: the hub answered with status %2. Pull again later, which goes on where it stopped; or %3.</source>
        <translation>%1 no se pudo descargar: el hub respondió con el estado %2. Descargue más tarde otra vez, continuará donde se detuvo; o %3.</translation>
    </message>
    <message>
        <source>%1 could not be downloaded: the hub did not answer (%2). Check the network and pull again, which goes on where it stopped; or %3.</source>
        <translation>%1 no se pudo descargar: el hub no respondió (%2). Compruebe la red y descargue otra vez: continúa donde se detuvo; o %3.</translation>
    </message>
    <message>
        <source>%1 could not be reached within %2 s. %3</source>
        <translation>No se pudo llegar a %1 en %2 s. %3</translation>
    </message>
    <message>
        <source>%1 could not be written: %2. Name another place.</source>
        <translation>No se pudo escribir %1: %2. Indique otro lugar.</translation>
    </message>
    <message>
        <source>%1 does not fit: %2. Close other programs, or choose a smaller model.</source>
        <translation>%1 no cabe: %2. Cierre otros programas o elija un modelo más pequeño.</translation>
    </message>
    <message>
        <source>%1 does not lie on the scan: none of its contours encloses a voxel of it. Use the structure set that was drawn on this scan.</source>
        <translation>%1 no está sobre el estudio: ninguno de sus contornos encierra un vóxel. Use el conjunto de estructuras que se dibujó en este estudio.</translation>
    </message>
    <message>
        <source>%1 files or subfolders could not be read and were left out; check that you may.</source>
        <translation>%1 archivos o subcarpetas no se pudieron leer y se omitieron; compruebe que tiene permiso.</translation>
    </message>
    <message>
        <source>%1 files or subfolders that cannot be read (check that you may)</source>
        <translation>%1 archivos o subcarpetas que no se pueden leer (compruebe que tiene permiso)</translation>
    </message>
    <message>
        <source>%1 files that look like DICOM could not be read and were left out.</source>
        <translation>%1 archivos que parecen DICOM no se pudieron leer y se omitieron.</translation>
    </message>
    <message>
        <source>%1 files that look like DICOM could not be read.</source>
        <translation>%1 archivos que parecen DICOM no se pudieron leer.</translation>
    </message>
    <message>
        <source>%1 frames but %2 frame descriptions.</source>
        <translation>%1 imágenes, pero %2 descripciones de imagen.</translation>
    </message>
    <message>
        <source>%1 has no column of paths: expected one of %2; found %3.</source>
        <translation>%1 no tiene columna de rutas: se esperaba una de %2; se encontró %3.</translation>
    </message>
    <message>
        <source>%1 holds %2 regions; expected %3 at most.</source>
        <translation>%1 contiene %2 regiones; se esperaban %3 como máximo.</translation>
    </message>
    <message>
        <source>%1 holds a backslash or a control character.</source>
        <translation>%1 contiene una barra invertida o un carácter de control.</translation>
    </message>
    <message>
        <source>%1 holds no closed contour: expected a structure set with drawn regions.</source>
        <translation>%1 no contiene ningún contorno cerrado: se esperaba un conjunto de estructuras con regiones dibujadas.</translation>
    </message>
    <message>
        <source>%1 image</source>
        <translation>Imagen %1</translation>
    </message>
    <message>
        <source>%1 images of the study did not come whole. Open it again to fetch them.</source>
        <translation>%1 imágenes del estudio no llegaron completas. Ábralo de nuevo para obtenerlas.</translation>
    </message>
    <message>
        <source>%1 in the %2</source>
        <translation>%1 en %2</translation>
    </message>
    <message>
        <source>%1 is %2; expected milliseconds, such as 50.</source>
        <translation>%1 es %2; se esperaban milisegundos, por ejemplo 50.</translation>
    </message>
    <message>
        <source>%1 is a model as it was downloaded (%2). Import it once.</source>
        <translation>%1 es un modelo tal como se descargó (%2). Impórtelo una vez.</translation>
    </message>
    <message>
        <source>%1 is no AE title: expected 1 to %2 ASCII characters without a backslash.</source>
        <translation>%1 no es un título AE: se esperan de 1 a %2 caracteres ASCII sin barra invertida.</translation>
    </message>
    <message>
        <source>%1 is no CSV table in UTF-8 (%2).</source>
        <translation>%1 no es una tabla CSV en UTF-8 (%2).</translation>
    </message>
    <message>
        <source>%1 is no JSON (%2).</source>
        <translation>%1 no es JSON (%2).</translation>
    </message>
    <message>
        <source>%1 is no Parquet table (%2).</source>
        <translation>%1 no es una tabla Parquet (%2).</translation>
    </message>
    <message>
        <source>%1 is no URL of a server: %2.</source>
        <translation>%1 no es una URL de un servidor: %2.</translation>
    </message>
    <message>
        <source>%1 is no address of a server: %2.</source>
        <translation>%1 no es una dirección de un servidor: %2.</translation>
    </message>
    <message>
        <source>%1 is no worklist: expected %2.</source>
        <translation>%1 no es una lista de trabajo: se esperaba %2.</translation>
    </message>
    <message>
        <source>%1 is not a model folder: config.json is missing, unreadable or names no model_type (%2). A model as it was published is imported first.</source>
        <translation>%1 no es una carpeta de modelo: config.json falta, no se puede leer o no indica model_type (%2). Un modelo tal como se publicó se importa primero.</translation>
    </message>
    <message>
        <source>%1 is not encrypted, and %2 is set: the credentials could be read on the way. Use https, or unset the variable.</source>
        <translation>%1 no está cifrado y %2 está definida: las credenciales podrían leerse por el camino. Use https o elimine la variable.</translation>
    </message>
    <message>
        <source>%1 is not in the field of view: there is nothing to outline.</source>
        <translation>%1 no está en el campo de visión: no hay nada que delinear.</translation>
    </message>
    <message>
        <source>%1 is not on screen yet: nothing was decided.</source>
        <translation>%1 aún no está en pantalla: no se decidió nada.</translation>
    </message>
    <message>
        <source>%1 lists no scan. Choose another folder or file.</source>
        <translation>%1 no contiene ningún estudio. Elija otra carpeta u otro archivo.</translation>
    </message>
    <message>
        <source>%1 measured</source>
        <translation>%1 medido</translation>
    </message>
    <message>
        <source>%1 missing slices were interpolated</source>
        <translation>se interpolaron %1 cortes que faltaban</translation>
    </message>
    <message>
        <source>%1 moved</source>
        <translation>%1 movido</translation>
    </message>
    <message>
        <source>%1 no longer holds the series that was opened.</source>
        <translation>%1 ya no contiene la serie que se abrió.</translation>
    </message>
    <message>
        <source>%1 notes</source>
        <translation>%1 avisos</translation>
    </message>
    <message>
        <source>%1 of %2 slices repeat another slice (same place, same values) and were left out.</source>
        <translation>%1 de %2 cortes repiten otro corte (mismo lugar, mismos valores) y se omitieron.</translation>
    </message>
    <message>
        <source>%1 offers no C-GET, the only way in which medvlp fetches over DIMSE (C-MOVE would need an open port here). Have it allowed at the server, or use the server&apos;s DICOMweb address.</source>
        <translation>%1 no ofrece C-GET, la única forma en que medvlp recibe por DIMSE (C-MOVE necesitaría aquí un puerto abierto). Haga que se permita en el servidor o use su dirección DICOMweb.</translation>
    </message>
    <message>
        <source>%1 other files lie beside the DICOM; unpack the zip to open them.</source>
        <translation>Hay otros %1 archivos junto al DICOM; descomprima el ZIP para abrirlos.</translation>
    </message>
    <message>
        <source>%1 other files were found beside it and not opened.</source>
        <translation>Se encontraron otros %1 archivos al lado y no se abrieron.</translation>
    </message>
    <message>
        <source>%1 other usable series or images were found and not opened.</source>
        <translation>Se encontraron otras %1 series o imágenes utilizables y no se abrieron.</translation>
    </message>
    <message>
        <source>%1 pixels were not finite and were set to 0.</source>
        <translation>%1 píxeles no eran finitos y se pusieron a 0.</translation>
    </message>
    <message>
        <source>%1 points</source>
        <translation>%1 puntos</translation>
    </message>
    <message>
        <source>%1 port %2 cannot be reached (%3). %4</source>
        <translation>No se puede llegar a %1, puerto %2 (%3). %4</translation>
    </message>
    <message>
        <source>%1 port %2 does not answer within %3 s. %4</source>
        <translation>%1, puerto %2, no responde en %3 s. %4</translation>
    </message>
    <message>
        <source>%1 refused the %2: %3.</source>
        <translation>%1 rechazó %2: %3.</translation>
    </message>
    <message>
        <source>%1 refused the C-GET: %2.</source>
        <translation>%1 rechazó el C-GET: %2.</translation>
    </message>
    <message>
        <source>%1 removed</source>
        <translation>%1 eliminado</translation>
    </message>
    <message>
        <source>%1 saved: %2</source>
        <translation>%1 guardado: %2</translation>
    </message>
    <message>
        <source>%1 scans</source>
        <translation>%1 estudios</translation>
    </message>
    <message>
        <source>%1 sends requests in circles. Check the URL.</source>
        <translation>%1 redirige las peticiones en círculo. Compruebe la URL.</translation>
    </message>
    <message>
        <source>%1 studies were found.</source>
        <translation>Se encontraron %1 estudios.</translation>
    </message>
    <message>
        <source>%1 values from %2 to %3, mean %4</source>
        <translation>%1 valores de %2 a %3, media %4</translation>
    </message>
    <message>
        <source>%1 volumes in other formats lie beside the DICOM files and were left out; open them by themselves.</source>
        <translation>%1 volúmenes en otros formatos están junto a los archivos DICOM y se han omitido; ábralos por separado.</translation>
    </message>
    <message>
        <source>%1 voxels outside -32768 to 32767 HU were clipped.</source>
        <translation>%1 vóxeles fuera de -32768 a 32767 HU se recortaron.</translation>
    </message>
    <message>
        <source>%1 voxels outside -32768 to 32767 were clipped.</source>
        <translation>%1 vóxeles fuera de -32768 a 32767 se recortaron.</translation>
    </message>
    <message>
        <source>%1 voxels were not finite and were set to air.</source>
        <translation>%1 vóxeles no eran finitos y se pusieron como aire.</translation>
    </message>
    <message>
        <source>%1 was added and checked.</source>
        <translation>%1 se ha añadido y comprobado.</translation>
    </message>
    <message>
        <source>%1 was downloaded and checked.</source>
        <translation>%1 se ha descargado y comprobado.</translation>
    </message>
    <message>
        <source>%1 was not saved: unexpected %2.</source>
        <translation>%1 no se guardó: %2 inesperado.</translation>
    </message>
    <message>
        <source>%1%2; expected %3 mm. %4.</source>
        <translation>%1%2; se esperaban %3 mm. %4.</translation>
    </message>
    <message>
        <source>%1, SHA-256 %2</source>
        <translation>%1, SHA-256 %2</translation>
    </message>
    <message>
        <source>%1, drawn in its own way</source>
        <translation>%1, dibujado a su manera</translation>
    </message>
    <message>
        <source>%1, region %2: a contour runs through %3 slices of the scan; expected contours within its slices. Draw it on this series, or export a DICOM segmentation instead.</source>
        <translation>%1, región %2: un contorno atraviesa %3 cortes del estudio; se esperaban contornos dentro de sus cortes. Dibújelo en esta serie o exporte en su lugar una segmentación DICOM.</translation>
    </message>
    <message>
        <source>%1, row %2: %3 cells where the header has %4. Put text with commas or line breaks into quotation marks.</source>
        <translation>%1, fila %2: %3 celdas donde el encabezado tiene %4. Ponga entre comillas el texto con comas o saltos de línea.</translation>
    </message>
    <message>
        <source>%1. It saw no examples of %2 on %3.</source>
        <translation>%1. No vio ejemplos de %2 en %3.</translation>
    </message>
    <message>
        <source>%1. The image does not look like the scans it knows (%2 sure; %3 are needed).</source>
        <translation>%1. La imagen no se parece a los estudios que conoce (seguridad %2; se necesita %3).</translation>
    </message>
    <message>
        <source>%1: %2 files (%3) and no DICOM; expected one scan. Open one of the files.</source>
        <translation>%1: %2 archivos (%3) y ningún DICOM; se esperaba un estudio. Abra uno de los archivos.</translation>
    </message>
    <message>
        <source>%1: %2 values per voxel (colour or vectors); expected one.</source>
        <translation>%1: %2 valores por vóxel (color o vectores); se esperaba uno.</translation>
    </message>
    <message>
        <source>%1: Parquet is read with pyarrow, which is not installed. Install it with &apos;pip install pyarrow&apos;, or save the table as CSV.</source>
        <translation>%1: Parquet se lee con pyarrow, que no está instalado. Instálelo con &apos;pip install pyarrow&apos; o guarde la tabla como CSV.</translation>
    </message>
    <message>
        <source>%1: a colour volume; expected grey values.</source>
        <translation>%1: un volumen en color; se esperaban valores de gris.</translation>
    </message>
    <message>
        <source>%1: a contour&apos;s coordinates are damaged (%2).</source>
        <translation>%1: las coordenadas de un contorno están dañadas (%2).</translation>
    </message>
    <message>
        <source>%1: a picture holds no Hounsfield units; expected a CT volume.</source>
        <translation>%1: una imagen no contiene unidades Hounsfield; se esperaba un volumen de TC.</translation>
    </message>
    <message>
        <source>%1: a volume of complex numbers; expected Hounsfield units.</source>
        <translation>%1: un volumen de números complejos; se esperaban unidades Hounsfield.</translation>
    </message>
    <message>
        <source>%1: an X-ray is two-dimensional, found a volume of %2 voxels. Open it as CT.</source>
        <translation>%1: una radiografía es bidimensional, se encontró un volumen de %2 vóxeles. Ábralo como TC.</translation>
    </message>
    <message>
        <source>%1: expected %2 here; found %3.</source>
        <translation>%1: se esperaba %2 aquí; se encontró %3.</translation>
    </message>
    <message>
        <source>%1: expected NIfTI, found %2.</source>
        <translation>%1: se esperaba NIfTI, se encontró %2.</translation>
    </message>
    <message>
        <source>%1: expected a .csv or .parquet file.</source>
        <translation>%1: se esperaba un archivo .csv o .parquet.</translation>
    </message>
    <message>
        <source>%1: expected a list of paths or hits; found none.</source>
        <translation>%1: se esperaba una lista de rutas o resultados; no hay ninguna.</translation>
    </message>
    <message>
        <source>%1: expected a session of the version %2; found %3. Save the session again with this version of the program.</source>
        <translation>%1: se esperaba una sesión de la versión %2; se encontró %3. Guarde la sesión de nuevo con esta versión del programa.</translation>
    </message>
    <message>
        <source>%1: expected a volume, found the shape %2.</source>
        <translation>%1: se esperaba un volumen, se encontró la forma %2.</translation>
    </message>
    <message>
        <source>%1: expected one volume, found %2 dimensions (%3). Save the volume that you want on its own.</source>
        <translation>%1: se esperaba un volumen, se encontraron %2 dimensiones (%3). Guarde por separado el volumen que desea.</translation>
    </message>
    <message>
        <source>%1: highest on slice %2</source>
        <translation>%1: máximo en el corte %2</translation>
    </message>
    <message>
        <source>%1: measurements</source>
        <translation>%1: mediciones</translation>
    </message>
    <message>
        <source>%1: more than %2 files; expected one study. Open a subfolder.</source>
        <translation>%1: más de %2 archivos; se esperaba un estudio. Abra una subcarpeta.</translation>
    </message>
    <message>
        <source>%1: no DICOM data set could be read: the file is incomplete, or is not DICOM. Copy the file again.</source>
        <translation>%1: no se pudo leer ningún conjunto DICOM: el archivo está incompleto o no es DICOM. Cópielo de nuevo.</translation>
    </message>
    <message>
        <source>%1: no PNG, JPEG or TIFF picture could be decoded from this file.</source>
        <translation>%1: no se pudo leer ninguna imagen PNG, JPEG o TIFF de este archivo.</translation>
    </message>
    <message>
        <source>%1: no profile along slices</source>
        <translation>%1: sin perfil a lo largo de los cortes</translation>
    </message>
    <message>
        <source>%1: none</source>
        <translation>%1: ninguno</translation>
    </message>
    <message>
        <source>%1: not sure. %2</source>
        <translation>%1: sin seguridad. %2</translation>
    </message>
    <message>
        <source>%1: the %2 file is damaged or incomplete (%3). Copy it again.</source>
        <translation>%1: el archivo %2 está dañado o incompleto (%3). Cópielo de nuevo.</translation>
    </message>
    <message>
        <source>%1: the DICOM file is incomplete: it announces %2 x %3 pixels and ends before them. Copy the file again.</source>
        <translation>%1: el archivo DICOM está incompleto: anuncia %2 x %3 píxeles y termina antes. Cópielo de nuevo.</translation>
    </message>
    <message>
        <source>%1: the DICOM file is incomplete: it is of an image class and ends before its image. Copy the file again.</source>
        <translation>%1: el archivo DICOM está incompleto: es de una clase de imagen y termina antes de su imagen. Cópielo de nuevo.</translation>
    </message>
    <message>
        <source>%1: the DICOM header is damaged or incomplete (%2). Copy the file again.</source>
        <translation>%1: la cabecera DICOM está dañada o incompleta (%2). Copie el archivo de nuevo.</translation>
    </message>
    <message>
        <source>%1: the NIfTI file is damaged or incomplete (%2). Copy it again.</source>
        <translation>%1: el archivo NIfTI está dañado o incompleto (%2). Cópielo de nuevo.</translation>
    </message>
    <message>
        <source>%1: the file cannot be read (%2). Check that it exists and that you may read it.</source>
        <translation>%1: no se puede leer el archivo (%2). Compruebe que existe y que puede leerlo.</translation>
    </message>
    <message>
        <source>%1: the file is empty (0 bytes); expected %2. Copy it again.</source>
        <translation>%1: el archivo está vacío (0 bytes); se esperaba %2. Cópielo de nuevo.</translation>
    </message>
    <message>
        <source>%1: the folder cannot be read (%2). Check that you may.</source>
        <translation>%1: no se puede leer la carpeta (%2). Compruebe que tiene permiso.</translation>
    </message>
    <message>
        <source>%1: the format is not recognised from its content or name; expected %2.</source>
        <translation>%1: el formato no se reconoce por su contenido ni por su nombre; se esperaba %2.</translation>
    </message>
    <message>
        <source>%1: the header claims %2 voxels; at most %3 billion are read. The file is damaged, or needs cropping.</source>
        <translation>%1: la cabecera indica %2 vóxeles; se leen como máximo %3 mil millones. El archivo está dañado o hay que recortarlo.</translation>
    </message>
    <message>
        <source>%1: the header does not say where the voxels lie: %2 Write the file again from its source, with an affine of numbers.</source>
        <translation>%1: la cabecera no dice dónde están los vóxeles: %2 Vuelva a escribir el archivo desde su origen, con una matriz afín de números.</translation>
    </message>
    <message>
        <source>%1: the header names pixels outside its own folder; expected a file beside it. Put both into one folder, or save the volume as one file.</source>
        <translation>%1: la cabecera indica píxeles fuera de su propia carpeta; se esperaba un archivo al lado. Ponga ambos en una carpeta o guarde el volumen como un archivo.</translation>
    </message>
    <message>
        <source>%1: the picture has %2 pages; expected one. A stack of pictures says nothing of its spacing: open the DICOM or NIfTI volume instead.</source>
        <translation>%1: la imagen tiene %2 páginas; se esperaba una. Una pila de imágenes no dice nada de su espaciado: abra el volumen DICOM o NIfTI.</translation>
    </message>
    <message>
        <source>%1: the picture has %2 x %3 pixels; at most %4 million pixels are read. Make it smaller.</source>
        <translation>%1: la imagen tiene %2 x %3 píxeles; se leen como máximo %4 millones. Redúzcala.</translation>
    </message>
    <message>
        <source>%1: the picture is damaged or incomplete (%2). Copy it again.</source>
        <translation>%1: la imagen está dañada o incompleta (%2). Cópiela de nuevo.</translation>
    </message>
    <message>
        <source>%1: the picture is too large to decode safely (%2); at most %3 million pixels are read. Make it smaller.</source>
        <translation>%1: la imagen es demasiado grande para leerla con seguridad (%2); se leen como máximo %3 millones de píxeles. Redúzcala.</translation>
    </message>
    <message>
        <source>%1: the scan has changed: its contents were expected to have the hash %2, found %3. Open the scan by itself, or put the former one back.</source>
        <translation>%1: el estudio ha cambiado: se esperaba contenido con la suma %2, se encontró %3. Abra el estudio por separado o restituya el anterior.</translation>
    </message>
    <message>
        <source>%1: the scan of this session is missing: expected %2 beside the session file. Put it back, or move the session file to where the scan is.</source>
        <translation>%1: falta el estudio de esta sesión: se esperaba %2 junto al archivo de sesión. Devuélvalo o mueva el archivo de sesión donde está el estudio.</translation>
    </message>
    <message>
        <source>%1: the server&apos;s certificate is not trusted, or it speaks no TLS. Where it is signed by an institution of your own, name that one&apos;s file in REQUESTS_CA_BUNDLE.</source>
        <translation>%1: el certificado del servidor no es de confianza, o no habla TLS. Si lo firma una entidad propia, indique el archivo de esta en REQUESTS_CA_BUNDLE.</translation>
    </message>
    <message>
        <source>%1: the session could not be read (%2).</source>
        <translation>%1: no se pudo leer la sesión (%2).</translation>
    </message>
    <message>
        <source>%1: the session holds values that are not allowed: %2. Save the session again.</source>
        <translation>%1: la sesión contiene valores no permitidos: %2. Guarde la sesión de nuevo.</translation>
    </message>
    <message>
        <source>%1: the values are not Hounsfield units: they run from %2 to %3 and %4 % of them are below %5. Expected a CT with air near -1000 and fat near -100; this may be magnetic resonance, or a CT saved without its rescale intercept. Convert it from the original DICOM.</source>
        <translation>%1: los valores no son unidades Hounsfield: van de %2 a %3 y el %4 % está por debajo de %5. Se esperaba una TC con aire cerca de -1000 y grasa cerca de -100; puede ser resonancia magnética o una TC guardada sin su ordenada de reescalado. Conviértala desde el DICOM original.</translation>
    </message>
    <message>
        <source>%1: the volume does not fit into memory.</source>
        <translation>%1: el volumen no cabe en la memoria.</translation>
    </message>
    <message>
        <source>%1: the zip could not be unpacked (%2). Check the file and the free space for temporary files.</source>
        <translation>%1: no se pudo descomprimir el ZIP (%2). Compruebe el archivo y el espacio libre para archivos temporales.</translation>
    </message>
    <message>
        <source>%1: the zip holds %2 files; at most %3 are unpacked. Unpack it yourself and open the folder.</source>
        <translation>%1: el ZIP contiene %2 archivos; se descomprimen como máximo %3. Descomprímalo usted y abra la carpeta.</translation>
    </message>
    <message>
        <source>%1: the zip holds a file that would be written outside its folder (an absolute path, or a name with &apos;..&apos;). Nothing was unpacked.</source>
        <translation>%1: el ZIP contiene un archivo que se escribiría fuera de su carpeta (una ruta absoluta o un nombre con &apos;..&apos;). No se descomprimió nada.</translation>
    </message>
    <message>
        <source>%1: the zip holds a symbolic link. Nothing was unpacked.</source>
        <translation>%1: el ZIP contiene un enlace simbólico. No se descomprimió nada.</translation>
    </message>
    <message>
        <source>%1: the zip is damaged (%2).</source>
        <translation>%1: el ZIP está dañado (%2).</translation>
    </message>
    <message>
        <source>%1: the zip is damaged or uses an unsupported method (%2). Copy or pack it again.</source>
        <translation>%1: el ZIP está dañado o usa un método no admitido (%2). Cópielo o empaquételo de nuevo.</translation>
    </message>
    <message>
        <source>%1: the zip is protected by a password. Unpack it yourself.</source>
        <translation>%1: el ZIP está protegido con contraseña. Descomprímalo usted.</translation>
    </message>
    <message>
        <source>%1: the zip would grow %2 times when unpacked; at most %3 times are allowed (it may be a zip bomb).</source>
        <translation>%1: el ZIP crecería %2 veces al descomprimirse; se permiten como máximo %3 (podría ser una bomba ZIP).</translation>
    </message>
    <message>
        <source>%1: the zip would unpack to %2 GiB; at most %3 GiB are allowed (it may be a zip bomb).</source>
        <translation>%1: el ZIP ocuparía %2 GiB descomprimido; se permiten como máximo %3 GiB (podría ser una bomba ZIP).</translation>
    </message>
    <message>
        <source>%1: this is neither a file nor a folder.</source>
        <translation>%1: no es ni un archivo ni una carpeta.</translation>
    </message>
    <message>
        <source>%1: this is no session file: expected JSON.</source>
        <translation>%1: no es un archivo de sesión: se esperaba JSON.</translation>
    </message>
    <message>
        <source>%1: this is no session file: it is too large. Open it as a scan.</source>
        <translation>%1: no es un archivo de sesión: es demasiado grande. Ábralo como estudio.</translation>
    </message>
    <message>
        <source>%1: this looks like a label map or an 8-bit image, not a CT: its values are %2 whole numbers from %3 to %4. Expected Hounsfield units (air near -1000, water 0). Open the CT that it was drawn on, and pass a label map as organs.</source>
        <translation>%1: parece un mapa de etiquetas o una imagen de 8 bits, no una TC: sus valores son %2 números enteros de %3 a %4. Se esperaban unidades Hounsfield (aire cerca de -1000, agua 0). Abra la TC sobre la que se dibujó y pase el mapa de etiquetas como órganos.</translation>
    </message>
    <message>
        <source>%1: unpacking needs %2 MiB, %3 MiB are free in the folder for temporary files. Free some space, or set TMPDIR.</source>
        <translation>%1: descomprimir requiere %2 MiB, hay %3 MiB libres en la carpeta de archivos temporales. Libere espacio o defina TMPDIR.</translation>
    </message>
    <message>
        <source>%1; expected one. Export one of them alone.</source>
        <translation>%1; se esperaba uno. Exporte solo uno de ellos.</translation>
    </message>
    <message>
        <source>%1; the one with %2 slices was taken.</source>
        <translation>%1; se tomó el de %2 cortes.</translation>
    </message>
    <message>
        <source>(and %1 more)</source>
        <translation>(y %1 más)</translation>
    </message>
    <message>
        <source>1 note</source>
        <translation>1 aviso</translation>
    </message>
    <message>
        <source>1 scan</source>
        <translation>1 estudio</translation>
    </message>
    <message>
        <source>1 study was found.</source>
        <translation>Se encontró 1 estudio.</translation>
    </message>
    <message>
        <source>3D image</source>
        <translation>Imagen 3D</translation>
    </message>
    <message>
        <source>3D pane</source>
        <translation>Vista 3D</translation>
    </message>
    <message>
        <source>A CT slice has no %1; expected %2 numbers.</source>
        <translation>Un corte de TC no tiene %1; se esperaban %2 números.</translation>
    </message>
    <message>
        <source>A accept</source>
        <translation>A aceptar</translation>
    </message>
    <message>
        <source>A multi-frame CT of %1 frames has no positions for them (functional groups); expected one each.</source>
        <translation>Una TC multiimagen de %1 imágenes no tiene posiciones para ellas (functional groups); se esperaba una para cada una.</translation>
    </message>
    <message>
        <source>A radiograph of %1 frames (a film loop); expected one frame.</source>
        <translation>Una radiografía de %1 imágenes (una secuencia); se esperaba una imagen.</translation>
    </message>
    <message>
        <source>A report without names and pictures: %1</source>
        <translation>Un informe sin nombres ni imágenes: %1</translation>
    </message>
    <message>
        <source>A scan opened again is then encoded again. No pictures or names are stored.</source>
        <translation>Un estudio abierto de nuevo se codifica otra vez. No se guardan imágenes ni nombres.</translation>
    </message>
    <message>
        <source>A slice decodes to %1 pixels; its header says %2.</source>
        <translation>Un corte da %1 píxeles; su cabecera dice %2.</translation>
    </message>
    <message>
        <source>AET@host:port or https://host/dicom-web</source>
        <translation>AET@host:port o https://host/dicom-web</translation>
    </message>
    <message>
        <source>Abdomen</source>
        <translation>Abdomen</translation>
    </message>
    <message>
        <source>About %1 GB are needed and %2 GB are free. Close other programs, then try again.</source>
        <translation>Se necesitan unos %1 GB y hay %2 GB libres. Cierre otros programas e inténtelo de nuevo.</translation>
    </message>
    <message>
        <source>About the selected model</source>
        <translation>Sobre el modelo seleccionado</translation>
    </message>
    <message>
        <source>Accept and add it</source>
        <translation>Aceptar y añadir</translation>
    </message>
    <message>
        <source>Accept its licence and download the selected model</source>
        <translation>Aceptar su licencia y descargar el modelo seleccionado</translation>
    </message>
    <message>
        <source>Accept the licence</source>
        <translation>Aceptar la licencia</translation>
    </message>
    <message>
        <source>Accept the licence and download</source>
        <translation>Aceptar la licencia y descargar</translation>
    </message>
    <message>
        <source>Accept the licence of the selected model</source>
        <translation>Aceptar la licencia del modelo seleccionado</translation>
    </message>
    <message>
        <source>Accept, and go on</source>
        <translation>Aceptar y seguir</translation>
    </message>
    <message>
        <source>Accepted</source>
        <translation>Aceptado</translation>
    </message>
    <message>
        <source>Add a model from a folder</source>
        <translation>Añadir un modelo desde una carpeta</translation>
    </message>
    <message>
        <source>Add a model from a folder…</source>
        <translation>Añadir un modelo desde una carpeta…</translation>
    </message>
    <message>
        <source>Add one from a folder…</source>
        <translation>Añadir uno desde una carpeta…</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Todos</translation>
    </message>
    <message>
        <source>All %1 scans are decided. Export the decisions with Ctrl+E.</source>
        <translation>Los %1 estudios están decididos. Exporte las decisiones con Ctrl+E.</translation>
    </message>
    <message>
        <source>Angle</source>
        <translation>Ángulo</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>Respuesta</translation>
    </message>
    <message>
        <source>Answer of the server</source>
        <translation>Respuesta del servidor</translation>
    </message>
    <message>
        <source>Answers</source>
        <translation>Respuestas</translation>
    </message>
    <message>
        <source>Answers of both sides</source>
        <translation>Respuestas de ambos lados</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>Apariencia</translation>
    </message>
    <message>
        <source>Apple graphics (MPS)</source>
        <translation>Gráficos de Apple (MPS)</translation>
    </message>
    <message>
        <source>As all questions</source>
        <translation>Como todas las preguntas</translation>
    </message>
    <message>
        <source>As stored in the file</source>
        <translation>Como en el archivo</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Como el sistema</translation>
    </message>
    <message>
        <source>Ask</source>
        <translation>Preguntar</translation>
    </message>
    <message>
        <source>Ask a CT or a chest X-ray in words, and see where</source>
        <translation>Pregunte con palabras a una TC o a una radiografía de tórax y vea dónde</translation>
    </message>
    <message>
        <source>Ask the sample CT: %1</source>
        <translation>Preguntar a la TC de ejemplo: %1</translation>
    </message>
    <message>
        <source>Asking what there is</source>
        <translation>Preguntando qué hay</translation>
    </message>
    <message>
        <source>Ask…</source>
        <translation>Preguntar…</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Automático</translation>
    </message>
    <message>
        <source>Automatic: one question is drawn in a colour map, several each in their own colour</source>
        <translation>Automático: una pregunta se dibuja con una escala de color, varias cada una en su color</translation>
    </message>
    <message>
        <source>Axial</source>
        <translation>Axial</translation>
    </message>
    <message>
        <source>Back to defaults</source>
        <translation>Valores iniciales</translation>
    </message>
    <message>
        <source>Back to the model before</source>
        <translation>Volver al modelo anterior</translation>
    </message>
    <message>
        <source>Bone</source>
        <translation>Hueso</translation>
    </message>
    <message>
        <source>Brain</source>
        <translation>Cerebro</translation>
    </message>
    <message>
        <source>Built in</source>
        <translation>Incluido</translation>
    </message>
    <message>
        <source>Built-in model</source>
        <translation>Modelo incorporado</translation>
    </message>
    <message>
        <source>C note</source>
        <translation>C nota</translation>
    </message>
    <message>
        <source>CSV table</source>
        <translation>Tabla CSV</translation>
    </message>
    <message>
        <source>CT, X-ray</source>
        <translation>CT, radiografía</translation>
    </message>
    <message>
        <source>Called AE title not recognised</source>
        <translation>Título AE llamado no reconocido</translation>
    </message>
    <message>
        <source>Calling AE title not recognised</source>
        <translation>Título AE que llama no reconocido</translation>
    </message>
    <message>
        <source>Can be downloaded</source>
        <translation>Se puede descargar</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>Cancel scoring</source>
        <translation>Cancelar la puntuación</translation>
    </message>
    <message>
        <source>Cancel the running job</source>
        <translation>Cancelar el trabajo en curso</translation>
    </message>
    <message>
        <source>Cancelled.</source>
        <translation>Cancelado.</translation>
    </message>
    <message>
        <source>Cannot be opened: it is %1</source>
        <translation>No se puede abrir: es %1</translation>
    </message>
    <message>
        <source>Changes hold at once.</source>
        <translation>Los cambios valen de inmediato.</translation>
    </message>
    <message>
        <source>Check host and port, and whether a firewall lets this computer through.</source>
        <translation>Compruebe el host y el puerto, y si un cortafuegos deja pasar a este equipo.</translation>
    </message>
    <message>
        <source>Checking the sample</source>
        <translation>Comprobando el ejemplo</translation>
    </message>
    <message>
        <source>Choose a model to read about it.</source>
        <translation>Elija un modelo para leer sobre él.</translation>
    </message>
    <message>
        <source>Choose a model…</source>
        <translation>Elegir un modelo…</translation>
    </message>
    <message>
        <source>Choose the folder of a model</source>
        <translation>Elegir la carpeta de un modelo</translation>
    </message>
    <message>
        <source>Cite</source>
        <translation>Cita</translation>
    </message>
    <message>
        <source>Clear downloaded studies</source>
        <translation>Borrar los estudios descargados</translation>
    </message>
    <message>
        <source>Clear this list</source>
        <translation>Vaciar esta lista</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Cerrar</translation>
    </message>
    <message>
        <source>Close the second side</source>
        <translation>Cerrar el segundo lado</translation>
    </message>
    <message>
        <source>Close worklist</source>
        <translation>Cerrar la lista de trabajo</translation>
    </message>
    <message>
        <source>Colour</source>
        <translation>Color</translation>
    </message>
    <message>
        <source>Colour %1</source>
        <translation>Color %1</translation>
    </message>
    <message>
        <source>Colour %1, %2</source>
        <translation>Color %1, %2</translation>
    </message>
    <message>
        <source>Colour bar of the heat, from 0 to 1</source>
        <translation>Barra de color del mapa de calor, de 0 a 1</translation>
    </message>
    <message>
        <source>Colour map</source>
        <translation>Escala de color</translation>
    </message>
    <message>
        <source>Colour map of the heat</source>
        <translation>Escala de color del mapa de calor</translation>
    </message>
    <message>
        <source>Colour, opacity and threshold of this question (C)</source>
        <translation>Color, opacidad y umbral de esta pregunta (C)</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>Colores</translation>
    </message>
    <message>
        <source>Command or question</source>
        <translation>Orden o pregunta</translation>
    </message>
    <message>
        <source>Command palette</source>
        <translation>Buscador de órdenes</translation>
    </message>
    <message>
        <source>Commands found</source>
        <translation>Órdenes encontradas</translation>
    </message>
    <message>
        <source>Compare every organ with the findings it can host</source>
        <translation>Comparar cada órgano con los hallazgos que puede tener</translation>
    </message>
    <message>
        <source>Compare with it side by side</source>
        <translation>Comparar con él lado a lado</translation>
    </message>
    <message>
        <source>Compare with the selected model</source>
        <translation>Comparar con el modelo seleccionado</translation>
    </message>
    <message>
        <source>Copy as text</source>
        <translation>Copiar como texto</translation>
    </message>
    <message>
        <source>Cor</source>
        <translation>Cor</translation>
    </message>
    <message>
        <source>Coronal</source>
        <translation>Coronal</translation>
    </message>
    <message>
        <source>Crosshair follows the pointer in all panes</source>
        <translation>La cruz sigue al puntero en todas las vistas</translation>
    </message>
    <message>
        <source>Ctrl + wheel</source>
        <translation>Ctrl + rueda</translation>
    </message>
    <message>
        <source>Custom</source>
        <translation>Propia</translation>
    </message>
    <message>
        <source>Cut %1</source>
        <translation>Corte %1</translation>
    </message>
    <message>
        <source>Cut Ax</source>
        <translation>Corte ax</translation>
    </message>
    <message>
        <source>DICOM (file, folder or zip), NIfTI, NRRD, MHA, PNG, JPEG or TIFF</source>
        <translation>DICOM (archivo, carpeta o zip), NIfTI, NRRD, MHA, PNG, JPEG o TIFF</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Oscuro</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>Fecha</translation>
    </message>
    <message>
        <source>Decisions</source>
        <translation>Decisiones</translation>
    </message>
    <message>
        <source>Decisions about %1 scans saved: %2</source>
        <translation>Decisiones sobre %1 estudios guardadas: %2</translation>
    </message>
    <message>
        <source>Description</source>
        <translation>Descripción</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Detalles</translation>
    </message>
    <message>
        <source>Deutsch</source>
        <translation>Deutsch</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>Dispositivo</translation>
    </message>
    <message>
        <source>Device %1 was asked for, but torch %2 finds only %3 here. Choose the automatic device, or install a torch build for it.</source>
        <translation>Se pidió el dispositivo %1, pero torch %2 solo encuentra %3 aquí. Elija el dispositivo automático o instale una versión de torch para él.</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>Cerrar</translation>
    </message>
    <message>
        <source>Distance</source>
        <translation>Distancia</translation>
    </message>
    <message>
        <source>Done again: %1</source>
        <translation>Rehecho: %1</translation>
    </message>
    <message>
        <source>Double click</source>
        <translation>Doble clic</translation>
    </message>
    <message>
        <source>Downloaded studies removed: %1 MB are free again.</source>
        <translation>Estudios descargados eliminados: %1 MB vuelven a estar libres.</translation>
    </message>
    <message>
        <source>Downloading %1 %</source>
        <translation>Descargando %1 %</translation>
    </message>
    <message>
        <source>Drag in a pane, or click its points one by one.</source>
        <translation>Arrastre en una vista o haga clic en sus puntos uno a uno.</translation>
    </message>
    <message>
        <source>Drag the edges of the window for its width, between them for its level</source>
        <translation>Arrastre los bordes de la ventana para su anchura, entre ellos para su nivel</translation>
    </message>
    <message>
        <source>Dragging down brightens</source>
        <translation>Arrastrar hacia abajo aclara</translation>
    </message>
    <message>
        <source>Drawing slice %1 of %2</source>
        <translation>Dibujando el corte %1 de %2</translation>
    </message>
    <message>
        <source>Drop a folder, a zip or files anywhere on the window.</source>
        <translation>Suelte una carpeta, un ZIP o archivos en cualquier parte de la ventana.</translation>
    </message>
    <message>
        <source>Drop a scan here: a DICOM folder, a zip, NIfTI, NRRD, MHA, PNG</source>
        <translation>Suelte aquí un estudio: carpeta DICOM, ZIP, NIfTI, NRRD, MHA, PNG</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>Editar</translation>
    </message>
    <message>
        <source>Ellipse</source>
        <translation>Elipse</translation>
    </message>
    <message>
        <source>Encoded</source>
        <translation>Codificado</translation>
    </message>
    <message>
        <source>Encoded scans removed: %1 MB are free again.</source>
        <translation>Estudios codificados eliminados: %1 MB vuelven a estar libres.</translation>
    </message>
    <message>
        <source>Encoded scans, at most</source>
        <translation>Estudios codificados, como máximo</translation>
    </message>
    <message>
        <source>Encoding slices %1-%2</source>
        <translation>Codificando los cortes %1 a %2</translation>
    </message>
    <message>
        <source>Encoding taken from the cache</source>
        <translation>Codificación tomada de la caché</translation>
    </message>
    <message>
        <source>Encoding the picture</source>
        <translation>Codificando la imagen</translation>
    </message>
    <message>
        <source>Encoding the scan</source>
        <translation>Codificando el estudio</translation>
    </message>
    <message>
        <source>English</source>
        <translation>English</translation>
    </message>
    <message>
        <source>Enter keeps the note, Escape leaves it as it was</source>
        <translation>Intro conserva la nota, Escape la deja como estaba</translation>
    </message>
    <message>
        <source>Enter shows the slice, Delete removes</source>
        <translation>Intro muestra el corte, Supr lo elimina</translation>
    </message>
    <message>
        <source>Esc puts the tool down.</source>
        <translation>Esc suelta la herramienta.</translation>
    </message>
    <message>
        <source>Español</source>
        <translation>Español</translation>
    </message>
    <message>
        <source>Every model answers the same questions in its own way. Switch, or compare.</source>
        <translation>Cada modelo responde a las mismas preguntas a su manera. Cambie o compare.</translation>
    </message>
    <message>
        <source>Everything found in them is listed here, with a small picture of every series. Click one to open it.</source>
        <translation>Todo lo que se encuentra en ellos aparece aquí, con una imagen pequeña de cada serie. Haga clic en una para abrirla.</translation>
    </message>
    <message>
        <source>Expected a day as 2026-01-31; found %1.</source>
        <translation>Se espera un día como 2026-01-31; se encontró %1.</translation>
    </message>
    <message>
        <source>Export decisions…</source>
        <translation>Exportar decisiones…</translation>
    </message>
    <message>
        <source>Export the decisions</source>
        <translation>Exportar las decisiones</translation>
    </message>
    <message>
        <source>Failed: %1</source>
        <translation>Falló: %1</translation>
    </message>
    <message>
        <source>Fetching the sample (%1 s)</source>
        <translation>Descargando el ejemplo (%1 s)</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Archivo</translation>
    </message>
    <message>
        <source>File %1 of %2</source>
        <translation>Archivo %1 de %2</translation>
    </message>
    <message>
        <source>Files missing</source>
        <translation>Faltan archivos</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>Filtrar</translation>
    </message>
    <message>
        <source>Filter names and notes</source>
        <translation>Filtrar nombres y notas</translation>
    </message>
    <message>
        <source>Filter organs and findings</source>
        <translation>Filtrar órganos y hallazgos</translation>
    </message>
    <message>
        <source>Find</source>
        <translation>Buscar</translation>
    </message>
    <message>
        <source>Find a command…</source>
        <translation>Buscar una orden…</translation>
    </message>
    <message>
        <source>Finding</source>
        <translation>Hallazgo</translation>
    </message>
    <message>
        <source>First slice</source>
        <translation>Primer corte</translation>
    </message>
    <message>
        <source>First window</source>
        <translation>Primera ventana</translation>
    </message>
    <message>
        <source>Folder of a model</source>
        <translation>Carpeta de un modelo</translation>
    </message>
    <message>
        <source>Folder…</source>
        <translation>Carpeta…</translation>
    </message>
    <message>
        <source>Forget other studies</source>
        <translation>Olvidar otros estudios</translation>
    </message>
    <message>
        <source>From above</source>
        <translation>Desde arriba</translation>
    </message>
    <message>
        <source>From below</source>
        <translation>Desde abajo</translation>
    </message>
    <message>
        <source>From day</source>
        <translation>Desde el día</translation>
    </message>
    <message>
        <source>From file</source>
        <translation>Del archivo</translation>
    </message>
    <message>
        <source>From the back</source>
        <translation>Desde atrás</translation>
    </message>
    <message>
        <source>From the front</source>
        <translation>Desde delante</translation>
    </message>
    <message>
        <source>From the left</source>
        <translation>Desde la izquierda</translation>
    </message>
    <message>
        <source>From the right</source>
        <translation>Desde la derecha</translation>
    </message>
    <message>
        <source>Go on scoring</source>
        <translation>Seguir puntuando</translation>
    </message>
    <message>
        <source>Go through many scans with the keyboard alone.</source>
        <translation>Recorrer muchos estudios solo con el teclado.</translation>
    </message>
    <message>
        <source>Heat</source>
        <translation>Mapa de calor</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>Ayuda</translation>
    </message>
    <message>
        <source>Hide the worklist</source>
        <translation>Ocultar la lista de trabajo</translation>
    </message>
    <message>
        <source>Hide the worklist (W)</source>
        <translation>Ocultar la lista de trabajo (W)</translation>
    </message>
    <message>
        <source>Histogram</source>
        <translation>Histograma</translation>
    </message>
    <message>
        <source>Histogram with the window</source>
        <translation>Histograma con la ventana</translation>
    </message>
    <message>
        <source>Histogram: %1</source>
        <translation>Histograma: %1</translation>
    </message>
    <message>
        <source>Hottest spot</source>
        <translation>Punto más caliente</translation>
    </message>
    <message>
        <source>Hue</source>
        <translation>Tono</translation>
    </message>
    <message>
        <source>Image %1 of %2</source>
        <translation>Imagen %1 de %2</translation>
    </message>
    <message>
        <source>ImageOrientationPatient is not two perpendicular directions: found %1.</source>
        <translation>ImageOrientationPatient no son dos direcciones perpendiculares: se encontró %1.</translation>
    </message>
    <message>
        <source>Images</source>
        <translation>Imágenes</translation>
    </message>
    <message>
        <source>In the order of the source.</source>
        <translation>En el orden de la fuente.</translation>
    </message>
    <message>
        <source>In use</source>
        <translation>En uso</translation>
    </message>
    <message>
        <source>Interpolate between pixels</source>
        <translation>Interpolar entre píxeles</translation>
    </message>
    <message>
        <source>Interpolate pixels</source>
        <translation>Interpolar píxeles</translation>
    </message>
    <message>
        <source>It cannot be used: %1 missing. Add it from its folder again.</source>
        <translation>No se puede usar: falta %1. Añádalo de nuevo desde su carpeta.</translation>
    </message>
    <message>
        <source>It is not on this computer. Read its licence; it is accepted with the download. Without a network, add it from a folder.</source>
        <translation>No está en este equipo. Lea su licencia; se acepta con la descarga. Sin red, añádalo desde una carpeta.</translation>
    </message>
    <message>
        <source>It is ready. The scan stays open, and what was asked is asked again.</source>
        <translation>Está listo. El estudio sigue abierto y lo preguntado se pregunta otra vez.</translation>
    </message>
    <message>
        <source>It was not opened. Press Enter to try again.</source>
        <translation>No se abrió. Pulse Intro para intentarlo de nuevo.</translation>
    </message>
    <message>
        <source>J next</source>
        <translation>J siguiente</translation>
    </message>
    <message>
        <source>K previous</source>
        <translation>K anterior</translation>
    </message>
    <message>
        <source>Keep a list of recent files</source>
        <translation>Mantener una lista de archivos recientes</translation>
    </message>
    <message>
        <source>Keyboard and mouse</source>
        <translation>Teclado y ratón</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Tipo</translation>
    </message>
    <message>
        <source>Knows</source>
        <translation>Conoce</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Idioma</translation>
    </message>
    <message>
        <source>Last slice</source>
        <translation>Último corte</translation>
    </message>
    <message>
        <source>Laying out the pages</source>
        <translation>Componiendo las páginas</translation>
    </message>
    <message>
        <source>Leading finding</source>
        <translation>Hallazgo principal</translation>
    </message>
    <message>
        <source>Leading finding: the most probable one</source>
        <translation>Hallazgo principal: el más probable</translation>
    </message>
    <message>
        <source>Left click</source>
        <translation>Clic izquierdo</translation>
    </message>
    <message>
        <source>Left drag</source>
        <translation>Arrastrar con el izquierdo</translation>
    </message>
    <message>
        <source>Lengths were multiplied by %1 to be mm.</source>
        <translation>Las longitudes se multiplicaron por %1 para expresarlas en mm.</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>Licencia</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Claro</translation>
    </message>
    <message>
        <source>List series</source>
        <translation>Listar series</translation>
    </message>
    <message>
        <source>Listing what there is</source>
        <translation>Listando el contenido</translation>
    </message>
    <message>
        <source>Loading the model</source>
        <translation>Cargando el modelo</translation>
    </message>
    <message>
        <source>Loading…</source>
        <translation>Cargando…</translation>
    </message>
    <message>
        <source>Looking at series %1 of %2</source>
        <translation>Mirando la serie %1 de %2</translation>
    </message>
    <message>
        <source>Looking for an encoding of this scan</source>
        <translation>Buscando una codificación de este estudio</translation>
    </message>
    <message>
        <source>Looking for it</source>
        <translation>Buscando</translation>
    </message>
    <message>
        <source>Looking for models…</source>
        <translation>Buscando modelos…</translation>
    </message>
    <message>
        <source>Looking for scans</source>
        <translation>Buscando estudios</translation>
    </message>
    <message>
        <source>Looking through it…</source>
        <translation>Examinando…</translation>
    </message>
    <message>
        <source>Lung</source>
        <translation>Pulmón</translation>
    </message>
    <message>
        <source>Manifests and hit lists (*.csv *.parquet *.json);;All files (*)</source>
        <translation>Manifiestos y listas de resultados (*.csv *.parquet *.json);;Todos los archivos (*)</translation>
    </message>
    <message>
        <source>Maximise pane</source>
        <translation>Maximizar la vista</translation>
    </message>
    <message>
        <source>Maximise the pane, or show all</source>
        <translation>Maximizar la vista o mostrar todas</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>Medir</translation>
    </message>
    <message>
        <source>Measure a distance</source>
        <translation>Medir una distancia</translation>
    </message>
    <message>
        <source>Measure a rectangle</source>
        <translation>Medir un rectángulo</translation>
    </message>
    <message>
        <source>Measure an angle</source>
        <translation>Medir un ángulo</translation>
    </message>
    <message>
        <source>Measure an ellipse</source>
        <translation>Medir una elipse</translation>
    </message>
    <message>
        <source>Measurements</source>
        <translation>Mediciones</translation>
    </message>
    <message>
        <source>Measurements removed</source>
        <translation>Mediciones eliminadas</translation>
    </message>
    <message>
        <source>Mediastinum</source>
        <translation>Mediastino</translation>
    </message>
    <message>
        <source>Memory %1 GB</source>
        <translation>Memoria %1 GB</translation>
    </message>
    <message>
        <source>Memory %1 MB</source>
        <translation>Memoria %1 MB</translation>
    </message>
    <message>
        <source>Memory in use</source>
        <translation>Memoria en uso</translation>
    </message>
    <message>
        <source>Middle drag</source>
        <translation>Arrastrar con el central</translation>
    </message>
    <message>
        <source>Modalities</source>
        <translation>Modalidades</translation>
    </message>
    <message>
        <source>Modality (CT, DX)</source>
        <translation>Modalidad (CT, DX)</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modelo</translation>
    </message>
    <message>
        <source>Model %1</source>
        <translation>Modelo %1</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modelos</translation>
    </message>
    <message>
        <source>Models to choose from</source>
        <translation>Modelos para elegir</translation>
    </message>
    <message>
        <source>Mouse</source>
        <translation>Ratón</translation>
    </message>
    <message>
        <source>Move the crosshair</source>
        <translation>Mover la cruz</translation>
    </message>
    <message>
        <source>NIfTI</source>
        <translation>NIfTI</translation>
    </message>
    <message>
        <source>NVIDIA graphics card (CUDA)</source>
        <translation>Tarjeta gráfica NVIDIA (CUDA)</translation>
    </message>
    <message>
        <source>Name or folder</source>
        <translation>Nombre o carpeta</translation>
    </message>
    <message>
        <source>Navigate</source>
        <translation>Navegar</translation>
    </message>
    <message>
        <source>Needs its licence accepted</source>
        <translation>Licencia por aceptar</translation>
    </message>
    <message>
        <source>New</source>
        <translation>Nuevo</translation>
    </message>
    <message>
        <source>Next peak</source>
        <translation>Máximo siguiente</translation>
    </message>
    <message>
        <source>Next peak (N)</source>
        <translation>Máximo siguiente (N)</translation>
    </message>
    <message>
        <source>Next peak of all questions</source>
        <translation>Máximo siguiente de todas las preguntas</translation>
    </message>
    <message>
        <source>Next scan</source>
        <translation>Estudio siguiente</translation>
    </message>
    <message>
        <source>Next slice</source>
        <translation>Corte siguiente</translation>
    </message>
    <message>
        <source>No description</source>
        <translation>Sin descripción</translation>
    </message>
    <message>
        <source>No entry of the lexicon: the words &quot;%1&quot; are used as they stand.</source>
        <translation>No está en el léxico: las palabras «%1» se usan tal cual.</translation>
    </message>
    <message>
        <source>No heat is shown. Show a query that has an answer, then save.</source>
        <translation>No se muestra ningún mapa de calor. Muestre una pregunta con respuesta y guarde después.</translation>
    </message>
    <message>
        <source>No image of this study could be fetched.</source>
        <translation>No se pudo obtener ninguna imagen de este estudio.</translation>
    </message>
    <message>
        <source>No image was found.</source>
        <translation>No se encontró ninguna imagen.</translation>
    </message>
    <message>
        <source>No model %1: expected a name, or a folder with %2. Known models: %3.</source>
        <translation>No hay ningún modelo %1: se esperaba un nombre o una carpeta con %2. Modelos conocidos: %3.</translation>
    </message>
    <message>
        <source>No path was given; expected a file or folder with a scan.</source>
        <translation>No se indicó ninguna ruta; se esperaba un archivo o una carpeta con un estudio.</translation>
    </message>
    <message>
        <source>No scan</source>
        <translation>Sin estudio</translation>
    </message>
    <message>
        <source>No scan is open. Open one first: Session.open(path).</source>
        <translation>No hay ningún estudio abierto. Abra uno primero: Session.open(path).</translation>
    </message>
    <message>
        <source>No study matches. Ask for less, or with * and ?: servers compare whole values, some of them with upper and lower case.</source>
        <translation>Ningún estudio coincide. Pida menos, o con * y ?: los servidores comparan valores enteros, algunos con mayúsculas y minúsculas.</translation>
    </message>
    <message>
        <source>No values to count</source>
        <translation>No hay valores que contar</translation>
    </message>
    <message>
        <source>None of the %1 DICOM files can be read: they are damaged or incomplete. Copy them again.</source>
        <translation>No se puede leer ninguno de los %1 archivos DICOM: están dañados o incompletos. Cópielos de nuevo.</translation>
    </message>
    <message>
        <source>None of the %1 series found is a usable CT or radiograph: %2.</source>
        <translation>Ninguna de las %1 series encontradas es una TC o una radiografía utilizable: %2.</translation>
    </message>
    <message>
        <source>Not enough room in %1: %2 GB are needed to download and convert, %3 GB are free. Set MEDVLP_MODELS to a larger disk.</source>
        <translation>No hay sitio suficiente en %1: hacen falta %2 GB para descargar y convertir, y quedan libres %3 GB. Ponga MEDVLP_MODELS en un disco mayor.</translation>
    </message>
    <message>
        <source>Not looked through: %1</source>
        <translation>Sin examinar: %1</translation>
    </message>
    <message>
        <source>Not part of this question: %1; ask separately.</source>
        <translation>No forma parte de esta pregunta: %1; pregunte por separado.</translation>
    </message>
    <message>
        <source>Not taken into account: %1.</source>
        <translation>No se tiene en cuenta: %1.</translation>
    </message>
    <message>
        <source>Not understood: %1.</source>
        <translation>No se entiende: %1.</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Nota</translation>
    </message>
    <message>
        <source>Note on the selected scan</source>
        <translation>Nota sobre el estudio elegido</translation>
    </message>
    <message>
        <source>Note: %1</source>
        <translation>Nota: %1</translation>
    </message>
    <message>
        <source>Nothing is marked on the images: there is nothing to save.</source>
        <translation>No hay nada marcado en las imágenes: no hay nada que guardar.</translation>
    </message>
    <message>
        <source>Nothing is measured yet.</source>
        <translation>Todavía no se ha medido nada.</translation>
    </message>
    <message>
        <source>Nothing was asked.</source>
        <translation>No se preguntó nada.</translation>
    </message>
    <message>
        <source>Number</source>
        <translation>Número</translation>
    </message>
    <message>
        <source>O order by</source>
        <translation>O ordenar por</translation>
    </message>
    <message>
        <source>On disk</source>
        <translation>En el disco</translation>
    </message>
    <message>
        <source>On screen</source>
        <translation>En pantalla</translation>
    </message>
    <message>
        <source>Only in view</source>
        <translation>Solo a la vista</translation>
    </message>
    <message>
        <source>Opacity</source>
        <translation>Opacidad</translation>
    </message>
    <message>
        <source>Opacity of %1</source>
        <translation>Opacidad de %1</translation>
    </message>
    <message>
        <source>Opacity of the heat</source>
        <translation>Opacidad del mapa de calor</translation>
    </message>
    <message>
        <source>Open DICOM folder…</source>
        <translation>Abrir carpeta DICOM…</translation>
    </message>
    <message>
        <source>Open a DICOM folder</source>
        <translation>Abrir una carpeta DICOM</translation>
    </message>
    <message>
        <source>Open a folder as worklist</source>
        <translation>Abrir una carpeta como lista de trabajo</translation>
    </message>
    <message>
        <source>Open a folder of scans, a manifest (CSV or Parquet) or a list of search hits (JSON). The scans are scored in the background and ordered by what you look for. Decisions are kept as you make them.</source>
        <translation>Abra una carpeta de estudios, un manifiesto (CSV o Parquet) o una lista de resultados de búsqueda (JSON). Los estudios se puntúan en segundo plano y se ordenan según lo que busca. Las decisiones se conservan en cuanto las toma.</translation>
    </message>
    <message>
        <source>Open a manifest or a hit list</source>
        <translation>Abrir un manifiesto o una lista de resultados</translation>
    </message>
    <message>
        <source>Open a scan</source>
        <translation>Abrir un estudio</translation>
    </message>
    <message>
        <source>Open a scan first.</source>
        <translation>Abra primero un estudio.</translation>
    </message>
    <message>
        <source>Open anyway</source>
        <translation>Abrir de todos modos</translation>
    </message>
    <message>
        <source>Open file…</source>
        <translation>Abrir archivo…</translation>
    </message>
    <message>
        <source>Open folder as worklist…</source>
        <translation>Abrir carpeta como lista de trabajo…</translation>
    </message>
    <message>
        <source>Open from a server</source>
        <translation>Abrir desde un servidor</translation>
    </message>
    <message>
        <source>Open from a server…</source>
        <translation>Abrir desde un servidor…</translation>
    </message>
    <message>
        <source>Open manifest or hit list…</source>
        <translation>Abrir manifiesto o lista de resultados…</translation>
    </message>
    <message>
        <source>Open recent</source>
        <translation>Abrir reciente</translation>
    </message>
    <message>
        <source>Open recent %1</source>
        <translation>Abrir reciente %1</translation>
    </message>
    <message>
        <source>Open sample CT</source>
        <translation>Abrir la TC de ejemplo</translation>
    </message>
    <message>
        <source>Open series</source>
        <translation>Abrir serie</translation>
    </message>
    <message>
        <source>Open session</source>
        <translation>Abrir sesión</translation>
    </message>
    <message>
        <source>Open session…</source>
        <translation>Abrir sesión…</translation>
    </message>
    <message>
        <source>Open study</source>
        <translation>Abrir estudio</translation>
    </message>
    <message>
        <source>Open worklist</source>
        <translation>Abrir lista de trabajo</translation>
    </message>
    <message>
        <source>Open worklist…</source>
        <translation>Abrir lista de trabajo…</translation>
    </message>
    <message>
        <source>OpenGL could not be started.</source>
        <translation>No se pudo iniciar OpenGL.</translation>
    </message>
    <message>
        <source>Opening the scan</source>
        <translation>Abriendo el estudio</translation>
    </message>
    <message>
        <source>Or try a question on the sample CT:</source>
        <translation>O pruebe una pregunta sobre la TC de ejemplo:</translation>
    </message>
    <message>
        <source>Order by</source>
        <translation>Ordenar por</translation>
    </message>
    <message>
        <source>Order by a finding, such as pleural effusion</source>
        <translation>Ordenar por un hallazgo, por ejemplo pleural effusion</translation>
    </message>
    <message>
        <source>Order by…</source>
        <translation>Ordenar por…</translation>
    </message>
    <message>
        <source>Ordered by: %1</source>
        <translation>Ordenado por: %1</translation>
    </message>
    <message>
        <source>Organ</source>
        <translation>Órgano</translation>
    </message>
    <message>
        <source>Organ masks from a file…</source>
        <translation>Máscaras de órganos de un archivo…</translation>
    </message>
    <message>
        <source>Organ masks of %1 are in use for this scan.</source>
        <translation>Las máscaras de órganos de %1 se usan para este estudio.</translation>
    </message>
    <message>
        <source>Organs</source>
        <translation>Órganos</translation>
    </message>
    <message>
        <source>Organs and measurements</source>
        <translation>Órganos y mediciones</translation>
    </message>
    <message>
        <source>Other side</source>
        <translation>Otro lado</translation>
    </message>
    <message>
        <source>Overlap</source>
        <translation>Solapamiento</translation>
    </message>
    <message>
        <source>PACS and DICOMweb servers need the package %1, which is not installed. Install it with: pip install &quot;medvlp[pacs]&quot;.</source>
        <translation>Los servidores PACS y DICOMweb necesitan el paquete %1, que no está instalado. Instálelo con: pip install &quot;medvlp[pacs]&quot;.</translation>
    </message>
    <message>
        <source>PDF document</source>
        <translation>Documento PDF</translation>
    </message>
    <message>
        <source>PNG picture</source>
        <translation>Imagen PNG</translation>
    </message>
    <message>
        <source>Page %1 of %2</source>
        <translation>Página %1 de %2</translation>
    </message>
    <message>
        <source>Pan</source>
        <translation>Desplazar</translation>
    </message>
    <message>
        <source>Parametric Map</source>
        <translation>Parametric Map</translation>
    </message>
    <message>
        <source>Patient</source>
        <translation>Paciente</translation>
    </message>
    <message>
        <source>Patient id</source>
        <translation>ID del paciente</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pausa</translation>
    </message>
    <message>
        <source>Pause scoring</source>
        <translation>Pausar la puntuación</translation>
    </message>
    <message>
        <source>Pause scoring, or go on</source>
        <translation>Pausar la puntuación o seguir</translation>
    </message>
    <message>
        <source>Peaks apart</source>
        <translation>Distancia de máximos</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>Imagen</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>Imágenes</translation>
    </message>
    <message>
        <source>PixelSpacing must be positive; found %1 and %2 mm.</source>
        <translation>PixelSpacing debe ser positivo; se encontró %1 y %2 mm.</translation>
    </message>
    <message>
        <source>Port %1 does not exist: expected 1 to %2.</source>
        <translation>El puerto %1 no existe: se espera de 1 a %2.</translation>
    </message>
    <message>
        <source>Preparing the 3D view</source>
        <translation>Preparando la vista 3D</translation>
    </message>
    <message>
        <source>Preparing the scan</source>
        <translation>Preparando el estudio</translation>
    </message>
    <message>
        <source>Previous peak</source>
        <translation>Máximo anterior</translation>
    </message>
    <message>
        <source>Previous peak (P)</source>
        <translation>Máximo anterior (P)</translation>
    </message>
    <message>
        <source>Previous peak of all questions</source>
        <translation>Máximo anterior de todas las preguntas</translation>
    </message>
    <message>
        <source>Previous scan</source>
        <translation>Estudio anterior</translation>
    </message>
    <message>
        <source>Previous slice</source>
        <translation>Corte anterior</translation>
    </message>
    <message>
        <source>Privacy</source>
        <translation>Privacidad</translation>
    </message>
    <message>
        <source>Prob.</source>
        <translation>Prob.</translation>
    </message>
    <message>
        <source>Probability</source>
        <translation>Probabilidad</translation>
    </message>
    <message>
        <source>Probability of %1</source>
        <translation>Probabilidad de %1</translation>
    </message>
    <message>
        <source>Probability of the leading finding</source>
        <translation>Probabilidad del hallazgo principal</translation>
    </message>
    <message>
        <source>Problem</source>
        <translation>Problema</translation>
    </message>
    <message>
        <source>Processor (CPU)</source>
        <translation>Procesador (CPU)</translation>
    </message>
    <message>
        <source>Profile along the slices</source>
        <translation>Perfil a lo largo de los cortes</translation>
    </message>
    <message>
        <source>Program</source>
        <translation>Programa</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Progreso</translation>
    </message>
    <message>
        <source>Progress of scoring</source>
        <translation>Progreso de la puntuación</translation>
    </message>
    <message>
        <source>Progress of the download</source>
        <translation>Progreso de la descarga</translation>
    </message>
    <message>
        <source>Put the tool down</source>
        <translation>Soltar la herramienta</translation>
    </message>
    <message>
        <source>Queries</source>
        <translation>Preguntas</translation>
    </message>
    <message>
        <source>Query</source>
        <translation>Pregunta</translation>
    </message>
    <message>
        <source>Question</source>
        <translation>Pregunta</translation>
    </message>
    <message>
        <source>Question removed: %1</source>
        <translation>Pregunta eliminada: %1</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Salir</translation>
    </message>
    <message>
        <source>R reject</source>
        <translation>R rechazar</translation>
    </message>
    <message>
        <source>Read as &quot;%1&quot; (%2).</source>
        <translation>Leído como «%1» (%2).</translation>
    </message>
    <message>
        <source>Read the licence, then accept it.</source>
        <translation>Lea la licencia y acéptela después.</translation>
    </message>
    <message>
        <source>Read when it is opened</source>
        <translation>Se lee al abrirlo</translation>
    </message>
    <message>
        <source>Reading file %1 of %2</source>
        <translation>Leyendo el archivo %1 de %2</translation>
    </message>
    <message>
        <source>Reading header %1 of %2</source>
        <translation>Leyendo la cabecera %1 de %2</translation>
    </message>
    <message>
        <source>Reading organ masks</source>
        <translation>Leyendo las máscaras de órganos</translation>
    </message>
    <message>
        <source>Reading slice %1 of %2</source>
        <translation>Leyendo el corte %1 de %2</translation>
    </message>
    <message>
        <source>Reading the images</source>
        <translation>Leyendo las imágenes</translation>
    </message>
    <message>
        <source>Reading the list of hits</source>
        <translation>Leyendo la lista de resultados</translation>
    </message>
    <message>
        <source>Reading the manifest</source>
        <translation>Leyendo el manifiesto</translation>
    </message>
    <message>
        <source>Reading the radiograph</source>
        <translation>Leyendo la radiografía</translation>
    </message>
    <message>
        <source>Reading the volume</source>
        <translation>Leyendo el volumen</translation>
    </message>
    <message>
        <source>Rectangle</source>
        <translation>Rectángulo</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Rehacer</translation>
    </message>
    <message>
        <source>Reject, and go on</source>
        <translation>Rechazar y seguir</translation>
    </message>
    <message>
        <source>Rejected</source>
        <translation>Rechazado</translation>
    </message>
    <message>
        <source>Remark</source>
        <translation>Observación</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Eliminar</translation>
    </message>
    <message>
        <source>Remove (Delete)</source>
        <translation>Eliminar (Supr)</translation>
    </message>
    <message>
        <source>Remove all</source>
        <translation>Eliminar todo</translation>
    </message>
    <message>
        <source>Remove all measurements</source>
        <translation>Eliminar todas las mediciones</translation>
    </message>
    <message>
        <source>Remove encoded scans now</source>
        <translation>Eliminar ahora los estudios codificados</translation>
    </message>
    <message>
        <source>Remove the chosen measurement</source>
        <translation>Eliminar la medición elegida</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>Informe</translation>
    </message>
    <message>
        <source>Reset view and window</source>
        <translation>Restablecer vista y ventana</translation>
    </message>
    <message>
        <source>Right drag</source>
        <translation>Arrastrar con el derecho</translation>
    </message>
    <message>
        <source>Runs on</source>
        <translation>Se ejecuta en</translation>
    </message>
    <message>
        <source>Sag</source>
        <translation>Sag</translation>
    </message>
    <message>
        <source>Sagittal</source>
        <translation>Sagital</translation>
    </message>
    <message>
        <source>Sample ready</source>
        <translation>Ejemplo listo</translation>
    </message>
    <message>
        <source>Save DICOM structured report</source>
        <translation>Guardar informe estructurado DICOM</translation>
    </message>
    <message>
        <source>Save DICOM structured report…</source>
        <translation>Guardar informe estructurado DICOM…</translation>
    </message>
    <message>
        <source>Save PDF report</source>
        <translation>Guardar informe PDF</translation>
    </message>
    <message>
        <source>Save PDF report…</source>
        <translation>Guardar informe PDF…</translation>
    </message>
    <message>
        <source>Save as DICOM</source>
        <translation>Guardar como DICOM</translation>
    </message>
    <message>
        <source>Save heat as DICOM Parametric Map</source>
        <translation>Guardar el mapa de calor como DICOM Parametric Map</translation>
    </message>
    <message>
        <source>Save heat as DICOM Parametric Map…</source>
        <translation>Guardar el mapa de calor como DICOM Parametric Map…</translation>
    </message>
    <message>
        <source>Save heat as DICOM Segmentation</source>
        <translation>Guardar el mapa de calor como segmentación DICOM</translation>
    </message>
    <message>
        <source>Save heat as DICOM Segmentation…</source>
        <translation>Guardar el mapa de calor como segmentación DICOM…</translation>
    </message>
    <message>
        <source>Save organs as DICOM Segmentation</source>
        <translation>Guardar los órganos como segmentación DICOM</translation>
    </message>
    <message>
        <source>Save organs as DICOM Segmentation…</source>
        <translation>Guardar los órganos como segmentación DICOM…</translation>
    </message>
    <message>
        <source>Save picture as DICOM Secondary Capture</source>
        <translation>Guardar imagen como captura secundaria DICOM</translation>
    </message>
    <message>
        <source>Save picture as DICOM Secondary Capture…</source>
        <translation>Guardar imagen como captura secundaria DICOM…</translation>
    </message>
    <message>
        <source>Save picture of the panes</source>
        <translation>Guardar imagen de las vistas</translation>
    </message>
    <message>
        <source>Save picture of the panes…</source>
        <translation>Guardar imagen de las vistas…</translation>
    </message>
    <message>
        <source>Save picture of the window</source>
        <translation>Guardar imagen de la ventana del programa</translation>
    </message>
    <message>
        <source>Save picture of the window…</source>
        <translation>Guardar imagen de la ventana del programa…</translation>
    </message>
    <message>
        <source>Save picture of this pane</source>
        <translation>Guardar imagen de esta vista</translation>
    </message>
    <message>
        <source>Save picture of this pane…</source>
        <translation>Guardar imagen de esta vista…</translation>
    </message>
    <message>
        <source>Save scores as CSV</source>
        <translation>Guardar valores como CSV</translation>
    </message>
    <message>
        <source>Save scores as CSV…</source>
        <translation>Guardar valores como CSV…</translation>
    </message>
    <message>
        <source>Save scores as JSON</source>
        <translation>Guardar valores como JSON</translation>
    </message>
    <message>
        <source>Save scores as JSON…</source>
        <translation>Guardar valores como JSON…</translation>
    </message>
    <message>
        <source>Save session</source>
        <translation>Guardar sesión</translation>
    </message>
    <message>
        <source>Save session…</source>
        <translation>Guardar sesión…</translation>
    </message>
    <message>
        <source>Save the 3D picture</source>
        <translation>Guardar la imagen 3D</translation>
    </message>
    <message>
        <source>Save the 3D picture…</source>
        <translation>Guardar la imagen 3D…</translation>
    </message>
    <message>
        <source>Saving %1</source>
        <translation>Guardando %1</translation>
    </message>
    <message>
        <source>Saving failed:</source>
        <translation>No se pudo guardar:</translation>
    </message>
    <message>
        <source>Saving was stopped: nothing was written.</source>
        <translation>Se detuvo el guardado: no se escribió nada.</translation>
    </message>
    <message>
        <source>Scan</source>
        <translation>Estudio</translation>
    </message>
    <message>
        <source>Scans</source>
        <translation>Estudios</translation>
    </message>
    <message>
        <source>Scans (*.dcm *.zip *.nii *.nii.gz *.nrrd *.nhdr *.mha *.mhd *.png *.jpg *.jpeg *.tif *.tiff);;All files (*)</source>
        <translation>Estudios (*.dcm *.zip *.nii *.nii.gz *.nrrd *.nhdr *.mha *.mhd *.png *.jpg *.jpeg *.tif *.tiff);;Todos los archivos (*)</translation>
    </message>
    <message>
        <source>Score</source>
        <translation>Valor</translation>
    </message>
    <message>
        <source>Score organs</source>
        <translation>Puntuar órganos</translation>
    </message>
    <message>
        <source>Score the rest</source>
        <translation>Puntuar el resto</translation>
    </message>
    <message>
        <source>Scores</source>
        <translation>Valores</translation>
    </message>
    <message>
        <source>Scoring</source>
        <translation>Puntuación</translation>
    </message>
    <message>
        <source>Scoring %1</source>
        <translation>Puntuando %1</translation>
    </message>
    <message>
        <source>Scoring organs</source>
        <translation>Puntuando los órganos</translation>
    </message>
    <message>
        <source>Scoring was stopped: its process ended several times in a row.</source>
        <translation>La puntuación se detuvo: su proceso terminó varias veces seguidas.</translation>
    </message>
    <message>
        <source>Scroll through slices</source>
        <translation>Pasar los cortes</translation>
    </message>
    <message>
        <source>Secondary Capture</source>
        <translation>captura secundaria</translation>
    </message>
    <message>
        <source>Segmentation</source>
        <translation>segmentación</translation>
    </message>
    <message>
        <source>Select a scan of the worklist first.</source>
        <translation>Elija primero un estudio de la lista de trabajo.</translation>
    </message>
    <message>
        <source>Select an organ to see it slice by slice</source>
        <translation>Elija un órgano para verlo corte a corte</translation>
    </message>
    <message>
        <source>Series</source>
        <translation>Series</translation>
    </message>
    <message>
        <source>Series %1</source>
        <translation>Serie %1</translation>
    </message>
    <message>
        <source>Series %1 cannot be used: it is %2.</source>
        <translation>La serie %1 no se puede usar: es %2.</translation>
    </message>
    <message>
        <source>Series of the study</source>
        <translation>Series del estudio</translation>
    </message>
    <message>
        <source>Series that can be opened</source>
        <translation>Series que se pueden abrir</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>Servidor</translation>
    </message>
    <message>
        <source>Session of the viewer</source>
        <translation>Sesión del visor</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Ajustes</translation>
    </message>
    <message>
        <source>Settings…</source>
        <translation>Ajustes…</translation>
    </message>
    <message>
        <source>Shift + move</source>
        <translation>Mayús + mover</translation>
    </message>
    <message>
        <source>Show %1 scans</source>
        <translation>Mostrar estudios: %1</translation>
    </message>
    <message>
        <source>Show all scans</source>
        <translation>Mostrar todos los estudios</translation>
    </message>
    <message>
        <source>Show annotations</source>
        <translation>Mostrar anotaciones</translation>
    </message>
    <message>
        <source>Show crosshair</source>
        <translation>Mostrar la cruz</translation>
    </message>
    <message>
        <source>Show heat</source>
        <translation>Mostrar el mapa de calor</translation>
    </message>
    <message>
        <source>Show its heat</source>
        <translation>Mostrar su mapa de calor</translation>
    </message>
    <message>
        <source>Show names</source>
        <translation>Mostrar nombres</translation>
    </message>
    <message>
        <source>Show names and ids of patients in this table. They are hidden again at the next start.</source>
        <translation>Mostrar nombres e ID de los pacientes en esta tabla. Se ocultan de nuevo en el próximo inicio.</translation>
    </message>
    <message>
        <source>Show names and ids of patients where DICOM files state them. They are never saved.</source>
        <translation>Mostrar nombres e identificadores de pacientes donde los archivos DICOM los indican. Nunca se guardan.</translation>
    </message>
    <message>
        <source>Show names of patients</source>
        <translation>Mostrar nombres de pacientes</translation>
    </message>
    <message>
        <source>Show patient names</source>
        <translation>Mostrar nombres de pacientes</translation>
    </message>
    <message>
        <source>Show scans with status</source>
        <translation>Mostrar estudios con estado</translation>
    </message>
    <message>
        <source>Show study browser</source>
        <translation>Mostrar la lista de series</translation>
    </message>
    <message>
        <source>Show the heat of %1</source>
        <translation>Mostrar el mapa de calor de %1</translation>
    </message>
    <message>
        <source>Show worklist</source>
        <translation>Mostrar la lista de trabajo</translation>
    </message>
    <message>
        <source>Slice</source>
        <translation>Corte</translation>
    </message>
    <message>
        <source>Slice %1 lies at %2 mm where %3 mm was expected on an even grid. All slices were put on an even grid.</source>
        <translation>El corte %1 está a %2 mm donde se esperaban %3 mm en una rejilla uniforme. Todos los cortes se pusieron en una rejilla uniforme.</translation>
    </message>
    <message>
        <source>Slice %1 of %2: %3</source>
        <translation>Corte %1 de %2: %3</translation>
    </message>
    <message>
        <source>Slice slider, %1</source>
        <translation>Control de cortes, %1</translation>
    </message>
    <message>
        <source>Slices 1 to %1 shift sideways by %2 mm per slice, %3 mm in all, as with a gantry tilt of %4 degrees; expected 0 mm. They were resampled onto an upright grid.</source>
        <translation>Los cortes 1 a %1 se desplazan lateralmente %2 mm por corte, %3 mm en total, como con una inclinación del gantry de %4 grados; se esperaban 0 mm. Se remuestrearon en una rejilla vertical.</translation>
    </message>
    <message>
        <source>Soft</source>
        <translation>Blando</translation>
    </message>
    <message>
        <source>Soft tissue</source>
        <translation>Tejido blando</translation>
    </message>
    <message>
        <source>Something went wrong in the viewer (%1). Your work is still there.</source>
        <translation>Algo falló en el visor (%1). Su trabajo sigue ahí.</translation>
    </message>
    <message>
        <source>Space shows or hides, N and P step through peaks, C sets the colour</source>
        <translation>Espacio muestra u oculta, N y P recorren los máximos, C define el color</translation>
    </message>
    <message>
        <source>%1, %2 samples per pixel</source>
        <translation>%1, %2 valores por píxel</translation>
    </message>
    <message>
        <source>%1 answers, but not as a DICOMweb server does. Check the path of the URL: it is what comes before /studies, often ending in /dicom-web.</source>
        <translation>%1 responde, pero no como un servidor DICOMweb. Compruebe la ruta de la URL: es lo que precede a /studies y suele terminar en /dicom-web.</translation>
    </message>
    <message>
        <source>%1 asks who you are (HTTP 401). Set MEDVLP_DICOMWEB_TOKEN, or MEDVLP_DICOMWEB_USER and MEDVLP_DICOMWEB_PASSWORD, to what the server accepts.</source>
        <translation>%1 pregunta quién es usted (HTTP 401). Ponga en MEDVLP_DICOMWEB_TOKEN, o en MEDVLP_DICOMWEB_USER y MEDVLP_DICOMWEB_PASSWORD, lo que el servidor acepta.</translation>
    </message>
    <message>
        <source>%1 cannot be reached: %2. Check host and port, and whether a firewall lets this computer through.</source>
        <translation>No se puede llegar a %1: %2. Compruebe el host y el puerto, y si un cortafuegos deja pasar a este equipo.</translation>
    </message>
    <message>
        <source>%1 failed inside (HTTP %2).</source>
        <translation>%1 tuvo un fallo interno (HTTP %2).</translation>
    </message>
    <message>
        <source>%1 gave no answer to the %2 within %3 s, or closed the connection. Try again: what arrived whole is kept.</source>
        <translation>%1 no respondió al %2 en %3 s o cerró la conexión. Inténtelo de nuevo: lo que llegó entero se conserva.</translation>
    </message>
    <message>
        <source>%1 gave no answer within %2 s. Try again.</source>
        <translation>%1 no respondió en %2 s. Inténtelo de nuevo.</translation>
    </message>
    <message>
        <source>%1 has had too many requests (HTTP 429). Try again later.</source>
        <translation>%1 ha recibido demasiadas peticiones (HTTP 429). Inténtelo más tarde.</translation>
    </message>
    <message>
        <source>%1 has no study with this UID.</source>
        <translation>%1 no tiene ningún estudio con este UID.</translation>
    </message>
    <message>
        <source>%1 has no such revision on the hub.</source>
        <translation>%1 no tiene esa revisión en el hub.</translation>
    </message>
    <message>
        <source>%1 has nothing at this address (HTTP 404). Check the path of the URL: it is what comes before /studies, often ending in /dicom-web.</source>
        <translation>%1 no tiene nada en esta dirección (HTTP 404). Compruebe la ruta de la URL: es lo que precede a /studies y suele terminar en /dicom-web.</translation>
    </message>
    <message>
        <source>%1 is another program&apos;s database, not the decisions of a worklist. It was left as it is; move it to another place.</source>
        <translation>%1 es la base de datos de otro programa, no las decisiones de una lista de trabajo. Se dejó como está; llévela a otro lugar.</translation>
    </message>
    <message>
        <source>%1 is behind a proxy that asks who you are (HTTP 407). Check HTTPS_PROXY.</source>
        <translation>%1 está detrás de un proxy que pregunta quién es usted (HTTP 407). Compruebe HTTPS_PROXY.</translation>
    </message>
    <message>
        <source>%1 is damaged (%2): the decisions in it cannot be read. It was left as it is. Put a copy of it back, or move it away to begin again.</source>
        <translation>%1 está dañado (%2): no se pueden leer las decisiones que contiene. Se dejó como está. Restaure una copia o apártelo para empezar de nuevo.</translation>
    </message>
    <message>
        <source>%1 is not DICOM: a %2 refers to the DICOM images it was made from. Write NIfTI or PNG instead.</source>
        <translation>%1 no es DICOM: %2 remite a las imágenes DICOM de las que procede. Escriba NIfTI o PNG en su lugar.</translation>
    </message>
    <message>
        <source>%1 is not a medvlp model: %2 is missing or unreadable (%3).</source>
        <translation>%1 no es un modelo de medvlp: %2 falta o no se puede leer (%3).</translation>
    </message>
    <message>
        <source>%1 is not a safetensors file (%2).</source>
        <translation>%1 no es un archivo safetensors (%2).</translation>
    </message>
    <message>
        <source>%1 is not available at the moment (HTTP 503). Try again later.</source>
        <translation>%1 no está disponible en este momento (HTTP 503). Inténtelo más tarde.</translation>
    </message>
    <message>
        <source>%1 is open only to people who accepted its terms on the hub. Accept them at %2/%3, log in with &apos;hf auth login&apos;, then pull again; or %4.</source>
        <translation>%1 solo está abierto a quienes aceptaron sus condiciones en el hub. Acéptelas en %2/%3, inicie sesión con &apos;hf auth login&apos; y descargue de nuevo; o %4.</translation>
    </message>
    <message>
        <source>%1 knows CT only; the scan on screen is an X-ray.</source>
        <translation>%1 solo conoce CT; el estudio en pantalla es una radiografía.</translation>
    </message>
    <message>
        <source>%1 knows X-rays only; the scan on screen is a CT.</source>
        <translation>%1 solo conoce radiografías; el estudio en pantalla es un CT.</translation>
    </message>
    <message>
        <source>%1 knows you and does not allow this (HTTP 403). Ask its administrator for the permission.</source>
        <translation>%1 le conoce y no permite esto (HTTP 403). Pida el permiso a su administrador.</translation>
    </message>
    <message>
        <source>%1 of %2 arrived damaged: %3 bytes whose hash is not the hub&apos;s (%4 bytes were expected). It was removed; pull again.</source>
        <translation>%1 de %2 llegó dañado: %3 bytes cuyo hash no es el del hub (se esperaban %4 bytes). Se eliminó; descargue de nuevo.</translation>
    </message>
    <message>
        <source>%1 of the %2 series asked for are not in this study, which has %3.</source>
        <translation>%1 de las %2 series pedidas no están en este estudio, que tiene %3.</translation>
    </message>
    <message>
        <source>%1 refused the request (HTTP %2).</source>
        <translation>%1 rechazó la petición (HTTP %2).</translation>
    </message>
    <message>
        <source>%1 rejected the association (%2): %3. Check the title before the @, and have this computer&apos;s title entered at the server.</source>
        <translation>%1 rechazó la asociación (%2): %3. Compruebe el título delante de la @ y haga registrar en el servidor el título de este equipo.</translation>
    </message>
    <message>
        <source>%1 was reached, but gave no DICOM answer within %2 s or closed the connection (%3). Check that the port is its DICOM port.</source>
        <translation>Se llegó a %1, pero no dio una respuesta DICOM en %2 s o cerró la conexión (%3). Compruebe que el puerto es su puerto DICOM.</translation>
    </message>
    <message>
        <source>%1 was written by a newer version of medvlp: expected version %2 or older, found %3. It was left as it is; update medvlp to go on with it.</source>
        <translation>%1 se escribió con una versión más nueva de medvlp: se esperaba la versión %2 o anterior y se encontró %3. Se dejó como está; actualice medvlp para continuar.</translation>
    </message>
    <message>
        <source>%1, where modality %2 was asked for</source>
        <translation>%1, donde se pidió la modalidad %2</translation>
    </message>
    <message>
        <source>%1: expected an object with &apos;files&apos;.</source>
        <translation>%1: se esperaba un objeto con &apos;files&apos;.</translation>
    </message>
    <message>
        <source>%1: model_type %2 is not supported; expected one of %3.</source>
        <translation>%1: model_type %2 no se admite; se esperaba uno de %3.</translation>
    </message>
    <message>
        <source>%1: the scan of this session is %2, another session; expected the file or folder of a scan. Open the scan and save the session again.</source>
        <translation>%1: el estudio de esta sesión es %2, otra sesión; se esperaba el archivo o la carpeta de un estudio. Abra el estudio y guarde la sesión de nuevo.</translation>
    </message>
    <message>
        <source>%1: there is no such host that this computer could find. Check the URL.</source>
        <translation>%1: no hay ningún host así que este equipo pueda encontrar. Compruebe la URL.</translation>
    </message>
    <message>
        <source>, number %1</source>
        <translation>, número %1</translation>
    </message>
    <message>
        <source>; and %1 more</source>
        <translation>; y %1 más</translation>
    </message>
    <message>
        <source>; and %1 more kinds</source>
        <translation>; y %1 tipos más</translation>
    </message>
    <message>
        <source>A DICOM %1 needs a frame of reference in the patient, and an X-ray has none. Save a picture instead.</source>
        <translation>DICOM %1 necesita un sistema de referencia en el paciente, y una radiografía no lo tiene. Guarde una imagen en su lugar.</translation>
    </message>
    <message>
        <source>ASK</source>
        <translation>PREGUNTAR</translation>
    </message>
    <message>
        <source>Accession number</source>
        <translation>Número de acceso</translation>
    </message>
    <message>
        <source>Align at the two crosshairs</source>
        <translation>Alinear en las dos cruces</translation>
    </message>
    <message>
        <source>Align here</source>
        <translation>Alinear aquí</translation>
    </message>
    <message>
        <source>All series of the study</source>
        <translation>Todas las series del estudio</translation>
    </message>
    <message>
        <source>All were put on an even grid</source>
        <translation>Todos se pusieron en una rejilla uniforme</translation>
    </message>
    <message>
        <source>Another scan was opened: the alignment was dropped.</source>
        <translation>Se abrió otro estudio: la alineación se descartó.</translation>
    </message>
    <message>
        <source>Another window has decided about this scan since; that decision was kept.</source>
        <translation>Otra ventana ha decidido entretanto sobre esta exploración; se conservó esa decisión.</translation>
    </message>
    <message>
        <source>Answered by two different models: their probabilities cannot be compared.</source>
        <translation>Respondido por dos modelos distintos: sus probabilidades no son comparables.</translation>
    </message>
    <message>
        <source>Ask for an organ or a finding; several with ;</source>
        <translation>Órgano o hallazgo (en inglés); varios con ;</translation>
    </message>
    <message>
        <source>Ask the server for the series of the chosen study</source>
        <translation>Preguntar al servidor por las series del estudio elegido</translation>
    </message>
    <message>
        <source>Asking the hub about %1</source>
        <translation>Consultando el repositorio sobre %1</translation>
    </message>
    <message>
        <source>Cancel the job of the second scan</source>
        <translation>Cancelar el trabajo del segundo estudio</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>Cancelado</translation>
    </message>
    <message>
        <source>Checking and converting the model</source>
        <translation>Comprobando y convirtiendo el modelo</translation>
    </message>
    <message>
        <source>Checking what was written</source>
        <translation>Comprobando lo escrito</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Comparar</translation>
    </message>
    <message>
        <source>Compare with a DICOM folder…</source>
        <translation>Comparar con una carpeta DICOM…</translation>
    </message>
    <message>
        <source>Compare with…</source>
        <translation>Comparar con…</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>Diferencia</translation>
    </message>
    <message>
        <source>Drag in the 3D pane</source>
        <translation>Arrastrar en la vista 3D</translation>
    </message>
    <message>
        <source>Encoding</source>
        <translation>Codificación</translation>
    </message>
    <message>
        <source>Geometry</source>
        <translation>Geometría</translation>
    </message>
    <message>
        <source>Get the folder again, or import it anew.</source>
        <translation>Obtenga la carpeta de nuevo o impórtela otra vez.</translation>
    </message>
    <message>
        <source>Heatmap</source>
        <translation>Mapa de calor</translation>
    </message>
    <message>
        <source>Installed</source>
        <translation>Instalado</translation>
    </message>
    <message>
        <source>Left turns the patient, middle moves, right zooms</source>
        <translation>El izquierdo gira al paciente, el central mueve, el derecho amplía</translation>
    </message>
    <message>
        <source>Left: %1</source>
        <translation>Izquierda: %1</translation>
    </message>
    <message>
        <source>Link</source>
        <translation>Vincular</translation>
    </message>
    <message>
        <source>Link the two scans</source>
        <translation>Vincular los dos estudios</translation>
    </message>
    <message>
        <source>Linked by the centres of the scans. Align at a landmark to be exact.</source>
        <translation>Vinculados por los centros de los estudios. Alinee en una referencia para mayor exactitud.</translation>
    </message>
    <message>
        <source>Linked by the positions in the files. Align at a landmark where they differ.</source>
        <translation>Vinculados por las posiciones de los archivos. Alinee en una referencia donde difieran.</translation>
    </message>
    <message>
        <source>Linked with a step of %1 mm (left, back, up).</source>
        <translation>Vinculados con un desplazamiento de %1 mm (izquierda, atrás, arriba).</translation>
    </message>
    <message>
        <source>Model %1 has no organ head: the whole scan is scored as one.</source>
        <translation>El modelo %1 no tiene parte de órganos: todo el estudio se puntúa como uno.</translation>
    </message>
    <message>
        <source>Model %1 knows %2; this scan is %3. Choose another model.</source>
        <translation>El modelo %1 conoce %2; este estudio es %3. Elija otro modelo.</translation>
    </message>
    <message>
        <source>No organ masks: the whole scan is scored as one.</source>
        <translation>Sin máscaras de órganos: todo el estudio se puntúa como uno.</translation>
    </message>
    <message>
        <source>Not linked: scroll each side by itself, then align.</source>
        <translation>Sin vincular: desplace cada lado por separado y después alinee.</translation>
    </message>
    <message>
        <source>Not linked: the two pictures have no common millimetres.</source>
        <translation>Sin vincular: las dos imágenes no tienen milímetros en común.</translation>
    </message>
    <message>
        <source>Not usable:</source>
        <translation>No utilizable:</translation>
    </message>
    <message>
        <source>One scan, two models. Difference: right minus left. Peaks apart: distance of the hottest points. Overlap: Dice of the heat above the threshold.</source>
        <translation>Un estudio, dos modelos. Diferencia: derecha menos izquierda. Distancia de máximos: entre los puntos más calientes. Solapamiento: Dice de los mapas de calor por encima del umbral.</translation>
    </message>
    <message>
        <source>Only the patient&apos;s %1 side is considered.</source>
        <translation>Solo se considera el lado %1 del paciente.</translation>
    </message>
    <message>
        <source>Open a scan first; then another one can be compared with it.</source>
        <translation>Abra primero un estudio; después podrá compararse otro con él.</translation>
    </message>
    <message>
        <source>Organs as the model sees them, on its coarse grid: volumes are estimates.</source>
        <translation>Órganos como los ve el modelo, en su rejilla gruesa: los volúmenes son estimaciones.</translation>
    </message>
    <message>
        <source>Progress of the second scan</source>
        <translation>Progreso del segundo estudio</translation>
    </message>
    <message>
        <source>Pulling from a hub needs the package huggingface_hub: pip install huggingface_hub. Without it, copy the model&apos;s folder here and import it.</source>
        <translation>Descargar de un hub requiere el paquete huggingface_hub: pip install huggingface_hub. Sin él, copie aquí la carpeta del modelo e impórtela.</translation>
    </message>
    <message>
        <source>Research use only. Not for clinical decisions.</source>
        <translation>Solo para investigación. No para decisiones clínicas.</translation>
    </message>
    <message>
        <source>Right: %1</source>
        <translation>Derecha: %1</translation>
    </message>
    <message>
        <source>STUDY</source>
        <translation>ESTUDIO</translation>
    </message>
    <message>
        <source>Session</source>
        <translation>Sesión</translation>
    </message>
    <message>
        <source>Show models</source>
        <translation>Mostrar los modelos</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Tamaño</translation>
    </message>
    <message>
        <source>Somebody else published it: read its licence and accept it once, then use it.</source>
        <translation>Lo publicó otra persona: lea su licencia y acéptela una vez; después podrá usarlo.</translation>
    </message>
    <message>
        <source>Spacing</source>
        <translation>Espaciado</translation>
    </message>
    <message>
        <source>Starting the 3D view…</source>
        <translation>Iniciando la vista 3D…</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>Estado</translation>
    </message>
    <message>
        <source>Stop the search or the download</source>
        <translation>Detener la búsqueda o la descarga</translation>
    </message>
    <message>
        <source>Stopped.</source>
        <translation>Detenido.</translation>
    </message>
    <message>
        <source>Storage</source>
        <translation>Almacenamiento</translation>
    </message>
    <message>
        <source>Studies of a PACS or a DICOMweb server. An opened study is kept on this computer until File &gt; Clear downloaded studies.</source>
        <translation>Estudios de un PACS o de un servidor DICOMweb. Un estudio abierto se conserva en este equipo hasta Archivo &gt; Borrar los estudios descargados.</translation>
    </message>
    <message>
        <source>Studies on the server</source>
        <translation>Estudios en el servidor</translation>
    </message>
    <message>
        <source>Study %1</source>
        <translation>Estudio %1</translation>
    </message>
    <message>
        <source>Ten slices back</source>
        <translation>Diez cortes atrás</translation>
    </message>
    <message>
        <source>Ten slices on</source>
        <translation>Diez cortes adelante</translation>
    </message>
    <message>
        <source>That decision belongs to a worklist that is not open any more.</source>
        <translation>Esa decisión pertenece a una lista de trabajo que ya no está abierta.</translation>
    </message>
    <message>
        <source>The %1 is no DICOM UID: expected digits and single dots, at most %2 characters.</source>
        <translation>%1 no es un UID DICOM: se esperaban cifras y puntos sueltos, como mucho %2 caracteres.</translation>
    </message>
    <message>
        <source>The %1 of a CT slice has %2 numbers, not %3.</source>
        <translation>%1 de un corte de TC tiene %2 números, no %3.</translation>
    </message>
    <message>
        <source>The %1 of a CT slice is not made of numbers.</source>
        <translation>%1 de un corte de TC no consta de números.</translation>
    </message>
    <message>
        <source>The %1 slices are up to %2 mm apart where %3 mm was expected: %4 of %5 slices would have to be invented. Slices are missing; export the series again.</source>
        <translation>Los %1 cortes distan hasta %2 mm donde se esperaban %3 mm: habría que inventar %4 de %5 cortes. Faltan cortes; exporte la serie de nuevo.</translation>
    </message>
    <message>
        <source>The 3D view could not be prepared.</source>
        <translation>No se pudo preparar la vista 3D.</translation>
    </message>
    <message>
        <source>The 3D view needs OpenGL 3.2, and none could be started. Install a graphics driver or Mesa (Debian: &apos;apt-get install libegl1 libgl1-mesa-dri&apos;), then try again. Slices, questions and scores work without it.</source>
        <translation>La vista 3D necesita OpenGL 3.2 y no se pudo iniciar ninguno. Instale un controlador gráfico o Mesa (Debian: &apos;apt-get install libegl1 libgl1-mesa-dri&apos;) e inténtelo de nuevo. Los cortes, las preguntas y los valores funcionan sin él.</translation>
    </message>
    <message>
        <source>The 3D view needs VTK (%1). Install it with &apos;pip install medvlp[viewer]&apos;.</source>
        <translation>La vista 3D necesita VTK (%1). Instálelo con &apos;pip install medvlp[viewer]&apos;.</translation>
    </message>
    <message>
        <source>The 3D view shows CT. An X-ray has no third dimension.</source>
        <translation>La vista 3D muestra TC. Una radiografía no tiene tercera dimensión.</translation>
    </message>
    <message>
        <source>The URL holds a user or a password, which logs and the shell&apos;s history would keep. Put them into MEDVLP_DICOMWEB_USER and MEDVLP_DICOMWEB_PASSWORD instead.</source>
        <translation>La URL contiene un usuario o una contraseña, que quedarían en los registros y en el historial del shell. Póngalos en MEDVLP_DICOMWEB_USER y MEDVLP_DICOMWEB_PASSWORD.</translation>
    </message>
    <message>
        <source>The URL of a DICOMweb server ends with its path: leave out what follows ? or #.</source>
        <translation>La URL de un servidor DICOMweb termina con su ruta: omita lo que sigue a ? o #.</translation>
    </message>
    <message>
        <source>The arguments of &apos;%1&apos; cannot be sent to the inference process: %2</source>
        <translation>Los argumentos de &apos;%1&apos; no se pueden enviar al proceso de inferencia: %2</translation>
    </message>
    <message>
        <source>The axes of the volume are %1 degrees from perpendicular; expected 0. Positions are exact, but pictures of it look sheared.</source>
        <translation>Los ejes del volumen se apartan %1 grados de la perpendicular; se esperaban 0. Las posiciones son exactas, pero sus imágenes se ven inclinadas.</translation>
    </message>
    <message>
        <source>The decision could not be written to %1 (%2) and does not count. Check the space on the disk, then decide again.</source>
        <translation>La decisión no se pudo escribir en %1 (%2) y no cuenta. Compruebe el espacio en el disco y decida de nuevo.</translation>
    </message>
    <message>
        <source>The decisions of this worklist cannot be kept in %1: %2. Check that the folder can be written and has space, or set MEDVLP_WORKLISTS to another folder.</source>
        <translation>Las decisiones de esta lista de trabajo no se pueden guardar en %1: %2. Compruebe que se puede escribir en la carpeta y que tiene espacio, o ponga MEDVLP_WORKLISTS en otra carpeta.</translation>
    </message>
    <message>
        <source>The description of the slices is damaged: an element of it cannot be decoded. Copy the files again.</source>
        <translation>La descripción de los cortes está dañada: uno de sus elementos no se puede leer. Copie los archivos de nuevo.</translation>
    </message>
    <message>
        <source>The doubt is ignored: the question is whether it is present.</source>
        <translation>La duda se pasa por alto: la pregunta es si está presente.</translation>
    </message>
    <message>
        <source>The download was stopped. The next one goes on where it was.</source>
        <translation>La descarga se detuvo. La próxima continuará donde estaba.</translation>
    </message>
    <message>
        <source>The downloaded studies could not all be removed (%1).</source>
        <translation>No se pudieron eliminar todos los estudios descargados (%1).</translation>
    </message>
    <message>
        <source>The file states no orientation (sform and qform codes are 0); left, right, head and feet are guessed from the order of its axes.</source>
        <translation>El archivo no indica orientación (los códigos sform y qform son 0); izquierda, derecha, cabeza y pies se deducen del orden de sus ejes.</translation>
    </message>
    <message>
        <source>The file states no patient space; left, right, head and feet are guessed from the order of its axes.</source>
        <translation>El archivo no indica espacio del paciente; izquierda, derecha, cabeza y pies se deducen del orden de sus ejes.</translation>
    </message>
    <message>
        <source>The first day is after the last one.</source>
        <translation>El primer día es posterior al último.</translation>
    </message>
    <message>
        <source>The grey scale of the radiograph cannot be worked out: its rescale, lookup table or window is damaged. Copy the file again.</source>
        <translation>No se puede determinar la escala de grises de la radiografía: su reescalado, tabla o ventana está dañada. Copie el archivo de nuevo.</translation>
    </message>
    <message>
        <source>The hub has no public repository %1; expected OWNER/NAME.</source>
        <translation>El hub no tiene ningún repositorio público %1; se esperaba OWNER/NAME.</translation>
    </message>
    <message>
        <source>The image does not fit into memory.</source>
        <translation>La imagen no cabe en la memoria.</translation>
    </message>
    <message>
        <source>The import was stopped. Nothing was added.</source>
        <translation>La importación se ha detenido. No se ha añadido nada.</translation>
    </message>
    <message>
        <source>The inference process ended unexpectedly (status %1). It was started again and the scan is still open; ask again.</source>
        <translation>El proceso de inferencia terminó inesperadamente (estado %1). Se inició de nuevo y el estudio sigue abierto; pregunte otra vez.</translation>
    </message>
    <message>
        <source>The inference process was ended by %1.%2 It was started again and the scan is still open; ask again, or try a smaller scan or model.</source>
        <translation>El proceso de inferencia fue terminado por %1.%2 Se inició de nuevo y el estudio sigue abierto; pregunte otra vez o pruebe con un estudio o un modelo más pequeño.</translation>
    </message>
    <message>
        <source>The label map is empty on this scan: every voxel is background.</source>
        <translation>El mapa de etiquetas está vacío en este estudio: todo vóxel es fondo.</translation>
    </message>
    <message>
        <source>The lateral radiograph states no usable PatientOrientation; it is taken to be hung with the front of the patient on the left of the picture.</source>
        <translation>La radiografía lateral no indica una PatientOrientation utilizable; se supone la parte anterior del paciente a la izquierda de la imagen.</translation>
    </message>
    <message>
        <source>The limit of the encoded scans could not be written (%1).</source>
        <translation>No se pudo escribir el límite de los estudios codificados (%1).</translation>
    </message>
    <message>
        <source>The map shows the %1; &quot;normal&quot; has no place of its own: ask for a finding.</source>
        <translation>El mapa muestra %1; «normal» no tiene un lugar propio: pregunte por un hallazgo.</translation>
    </message>
    <message>
        <source>The map shows the %1; the probability is of its absence.</source>
        <translation>El mapa muestra %1; la probabilidad es la de su ausencia.</translation>
    </message>
    <message>
        <source>The memory of the graphics card is full. Use the processor instead.</source>
        <translation>La memoria de la tarjeta gráfica está llena. Use el procesador en su lugar.</translation>
    </message>
    <message>
        <source>The model before is used again.</source>
        <translation>Se usa de nuevo el modelo anterior.</translation>
    </message>
    <message>
        <source>The model in %1 cannot be used:</source>
        <translation>El modelo de %1 no se puede usar:</translation>
    </message>
    <message>
        <source>The model in use stays the one before.</source>
        <translation>Sigue en uso el modelo anterior.</translation>
    </message>
    <message>
        <source>The organs were not scored.</source>
        <translation>Los órganos no se puntuaron.</translation>
    </message>
    <message>
        <source>The path cannot be used (%1).</source>
        <translation>La ruta no se puede usar (%1).</translation>
    </message>
    <message>
        <source>The picture holds no finite pixel value.</source>
        <translation>La imagen no contiene ningún valor de píxel finito.</translation>
    </message>
    <message>
        <source>The pixel data cannot be decoded: it is incomplete, damaged, or in a compression without a decoder here (%1; %2). Copy the files again, or decompress them.</source>
        <translation>No se pueden leer los datos de píxeles: están incompletos, dañados o con una compresión sin decodificador aquí (%1; %2). Copie los archivos de nuevo o descomprímalos.</translation>
    </message>
    <message>
        <source>The pixel spacing holds in the detector plane; lengths in the patient are shorter by the geometric magnification.</source>
        <translation>El espaciado de píxeles vale en el plano del detector; las longitudes en el paciente son menores por la ampliación geométrica.</translation>
    </message>
    <message>
        <source>The places contradict one another: %1, %2. Both are looked at.</source>
        <translation>Los lugares se contradicen: %1, %2. Se examinan ambos.</translation>
    </message>
    <message>
        <source>The preparation of the 3D view was cancelled.</source>
        <translation>La preparación de la vista 3D se canceló.</translation>
    </message>
    <message>
        <source>The process that draws the 3D view has ended unexpectedly. Try again.</source>
        <translation>El proceso que dibuja la vista 3D terminó inesperadamente. Inténtelo de nuevo.</translation>
    </message>
    <message>
        <source>The process that scores ended while it read this scan. The computer may have run out of memory: open the scan by itself.</source>
        <translation>El proceso que puntúa terminó mientras leía este estudio. Quizá el equipo se quedó sin memoria: abra el estudio por separado.</translation>
    </message>
    <message>
        <source>The query %1 has no words; expected a finding or an organ, such as &apos;pleural effusion&apos; or &apos;left kidney&apos;.</source>
        <translation>La pregunta %1 no tiene palabras; se esperaba un hallazgo o un órgano, como &apos;pleural effusion&apos; o &apos;left kidney&apos;.</translation>
    </message>
    <message>
        <source>The query has %1 characters; at most %2 are allowed. Ask for one finding or organ at a time, such as &apos;right pleural effusion&apos;.</source>
        <translation>La pregunta tiene %1 caracteres; se permiten como máximo %2. Pregunte por un hallazgo u órgano cada vez, como &apos;right pleural effusion&apos;.</translation>
    </message>
    <message>
        <source>The question is whether there is no %1.</source>
        <translation>La pregunta es si no hay %1.</translation>
    </message>
    <message>
        <source>The radiograph states no usable PatientOrientation; it is taken to be hung as usual, with the left of the patient on the right of the picture.</source>
        <translation>La radiografía no indica una PatientOrientation utilizable; se supone la presentación habitual, con la izquierda del paciente a la derecha de la imagen.</translation>
    </message>
    <message>
        <source>The radiograph states no usable pixel spacing; positions are in pixels, not mm.</source>
        <translation>La radiografía no indica un espaciado de píxeles utilizable; las posiciones están en píxeles, no en mm.</translation>
    </message>
    <message>
        <source>The sample %1 could not be written to %2 (%3). Free some space, or set MEDVLP_CACHE to another folder.</source>
        <translation>No se pudo escribir el ejemplo %1 en %2 (%3). Libere espacio o defina MEDVLP_CACHE con otra carpeta.</translation>
    </message>
    <message>
        <source>The sample %1 is missing from this installation of medvlp. Install it again.</source>
        <translation>El ejemplo %1 falta en esta instalación de medvlp. Instálela de nuevo.</translation>
    </message>
    <message>
        <source>The sample that was fetched is not the expected file: SHA-256 %1 expected, %2 found. Nothing was kept.</source>
        <translation>El ejemplo descargado no es el archivo esperado: se esperaba SHA-256 %1, se encontró %2. No se conservó nada.</translation>
    </message>
    <message>
        <source>The second scan has changed since the session was saved: how it was looked at is not restored.</source>
        <translation>El segundo estudio ha cambiado desde que se guardó la sesión: no se restaura cómo se veía.</translation>
    </message>
    <message>
        <source>The selected query has no heat. Select one that has an answer, then save.</source>
        <translation>La pregunta seleccionada no tiene mapa de calor. Seleccione una que tenga respuesta y guarde después.</translation>
    </message>
    <message>
        <source>The series holds %1 volumes at the same place, told apart by %2</source>
        <translation>La serie contiene %1 volúmenes en el mismo lugar, que se distinguen por %2</translation>
    </message>
    <message>
        <source>The series holds different images at the same place, and no acquisition number, time or phase tells them apart; expected one image at each place. Export one volume alone.</source>
        <translation>La serie contiene imágenes distintas en el mismo lugar y ningún número de adquisición, tiempo o fase las distingue; se esperaba una imagen en cada lugar. Exporte un solo volumen.</translation>
    </message>
    <message>
        <source>The series is not a regular grid, and strict reading was asked for: %1 Open it without strict to have it regularised so.</source>
        <translation>La serie no es una rejilla regular y se pidió lectura estricta: %1 Ábrala sin esa exigencia para regularizarla así.</translation>
    </message>
    <message>
        <source>The series is one slice; its extent across the slice is %1.</source>
        <translation>La serie es un solo corte; su extensión a través de él es %1.</translation>
    </message>
    <message>
        <source>The series of %1 slices does not fit into memory.</source>
        <translation>La serie de %1 cortes no cabe en la memoria.</translation>
    </message>
    <message>
        <source>The session was saved with the model %1 (%2); %3 (%4) answers now, perhaps differently.</source>
        <translation>La sesión se guardó con el modelo %1 (%2); ahora responde %3 (%4), quizá de otra manera.</translation>
    </message>
    <message>
        <source>The settings could not be written (%1). They hold until the program ends.</source>
        <translation>No se pudieron escribir los ajustes (%1). Valen hasta que termine el programa.</translation>
    </message>
    <message>
        <source>The settings file %1. The defaults are used.</source>
        <translation>El archivo de ajustes %1. Se usan los valores iniciales.</translation>
    </message>
    <message>
        <source>The settings file %1. The defaults are used; the file is kept as %2.</source>
        <translation>El archivo de ajustes %1. Se usan los valores iniciales; el archivo se conserva como %2.</translation>
    </message>
    <message>
        <source>The slices shift sideways by %1 mm over %2 mm (%3 degrees); expected a stack. They do not form a volume.</source>
        <translation>Los cortes se desplazan lateralmente %1 mm en %2 mm (%3 grados); se esperaba una pila. No forman un volumen.</translation>
    </message>
    <message>
        <source>The spacing or orientation of the radiograph is damaged: it cannot be decoded. Copy the file again.</source>
        <translation>El espaciado o la orientación de la radiografía está dañado y no se puede leer. Copie el archivo de nuevo.</translation>
    </message>
    <message>
        <source>The study could not be written (%1).</source>
        <translation>No se pudo escribir el estudio (%1).</translation>
    </message>
    <message>
        <source>The two affines of the file (sform, qform) differ by up to %1 mm; expected the same. The sform was used.</source>
        <translation>Las dos afines del archivo (sform, qform) difieren hasta %1 mm; se esperaba la misma. Se usó sform.</translation>
    </message>
    <message>
        <source>The values do not look like Hounsfield units of a body: they run from %1 to %2 and %3 % of them are below %4; expected air near -1000 and fat near -100. RescaleSlope or RescaleIntercept may be wrong: check them before trusting an answer.</source>
        <translation>Los valores no parecen unidades Hounsfield de un cuerpo: van de %1 a %2 y el %3 % de ellos está por debajo de %4; se esperaba aire cerca de -1000 y grasa cerca de -100. RescaleSlope o RescaleIntercept pueden estar mal: compruébelos antes de fiarse de una respuesta.</translation>
    </message>
    <message>
        <source>The values of this CT are not Hounsfield units but of type %1 (RescaleType), as in perfusion or material maps. Choose the original images.</source>
        <translation>Los valores de esta TC no son unidades Hounsfield sino de tipo %1 (RescaleType), como en mapas de perfusión o de materiales. Elija las imágenes originales.</translation>
    </message>
    <message>
        <source>The weights in %1 cannot be loaded: %2</source>
        <translation>Los pesos de %1 no se pueden cargar: %2</translation>
    </message>
    <message>
        <source>The weights in %1 do not fit config.json: %2</source>
        <translation>Los pesos de %1 no corresponden a config.json: %2</translation>
    </message>
    <message>
        <source>The wheel does not hold the sample (%1).</source>
        <translation>El wheel no contiene el ejemplo (%1).</translation>
    </message>
    <message>
        <source>The window closed before the scan was encoded.</source>
        <translation>La ventana se cerró antes de codificar el estudio.</translation>
    </message>
    <message>
        <source>The work was given up.</source>
        <translation>Se abandonó el trabajo.</translation>
    </message>
    <message>
        <source>There is no file or folder %1. Check the spelling; expected %2.</source>
        <translation>No existe el archivo o la carpeta %1. Compruebe la ortografía; se esperaba %2.</translation>
    </message>
    <message>
        <source>There is no host %1 that this computer could find. %2</source>
        <translation>No hay ningún host %1 que este equipo pueda encontrar. %2</translation>
    </message>
    <message>
        <source>There is no mask of %1: it cannot be outlined.</source>
        <translation>No hay máscara de %1: no se puede delinear.</translation>
    </message>
    <message>
        <source>There is no sample %1; expected one of %2.</source>
        <translation>No hay ejemplo %1; se esperaba uno de %2.</translation>
    </message>
    <message>
        <source>There is no series %1. Found: %2.</source>
        <translation>No hay serie %1. Se encontró: %2.</translation>
    </message>
    <message>
        <source>There is no worklist %1: expected %2.</source>
        <translation>No hay lista de trabajo %1: se esperaba %2.</translation>
    </message>
    <message>
        <source>There is not enough memory for a second model.</source>
        <translation>No hay memoria suficiente para un segundo modelo.</translation>
    </message>
    <message>
        <source>There is not enough memory for a second scan.</source>
        <translation>No hay memoria suficiente para un segundo estudio.</translation>
    </message>
    <message>
        <source>There may be more than these %1 studies: ask for less.</source>
        <translation>Puede haber más que estos %1 estudios: pida menos.</translation>
    </message>
    <message>
        <source>There was not enough memory. Close other programs or scans.</source>
        <translation>No había memoria suficiente. Cierre otros programas o estudios.</translation>
    </message>
    <message>
        <source>This CT has a RescaleSlope of 0, so all its values would be equal.</source>
        <translation>Esta TC tiene un RescaleSlope de 0, así que todos sus valores serían iguales.</translation>
    </message>
    <message>
        <source>This CT has no scale in Hounsfield units: RescaleSlope and RescaleIntercept were expected, and are missing. Export it from the scanner or PACS again.</source>
        <translation>Esta TC no tiene escala en unidades Hounsfield: se esperaban RescaleSlope y RescaleIntercept, y faltan. Expórtela de nuevo desde el equipo o el PACS.</translation>
    </message>
    <message>
        <source>This cannot be set: %1.</source>
        <translation>Esto no se puede ajustar: %1.</translation>
    </message>
    <message>
        <source>This is %1. Expected a CT or a radiograph.</source>
        <translation>Esto es %1. Se esperaba una TC o una radiografía.</translation>
    </message>
    <message>
        <source>This is a lateral radiograph; expected a frontal one, the only kind that the default model was trained on. Do not rely on its answers, least of all on sides.</source>
        <translation>Esta es una radiografía lateral; se esperaba una frontal, la única clase con la que se entrenó el modelo predeterminado. No confíe en sus respuestas, y menos aún en cuanto al lado.</translation>
    </message>
    <message>
        <source>This is a raw detector image (for processing), which looks flatter than the radiograph made from it; expected an image for presentation.</source>
        <translation>Esta es una imagen cruda del detector (para procesar), que se ve más plana que la radiografía hecha a partir de ella; se esperaba una imagen para presentación.</translation>
    </message>
    <message>
        <source>This is the %1 scan of the list.</source>
        <translation>Este es el %1 estudio de la lista.</translation>
    </message>
    <message>
        <source>This model answers. Choose another one to switch, or to compare both.</source>
        <translation>Este modelo responde. Elija otro para cambiar o para comparar ambos.</translation>
    </message>
    <message>
        <source>This scan of %1 voxels needs about %2 GB of memory, and %3 GB are free. Close other programs, or open it anyway: the computer may become slow, or end the program.</source>
        <translation>Este estudio de %1 vóxeles necesita unos %2 GB de memoria y hay %3 GB libres. Cierre otros programas o ábralo de todos modos: el equipo puede volverse lento o terminar el programa.</translation>
    </message>
    <message>
        <source>This series</source>
        <translation>Esta serie</translation>
    </message>
    <message>
        <source>This simulated CT comes with the program. Press one of the example questions on the right, or drop a scan of your own on the window.</source>
        <translation>Esta TC simulada viene con el programa. Pulse una de las preguntas de ejemplo a la derecha o suelte un estudio propio en la ventana.</translation>
    </message>
    <message>
        <source>Threshold</source>
        <translation>Umbral</translation>
    </message>
    <message>
        <source>Threshold of %1</source>
        <translation>Umbral de %1</translation>
    </message>
    <message>
        <source>Threshold: heat below it is not drawn</source>
        <translation>Umbral: lo que queda por debajo no se dibuja</translation>
    </message>
    <message>
        <source>Title of this computer</source>
        <translation>Título de este equipo</translation>
    </message>
    <message>
        <source>To day</source>
        <translation>Hasta el día</translation>
    </message>
    <message>
        <source>Tools</source>
        <translation>Herramientas</translation>
    </message>
    <message>
        <source>TotalSegmentator ended without writing a label map: %1</source>
        <translation>TotalSegmentator terminó sin escribir un mapa de etiquetas: %1</translation>
    </message>
    <message>
        <source>TotalSegmentator failed (status %1): %2</source>
        <translation>TotalSegmentator falló (estado %1): %2</translation>
    </message>
    <message>
        <source>TotalSegmentator is not installed: no program of that name was found. Install it with &apos;pip install TotalSegmentator&apos; (Apache-2.0; it downloads its weights at first use), or use the built-in organ masks.</source>
        <translation>TotalSegmentator no está instalado: no se encontró ningún programa con ese nombre. Instálelo con &apos;pip install TotalSegmentator&apos; (Apache-2.0; descarga sus pesos en el primer uso) o use las máscaras de órganos incorporadas.</translation>
    </message>
    <message>
        <source>TotalSegmentator is running</source>
        <translation>TotalSegmentator está en marcha</translation>
    </message>
    <message>
        <source>TotalSegmentator segments CT; this scan is an X-ray. Use the built-in organ masks.</source>
        <translation>TotalSegmentator segmenta TC; esta exploración es una radiografía. Use las máscaras de órganos incorporadas.</translation>
    </message>
    <message>
        <source>TotalSegmentator took longer than %1 seconds and was ended. Use a computer with a GPU, a smaller scan, or the built-in organ masks.</source>
        <translation>TotalSegmentator tardó más de %1 segundos y se terminó. Use un equipo con GPU, una exploración menor o las máscaras de órganos incorporadas.</translation>
    </message>
    <message>
        <source>Triage</source>
        <translation>Triaje</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Intentar de nuevo</translation>
    </message>
    <message>
        <source>Turn down</source>
        <translation>Girar hacia abajo</translation>
    </message>
    <message>
        <source>Turn left</source>
        <translation>Girar a la izquierda</translation>
    </message>
    <message>
        <source>Turn right</source>
        <translation>Girar a la derecha</translation>
    </message>
    <message>
        <source>Turn up</source>
        <translation>Girar hacia arriba</translation>
    </message>
    <message>
        <source>Two slices lie side by side at %1 mm along the slice axis; expected one slice at each height.</source>
        <translation>Dos cortes están uno junto a otro a %1 mm a lo largo del eje de corte; se esperaba un corte a cada altura.</translation>
    </message>
    <message>
        <source>Type a command or a question</source>
        <translation>Escriba una orden o una pregunta</translation>
    </message>
    <message>
        <source>Type a finding and press Enter: the scans are ordered by its probability</source>
        <translation>Escriba un hallazgo y pulse Intro: los estudios se ordenan por su probabilidad</translation>
    </message>
    <message>
        <source>Type an organ or a finding and press Enter</source>
        <translation>Escriba un órgano o un hallazgo y pulse Intro</translation>
    </message>
    <message>
        <source>U unsure</source>
        <translation>U dudoso</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Deshacer</translation>
    </message>
    <message>
        <source>Undone: %1</source>
        <translation>Deshecho: %1</translation>
    </message>
    <message>
        <source>Unexpected %1: %2</source>
        <translation>%1 inesperado: %2</translation>
    </message>
    <message>
        <source>Unknown device %1: expected one of %2.</source>
        <translation>Dispositivo desconocido %1: se esperaba uno de %2.</translation>
    </message>
    <message>
        <source>Unpacking %1 of %2</source>
        <translation>Descomprimiendo %1 de %2</translation>
    </message>
    <message>
        <source>Unreadable</source>
        <translation>Ilegible</translation>
    </message>
    <message>
        <source>Unsure</source>
        <translation>Dudoso</translation>
    </message>
    <message>
        <source>Unsure, and go on</source>
        <translation>Dudoso y seguir</translation>
    </message>
    <message>
        <source>Use the selected model</source>
        <translation>Usar el modelo seleccionado</translation>
    </message>
    <message>
        <source>Use this model</source>
        <translation>Usar este modelo</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Valor</translation>
    </message>
    <message>
        <source>View</source>
        <translation>Vista</translation>
    </message>
    <message>
        <source>Volume</source>
        <translation>Volumen</translation>
    </message>
    <message>
        <source>Volume in millilitres; ≥ where the field of view cuts the organ off</source>
        <translation>Volumen en mililitros; ≥ donde el campo de visión corta el órgano</translation>
    </message>
    <message>
        <source>WORKLIST</source>
        <translation>LISTA DE TRABAJO</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>Aviso</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>Pesos</translation>
    </message>
    <message>
        <source>What can be done with the selected model</source>
        <translation>Lo que se puede hacer con el modelo seleccionado</translation>
    </message>
    <message>
        <source>Wheel</source>
        <translation>Rueda</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>Ventana</translation>
    </message>
    <message>
        <source>Window level (centre)</source>
        <translation>Nivel de ventana (centro)</translation>
    </message>
    <message>
        <source>Window preset</source>
        <translation>Ventana predefinida</translation>
    </message>
    <message>
        <source>Window preset (1 to 5, 0 from the file)</source>
        <translation>Ventana predefinida (1 a 5, 0 del archivo)</translation>
    </message>
    <message>
        <source>Window width</source>
        <translation>Anchura de ventana</translation>
    </message>
    <message>
        <source>Window: right widens, down darkens; with a tool in hand it measures</source>
        <translation>Ventana: a la derecha ensancha, hacia abajo oscurece; con una herramienta se mide</translation>
    </message>
    <message>
        <source>Worklist</source>
        <translation>Lista de trabajo</translation>
    </message>
    <message>
        <source>Write a note</source>
        <translation>Escribir una nota</translation>
    </message>
    <message>
        <source>X-ray</source>
        <translation>Radiografía</translation>
    </message>
    <message>
        <source>X-ray, frontal</source>
        <translation>Radiografía, frontal</translation>
    </message>
    <message>
        <source>X-ray, lateral</source>
        <translation>Radiografía, lateral</translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation>Ampliación</translation>
    </message>
    <message>
        <source>Zoom about the pointer</source>
        <translation>Ampliar en torno al puntero</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>Ampliar</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>Reducir</translation>
    </message>
    <message>
        <source>a CT image</source>
        <translation>una imagen de TC</translation>
    </message>
    <message>
        <source>a CT that cannot be interpreted (%1)</source>
        <translation>una TC que no se puede interpretar (%1)</translation>
    </message>
    <message>
        <source>a DICOM object without an image</source>
        <translation>un objeto DICOM sin imagen</translation>
    </message>
    <message>
        <source>a PET image</source>
        <translation>una imagen de PET</translation>
    </message>
    <message>
        <source>a bone densitometry image</source>
        <translation>una imagen de densitometría ósea</translation>
    </message>
    <message>
        <source>a colour image (%1)</source>
        <translation>una imagen en color (%1)</translation>
    </message>
    <message>
        <source>a colour secondary capture (%1)</source>
        <translation>una captura secundaria en color (%1)</translation>
    </message>
    <message>
        <source>a directory of a DICOM medium</source>
        <translation>un directorio de un medio DICOM</translation>
    </message>
    <message>
        <source>a dose report of a CT</source>
        <translation>un informe de dosis de una TC</translation>
    </message>
    <message>
        <source>a fluoroscopy image</source>
        <translation>una imagen de fluoroscopia</translation>
    </message>
    <message>
        <source>a localiser (scout) of a CT</source>
        <translation>un localizador (scout) de una TC</translation>
    </message>
    <message>
        <source>a mammogram</source>
        <translation>una mamografía</translation>
    </message>
    <message>
        <source>a nuclear medicine image</source>
        <translation>una imagen de medicina nuclear</translation>
    </message>
    <message>
        <source>a panoramic dental radiograph</source>
        <translation>una radiografía dental panorámica</translation>
    </message>
    <message>
        <source>a parametric map</source>
        <translation>un mapa paramétrico</translation>
    </message>
    <message>
        <source>a presentation state</source>
        <translation>un estado de presentación</translation>
    </message>
    <message>
        <source>a radiation dose report</source>
        <translation>un informe de dosis de radiación</translation>
    </message>
    <message>
        <source>a radiograph</source>
        <translation>una radiografía</translation>
    </message>
    <message>
        <source>a radiotherapy object</source>
        <translation>un objeto de radioterapia</translation>
    </message>
    <message>
        <source>a real world value mapping</source>
        <translation>una asignación de valores reales</translation>
    </message>
    <message>
        <source>a secondary capture of %1</source>
        <translation>una captura secundaria de %1</translation>
    </message>
    <message>
        <source>a secondary capture of a CT workstation (screen save or dose report)</source>
        <translation>una captura secundaria de una consola de TC (pantalla o informe de dosis)</translation>
    </message>
    <message>
        <source>a secondary capture that does not say what it shows (%1)</source>
        <translation>una captura secundaria que no dice qué muestra (%1)</translation>
    </message>
    <message>
        <source>a segmentation</source>
        <translation>una segmentación</translation>
    </message>
    <message>
        <source>a set of spatial fiducials</source>
        <translation>un conjunto de marcas espaciales</translation>
    </message>
    <message>
        <source>a spatial registration</source>
        <translation>un registro espacial</translation>
    </message>
    <message>
        <source>a structured report</source>
        <translation>un informe estructurado</translation>
    </message>
    <message>
        <source>a surface segmentation</source>
        <translation>una segmentación de superficie</translation>
    </message>
    <message>
        <source>a tomosynthesis or 3D X-ray image</source>
        <translation>una imagen de tomosíntesis o de rayos X en 3D</translation>
    </message>
    <message>
        <source>a visible light photograph or slide</source>
        <translation>una fotografía o preparación con luz visible</translation>
    </message>
    <message>
        <source>a waveform</source>
        <translation>una forma de onda</translation>
    </message>
    <message>
        <source>about %1 min left</source>
        <translation>quedan unos %1 min</translation>
    </message>
    <message>
        <source>about %1 s left</source>
        <translation>quedan unos %1 s</translation>
    </message>
    <message>
        <source>about a second left</source>
        <translation>queda alrededor de un segundo</translation>
    </message>
    <message>
        <source>absent</source>
        <translation>ausente</translation>
    </message>
    <message>
        <source>accepted</source>
        <translation>aceptados</translation>
    </message>
    <message>
        <source>an MR image</source>
        <translation>una imagen de RM</translation>
    </message>
    <message>
        <source>an X-ray</source>
        <translation>una radiografía</translation>
    </message>
    <message>
        <source>an angiography image</source>
        <translation>una imagen de angiografía</translation>
    </message>
    <message>
        <source>an angiography or fluoroscopy image</source>
        <translation>una imagen de angiografía o fluoroscopia</translation>
    </message>
    <message>
        <source>an encapsulated document</source>
        <translation>un documento incrustado</translation>
    </message>
    <message>
        <source>an image that is a CT by its class and %1 by its modality</source>
        <translation>una imagen que es TC por su clase y %1 por su modalidad</translation>
    </message>
    <message>
        <source>an intra-oral radiograph</source>
        <translation>una radiografía intraoral</translation>
    </message>
    <message>
        <source>an object of an unsupported kind (modality %1)</source>
        <translation>un objeto de un tipo no admitido (modalidad %1)</translation>
    </message>
    <message>
        <source>an ultrasound image</source>
        <translation>una imagen de ecografía</translation>
    </message>
    <message>
        <source>and %1 more pairs</source>
        <translation>y %1 pares más</translation>
    </message>
    <message>
        <source>automatic</source>
        <translation>automático</translation>
    </message>
    <message>
        <source>called as %1, calling as %2</source>
        <translation>llamado como %1, llamando como %2</translation>
    </message>
    <message>
        <source>cancelling…</source>
        <translation>cancelando…</translation>
    </message>
    <message>
        <source>could not be read (%1)</source>
        <translation>no se pudo leer (%1)</translation>
    </message>
    <message>
        <source>cut off by the field of view</source>
        <translation>cortado por el campo de visión</translation>
    </message>
    <message>
        <source>expected AET@host:port (DIMSE) or https://host/path (DICOMweb)</source>
        <translation>se esperaba AET@host:port (DIMSE) o https://host/path (DICOMweb)</translation>
    </message>
    <message>
        <source>it does not go by the title it was called by</source>
        <translation>no tiene el título con que se le llamó</translation>
    </message>
    <message>
        <source>it does not know this computer&apos;s title</source>
        <translation>no conoce el título de este equipo</translation>
    </message>
    <message>
        <source>it refused the connection</source>
        <translation>rechazó la conexión</translation>
    </message>
    <message>
        <source>max %1</source>
        <translation>máx %1</translation>
    </message>
    <message>
        <source>medvlp %1</source>
        <translation>medvlp %1</translation>
    </message>
    <message>
        <source>medvlp report</source>
        <translation>Informe de medvlp</translation>
    </message>
    <message>
        <source>no file at all</source>
        <translation>ningún archivo</translation>
    </message>
    <message>
        <source>no status was given</source>
        <translation>no se dio ningún estado</translation>
    </message>
    <message>
        <source>not given</source>
        <translation>no indicado</translation>
    </message>
    <message>
        <source>not in the field of view</source>
        <translation>fuera del campo de visión</translation>
    </message>
    <message>
        <source>not stated</source>
        <translation>no indicado</translation>
    </message>
    <message>
        <source>only files of other kinds</source>
        <translation>solo archivos de otros tipos</translation>
    </message>
    <message>
        <source>reason not known to DICOM</source>
        <translation>motivo no conocido por DICOM</translation>
    </message>
    <message>
        <source>structured report</source>
        <translation>informe estructurado</translation>
    </message>
    <message>
        <source>the connection failed</source>
        <translation>la conexión falló</translation>
    </message>
    <message>
        <source>whole scan</source>
        <translation>todo el estudio</translation>
    </message>
    <message>
        <source>Second model:</source>
        <translation>Segundo modelo:</translation>
    </message>
    <message>
        <source>Second scan:</source>
        <translation>Segundo estudio:</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Detener</translation>
    </message>
    <message>
        <source>Stop adding the model</source>
        <translation>Dejar de añadir el modelo</translation>
    </message>
    <message>
        <source>Stopped. What has arrived is kept, and the next download goes on there.</source>
        <translation>Detenido. Lo que llegó se conserva, y la próxima descarga continúa desde ahí.</translation>
    </message>
    <message>
        <source>The DICOM images name no frame of reference (FrameOfReferenceUID), so that nothing else can be placed on them. Write NIfTI instead.</source>
        <translation>Las imágenes DICOM no indican ningún sistema de referencia (FrameOfReferenceUID), de modo que no se puede situar nada más sobre ellas. Escriba NIfTI en su lugar.</translation>
    </message>
    <message>
        <source>The sample could not be fetched from the Python package index (%1). Check the connection.</source>
        <translation>No se pudo obtener el ejemplo del índice de paquetes de Python (%1). Compruebe la conexión.</translation>
    </message>
    <message>
        <source>drawn in %1</source>
        <translation>dibujado en %1</translation>
    </message>
    <message>
        <source>enhanced CT</source>
        <translation>Enhanced CT</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>falló</translation>
    </message>
    <message>
        <source>has version %1, and this program knows version %2</source>
        <translation>tiene la versión %1, y este programa conoce la versión %2</translation>
    </message>
    <message>
        <source>heat</source>
        <translation>mapa de calor</translation>
    </message>
    <message>
        <source>heat: %1</source>
        <translation>mapa de calor: %1</translation>
    </message>
    <message>
        <source>hidden</source>
        <translation>oculto</translation>
    </message>
    <message>
        <source>holds values that are not allowed (%1)</source>
        <translation>contiene valores no permitidos (%1)</translation>
    </message>
    <message>
        <source>inference process</source>
        <translation>proceso de inferencia</translation>
    </message>
    <message>
        <source>is damaged: it is no JSON</source>
        <translation>está dañado: no es JSON</translation>
    </message>
    <message>
        <source>it is no text</source>
        <translation>no es texto</translation>
    </message>
    <message>
        <source>mean %1%2</source>
        <translation>media %1%2</translation>
    </message>
    <message>
        <source>mean %1,</source>
        <translation>media %1,</translation>
    </message>
    <message>
        <source>medvlp viewer</source>
        <translation>medvlp viewer</translation>
    </message>
    <message>
        <source>min %1</source>
        <translation>mín %1</translation>
    </message>
    <message>
        <source>modality %1</source>
        <translation>modalidad %1</translation>
    </message>
    <message>
        <source>new</source>
        <translation>nuevos</translation>
    </message>
    <message>
        <source>no</source>
        <translation>no</translation>
    </message>
    <message>
        <source>no difference can be given</source>
        <translation>no se puede dar ninguna diferencia</translation>
    </message>
    <message>
        <source>no modality</source>
        <translation>sin modalidad</translation>
    </message>
    <message>
        <source>no pixel inside</source>
        <translation>ningún píxel dentro</translation>
    </message>
    <message>
        <source>no scan</source>
        <translation>sin estudio</translation>
    </message>
    <message>
        <source>none compared</source>
        <translation>ninguno comparado</translation>
    </message>
    <message>
        <source>not in view</source>
        <translation>fuera de la vista</translation>
    </message>
    <message>
        <source>not sure</source>
        <translation>sin seguridad</translation>
    </message>
    <message>
        <source>not sure: %1 cannot be judged on %2.</source>
        <translation>sin seguridad: %1 no se puede valorar en %2.</translation>
    </message>
    <message>
        <source>not sure: outside what this model was trained on</source>
        <translation>sin seguridad: fuera de aquello con lo que se entrenó este modelo</translation>
    </message>
    <message>
        <source>not sure: the field of view does not seem to hold the %1.</source>
        <translation>sin seguridad: el campo de visión no parece contener %1.</translation>
    </message>
    <message>
        <source>one colour per query</source>
        <translation>un color por pregunta</translation>
    </message>
    <message>
        <source>peak</source>
        <translation>máximo</translation>
    </message>
    <message>
        <source>peak %1</source>
        <translation>máximo %1</translation>
    </message>
    <message>
        <source>peak %1 of %2: %3</source>
        <translation>máximo %1 de %2: %3</translation>
    </message>
    <message>
        <source>pip brought no wheel of %1. Try again.</source>
        <translation>pip no trajo ningún wheel de %1. Inténtelo de nuevo.</translation>
    </message>
    <message>
        <source>present</source>
        <translation>presente</translation>
    </message>
    <message>
        <source>raw data</source>
        <translation>datos crudos</translation>
    </message>
    <message>
        <source>rejected</source>
        <translation>rechazados</translation>
    </message>
    <message>
        <source>scan %1 of %2</source>
        <translation>estudio %1 de %2</translation>
    </message>
    <message>
        <source>scoring…</source>
        <translation>puntuando…</translation>
    </message>
    <message>
        <source>sky blue</source>
        <translation>azul cielo</translation>
    </message>
    <message>
        <source>slice %1 of %2</source>
        <translation>corte %1 de %2</translation>
    </message>
    <message>
        <source>slices %1 and %2 (at %3 and %4 mm) are %5 mm apart</source>
        <translation>los cortes %1 y %2 (a %3 y %4 mm) distan %5 mm</translation>
    </message>
    <message>
        <source>spacing unknown</source>
        <translation>espaciado desconocido</translation>
    </message>
    <message>
        <source>the decoder stopped on damaged data</source>
        <translation>el decodificador se detuvo en datos dañados</translation>
    </message>
    <message>
        <source>threshold %1, opacity %2</source>
        <translation>umbral %1, opacidad %2</translation>
    </message>
    <message>
        <source>unsure</source>
        <translation>dudosos</translation>
    </message>
    <message>
        <source>value %1</source>
        <translation>valor %1</translation>
    </message>
    <message>
        <source>working…</source>
        <translation>en curso…</translation>
    </message>
</context>
</TS>
