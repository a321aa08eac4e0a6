"""VinDr-CXR 1.0.0.

Layout: https://physionet.org/content/vindr-cxr/1.0.0/ (``annotations/image_labels_train.csv`` with
one row for each of three radiologists, ``annotations/image_labels_test.csv`` with their consensus,
the boxes in ``annotations/annotations_*.csv``). The parts are divided as the collection divides
them, validation images are taken from its training part by hash. Patients are not published; each
image is taken for a patient of its own.

Training labels: present if at least two of the radiologists say so, uncertain if one does (the
collection does not say how to join them). Boxes are kept from every radiologist.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from medvlp_training.samples.errors import SampleError
from medvlp_training.samples.images import Picture, read_radiograph
from medvlp_training.samples.label_set import load_label_set, parse_label
from medvlp_training.samples.layout import Layout
from medvlp_training.samples.readers.reader import existing, samples_of
from medvlp_training.samples.sample import ABSENT, PRESENT, UNCERTAIN, Box, ImageTextSample
from medvlp_training.samples.skips import Skips
from medvlp_training.samples.splits import train_or_val

LAYOUT = Layout(
    "VinDr-CXR",
    """\
  train/<image_id>.dicom, test/<image_id>.dicom
  annotations/image_labels_train.csv   image_id, rad_id, Aortic enlargement, ..., No finding
  annotations/image_labels_test.csv    image_id, Aortic enlargement, ..., No finding
  annotations/annotations_train.csv, annotations/annotations_test.csv
                                       image_id, class_name, x_min, y_min, x_max, y_max""",
    "https://physionet.org/content/vindr-cxr/1.0.0/",
)
PARTS = ("train", "test")
# The last class has another name in each part.
_LABELS = tuple(
    label
    for label in load_label_set("vindr_cxr").concepts
    if label not in ("Other disease", "Other diseases")
)
_Rows = list[dict[str, str]]


def read(root: Path, skips: Skips) -> Iterator[ImageTextSample]:
    """Images with labels and boxes."""
    return samples_of(
        chain.from_iterable([_items(root, part) for part in PARTS]),
        lambda item: _sample(root, *item),
        skips,
    )


def _items(root: Path, part: str) -> Iterator[tuple[str, tuple[str, str, _Rows, _Rows]]]:
    LAYOUT.find(root, part)
    table = LAYOUT.find(root, f"annotations/image_labels_{part}.csv")
    boxes: dict[str, _Rows] = defaultdict(list)
    box_table = LAYOUT.find(root, f"annotations/annotations_{part}.csv")
    for _, row in LAYOUT.rows(
        box_table, ("image_id", "class_name", "x_min", "y_min", "x_max", "y_max")
    ):
        boxes[row["image_id"]].append(row)
    readings: dict[str, _Rows] = defaultdict(list)
    first: dict[str, int] = {}
    for number, row in LAYOUT.rows(table, ("image_id", *_LABELS)):
        readings[row["image_id"]].append(row)
        first.setdefault(row["image_id"], number)
    return (
        (f"{table.name}, row {first[image]}", (part, image, rows, boxes.get(image, [])))
        for image, rows in readings.items()
    )


def _sample(root: Path, part: str, image: str, readings: _Rows, boxes: _Rows) -> ImageTextSample:
    picture = read_radiograph(existing(root / part / f"{image}.dicom"))
    patient = f"vindr/{image}"
    return ImageTextSample(
        identity=patient,
        patient=patient,
        modality="XR",
        image=picture.image,
        affine=picture.affine,
        labels=load_label_set("vindr_cxr").read(_votes(readings)),
        boxes=tuple(chain.from_iterable(_box(picture, row) for row in boxes)),
        source=f"vindr-cxr/{part}",
        split="test" if part == "test" else train_or_val(patient),
    )


def _votes(readings: _Rows) -> dict[str, int]:
    """What the readings of an image say together of each label."""
    ayes: Counter[str] = Counter()
    for row in readings:
        for label in _LABELS:
            value = parse_label(row[label] or "0", label)
            if value == UNCERTAIN:
                raise SampleError(f"label {label!r}: -1 is out of range; expected 0 or 1.")
            ayes[label] += value
    enough = min(2, len(readings))
    return {
        label: PRESENT if ayes[label] >= enough else UNCERTAIN if ayes[label] else ABSENT
        for label in _LABELS
    }


def _box(picture: Picture, row: dict[str, str]) -> Iterator[Box]:
    """Boxes of a row: none for "No finding" and for classes that mean no concept."""
    if not row["x_min"].strip():
        return
    left, top, right, bottom = (float(row[key]) for key in ("x_min", "y_min", "x_max", "y_max"))
    for concept in load_label_set("vindr_cxr").concepts.get(row["class_name"], ()):
        yield picture.box(concept, left, top, right - left, bottom - top)
