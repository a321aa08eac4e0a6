"""The command line driven in-process, on a small CT whose answers are known beforehand."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nibabel
import numpy as np
import pytest

from medvlp.cli import main


@dataclass(frozen=True)
class Outcome:
    """What a user of the shell would see."""

    status: int
    out: str
    err: str

    @property
    def report(self) -> dict[str, Any]:
        """The one JSON object on stdout."""
        return json.loads(self.out)


CommandLine = Callable[..., Outcome]


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is read from, or written to, the folders of the person who runs the tests."""
    monkeypatch.setenv("MEDVLP_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("MEDVLP_MODELS", str(tmp_path / "models"))
    monkeypatch.delenv("MEDVLP_DEBUG", raising=False)


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    """A command sets up the log of its process; other tests share this one."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(False)


@pytest.fixture
def medvlp(
    fake_model: object, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> CommandLine:
    """``medvlp("ground", path, "liver")``: run one command; its built-in model is the fake one."""
    from medvlp.models import load

    real = load.load_model

    def load_model(name: str | Path | None = None, *, device: str = "auto") -> object:
        return fake_model if name is None else real(name, device=device)

    monkeypatch.setattr(load, "load_model", load_model)

    def run(*arguments: object) -> Outcome:
        capfd.readouterr()
        status = main([str(a) for a in arguments])
        return Outcome(status, *capfd.readouterr())

    return run


@pytest.fixture
def phantom() -> np.ndarray:
    """(32, 32, 32) HU in canonical order (to the head, back, left); cells of the fake model are 2.

    Air, in it soft tissue; in that a liver on the right, a kidney on the left, and both lungs.
    """
    array = np.full((32, 32, 32), -1000, dtype=np.int16)
    array[2:30, 6:26, 2:30] = -50
    array[4:12, 8:18, 4:14] = 60
    array[4:10, 16:22, 20:26] = 120
    array[16:28, 8:24, 4:14] = -800
    array[16:28, 8:24, 18:28] = -800
    return array


@pytest.fixture
def ct_file(phantom: np.ndarray, tmp_path: Path) -> Path:
    """The phantom as NIfTI, 4 x 3 x 3 mm, axes (column, row, slice) running left, back, head."""
    affine = np.diag([-3.0, -3.0, 4.0, 1.0])
    affine[:3, 3] = (40.0, 50.0, -700.0)
    image = nibabel.Nifti1Image(phantom.transpose(2, 1, 0), affine)
    image.header.set_xyzt_units("mm")
    nibabel.save(image, tmp_path / "scan.nii.gz")
    return tmp_path / "scan.nii.gz"


@pytest.fixture
def xray_file(tmp_path: Path) -> Path:
    """A grey picture, 64 x 64: dark lungs in brighter tissue."""
    from PIL import Image

    picture = np.full((64, 64), 150, dtype=np.uint8)
    picture[8:48, 8:26] = 50
    picture[8:48, 38:56] = 50
    picture[40:48, 38:56] = 240
    Image.fromarray(picture).save(tmp_path / "chest.png")
    return tmp_path / "chest.png"


@pytest.fixture
def write_series() -> Callable[..., None]:
    """``write_series(array, folder, number, uid)``: a DICOM CT series of an invented patient."""
    return _write_series


@pytest.fixture
def dicom_folder(phantom: np.ndarray, tmp_path: Path) -> Path:
    """The phantom as a DICOM CT series of an invented patient, slices 4 mm apart, shuffled names."""
    folder = tmp_path / "dicom"
    folder.mkdir()
    _write_series(phantom, folder)
    return folder


def _write_series(
    array: np.ndarray, folder: Path, number: int = 3, uid: str = "1.2.826.0.1.3680043.8.498.77"
) -> None:
    """Write (slices, rows, columns) HU as single-frame CT images."""
    from pydicom.dataset import Dataset, FileMetaDataset
    from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian

    for k, plane in enumerate(array):
        image = Dataset()
        image.SOPClassUID, image.SOPInstanceUID = CTImageStorage, f"{uid}.{k + 1}"
        image.StudyInstanceUID, image.SeriesInstanceUID = f"{uid}.1000", f"{uid}.2000"
        image.FrameOfReferenceUID = f"{uid}.3000"
        image.PatientName, image.PatientID = "Invented^Patient", "SECRET-4711"
        image.Modality, image.SeriesNumber, image.InstanceNumber = "CT", number, k + 1
        image.SeriesDescription = f"Phantom {number}"
        image.ImagePositionPatient = [-40.0, -50.0, -700.0 + 4.0 * k]
        image.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
        image.PixelSpacing, image.SliceThickness = [3.0, 3.0], 4.0
        image.Rows, image.Columns = plane.shape
        image.SamplesPerPixel, image.PhotometricInterpretation = 1, "MONOCHROME2"
        image.BitsAllocated, image.BitsStored, image.HighBit = 16, 16, 15
        image.PixelRepresentation, image.RescaleSlope, image.RescaleIntercept = 1, 1, 0
        image.RescaleType = "HU"
        image.PixelData = plane.astype("<i2").tobytes()
        image.file_meta = FileMetaDataset()
        image.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        name = f"{number}-{(7 * k) % len(array):03d}"
        image.save_as(folder / name, enforce_file_format=True)
