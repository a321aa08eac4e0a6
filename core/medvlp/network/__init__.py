"""Images from, and results to, a PACS (DIMSE) or a DICOMweb server."""
