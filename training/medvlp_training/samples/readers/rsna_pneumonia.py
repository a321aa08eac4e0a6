"""RSNA Pneumonia Detection Challenge, stage 2.

Layout: https://www.kaggle.com/c/rsna-pneumonia-detection-challenge/data
(``stage_2_train_labels.csv`` with a row for each box, ``stage_2_detailed_class_info.csv``,
``stage_2_train_images/<patientId>.dcm``) and, where it lies beside,
``pneumonia-challenge-dataset-mappings_2018.json`` of
https://www.rsna.org/rsnai/ai-image-challenge/rsna-pneumonia-detection-challenge-2018. ``patientId``
names an image; with the mapping the patient is that of NIH ChestX-ray14, and without it several
images of one person can count as several patients. There is no official division of the labelled
part: patients are divided by hash.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from medvlp_training.samples.images import Picture, read_radiograph
from medvlp_training.samples.label_set import load_label_set
from medvlp_training.samples.layout import Layout, Row
from medvlp_training.samples.readers.nih_chestxray14 import patient_of
from medvlp_training.samples.readers.reader import existing, samples_of
from medvlp_training.samples.sample import Box, ImageTextSample
from medvlp_training.samples.skips import Skips

LAYOUT = Layout(
    "the RSNA Pneumonia Detection Challenge",
    """\
  stage_2_train_labels.csv          patientId, x, y, width, height, Target
  stage_2_detailed_class_info.csv   patientId, class
  stage_2_train_images/<patientId>.dcm
  pneumonia-challenge-dataset-mappings_2018.json   (if there) subset_img_id, img_id, ...""",
    "https://www.kaggle.com/c/rsna-pneumonia-detection-challenge/data",
)
_OPACITY = "Lung Opacity"


def read(root: Path, skips: Skips) -> Iterator[ImageTextSample]:
    """Images with their class and boxes of opacities that are suspicious of pneumonia."""
    table = LAYOUT.find(root, "stage_2_train_labels.csv")
    LAYOUT.find(root, "stage_2_train_images")
    classes = {
        row["patientId"]: row["class"]
        for _, row in LAYOUT.rows(
            LAYOUT.find(root, "stage_2_detailed_class_info.csv"), ("patientId", "class")
        )
    }
    patients = _patients(root)
    images: dict[str, list[Row]] = defaultdict(list)
    columns = ("patientId", "x", "y", "width", "height", "Target")
    for number, row in LAYOUT.rows(table, columns):
        images[row["patientId"]].append((number, row))

    def sample(image: str) -> ImageTextSample:
        picture = read_radiograph(existing(root / "stage_2_train_images" / f"{image}.dcm"))
        rows = [row for _, row in images[image]]
        return _sample(picture, image, rows, classes.get(image, ""), patients.get(image))

    items = ((f"{table.name}, row {rows[0][0]}", image) for image, rows in images.items())
    return samples_of(items, sample, skips)


def _patients(root: Path) -> dict[str, str]:
    """Image to patient of NIH ChestX-ray14, whose image names are ``<patient>_<number>.png``."""
    path = LAYOUT.look_for(root, "pneumonia-challenge-dataset-mappings_2018.json")
    if path is None:
        return {}
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
        return {e["subset_img_id"]: patient_of(e["img_id"].split("_")[0]) for e in entries}
    except (ValueError, KeyError, TypeError) as error:
        raise LAYOUT.error(root, f"{path.name} is no list of image names ({error})") from None


def _sample(
    picture: Picture, image: str, rows: list[dict[str, str]], kind: str, patient: str | None
) -> ImageTextSample:
    label_set = load_label_set("rsna_pneumonia")
    kind = kind or (_OPACITY if any(row["Target"] == "1" for row in rows) else "")
    return ImageTextSample(
        identity=f"rsna/{image}",
        patient=patient or f"rsna/{image}",
        modality="XR",
        image=picture.image,
        affine=picture.affine,
        labels=label_set.read_listed([kind] if kind else []),
        boxes=tuple(_box(picture, row) for row in rows if row["Target"] == "1"),
        source="rsna-pneumonia",
    )


def _box(picture: Picture, row: dict[str, str]) -> Box:
    x, y, width, height = (float(row[key]) for key in ("x", "y", "width", "height"))
    return picture.box("pneumonia", x, y, width, height)
