"""NIH ChestX-ray14.

Layout: https://nihcc.app.box.com/v/ChestXray-NIHCC (``Data_Entry_2017_v2020.csv``,
``BBox_List_2017.csv``, ``train_val_list.txt``, ``test_list.txt``, ``images_001`` to ``images_012``).
Patients are divided as the collection divides them; validation patients are taken from its
training list by hash.

The pixel spacing is that of the original film, carried over to the 1024-pixel picture.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from medvlp_training.samples.errors import MissingImageError, SampleError
from medvlp_training.samples.images import Picture, read_radiograph
from medvlp_training.samples.label_set import load_label_set
from medvlp_training.samples.layout import Layout
from medvlp_training.samples.readers.reader import samples_of
from medvlp_training.samples.sample import Box, ImageTextSample
from medvlp_training.samples.skips import Skips
from medvlp_training.samples.splits import train_or_val

LAYOUT = Layout(
    "NIH ChestX-ray14",
    """\
  Data_Entry_2017_v2020.csv   Image Index, Finding Labels, Follow-up #, Patient ID, ...,
                              View Position, OriginalImage[Width, Height],
                              OriginalImagePixelSpacing[x, y]
  train_val_list.txt, test_list.txt
  BBox_List_2017.csv          (if there) Image Index, Finding Label, Bbox [x, y, w, h]
  images_001/images/00000001_000.png   (or images/00000001_000.png)""",
    "https://nihcc.app.box.com/v/ChestXray-NIHCC",
)
# The header is written with brackets around groups of columns, which a CSV reader splits.
_WIDTH, _HEIGHT = "OriginalImage[Width", "Height]"
_SPACING_X, _SPACING_Y = "OriginalImagePixelSpacing[x", "y]"
_COLUMNS = (
    "Image Index", "Finding Labels", "Patient ID", "View Position", _WIDTH, _HEIGHT, _SPACING_X,
    _SPACING_Y,
)  # fmt: skip
_FOLDERS = ("images_*/images", "images_*", "images")
_BoxRow = tuple[str, float, float, float, float]


def read(root: Path, skips: Skips) -> Iterator[ImageTextSample]:
    """Images with text-mined labels, and boxes for some."""
    table = LAYOUT.find(root, "Data_Entry_2017_v2020.csv", "Data_Entry_2017*.csv")
    rows = LAYOUT.rows(table, _COLUMNS)
    LAYOUT.find(root, *_FOLDERS)
    test = _names(root, "test_list.txt")
    train = _names(root, "train_val_list.txt")
    images = {path.name: path for pattern in _FOLDERS for path in root.glob(f"{pattern}/*.png")}
    boxes = _boxes(root)

    def sample(row: dict[str, str]) -> ImageTextSample:
        name = row["Image Index"]
        if name not in test and name not in train:
            raise SampleError(f"{name} is neither in train_val_list.txt nor in test_list.txt.")
        if name not in images:
            raise MissingImageError(f"There is no {name} under {root}. Copy it.")
        return _sample(images[name], row, boxes.get(name, []), name in test)

    items = ((f"{table.name}, row {number}", row) for number, row in rows)
    return samples_of(items, sample, skips)


def patient_of(number: str) -> str:
    """Patient of a Patient ID, with or without leading zeros; the same in the RSNA challenge."""
    return f"nih/{int(number)}"


def _names(root: Path, name: str) -> frozenset[str]:
    return frozenset(LAYOUT.find(root, name).read_text(encoding="utf-8").split())


def _boxes(root: Path) -> dict[str, list[_BoxRow]]:
    table = LAYOUT.look_for(root, "BBox_List_2017.csv")
    found: dict[str, list[_BoxRow]] = {}
    if table is None:
        return found
    for _, row in LAYOUT.rows(table, ("Image Index", "Finding Label", "Bbox [x", "y", "w", "h]")):
        x, y, w, h = (float(row[key]) for key in ("Bbox [x", "y", "w", "h]"))
        found.setdefault(row["Image Index"], []).append((row["Finding Label"], x, y, w, h))
    return found


def _sample(
    path: Path, row: dict[str, str], boxes: list[_BoxRow], is_test: bool
) -> ImageTextSample:
    picture = read_radiograph(path)
    picture = picture.spaced(_spacing(row, picture.stored.shape))
    label_set = load_label_set("nih_chestxray14")
    patient = patient_of(row["Patient ID"])
    split: Literal["train", "val", "test"] = "test" if is_test else train_or_val(patient)
    return ImageTextSample(
        identity=f"nih/{path.stem}",
        patient=patient,
        modality="XR",
        image=picture.image,
        affine=picture.affine,
        labels=label_set.read_listed(row["Finding Labels"].split("|")),
        boxes=tuple(_box(picture, *box) for box in boxes),
        source=f"nih/{row['View Position'] or 'unknown'}",
        split=split,
    )


def _box(picture: Picture, label: str, x: float, y: float, width: float, height: float) -> Box:
    (concept,) = load_label_set("nih_chestxray14").concepts[label]
    return picture.box(concept, x, y, width, height)


def _spacing(row: dict[str, str], shape: tuple[int, ...]) -> tuple[float, float] | None:
    """Between rows and between columns of the picture; None where the table has none."""
    try:
        height, width = float(row[_HEIGHT]), float(row[_WIDTH])
        vertical, horizontal = float(row[_SPACING_Y]), float(row[_SPACING_X])
    except ValueError:
        return None
    spacing = (vertical * height / shape[0], horizontal * width / shape[1])
    return spacing if min(spacing) > 0 else None
