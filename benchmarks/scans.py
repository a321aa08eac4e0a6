"""Scans of the sizes that the goals speak of, made from the bundled chest CT."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import medvlp
from medvlp.io.samples import get_sample

CHEST = (300, 512, 512)


def bundled_chest() -> medvlp.Scan:
    """The simulated chest CT that ships with medvlp."""
    return medvlp.open_scan(get_sample("effusion-ct"))


def stretched(scan: medvlp.Scan, shape: tuple[int, ...]) -> medvlp.Scan:
    """The same anatomy and field of view on another number of voxels (nearest neighbour)."""
    array: NDArray[np.generic] = scan.array
    for axis, n in enumerate(shape):
        nearest = ((np.arange(n) + 0.5) * array.shape[axis] / n).astype(np.intp)
        array = array.take(nearest, axis=axis)
    return medvlp.Scan(array, scan.geometry.resampled(shape), scan.modality, scan.intensity)


def cube(scan: medvlp.Scan, side: int, spacing_mm: float) -> medvlp.Scan:
    """The scan's anatomy stretched over a cube of ``side`` voxels."""
    array = stretched(scan, (side,) * 3).array
    geometry = medvlp.Geometry.axial((side,) * 3, (spacing_mm,) * 3)
    return medvlp.Scan(array, geometry, scan.modality, scan.intensity)


def write_dicom_series(scan: medvlp.Scan, folder: Path) -> None:
    """One uncompressed CT file per slice, as a scanner would write it."""
    from pydicom.dataset import FileDataset, FileMetaDataset
    from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid

    study, series, frame = generate_uid(), generate_uid(), generate_uid()
    thickness, *in_plane = scan.geometry.spacing
    directions = scan.geometry.directions
    for k in range(scan.array.shape[0]):
        meta = FileMetaDataset()
        meta.MediaStorageSOPClassUID = CTImageStorage
        meta.MediaStorageSOPInstanceUID = generate_uid()
        meta.TransferSyntaxUID = ExplicitVRLittleEndian
        # Names as scanners give them: in no order.
        path = folder / f"{meta.MediaStorageSOPInstanceUID}.dcm"
        file = FileDataset(path, {}, file_meta=meta, preamble=b"\0" * 128)
        file.SOPClassUID, file.SOPInstanceUID = CTImageStorage, meta.MediaStorageSOPInstanceUID
        file.StudyInstanceUID, file.SeriesInstanceUID = study, series
        file.FrameOfReferenceUID = frame
        file.Modality, file.ImageType = "CT", ["ORIGINAL", "PRIMARY", "AXIAL"]
        file.SeriesNumber, file.InstanceNumber = 1, k + 1
        file.ImagePositionPatient = [f"{x:.6f}" for x in scan.geometry.index_to_world((k, 0, 0))]
        file.ImageOrientationPatient = [f"{x:.6f}" for x in (*directions[2], *directions[1])]
        file.PixelSpacing = [f"{x:.6f}" for x in in_plane]
        file.SliceThickness = f"{thickness:.6f}"
        file.Rows, file.Columns = scan.array.shape[1:]
        file.SamplesPerPixel, file.PhotometricInterpretation = 1, "MONOCHROME2"
        file.BitsAllocated, file.BitsStored, file.HighBit = 16, 16, 15
        file.PixelRepresentation = 1
        file.RescaleIntercept, file.RescaleSlope, file.RescaleType = "-1024", "1", "HU"
        stored = (scan.array[k].astype(np.int32) + 1024).astype("<i2")
        file.PixelData = stored.tobytes()
        file.save_as(path, enforce_file_format=True)
