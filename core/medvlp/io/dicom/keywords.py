"""The DICOM attributes that medvlp reads. Everything else in a header is skipped, names included."""

from __future__ import annotations

IDENTIFYING = (
    *("PatientName", "PatientID", "OtherPatientIDs", "PatientBirthDate", "AccessionNumber"),
    *("StudyID", "ReferringPhysicianName", "PerformingPhysicianName", "OperatorsName"),
)
"""Read only to keep them out of descriptions."""

PHASE = (
    *("AcquisitionNumber", "TemporalPositionIdentifier", "TemporalPositionIndex"),
    *("NominalPercentageOfCardiacPhase", "TriggerTime", "StackID", "FrameAcquisitionNumber"),
    *("KVP", "ConvolutionKernel", "AcquisitionDateTime", "AcquisitionTime", "ContentTime"),
)
"""What may tell apart volumes that share a series, the most telling first."""

PIXELS = ("PixelData", "FloatPixelData", "DoubleFloatPixelData")
"""Where pixel values may lie."""

READ = (
    *("SOPClassUID", "SOPInstanceUID", "SeriesInstanceUID", "Modality", "ImageType"),
    *("SeriesNumber", "SeriesDescription", "FrameOfReferenceUID", *IDENTIFYING, *PHASE),
    *("Rows", "Columns", "NumberOfFrames", "SamplesPerPixel", "PhotometricInterpretation"),
    *("PlanarConfiguration", "BitsAllocated", "BitsStored", "HighBit", "PixelRepresentation"),
    *("PixelPaddingValue", "PixelPaddingRangeLimit", "RescaleSlope", "RescaleIntercept"),
    *("RescaleType", "ModalityLUTSequence", "VOILUTSequence", "WindowCenter", "WindowWidth"),
    *("VOILUTFunction", "ImagePositionPatient", "ImageOrientationPatient", "PixelSpacing"),
    *("SliceThickness", "ImagerPixelSpacing", "PixelSpacingCalibrationType", "ViewPosition"),
    *("PatientOrientation", "SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence"),
    *("ExtendedOffsetTable", "ExtendedOffsetTableLengths", *PIXELS),
)
"""All attributes that are parsed."""
