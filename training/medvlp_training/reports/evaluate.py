"""Measure the labels of reports: ``python -m medvlp_training.reports.evaluate --data DIR``.

Against CT-RATE's labels of CT reports, the indexers' headings of OpenI's X-ray reports and the
examples of the CheXpert labeler. Prints Markdown tables; ``--out`` writes the figures as JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from medvlp.store.atomic import write_bytes_atomically
from medvlp_training.evaluation.statistics import Estimate
from medvlp_training.reports.agreement import Agreement, Flags, agreement, macro_f1
from medvlp_training.reports.label_sets import CHEXPERT, CT_RATE
from medvlp_training.reports.labeler import label_report
from medvlp_training.reports.references import (
    LabelledReport,
    read_chexpert_samples,
    read_ct_rate,
    read_openi,
)
from medvlp_training.reports.sections import described_text
from medvlp_training.reports.sentences import split_sentences
from medvlp_training.samples.sample import PRESENT

LabelSet = Literal["ct_rate", "chexpert"]
_COLUMNS = {"ct_rate": CT_RATE, "chexpert": CHEXPERT}


@dataclass(frozen=True)
class Measured:
    """One part of one collection: agreement per label and the mean F1."""

    reports: int
    labels: Mapping[str, Agreement]
    macro: Estimate


def compare(
    reports: Sequence[LabelledReport], label_set: LabelSet
) -> tuple[dict[str, Flags], dict[str, Flags]]:
    """What the rules state of each label and what the reference states, ``(len(reports),)`` each.

    ``PRESENT`` against everything else: the references of CT-RATE and OpenI know no uncertainty.
    """
    found = [
        label_report(split_sentences(described_text(report.text)), label_set) for report in reports
    ]
    names = {c: n for n, c in _COLUMNS[label_set].items() if c in reports[0].labels}
    predicted = {n: _flags([row.get(c) == PRESENT for row in found]) for c, n in names.items()}
    truth = {n: _flags([r.labels[c] == PRESENT for r in reports]) for c, n in names.items()}
    return predicted, truth


def measure(reports: Sequence[LabelledReport], label_set: LabelSet) -> Measured:
    """Agreement of the rules with the reports' own labels, with intervals."""
    predicted, truth = compare(reports, label_set)
    identities = [report.identity for report in reports]
    return Measured(
        reports=len(reports),
        labels={n: agreement(predicted[n], truth[n], identities) for n in truth},
        macro=macro_f1(predicted, truth, identities),
    )


def _flags(values: list[bool]) -> Flags:
    return np.asarray(values, dtype=bool)


def exact_samples(reports: Sequence[LabelledReport]) -> tuple[int, int]:
    """Of the CheXpert labeler's examples: cells that agree in all four values, and cells."""
    agree = [
        label_report(split_sentences(described_text(report.text)), "chexpert").get(concept)
        == report.labels.get(concept)
        for report in reports
        for concept in CHEXPERT.values()
    ]
    return sum(agree), len(agree)


def evaluate(data: Path) -> tuple[str, dict[str, Any]]:
    """Tables and figures of all three references."""
    parts: list[str] = []
    figures: dict[str, Any] = {}
    collections: tuple[tuple[str, list[LabelledReport], LabelSet], ...] = (
        ("CT-RATE", read_ct_rate(data), "ct_rate"),
        ("OpenI", read_openi(data), "chexpert"),
    )
    for title, reports, label_set in collections:
        measured = {
            "development": measure([r for r in reports if not r.held_out], label_set),
            "held out": measure([r for r in reports if r.held_out], label_set),
        }
        parts.append(f"{title}\n\n{_table(measured)}")
        figures[title] = {name: _to_dict(part) for name, part in measured.items()}
    agree, cells = exact_samples(read_chexpert_samples(data))
    parts.append(f"CheXpert labeler's examples: {agree} of {cells} cells agree")
    figures["CheXpert examples"] = {"agree": agree, "cells": cells}
    return "\n\n".join(parts), figures


def _table(measured: Mapping[str, Measured]) -> str:
    heads = [
        f"{name}: positives of {part.reports} | precision | recall | F1 (95 % interval)"
        for name, part in measured.items()
    ]
    lines = [f"| label | {' | '.join(heads)} |", "|---" * (1 + 4 * len(measured)) + "|"]
    for label in next(iter(measured.values())).labels:
        cells = [_cells(part.labels[label]) for part in measured.values()]
        lines.append(f"| {label} | {' | '.join(cells)} |")
    means = [
        f" | | | {part.macro.value:.3f} ({_interval(part.macro)})" for part in measured.values()
    ]
    return "\n".join([*lines, f"| macro |{' |'.join(means)} |"])


def _cells(found: Agreement) -> str:
    f1 = f"{found.f1.value:.3f} ({_interval(found.f1)})"
    return f"{found.positives} | {found.precision:.2f} | {found.recall:.2f} | {f1}"


def _interval(estimate: Estimate) -> str:
    return f"{estimate.low:.2f}-{estimate.high:.2f}"


def _to_dict(part: Measured) -> dict[str, Any]:
    labels = {
        name: {
            "positives": found.positives,
            "precision": round(float(found.precision), 4),
            "recall": round(float(found.recall), 4),
            "f1": found.f1.to_dict(),
        }
        for name, found in part.labels.items()
    }
    return {"reports": part.reports, "macro_f1": part.macro.to_dict(), "labels": labels}


def main(arguments: list[str] | None = None) -> None:
    """Print the tables, and write the figures to ``--out``."""
    parser = argparse.ArgumentParser(description=__doc__)
    given = os.environ.get("MEDVLP_DATA")
    parser.add_argument(
        "--data", type=Path, default=given, required=given is None, help="default: MEDVLP_DATA"
    )
    parser.add_argument("--out", type=Path, default=None, help="JSON file for the figures")
    options = parser.parse_args(arguments)
    table, figures = evaluate(Path(options.data))
    if options.out:
        write_bytes_atomically(options.out, json.dumps(figures, indent=2).encode())
    sys.stdout.write(table + "\n")


if __name__ == "__main__":
    main()
