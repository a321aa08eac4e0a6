"""Merlin Abdominal CT, or any folder of CT volumes with a table of reports in its form.

Layout: https://github.com/StanfordMIMI/Merlin/blob/main/documentation/download.md
(``merlin_data/<study id>.nii.gz``, ``reports_final.xlsx``, ``zero_shot_findings_disease_cls.csv`` with
1 present, 0 negated and -1 **not mentioned**). The spreadsheet is read with openpyxl where that is
installed; otherwise save it as ``reports_final.csv``. Studies are divided as the collection divides
them. Patients are not published; a column ``patient`` is used where there is one, and otherwise each
study is taken for a patient of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from medvlp_training.samples.errors import LayoutError, SampleError
from medvlp_training.samples.images import read_ct
from medvlp_training.samples.label_set import load_label_set
from medvlp_training.samples.layout import Layout, Row
from medvlp_training.samples.readers.reader import existing, report_fields, samples_of
from medvlp_training.samples.sample import ImageTextSample
from medvlp_training.samples.skips import Skips

LAYOUT = Layout(
    "Merlin",
    """\
  merlin_data/<study id>.nii.gz
  reports_final.xlsx, or the same saved as reports_final.csv   study id, Findings, Split
  zero_shot_findings_disease_cls.csv   (if there) study id, submucosal_edema, ..., fracture""",
    "https://github.com/StanfordMIMI/Merlin/blob/main/documentation/download.md",
)
_COLUMNS = ("study id", "Findings", "Split")
_SPLITS: dict[str, Literal["train", "val", "test"]] = {
    "train": "train",
    "val": "val",
    "valid": "val",
    "validation": "val",
    "test": "test",
}
_NOT_MENTIONED = ("-1", "-1.0")


def read(root: Path, skips: Skips) -> Iterator[ImageTextSample]:
    """Volumes with their report's findings and, where there are any, labels."""
    LAYOUT.find(root, "merlin_data")
    table = LAYOUT.find(root, "reports_final*.csv", "reports_final*.xlsx")
    rows = LAYOUT.rows(table, _COLUMNS) if table.suffix == ".csv" else _spreadsheet(table)
    labels = _labels(root)
    items = ((f"{table.name}, row {number}", (number, row)) for number, row in rows)
    return samples_of(items, lambda item: _sample(root, *item, labels, skips), skips)


def _spreadsheet(path: Path) -> Iterator[Row]:
    """Rows of the first sheet of an Excel file."""
    try:
        from openpyxl import load_workbook
    except ModuleNotFoundError:
        raise LayoutError(
            f"{path.name} is an Excel file and openpyxl is not installed. Install it with 'pip "
            f"install openpyxl', or save the sheet as {path.stem}.csv."
        ) from None
    cells = load_workbook(path, read_only=True).active.iter_rows(values_only=True)
    header = [str(name).strip() for name in next(cells, ())]
    missing = [name for name in _COLUMNS if name not in header]
    if missing:
        raise LAYOUT.error(path.parent, f"{path.name} has no column {', '.join(missing)}")
    return (
        (n, {k: "" if v is None else str(v) for k, v in zip(header, row, strict=False)})
        for n, row in enumerate(cells, 2)
    )


def _labels(root: Path) -> dict[str, dict[str, str]]:
    table = LAYOUT.look_for(root, "zero_shot_findings_disease_cls.csv")
    if table is None:
        return {}
    findings = tuple(load_label_set("merlin").concepts)
    return {
        row["study id"]: {
            name: "" if row[name].strip() in _NOT_MENTIONED else row[name] for name in findings
        }
        for _, row in LAYOUT.rows(table, ("study id", *findings))
    }


def _sample(
    root: Path,
    number: int,
    row: dict[str, str],
    labels: dict[str, dict[str, str]],
    skips: Skips,
) -> ImageTextSample:
    study, split = row["study id"], row["Split"].strip().lower()
    if split not in _SPLITS:
        raise SampleError(f"row {number}: Split {row['Split']!r}; expected train, val or test.")
    volumes = [root / "merlin_data" / f"{study}{ending}" for ending in (".nii.gz", ".nii")]
    picture = read_ct(existing(volumes[1] if volumes[1].is_file() else volumes[0]))
    known = load_label_set("merlin").read_cells(labels.get(study, {}))
    return ImageTextSample(
        identity=f"merlin/{study}",
        patient=f"merlin/{row.get('patient', '').strip() or study}",
        modality="CT",
        image=picture.image,
        affine=picture.affine,
        **report_fields(row["Findings"], "CT", known, f"reports, row {number}", skips),
        source="merlin",
        split=_SPLITS[split],
    )
