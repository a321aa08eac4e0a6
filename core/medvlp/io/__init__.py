"""Files to scans: DICOM, NIfTI, NRRD, MHA, PNG, JPEG, TIFF, and zips of them."""
