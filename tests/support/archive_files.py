"""What the archives of the tests keep: a CT series, and whole files found by their attributes."""

from __future__ import annotations

from collections.abc import Callable
from fnmatch import fnmatchcase
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian

ROOT_UID = "1.2.826.0.1.3680043.8.498.55"
STUDY, SERIES = f"{ROOT_UID}.1", f"{ROOT_UID}.1.2"
NAME, PATIENT_ID = "Invented^Otto", "SECRET-4711"
STUDY_KEYS = ("PatientID", "PatientName", "AccessionNumber", "StudyDate", "StudyDescription")
LEVELS = {"STUDY": "StudyInstanceUID", "SERIES": "SeriesInstanceUID", "IMAGE": "SOPInstanceUID"}


def volume(slices: int = 5, rows: int = 12, columns: int = 16) -> np.ndarray:
    """HU, different under every flip, transposition and change of order."""
    array = np.full((slices, rows, columns), -1000, dtype=np.int16)
    array[:, 2:, 3:] = -60
    for k in range(slices):
        array[k, 2 + k : 5 + k, 4:9] = 40 + 11 * k
    array[-1, 8:, 11:] = 900
    return array


def ct_images(
    array: np.ndarray,
    *,
    study: str = STUDY,
    series: str = SERIES,
    number: int = 4,
    description: str = "Thorax 1.5 B60f",
    date: str = "20260214",
) -> list[Dataset]:
    """A CT series of an invented patient, turned about its axis, slices 2.5 mm apart."""
    images = []
    normal = np.cross([0.8, 0.6, 0.0], [-0.6, 0.8, 0.0])
    for k, plane in enumerate(array):
        image = Dataset()
        image.SOPClassUID, image.SOPInstanceUID = CTImageStorage, f"{series}.{k + 1}"
        image.StudyInstanceUID, image.SeriesInstanceUID = study, series
        image.FrameOfReferenceUID = f"{study}.9"
        image.PatientName, image.PatientID, image.PatientBirthDate = NAME, PATIENT_ID, "19500101"
        image.AccessionNumber, image.StudyID = "ACC123", "7"
        image.StudyDate, image.StudyTime = date, "101500"
        image.StudyDescription = "CT Chest"
        image.Modality, image.SeriesNumber, image.InstanceNumber = "CT", number, k + 1
        image.SeriesDescription = description
        image.ImagePositionPatient = [float(v) for v in (-80.0, -70.0, -300.0) + 2.5 * k * normal]
        image.ImageOrientationPatient = [0.8, 0.6, 0, -0.6, 0.8, 0]
        image.PixelSpacing, image.SliceThickness = [0.75, 0.9], 2.5
        image.Rows, image.Columns = plane.shape
        image.SamplesPerPixel, image.PhotometricInterpretation = 1, "MONOCHROME2"
        image.BitsAllocated, image.BitsStored, image.HighBit = 16, 12, 11
        image.PixelRepresentation, image.RescaleSlope, image.RescaleIntercept = 0, 1, -1024
        image.RescaleType = "HU"
        image.PixelData = (plane.astype(np.int32) + 1024).astype("<u2").tobytes()
        image.file_meta = FileMetaDataset()
        image.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        images.append(image)
    return images


def file_bytes(image: Dataset) -> bytes:
    """A whole file."""
    file = BytesIO()
    image.save_as(file, enforce_file_format=True)
    return file.getvalue()


def write_files(images: list[Dataset], folder: Path) -> list[Path]:
    """One file each, named by number."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{number:03d}.dcm" for number in range(len(images))]
    for path, image in zip(paths, images, strict=True):
        path.write_bytes(file_bytes(image))
    return paths


class Archive:
    """What both kinds keep, and how they can be told to misbehave.

    Attributes
    ----------
    files
        SOP Instance UID to whole file.
    delivered
        UIDs of the images that were sent out, in order.
    rewrite
        What is done to a file before it is sent out.
    before_sending
        Called before every image that is sent out.
    """

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.delivered: list[str] = []
        self.rewrite: Callable[[bytes], bytes] = lambda data: data
        self.before_sending: Callable[[], None] = lambda: None

    def add(self, images: list[Dataset]) -> None:
        """Put images into the archive."""
        self.files |= {str(image.SOPInstanceUID): file_bytes(image) for image in images}

    def datasets(self) -> list[Dataset]:
        """What is in the archive, in the order in which it came."""
        return [pydicom.dcmread(BytesIO(data)) for data in self.files.values()]

    def select(self, keys: dict[str, Any]) -> list[Dataset]:
        """Images that match UIDs, and the keys of a study."""
        chosen = []
        for image in self.datasets():
            uids = {k: keys.get(k) for k in LEVELS.values() if keys.get(k)}
            wanted = {k: [v] if isinstance(v, str) else list(v) for k, v in uids.items()}
            if all(str(image.get(k)) in v for k, v in wanted.items()) and _matches(image, keys):
                chosen.append(image)
        return chosen

    def answers(self, level: str, keys: dict[str, Any]) -> list[Dataset]:
        """One answer for every study, series or image."""
        groups: dict[str, list[Dataset]] = {}
        for image in self.select(keys):
            groups.setdefault(str(image.get(LEVELS[level])), []).append(image)
        return [_answer(level, group) for group in groups.values()]


def _matches(image: Dataset, keys: dict[str, Any]) -> bool:
    for keyword in STUDY_KEYS:
        asked = str(keys.get(keyword) or "")
        value = str(image.get(keyword, ""))
        if asked and keyword == "StudyDate" and "-" in asked:
            first, _, last = asked.partition("-")
            if not (first or "0") <= value <= (last or "9"):
                return False
        elif asked and not fnmatchcase(value, asked):
            return False
    asked = str(keys.get("ModalitiesInStudy") or "")
    return not asked or image.Modality == asked


def _answer(level: str, images: list[Dataset]) -> Dataset:
    answer = Dataset()
    answer.QueryRetrieveLevel = level
    first = images[0]
    answer.StudyInstanceUID = first.StudyInstanceUID
    if level == "STUDY":
        for keyword in STUDY_KEYS:
            setattr(answer, keyword, first.get(keyword))
        answer.ModalitiesInStudy = sorted({image.Modality for image in images})
        answer.NumberOfStudyRelatedSeries = len({image.SeriesInstanceUID for image in images})
        answer.NumberOfStudyRelatedInstances = len(images)
    else:
        answer.SeriesInstanceUID = first.SeriesInstanceUID
    if level == "SERIES":
        answer.Modality, answer.SeriesNumber = first.Modality, first.SeriesNumber
        answer.SeriesDescription = first.SeriesDescription
        answer.NumberOfSeriesRelatedInstances = len(images)
    if level == "IMAGE":
        answer.SOPInstanceUID, answer.SOPClassUID = first.SOPInstanceUID, first.SOPClassUID
    return answer
