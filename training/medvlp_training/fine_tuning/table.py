"""The user's table, looked through before anything is read or trained."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from medvlp_training.datasets.splits import is_held_out
from medvlp_training.samples.errors import ManifestError
from medvlp_training.samples.manifest import LABEL, LESION, Manifest, read_manifest
from medvlp_training.samples.splits import Split

_LOG = logging.getLogger(__name__)
ADVICE = "Correct them, or leave them out with --skip-bad-rows."
SHOWN = 10
"""Problems that a message names."""


def read_checked(path: Path | str, skip_bad_rows: bool = False) -> Manifest:
    """Read a manifest and look through every row, without opening an image.

    Parameters
    ----------
    skip_bad_rows
        Leave out rows that cannot be used, with a warning for each, instead of refusing the table.

    Raises
    ------
    ManifestError
        With the number of each row that cannot be used and why; or if fewer than two patients are left.
    """
    manifest = read_manifest(path)
    problems = {number: _problem(manifest, row) for number, row in manifest.rows}
    bad = {number: problem for number, problem in problems.items() if problem}
    if bad and not skip_bad_rows:
        raise ManifestError(_listed(manifest.path.name, bad))
    for number in bad:
        _LOG.warning("%s, row %d is left out: %s", manifest.path.name, number, bad[number])
    rows = tuple((number, row) for number, row in manifest.rows if number not in bad)
    patients = {row["patient"] for _, row in rows}
    if len(patients) < 2:
        numbers = ", ".join(str(number) for number, _ in rows[:SHOWN]) or "none"
        raise ManifestError(
            f"{manifest.path.name}: usable rows ({numbers}) are of {len(patients)} patient(s). At "
            "least two are needed: one to train on, another to validate and calibrate on."
        )
    return Manifest(manifest.path, manifest.columns, rows)


def _listed(name: str, bad: Mapping[int, str]) -> str:
    lines = [f"{name}, row {number}: {bad[number]}" for number in list(bad)[:SHOWN]]
    more = [f"and {len(bad) - SHOWN} more rows"] if len(bad) > SHOWN else []
    return "\n  ".join([f"{len(bad)} row(s) of {name} cannot be used:", *lines, *more, ADVICE])


def _problem(manifest: Manifest, row: Mapping[str, str]) -> str:
    """What is wrong with a row; empty if nothing is seen without opening the image."""
    folder = manifest.path.parent
    if not row["patient"]:
        return "the column patient is empty; patients are what is held out."
    if row["modality"] not in ("CT", "XR"):
        return f"modality {row['modality']!r}; expected CT or XR."
    paths = [c for c in manifest.columns if c in ("image", "report_path", "organs")]
    paths += [c for c in manifest.columns if c.startswith(LESION)]
    for column in paths:
        if row[column] and not (folder / row[column]).exists():
            return f"column {column}: there is no such file, seen from the table's folder."
    if not row["image"]:
        return "the column image is empty."
    return _without_knowledge(manifest, row)


def _without_knowledge(manifest: Manifest, row: Mapping[str, str]) -> str:
    known = [c for c in manifest.columns if c == "organs" or c.startswith((LABEL, LESION))]
    text = row.get("report", "").strip()
    if not text and row.get("report_path"):
        path = manifest.path.parent / row["report_path"]
        try:
            text = path.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            return "column report_path: the file is no UTF-8 text."
    if text or any(row[column] for column in known):
        return ""
    return "the report is empty and there is no label, mask or organ map: nothing to learn from."


def patient_splits(manifest: Manifest) -> dict[str, Split]:
    """Split of each patient: the table's own, or else training, with one patient in five held out.

    Where the hash of the patients' names holds nobody out, or everybody, one of them changes sides.

    Raises
    ------
    ManifestError
        If the table itself leaves nobody to train on, or nobody to validate on.
    """
    given = {row["patient"]: row.get("split", "") for _, row in manifest.rows}
    chosen: dict[str, Split] = {
        p: split or ("val" if is_held_out(p) else "train")  # type: ignore[misc]
        for p, split in given.items()
    }
    free = sorted((p for p, split in given.items() if not split), key=_hash)
    pairs: tuple[tuple[Split, Split], ...] = (("val", "train"), ("train", "val"))
    for wanted, other in pairs:
        if wanted in chosen.values():
            continue
        movable = [p for p in free if chosen[p] == other]
        if not movable or list(chosen.values()).count(other) < 2:
            numbers = ", ".join(str(number) for number, _ in manifest.rows[:SHOWN])
            raise ManifestError(
                f"{manifest.path.name}: the column split puts no patient into {wanted!r} (rows "
                f"{numbers}). Give the rows of at least one patient the split {wanted}."
            )
        chosen[movable[0]] = wanted
    return chosen


def _hash(patient: str) -> bytes:
    return sha256(patient.encode("utf-8")).digest()
