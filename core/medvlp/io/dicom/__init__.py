"""DICOM: find the images in files, group them into series, turn one series into a scan."""
