"""SIIM-ACR Pneumothorax Segmentation.

Layout: https://www.kaggle.com/c/siim-acr-pneumothorax-segmentation/data (``train-rle.csv`` with one
row for each annotation; ``dicom-images-train/<study>/<series>/<ImageId>.dcm``). There is no official
division of the labelled part: patients, as the DICOM headers name them, are divided by hash.

The run-length code is relative: pairs of a gap since the end of the last run and a run's length,
column by column; -1 where there is no pneumothorax.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from medvlp_training.samples.errors import MissingImageError, SampleError
from medvlp_training.samples.images import read_radiograph
from medvlp_training.samples.layout import Layout, Row
from medvlp_training.samples.readers.reader import samples_of
from medvlp_training.samples.sample import ABSENT, PRESENT, ImageTextSample
from medvlp_training.samples.skips import Skips

LAYOUT = Layout(
    "SIIM-ACR Pneumothorax Segmentation",
    """\
  train-rle.csv   (or stage_2_train.csv) ImageId, EncodedPixels
  dicom-images-train/<study>/<series>/<ImageId>.dcm""",
    "https://www.kaggle.com/c/siim-acr-pneumothorax-segmentation/data",
)
_FINDING = "pneumothorax"


def read(root: Path, skips: Skips) -> Iterator[ImageTextSample]:
    """Images with the mask of their pneumothorax, or with none."""
    table = LAYOUT.find(root, "train-rle.csv", "stage_2_train.csv")
    folder = LAYOUT.find(root, "dicom-images-train")
    images: dict[str, list[Row]] = defaultdict(list)
    for number, row in LAYOUT.rows(table, ("ImageId", "EncodedPixels")):
        images[row["ImageId"]].append((number, row))
    files = {path.stem: path for path in folder.rglob("*.dcm")}

    def sample(image: str) -> ImageTextSample:
        if image not in files:
            raise MissingImageError(f"There is no {image}.dcm under {folder}. Copy it.")
        return _sample(files[image], [row["EncodedPixels"] for _, row in images[image]])

    items = ((f"{table.name}, row {rows[0][0]}", image) for image, rows in images.items())
    return samples_of(items, sample, skips)


def decode_runs(code: str, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Mask ``(rows, columns)`` of a relative, column-wise run-length code.

    Raises
    ------
    SampleError
        If the code is damaged or leaves the image.
    """
    flat = np.zeros(shape[0] * shape[1], dtype=np.bool_)
    try:
        numbers = np.array(code.split(), dtype=np.int64).reshape(-1, 2)
    except ValueError:
        raise SampleError(
            f"EncodedPixels {code[:40]!r}; expected pairs of a gap and a length, or -1."
        ) from None
    end = 0
    for gap, length in numbers:
        start, end = end + int(gap), end + int(gap) + int(length)
        if gap < 0 or length < 0 or end > flat.size:
            raise SampleError(
                f"EncodedPixels: a run from {start} to {end} leaves the image of {shape[0]} x "
                f"{shape[1]} pixels."
            )
        flat[start:end] = True
    return flat.reshape(shape[1], shape[0]).T


def _sample(path: Path, codes: list[str]) -> ImageTextSample:
    picture = read_radiograph(path)
    runs = [code.strip() for code in codes if code.strip() != "-1"]
    lesions = {}
    if runs:
        drawn = np.logical_or.reduce([decode_runs(run, picture.stored.shape) for run in runs])
        lesions = {_FINDING: picture.mask(drawn)}
    return ImageTextSample(
        identity=f"siim/{path.stem}",
        patient=f"siim/{_patient(path)}",
        modality="XR",
        image=picture.image,
        affine=picture.affine,
        labels={_FINDING: PRESENT if runs else ABSENT},
        lesions=lesions,
        source="siim-pneumothorax",
    )


def _patient(path: Path) -> str:
    """Patient of the header; the study where it names none."""
    from pydicom import dcmread

    header = dcmread(path, stop_before_pixels=True, specific_tags=["PatientID"])
    return str(header.get("PatientID", "") or path.parts[-3])
