"""CheXpert 1.0 (full or small), with the reports of CheXpert Plus where its table lies beside.

Layout: https://stanfordmlgroup.github.io/competitions/chexpert/ (``train.csv``, ``valid.csv``;
paths begin with the folder's own name), the test part of
https://github.com/rajpurkarlab/cheXpert-test-set-labels (``test_labels.csv``), and
https://github.com/Stanford-AIMI/chexpert-plus (``df_chexpert_plus_240401.csv``; findings and
impression by ``path_to_image``). Patients are divided as the collection divides them.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Literal

from medvlp_training.samples.errors import SampleError
from medvlp_training.samples.images import read_radiograph
from medvlp_training.samples.label_set import load_label_set
from medvlp_training.samples.layout import Layout
from medvlp_training.samples.readers.reader import existing, report_fields, samples_of
from medvlp_training.samples.sample import ImageTextSample
from medvlp_training.samples.skips import Skips

LAYOUT = Layout(
    "CheXpert",
    """\
  train.csv, valid.csv   Path, Sex, Age, Frontal/Lateral, AP/PA, No Finding, ..., Support Devices
  test_labels.csv        (if there) Path, No Finding, ...
  df_chexpert_plus_240401.csv   (if there) path_to_image, section_findings, section_impression, ...
  train/patient00001/study1/view1_frontal.jpg""",
    "https://stanfordmlgroup.github.io/competitions/chexpert/",
)
_PARTS: tuple[tuple[str, Literal["train", "val", "test"]], ...] = (
    ("train.csv", "train"),
    ("valid.csv", "val"),
    ("test_labels.csv", "test"),
)
_SECTIONS = ("section_findings", "section_impression")
_Item = tuple[str, dict[str, str], Literal["train", "val", "test"]]


def read(root: Path, skips: Skips) -> Iterator[ImageTextSample]:
    """Images with labels, and with reports where CheXpert Plus has them."""
    root = LAYOUT.find(root, "train.csv", "*/train.csv").parent
    LAYOUT.find(root, "valid.csv")
    columns = ("Path", *load_label_set("chexpert").concepts)
    parts = [
        _items(root / name, columns, split) for name, split in _PARTS if (root / name).is_file()
    ]
    reports = _reports(root)
    return samples_of(
        chain.from_iterable(parts), lambda item: _sample(root, *item, reports, skips), skips
    )


def _items(
    table: Path, columns: tuple[str, ...], split: Literal["train", "val", "test"]
) -> Iterator[tuple[str, _Item]]:
    rows = LAYOUT.rows(table, columns)
    return (
        (where, (where, row, split))
        for where, row in ((f"{table.name}, row {number}", row) for number, row in rows)
    )


def _reports(root: Path) -> dict[str, str] | None:
    """Path of an image, without its ending, to the report's text; None without CheXpert Plus."""
    table = LAYOUT.look_for(root, "df_chexpert_plus*.csv", "../df_chexpert_plus*.csv")
    if table is None:
        return None
    return {
        row["path_to_image"].rsplit(".", 1)[0]: "\n".join(
            f"{name.removeprefix('section_').upper()}: {row[name].strip()}"
            for name in _SECTIONS
            if row[name].strip()
        )
        for _, row in LAYOUT.rows(table, ("path_to_image", *_SECTIONS))
    }


def _sample(
    root: Path,
    where: str,
    row: dict[str, str],
    split: Literal["train", "val", "test"],
    reports: dict[str, str] | None,
    skips: Skips,
) -> ImageTextSample:
    parts = row["Path"].split("/")
    if len(parts) < 4:
        raise SampleError(f"{where}: Path {row['Path']!r}; expected .../patient/study/view.jpg")
    path = "/".join(parts[-4:])  # without the name of the folder, which differs between sizes
    picture = read_radiograph(existing(root / path))
    fields: dict[str, object] = {"labels": load_label_set("chexpert").read_cells(row)}
    if reports is not None:
        text = reports.get(path.rsplit(".", 1)[0], "")
        fields = report_fields(text, "XR", load_label_set("chexpert").read_cells(row), where, skips)
    view = row.get("AP/PA", "").strip() or row.get("Frontal/Lateral", "").strip()
    return ImageTextSample(
        identity=f"chexpert/{path.rsplit('.', 1)[0]}",
        patient=f"chexpert/{parts[-3]}",
        modality="XR",
        image=picture.image,
        affine=picture.affine,
        source=f"chexpert/{view or 'unknown'}",
        split=split,
        **fields,  # type: ignore[arg-type]
    )
