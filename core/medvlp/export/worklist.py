"""What was decided about the scans of a worklist, as CSV or JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path

from medvlp import RESEARCH_NOTICE
from medvlp.errors import WorklistError
from medvlp.export.csv_cells import safe_cell

SCHEMA = "medvlp/worklist/1"
SUFFIXES = (".csv", ".json")


@dataclass(frozen=True)
class DecidedScan:
    """One line of the export; see ``docs/reference/worklist.md``.

    Parameters
    ----------
    rank
        Place in the order of the screen, from 1.
    scan
        Path from the worklist.
    series
        Which one of that path, or "".
    modality
        "CT", "XR" or "".
    content
        Content hash, or "".
    status, note, decided_at
        What was decided, and when (UTC, ISO 8601; "" if nothing was).
    probability
        Answer to the query, or None.
    reason
        Why the scan cannot be opened, or why the query has no answer.
    changed_since
        The files are others than those that were decided on.
    """

    rank: int
    scan: str
    series: str
    modality: str
    content: str
    status: str
    note: str
    decided_at: str
    probability: float | None
    reason: str
    changed_since: bool


COLUMNS = tuple(field.name for field in fields(DecidedScan))


def worklist_bytes(
    name: str, scans: Sequence[DecidedScan], *, worklist: str, query: str, model: str
) -> bytes:
    """All scans of a worklist.

    Parameters
    ----------
    name
        Of the file; ends in ``.csv`` or ``.json``.
    scans
        In the order of the screen.
    worklist
        Name of its folder or file.
    query
        That the probabilities answer, or "".
    model
        That answered, or "".

    Raises
    ------
    WorklistError
        If the name has another ending.
    """
    suffix = Path(name).suffix.lower()
    if suffix not in SUFFIXES:
        raise WorklistError(
            f"{Path(name).name}: the decisions are exported as .csv or .json; found "
            f"{suffix or 'neither'}."
        )
    if suffix == ".csv":
        return _csv(scans, query).encode()
    head = {"schema": SCHEMA, "notice": RESEARCH_NOTICE, "worklist": worklist, "query": query}
    head |= {"model": model, "exported_at": datetime.now(UTC).isoformat(timespec="seconds")}
    report = {**head, "scans": [asdict(scan) for scan in scans]}
    return (json.dumps(report, indent=2, ensure_ascii=False) + "\n").encode()


def _csv(scans: Sequence[DecidedScan], query: str) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*COLUMNS, "query"])
    for scan in scans:
        writer.writerow([safe_cell(cell) for cell in (*asdict(scan).values(), query)])
    return text.getvalue()
