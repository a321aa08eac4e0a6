"""Studies of a PACS or DICOMweb server in Qt."""
