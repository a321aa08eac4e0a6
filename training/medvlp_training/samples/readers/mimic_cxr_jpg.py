"""MIMIC-CXR-JPG 2.0.0 and 2.1.0 with the reports of MIMIC-CXR.

Layout: https://physionet.org/content/mimic-cxr-jpg/2.1.0/ (images, labels, split) and
https://physionet.org/content/mimic-cxr/2.1.0/ (``mimic-cxr-reports.zip``). Patients are divided as
the collection divides them, except that patients of MS-CXR are test where its table lies beside:
its boxes are for evaluation.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
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
    "MIMIC-CXR-JPG",
    """\
  mimic-cxr-2.0.0-split.csv.gz      dicom_id, study_id, subject_id, split
  mimic-cxr-2.0.0-metadata.csv.gz   dicom_id, ViewPosition, ...
  mimic-cxr-2.0.0-chexpert.csv.gz   subject_id, study_id, Atelectasis, ..., Support Devices
  files/p10/p10000032/s50414267/<dicom_id>.jpg
  files/p10/p10000032/s50414267.txt   (of MIMIC-CXR; also under mimic-cxr-reports/)""",
    "https://physionet.org/content/mimic-cxr-jpg/2.1.0/",
)
MS_CXR_TABLES = ("MS_CXR_Local_Alignment*.csv", "*/MS_CXR_Local_Alignment*.csv")
_SPLITS: dict[str, Literal["train", "val", "test"]] = {
    "train": "train",
    "validate": "val",
    "test": "test",
}


@dataclass(frozen=True)
class _Tables:
    views: dict[str, str]
    labels: dict[str, dict[str, str]]
    evaluated: frozenset[str]


def read(root: Path, skips: Skips) -> Iterator[ImageTextSample]:
    """Images with their study's report and CheXpert labels."""
    split_table = _table(root, "split")
    rows = LAYOUT.rows(split_table, ("dicom_id", "study_id", "subject_id", "split"))
    tables = _Tables(
        {
            row["dicom_id"]: row["ViewPosition"]
            for _, row in LAYOUT.rows(_table(root, "metadata"), ("dicom_id", "ViewPosition"))
        },
        {
            row["study_id"]: row
            for _, row in LAYOUT.rows(
                _table(root, "chexpert"), ("study_id", *load_label_set("chexpert").concepts)
            )
        },
        _evaluated_patients(root),
    )
    LAYOUT.find(root, "files")
    items = ((f"{split_table.name}, row {number}", (number, row)) for number, row in rows)
    return samples_of(items, lambda item: _sample(root, *item, tables, skips), skips)


def patient_of(subject: str) -> str:
    """Patient of a subject id; the same in MS-CXR."""
    return f"mimic/{subject}"


def _table(root: Path, kind: str) -> Path:
    name = f"mimic-cxr-2.?.0-{kind}.csv"
    return LAYOUT.find(root, f"{name}.gz", name)


def _evaluated_patients(root: Path) -> frozenset[str]:
    """Subjects of MS-CXR, if its table is there."""
    table = LAYOUT.look_for(root, *MS_CXR_TABLES)
    if table is None:
        return frozenset()
    return frozenset(
        row["path"].split("/")[2].removeprefix("p") for _, row in LAYOUT.rows(table, ("path",))
    )


def _sample(
    root: Path, number: int, row: dict[str, str], tables: _Tables, skips: Skips
) -> ImageTextSample:
    subject, study, dicom = row["subject_id"], row["study_id"], row["dicom_id"]
    if row["split"] not in _SPLITS:
        raise SampleError(
            f"row {number}: split {row['split']!r}; expected one of {', '.join(_SPLITS)}."
        )
    folder = f"files/p{subject[:2]}/p{subject}/s{study}"
    picture = read_radiograph(existing(root / folder / f"{dicom}.jpg"))
    labels = load_label_set("chexpert").read_cells(tables.labels.get(study, {}))
    return ImageTextSample(
        identity=f"mimic/{dicom}",
        patient=patient_of(subject),
        modality="XR",
        image=picture.image,
        affine=picture.affine,
        **report_fields(_report(root, folder), "XR", labels, f"split table, row {number}", skips),
        source=f"mimic-cxr/{tables.views.get(dicom, '') or 'unknown'}",
        split="test" if subject in tables.evaluated else _SPLITS[row["split"]],
    )


def _report(root: Path, folder: str) -> str:
    for path in (root / f"{folder}.txt", root / "mimic-cxr-reports" / f"{folder}.txt"):
        if path.is_file():
            return path.read_text(encoding="utf-8", errors="replace")
    return ""
