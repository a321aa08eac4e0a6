"""MS-CXR 0.1 to 1.1.0: phrases and boxes on images of MIMIC-CXR-JPG.

Layout: https://physionet.org/content/ms-cxr/1.1.0/ (``MS_CXR_Local_Alignment_v1.1.0.csv``; one row
for each box, in pixels of the JPEG). Every sample is test, whatever the table's own ``split`` says:
the collection is what phrase grounding is measured on, and its training part holds patients of
MIMIC-CXR's test part.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from medvlp_training.samples.errors import SampleError
from medvlp_training.samples.images import Picture, read_radiograph
from medvlp_training.samples.label_set import load_label_set
from medvlp_training.samples.layout import Layout, Row
from medvlp_training.samples.readers.mimic_cxr_jpg import MS_CXR_TABLES, patient_of
from medvlp_training.samples.readers.reader import existing, samples_of
from medvlp_training.samples.sample import Box, ImageTextSample
from medvlp_training.samples.skips import Skips

LAYOUT = Layout(
    "MS-CXR",
    """\
  MS_CXR_Local_Alignment_v1.1.0.csv   category_name, label_text, path, x, y, w, h, dicom_id,
                                      image_width, image_height
  files/p10/p10000032/s50414267/<dicom_id>.jpg   (of MIMIC-CXR-JPG)""",
    "https://physionet.org/content/ms-cxr/1.1.0/",
)
_COLUMNS = (
    "category_name", "label_text", "path", "x", "y", "w", "h", "dicom_id", "image_width",
    "image_height",
)  # fmt: skip


def read(root: Path, skips: Skips) -> Iterator[ImageTextSample]:
    """Images with their phrases as sentences and a box for each region of a phrase."""
    table = LAYOUT.find(root, *MS_CXR_TABLES)
    LAYOUT.find(root, "files")
    images: dict[str, list[Row]] = {}
    for number, row in LAYOUT.rows(table, _COLUMNS):
        images.setdefault(row["dicom_id"], []).append((number, row))
    items = ((f"{table.name}, row {rows[0][0]}", rows) for rows in images.values())
    return samples_of(items, lambda rows: _sample(root, rows), skips)


def _sample(root: Path, rows: list[Row]) -> ImageTextSample:
    first = rows[0][1]
    parts = first["path"].split("/")
    if len(parts) != 5:
        raise SampleError(
            f"row {rows[0][0]}: path {first['path']!r}; expected files/p../p../s../.."
        )
    picture = read_radiograph(existing(root / first["path"]))
    concepts = load_label_set("chexpert")
    return ImageTextSample(
        identity=f"ms-cxr/{first['dicom_id']}",
        patient=patient_of(parts[2].removeprefix("p")),
        modality="XR",
        image=picture.image,
        affine=picture.affine,
        sentences=tuple(dict.fromkeys(row["label_text"].strip() for _, row in rows)),
        labels=concepts.read_listed(row["category_name"] for _, row in rows),
        boxes=tuple(_box(picture, number, row) for number, row in rows),
        source="ms-cxr",
        split="test",
    )


def _box(picture: Picture, number: int, row: dict[str, str]) -> Box:
    rows, columns = picture.stored.shape
    if (int(float(row["image_height"])), int(float(row["image_width"]))) != (rows, columns):
        raise SampleError(
            f"row {number}: the box was drawn on an image of {row['image_width']} x "
            f"{row['image_height']} pixels; the JPEG has {columns} x {rows}. Use the JPEG of "
            "MIMIC-CXR-JPG in its own size."
        )
    x, y, width, height = (float(row[key]) for key in ("x", "y", "w", "h"))
    (concept,) = load_label_set("chexpert").concepts[row["category_name"]]
    return picture.box(concept, x, y, width, height, row["label_text"].strip())
