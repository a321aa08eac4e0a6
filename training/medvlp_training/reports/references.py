"""Reports whose labels somebody else gave: what the rules are developed on and measured against.

Three reports in five are for development, by a hash of their identity; the others are held out,
among them all that the text tower holds out (:data:`medvlp_training.text.reports.HELD_OUT_ONE_IN`).
"""

from __future__ import annotations

import csv
import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from medvlp.errors import MedVLPError
from medvlp_training.reports.label_sets import CHEXPERT, CT_RATE
from medvlp_training.samples.sample import ABSENT, PRESENT

CT_REPORTS = "text/ctclip_ct_reports_train.csv"
XRAY_REPORTS = "text/openi_reports.csv.gz"
CHEXPERT_SAMPLES = "text/lexicons/labeled_reports.csv"
_PARTS, _HELD_OUT_PARTS = 5, (0, 1)

MESH = {
    "No Finding": ("normal",),
    "Cardiomegaly": ("Cardiomegaly",),
    "Lung Lesion": ("Nodule", "Mass"),
    "Lung Opacity": ("Opacity", "Infiltrate", "Airspace Disease", "Markings"),
    "Edema": ("Pulmonary Edema", "Pulmonary Congestion", "Heart Failure"),
    "Consolidation": ("Consolidation",),
    "Pneumonia": ("Pneumonia",),
    "Atelectasis": ("Pulmonary Atelectasis",),
    "Pneumothorax": ("Pneumothorax", "Hydropneumothorax"),
    "Pleural Effusion": ("Pleural Effusion", "Hydropneumothorax"),
    "Fracture": ("Fractures, Bone",),
    "Support Devices": (
        "Catheters, Indwelling",
        "Implanted Medical Device",
        "Medical Device",
        "Surgical Instruments",
        "Spinal Fusion",
        "Stents",
        "Sutures",
        "Tube, Inserted",
    ),
}
"""CheXpert's labels to the headings under which OpenI's indexers filed a report.

They are no CheXpert labels: "Lung Opacity" and "Support Devices" in particular are wider there.
"""


@dataclass(frozen=True)
class LabelledReport:
    """A report and its reference: concept name to ``PRESENT``, ``ABSENT`` or ``UNCERTAIN``."""

    identity: str
    text: str
    labels: Mapping[str, int]

    @property
    def held_out(self) -> bool:
        """Whether the rules must not be developed on it: a fixed property of its identity."""
        digest = hashlib.sha256(self.identity.encode()).hexdigest()
        return int(digest, 16) % _PARTS in _HELD_OUT_PARTS


def read_ct_rate(data: Path) -> list[LabelledReport]:
    """CT reports with CT-RATE's 18 labels, which are a model's."""
    return [
        LabelledReport(
            row["AccessionNo"],
            row["report_text"],
            {concept: PRESENT if row[name] == "1" else ABSENT for name, concept in CT_RATE.items()},
        )
        for row in _rows(data / CT_REPORTS, ["AccessionNo", "report_text", *CT_RATE])
    ]


def read_openi(data: Path) -> list[LabelledReport]:
    """X-ray reports with the headings that OpenI's indexers gave them by hand (:data:`MESH`)."""
    reports = []
    for row in _rows(data / XRAY_REPORTS, ["uid", "findings", "impression", "mesh_major"]):
        headings = {heading.split("/")[0] for heading in row["mesh_major"].split(";")}
        labels = {
            CHEXPERT[name]: PRESENT if headings & set(wanted) else ABSENT
            for name, wanted in MESH.items()
        }
        text = f"FINDINGS: {row['findings']}\n\nIMPRESSION: {row['impression']}"
        reports.append(LabelledReport(row["uid"], text, labels))
    return reports


def read_chexpert_samples(data: Path) -> list[LabelledReport]:
    """The examples that the CheXpert labeler comes with; only what it labels has an entry."""
    return [
        LabelledReport(
            f"sample {number}",
            row["Reports"],
            {CHEXPERT[name]: int(float(row[name])) for name in CHEXPERT if row[name]},
        )
        for number, row in enumerate(_rows(data / CHEXPERT_SAMPLES, ["Reports", *CHEXPERT]), 1)
    ]


def _rows(path: Path, columns: list[str]) -> list[dict[str, str]]:
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rt", newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
    except OSError as error:
        raise MedVLPError(
            f"The report table {path} cannot be read ({error}); expected it under the folder that "
            "--data or MEDVLP_DATA names."
        ) from error
    missing = [column for column in columns if not rows or column not in rows[0]]
    if missing:
        raise MedVLPError(
            f"The report table {path} has no column {missing[0]!r}; expected {', '.join(columns)}."
        )
    return rows
