"""Results as rich tables for a terminal, and organ scores as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from medvlp.export.csv_cells import safe_cell

CSV_COLUMNS = (
    "organ",
    "present",
    "truncated",
    "volume_ml",
    "finding",
    "probability",
    "peak_slice",
    "peak_row",
    "peak_column",
    "peak_x_mm",
    "peak_y_mm",
    "peak_z_mm",
)


def plain_table(columns: Sequence[str], rows: Iterable[Sequence[object]], title: str = "") -> Table:
    """A table whose cells are taken literally (no markup) and wrapped."""
    table = Table(title=Text(title) if title else None, title_justify="left")
    for name in columns:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*(Text(str(cell)) for cell in row))
    return table


def ground_table(report: Mapping[str, Any]) -> Table:
    """One row per query of a ``medvlp/ground/1`` report."""
    rows = []
    for result in report["results"]:
        answer = f"{result['probability']:.2f}" if not result["abstained"] else "not sure"
        where = _numbers(result["peak"]["mm"]) or _numbers(result["peak"]["index"])
        rows.append((result["query"], answer, where, result["reason"] or _files(result["files"])))
    unit = "peak (LPS mm)" if report["scan"]["spacing_mm"] else "peak (row, column)"
    return plain_table(("query", "probability", unit, ""), rows, title=_headline(report))


def score_table(report: Mapping[str, Any]) -> Table:
    """One row per organ of a ``medvlp/score/1`` report, with its leading finding."""
    rows = []
    for organ in report["organs"]:
        answered = [f for f in organ["findings"] if f["probability"] is not None]
        leading = max(answered, key=lambda f: f["probability"], default=None)
        rows.append(
            (
                organ["organ"],
                _yes_no(organ["present"]),
                _yes_no(organ["truncated"]),
                "" if organ["volume_ml"] is None else f"{organ['volume_ml']:.0f}",
                "" if leading is None else leading["finding"],
                "" if leading is None else f"{leading['probability']:.2f}",
            )
        )
    columns = ("organ", "present", "truncated", "volume (ml)", "leading finding", "probability")
    return plain_table(columns, rows, title=_headline(report))


def score_csv(report: Mapping[str, Any]) -> str:
    """One line per organ and finding; an organ without findings has one line."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    for organ in report["organs"]:
        for finding in organ["findings"] or [{}]:
            writer.writerow([safe_cell(cell) for cell in _csv_row(organ, finding)])
    return text.getvalue()


def _csv_row(organ: Mapping[str, Any], finding: Mapping[str, Any]) -> list[object]:
    peak = finding.get("peak") or {}
    index = list(peak.get("index") or [None] * 3)
    return [
        organ["organ"],
        organ["present"],
        organ["truncated"],
        organ["volume_ml"],
        finding.get("finding"),
        finding.get("probability"),
        *([None] * (3 - len(index)) + index),
        *(peak.get("mm") or [None] * 3),
    ]


def _headline(report: Mapping[str, Any]) -> str:
    scan, seconds = report["scan"], report["seconds"]
    shape = " x ".join(str(n) for n in scan["shape"])
    total = sum(seconds.values())
    lines = [f"{scan['modality']} {shape}, {report['model']['name']} on {report['device']}"]
    lines[0] += f", {total:.1f} s. Research use only."
    lines += [f"! {warning['message']}" for warning in scan["warnings"]]
    lines += [report["note"]] if report.get("note") else []
    return "\n".join(lines)


def _numbers(values: Sequence[float] | None) -> str:
    return "" if values is None else ", ".join(f"{v:.1f}".removesuffix(".0") for v in values)


def _files(files: Mapping[str, str]) -> str:
    return "\n".join(files.values())


def _yes_no(value: bool | None) -> str:
    return {True: "yes", False: "no", None: "unknown"}[value]
