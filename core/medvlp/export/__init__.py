"""Results as files: pictures, volumes, tables, DICOM, and the JSON objects of the command line."""
