"""Scans without symmetry, and heatmaps with one hot spot at a known place in the patient."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from medvlp.geometry import Geometry
from medvlp.grounding.heatmap import Heatmap
from medvlp.grounding.query import parse_query
from medvlp.scan import Scan

if TYPE_CHECKING:
    from pydicom.dataset import Dataset


def rotation(degrees_x: float, degrees_z: float) -> np.ndarray:
    x, z = np.radians([degrees_x, degrees_z])
    about_x = np.array([[1, 0, 0], [0, np.cos(x), -np.sin(x)], [0, np.sin(x), np.cos(x)]])
    about_z = np.array([[np.cos(z), -np.sin(z), 0], [np.sin(z), np.cos(z), 0], [0, 0, 1]])
    return about_z @ about_x


@pytest.fixture
def axial_ct() -> Scan:
    """(slices, rows, columns) run to the head, the back, the left. Values grow toward the left most,
    then the back, then the head: no two corners are alike."""
    shape = (20, 24, 28)
    k, r, c = np.indices(shape)
    array = (-150 + 2 * k + 4 * r + 6 * c).astype(np.int16)
    return Scan(array, Geometry.axial(shape, (5.0, 2.0, 2.0), (-30.0, 12.0, -400.0)), "CT", "HU")


@pytest.fixture
def oblique_ct() -> Scan:
    shape = (18, 22, 26)
    affine = np.eye(4)
    affine[:3, :3] = rotation(17.0, -9.0) @ np.array(
        [[0, 0, 1.5], [0, 1.25, 0], [3.0, 0, 0]], dtype=float
    )
    affine[:3, 3] = (-61.5, 22.25, 311.125)
    array = np.zeros(shape, dtype=np.int16)
    return Scan(array, Geometry(shape, affine), "CT", "HU")


@pytest.fixture
def xray() -> Scan:
    """A chest as it is hung, bright toward the patient's left and the feet; spacing unknown."""
    r, c = np.indices((60, 50))
    array = ((r + 2 * c) / 160).astype(np.float32)
    return Scan(array, Geometry.radiograph((60, 50)), "XR", "normalised")


@pytest.fixture
def hot_spot() -> Callable[..., Heatmap]:
    """``hot_spot(scan, index)``: heat that falls off around a scan index, on cells of 2 voxels."""

    def make(
        scan: Scan, index: tuple[int, ...], query: str = "lung mass", sure: bool = True
    ) -> Heatmap:
        shape = tuple(-(-n // 2) for n in scan.array.shape)
        grid = scan.geometry.with_cells(shape, (2.0,) * len(shape), (0.0,) * len(shape))
        cells = np.moveaxis(np.indices(shape), 0, -1)
        away = grid.index_to_world(cells) - scan.geometry.index_to_world(index)
        reach = 4.0 * min(scan.geometry.spacing)
        heat = np.exp(-0.5 * np.sum(away**2, axis=-1) / reach**2).astype(np.float32)
        return Heatmap(
            query=parse_query(query),
            values=heat if sure else np.zeros_like(heat),
            geometry=grid,
            scan_geometry=scan.geometry,
            probability=0.8 if sure else None,
            abstained=not sure,
            reason="" if sure else "The scan is outside what this model was trained on.",
        )

    return make


SECRETS = {
    "PatientName": "Invented^Patient",
    "PatientID": "SECRET-4711",
    "PatientBirthDate": "19500102",
    "PatientSex": "O",
    "AccessionNumber": "ACC-815",
    "StudyID": "STUDY-9",
    "StudyDate": "20240102",
    "StudyTime": "101112",
}
ROOT = "1.2.826.0.1.3680043.8.498.77"


@pytest.fixture
def dicom_ct(tmp_path: Path) -> Callable[..., Path]:
    """``dicom_ct(kind)``: folder of a CT of an invented patient, anisotropic, 14 x 24 x 28.

    "oblique" is turned about two axes; "reversed" has a normal toward the feet and files in the
    opposite order; "gapped" is oblique without two slices; "placeless" names no frame of reference.
    """

    def write(kind: str) -> Path:
        folder = tmp_path / kind
        folder.mkdir()
        turn = rotation(17.0, -9.0) if kind != "reversed" else np.eye(3)
        across, down = turn[:, 0], turn[:, 1] * (-1 if kind == "reversed" else 1)
        normal = np.cross(across, down)
        first = np.array([-20.5, 13.25, 311.125])
        kept = [k for k in range(14) if not (kind == "gapped" and k in (8, 9))]
        for k in kept:
            image = _dicom_image("CT", 14 - k if kind == "reversed" else k + 1, (24, 28))
            image.ImagePositionPatient = [round(float(x), 6) for x in first + 3.0 * k * normal]
            image.ImageOrientationPatient = [round(float(x), 9) for x in (*across, *down)]
            image.PixelSpacing, image.SliceThickness = [1.25, 0.75], 3.0
            if kind != "placeless":
                image.FrameOfReferenceUID = f"{ROOT}.3000"
            image.RescaleSlope, image.RescaleIntercept, image.RescaleType = 1, 0, "HU"
            array = 10 * k + np.add.outer(np.arange(24), 2 * np.arange(28))
            _save(image, array, folder / f"{(5 * k) % 14:03d}.dcm")
        return folder

    return write


@pytest.fixture
def dicom_xray(tmp_path: Path) -> Path:
    """A radiograph of an invented patient, 60 x 50, without any place in the patient."""
    image = _dicom_image("DX", 1, (60, 50))
    image.PatientOrientation, image.ImagerPixelSpacing = ["L", "F"], [0.4, 0.3]
    _save(image, np.add.outer(np.arange(60), 3 * np.arange(50)), tmp_path / "chest.dcm")
    return tmp_path / "chest.dcm"


@pytest.fixture
def check_identifiers() -> Callable[[Path, Dataset], None]:
    """Patient and study of a written object are its source's; nothing else of it, nor of this
    machine and its user, is in the file."""
    return _check_identifiers


def _check_identifiers(path: Path, source: Dataset) -> None:
    import getpass
    import socket

    from pydicom import dcmread

    written = dcmread(path)
    for keyword, value in SECRETS.items():
        assert str(written[keyword].value) == value
    assert written.StudyInstanceUID == source.StudyInstanceUID
    assert written.SeriesInstanceUID != source.SeriesInstanceUID
    content = path.read_bytes()
    assert b"Not for clinical decisions" in content
    for secret in (b"Secret Hospital", b"Secret^Operator", str(path.parent).encode()):
        assert secret not in content
    for name in (socket.gethostname(), getpass.getuser()):
        assert len(name) < 5 or name.encode() not in content


def _dicom_image(modality: str, number: int, shape: tuple[int, int]) -> Dataset:
    from pydicom.dataset import Dataset
    from pydicom.uid import CTImageStorage, DigitalXRayImageStorageForPresentation

    image = Dataset()
    is_ct = modality == "CT"
    image.SOPClassUID = CTImageStorage if is_ct else DigitalXRayImageStorageForPresentation
    image.SOPInstanceUID = f"{ROOT}.{number}"
    image.StudyInstanceUID, image.SeriesInstanceUID = f"{ROOT}.1000", f"{ROOT}.2000"
    for keyword, value in SECRETS.items():
        setattr(image, keyword, value)
    image.InstitutionName, image.OperatorsName = "Secret Hospital", "Secret^Operator"
    image.Modality, image.SeriesNumber, image.InstanceNumber = modality, 3, number
    image.Rows, image.Columns = shape
    image.SamplesPerPixel, image.PhotometricInterpretation = 1, "MONOCHROME2"
    image.BitsAllocated, image.BitsStored, image.HighBit = 16, 16, 15
    image.PixelRepresentation = 1 if is_ct else 0
    return image


def _save(image: Dataset, array: np.ndarray, path: Path) -> None:
    from pydicom.dataset import FileMetaDataset
    from pydicom.uid import ExplicitVRLittleEndian

    image.PixelData = array.astype("<i2").tobytes()
    image.file_meta = FileMetaDataset()
    image.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    image.save_as(path, enforce_file_format=True)
