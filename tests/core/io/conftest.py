"""Writers of small DICOM objects from arrays, so that every test states what it puts in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

AXIAL = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)


@dataclass
class CTWriter:
    """Writes a volume of CT numbers ``(slices, rows, columns)`` as single-frame CT objects."""

    orientation: tuple[float, ...] = AXIAL
    origin: tuple[float, float, float] = (-40.0, -30.0, -120.0)
    pixel_spacing: tuple[float, float] = (0.8, 0.6)
    spacing: float = 2.5
    slope: float = 1.0
    intercept: float = -1024.0
    signed: bool = False
    syntax: str | None = None
    tags: dict[str, Any] = field(default_factory=dict)

    @property
    def normal(self) -> np.ndarray:
        return np.cross(self.orientation[:3], self.orientation[3:])

    def positions(self, n: int) -> np.ndarray:
        return np.asarray(self.origin) + np.outer(np.arange(n) * self.spacing, self.normal)

    def world(self, index: tuple[int, int, int]) -> np.ndarray:
        """LPS of a voxel of the volume as it is written."""
        k, row, column = index
        along_rows, along_columns = np.split(np.asarray(self.orientation), 2)
        return (
            self.positions(k + 1)[k]
            + row * self.pixel_spacing[0] * along_columns
            + column * self.pixel_spacing[1] * along_rows
        )

    def datasets(self, hu: np.ndarray, positions: np.ndarray | None = None) -> list[Any]:
        from pydicom.uid import generate_uid

        positions = self.positions(len(hu)) if positions is None else positions
        series, study = generate_uid(), generate_uid()
        return [
            self._dataset(hu[k], positions[k], k + 1, str(series), str(study))
            for k in range(len(hu))
        ]

    def _dataset(
        self, hu: np.ndarray, position: np.ndarray, number: int, series: str, study: str
    ) -> Any:
        from pydicom.dataset import Dataset, FileMetaDataset
        from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid

        stored = np.rint((hu.astype(np.float64) - self.intercept) / self.slope)
        ds = Dataset()
        ds.file_meta = FileMetaDataset()
        ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        ds.SOPClassUID = CTImageStorage
        ds.SOPInstanceUID = generate_uid()
        ds.file_meta.MediaStorageSOPClassUID = ds.SOPClassUID
        ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID
        ds.SeriesInstanceUID, ds.StudyInstanceUID = series, study
        ds.FrameOfReferenceUID = study
        ds.Modality = "CT"
        ds.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
        ds.PatientName, ds.PatientID = "Doe^Jane", "MRN12345"
        ds.SeriesNumber, ds.InstanceNumber = 3, number
        ds.SeriesDescription = "THORAX 2.5"
        ds.ImagePositionPatient = [round(float(v), 6) for v in position]
        ds.ImageOrientationPatient = [round(float(v), 10) for v in self.orientation]
        ds.PixelSpacing = list(self.pixel_spacing)
        ds.SliceThickness = 2.0
        ds.RescaleSlope, ds.RescaleIntercept = self.slope, self.intercept
        ds.RescaleType = "HU"
        ds.Rows, ds.Columns = hu.shape
        ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, "MONOCHROME2"
        ds.BitsAllocated, ds.BitsStored, ds.HighBit = 16, 16, 15
        ds.PixelRepresentation = int(self.signed)
        ds.PixelData = stored.astype("<i2" if self.signed else "<u2").tobytes()
        for keyword, value in self.tags.items():
            if value is None:
                if keyword in ds:
                    delattr(ds, keyword)
            else:
                setattr(ds, keyword, value)
        return ds

    def write(
        self, folder: Path, hu: np.ndarray, positions: np.ndarray | None = None
    ) -> list[Path]:
        return save(folder, self.datasets(hu, positions), self.syntax)


def save(folder: Path, datasets: list[Any], syntax: str | None = None) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number, ds in enumerate(datasets):
        if syntax is not None:
            ds.compress(syntax)
        path = folder / f"{number:04d}.dcm"
        ds.save_as(path, enforce_file_format=True)
        paths.append(path)
    return paths


@pytest.fixture
def ct_writer() -> Callable[..., CTWriter]:
    return CTWriter


@pytest.fixture
def save_datasets() -> Callable[..., list[Path]]:
    return save


@pytest.fixture
def body() -> np.ndarray:
    """CT numbers ``(7, 12, 10)``, different along every axis and for every voxel's neighbours."""
    rng = np.random.default_rng(7)
    k, row, column = np.meshgrid(np.arange(7), np.arange(12), np.arange(10), indexing="ij")
    smooth = -1000 + 90 * k + 37 * row + 11 * column
    return (smooth + rng.integers(-5, 6, smooth.shape)).astype(np.int16)


@pytest.fixture
def radiograph() -> Callable[..., Any]:
    """Data set of a 12 x 9 radiograph; keyword arguments set or (None) remove attributes."""

    def make(stored: np.ndarray | None = None, **tags: Any) -> Any:
        from pydicom.dataset import Dataset, FileMetaDataset
        from pydicom.uid import (
            ComputedRadiographyImageStorage,
            ExplicitVRLittleEndian,
            generate_uid,
        )

        pixels = np.arange(12 * 9).reshape(12, 9) * 30 if stored is None else stored
        ds = Dataset()
        ds.file_meta = FileMetaDataset()
        ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        ds.SOPClassUID, ds.SOPInstanceUID = ComputedRadiographyImageStorage, generate_uid()
        ds.SeriesInstanceUID, ds.StudyInstanceUID = generate_uid(), generate_uid()
        ds.Modality, ds.SeriesNumber = "CR", 1
        ds.PatientName, ds.PatientID = "Doe^Jane", "MRN12345"
        ds.PatientOrientation = ["L", "F"]
        ds.Rows, ds.Columns = pixels.shape
        ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, "MONOCHROME2"
        ds.BitsAllocated, ds.BitsStored, ds.HighBit = 16, 12, 11
        ds.PixelRepresentation = 0
        ds.PixelData = pixels.astype("<u2").tobytes()
        for keyword, value in tags.items():
            if value is None:
                if keyword in ds:
                    delattr(ds, keyword)
            else:
                setattr(ds, keyword, value)
        return ds

    return make


@pytest.fixture
def itk_series() -> Callable[[Path], tuple[np.ndarray, Callable[[Any], np.ndarray]]]:
    """SimpleITK's reading of a folder: the array, and (slice, row, column) to LPS."""

    def read(folder: Path) -> tuple[np.ndarray, Callable[[Any], np.ndarray]]:
        import SimpleITK as sitk

        reader = sitk.ImageSeriesReader()
        reader.SetFileNames(reader.GetGDCMSeriesFileNames(str(folder)))
        image = reader.Execute()

        def world(index: Any) -> np.ndarray:
            return np.array(
                image.TransformContinuousIndexToPhysicalPoint([float(i) for i in index[::-1]])
            )

        return sitk.GetArrayFromImage(image), world

    return read


@pytest.fixture
def recompress() -> Callable[[Path, Path, str], Path]:
    """``recompress(path, folder, name)``: the object in a transfer syntax by GDCM's name, in ``folder``."""
    import gdcm

    def write(path: Path, folder: Path, name: str) -> Path:
        reader = gdcm.ImageReader()
        reader.SetFileName(str(path))
        assert reader.Read()
        change = gdcm.ImageChangeTransferSyntax()
        change.SetTransferSyntax(gdcm.TransferSyntax(getattr(gdcm.TransferSyntax, name)))
        change.SetInput(reader.GetImage())
        assert change.Change()
        folder.mkdir(parents=True, exist_ok=True)
        writer = gdcm.ImageWriter()
        writer.SetFileName(str(folder / path.name))
        writer.SetFile(reader.GetFile())
        writer.SetImage(change.GetOutput())
        assert writer.Write()
        return folder / path.name

    return write
