"""Samples of both kinds with every field filled."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from medvlp.geometry import Geometry
from medvlp_training.samples.sample import (
    ABSENT,
    PRESENT,
    UNCERTAIN,
    Box,
    Entity,
    ImageTextSample,
    OrganStatement,
)

MakeSample = Callable[..., ImageTextSample]


def _ct(number: int) -> ImageTextSample:
    rng = np.random.default_rng(number)
    image = rng.integers(-1024, 1500, (5, 7, 6)).astype(np.int16)
    organs = np.zeros(image.shape, np.uint8)
    organs[1:3, 2:5, 1:4] = 5
    lesion = rng.random(image.shape) < 0.2
    return ImageTextSample(
        identity=f"ct-{number}",
        patient=f"patient-{number}",
        modality="CT",
        image=image,
        affine=np.array(Geometry.axial(image.shape, (3.0, 0.7, 0.8), (1.0, -2.0, 5.0)).affine),
        sentences=("A cyst of the left kidney – 12 mm.", "No pleural effusion."),
        labels={"renal_cyst": PRESENT, "pleural_effusion": ABSENT, "ascites": UNCERTAIN},
        organs=organs,
        organ_names={5: "liver"},
        lesions={"renal_cyst": lesion},
        boxes=(Box("renal_cyst", (0, 1, 2), (3, 4, 5), "A cyst."),),
        entities=(Entity(1, 3, 19, "pleural_effusion", ABSENT),),
        statements=(OrganStatement("kidney_left", "A cyst of the left kidney", True),),
        source="made",
    )


def _xr(number: int) -> ImageTextSample:
    rng = np.random.default_rng(number)
    return ImageTextSample(
        identity=f"xr-{number}",
        patient=f"patient-{number}",
        modality="XR",
        image=rng.integers(0, 255, (9, 8)).astype(np.uint8),
        labels={"pneumothorax": PRESENT},
        source="made/PA",
    )


@pytest.fixture
def make_sample() -> MakeSample:
    """``make_sample("CT" or "XR", number, **changes)``."""

    def make(modality: str = "XR", number: int = 0, **changes: Any) -> ImageTextSample:
        return replace(_ct(number) if modality == "CT" else _xr(number), **changes)

    return make


class Files:
    """Writers of the small files that fixtures of collections are made of."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def text(self, path: str, content: str) -> Path:
        """A text file; gzip-compressed if the name says so."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        data = content.encode()
        target.write_bytes(gzip.compress(data) if path.endswith(".gz") else data)
        return target

    def picture(self, path: str, array: np.ndarray | None = None) -> Path:
        """PNG or JPEG."""
        from PIL import Image

        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(gradient() if array is None else array).save(target)
        return target

    def radiograph(self, path: str, array: np.ndarray | None = None, **tags: Any) -> Path:
        """DICOM radiograph of 8 bits, MONOCHROME2 unless ``tags`` say otherwise."""
        from pydicom.dataset import Dataset, FileMetaDataset
        from pydicom.uid import (
            ComputedRadiographyImageStorage,
            ExplicitVRLittleEndian,
            generate_uid,
        )

        array = gradient() if array is None else array
        ds = Dataset()
        ds.file_meta = FileMetaDataset()
        ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        ds.SOPClassUID = ds.file_meta.MediaStorageSOPClassUID = ComputedRadiographyImageStorage
        ds.SOPInstanceUID = ds.file_meta.MediaStorageSOPInstanceUID = generate_uid()
        ds.SeriesInstanceUID, ds.StudyInstanceUID = generate_uid(), generate_uid()
        ds.Modality, ds.BodyPartExamined, ds.ViewPosition = "CR", "CHEST", "PA"
        ds.PatientID = "somebody"
        ds.Rows, ds.Columns = array.shape
        ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, "MONOCHROME2"
        ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation = 8, 8, 7, 0
        data = array.astype(np.uint8).tobytes()
        ds.PixelData = data + b"\0" * (len(data) % 2)
        for keyword, value in tags.items():
            setattr(ds, keyword, value)
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        ds.save_as(target, enforce_file_format=True)
        return target

    def nifti(self, path: str, array: np.ndarray) -> Path:
        """NIfTI of an array ``(slices, rows, columns)`` with voxels of 2 x 1 x 1 mm."""
        import nibabel as nib

        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        affine = np.diag([-1.0, -1.0, 2.0, 1.0])  # RAS world: columns to the left, rows to the back
        nib.save(nib.Nifti1Image(np.ascontiguousarray(array.transpose(2, 1, 0)), affine), target)
        return target


def gradient(rows: int = 12, columns: int = 10) -> np.ndarray:
    """No two pixels of a row or a column are alike."""
    return (20 * np.arange(rows)[:, None] + np.arange(columns)).astype(np.uint8)


def ct_volume() -> np.ndarray:
    """A body of fat and water in air, int16 HU ``(6, 8, 7)``."""
    volume = np.full((6, 8, 7), -1000, np.int16)
    volume[:, 2:7, 1:6] = -90
    volume[:, 3:6, 2:5] = 40
    return volume


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """Writers below the test's own folder."""
    return Files(tmp_path)


@pytest.fixture
def pixels() -> np.ndarray:
    """What :meth:`Files.picture` writes where it is given nothing."""
    return gradient()


@pytest.fixture
def hu() -> np.ndarray:
    """A small CT."""
    return ct_volume()
