"""Figures of bars as Markdown."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.quality.bar import Goal, Row
from medvlp.store.atomic import write_bytes_atomically
from medvlp_training.evaluation.statistics import Estimate
from medvlp_training.evaluation.tasks.table import cell, markdown

PRIORS = ("random", "centre", "atlas")
HEADER = ("measure", "who", "patients", "n", "model (95 % CI)", *PRIORS, "goal", "met")


def table(rows: Sequence[Row]) -> str:
    """One line a figure, and the notes below."""
    notes: list[str] = []
    lines = [_line(row, notes) for row in rows]
    listed = "".join(f"\n{number}. {note}." for number, note in enumerate(notes, start=1))
    return markdown(HEADER, lines) + (f"\n{listed}" if notes else "")


def _line(row: Row, notes: list[str]) -> list[str]:
    mark = ""
    if row.note:
        if row.note not in notes:
            notes.append(row.note)
        mark = f" [{notes.index(row.note) + 1}]"
    return [
        row.measure + mark,
        row.group,
        str(row.patients),
        str(row.value.n),
        cell(row.value),
        *(cell(row.priors[name]) if name in row.priors else "-" for name in PRIORS),
        "-" if row.goal is None else str(row.goal),
        _met(row),
    ]


def _met(row: Row) -> str:
    if row.goal is None:
        return "-"
    if row.group == "trained on":
        return "no test"
    return {True: "yes", False: "no", None: "cannot be judged"}[row.met]


def summary(results: Path, model: str, names: Sequence[str]) -> Path:
    """Every figure with a goal, of all bars, as one table: ``MODEL-quality.json``."""
    lines = []
    for name in names:
        path = results / f"{model}-quality-{name}.json"
        if not path.is_file():
            continue
        content = json.loads(path.read_text(encoding="utf-8"))
        judged = [r for r in content["rows"] if r["goal"] and r["group"] != "trained on"]
        lines += [_summary_line(content["title"], row) for row in judged]
    shown = markdown(("bar", "measure", "who", "model (95 % CI)", "goal", "met"), lines)
    out = results / f"{model}-quality.json"
    write_bytes_atomically(out, (json.dumps({"table": shown}, indent=1) + "\n").encode())
    return out


def _summary_line(title: str, row: dict[str, Any]) -> list[str]:
    known = {k: float("nan") if v is None else float(v) for k, v in row["value"].items()}
    estimate = Estimate(known["value"], known["low"], known["high"], int(known["n"]))
    goal = Goal(**row["goal"])
    met = {True: "yes", False: "no", None: "cannot be judged"}[row["met"]]
    short = "" if met != "no" else f", by {abs(estimate.value - goal.limit):.2f}"
    return [title, row["measure"], row["group"], cell(estimate), str(goal), met + short]
