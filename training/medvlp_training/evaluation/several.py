"""Several models asked the same questions: one table, paired by patient.

Every model is measured on the questions that all models of a row answered, and every resample of the
bootstrap draws the same patients for all of them (paired percentile bootstrap, Efron and Tibshirani, An
Introduction to the Bootstrap, 1993, chapters 8 and 13). The difference has an interval of its own: two
intervals that overlap say little about it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from medvlp_training.evaluation.statistics import Estimate, auroc, bootstrap
from medvlp_training.evaluation.tasks.table import Figures, Result, cell, figure, markdown

Key = tuple[str, ...]
Cells = dict[Key, "Question"]
Statistic = Callable[[NDArray[np.float64], NDArray[np.intp]], float]


@dataclass(frozen=True)
class Question:
    """One answer of one model to one question.

    Parameters
    ----------
    row, measure
        Where it is counted in the table.
    key
        Which question it is, the same for every model.
    patient
        Whose scan was asked about; empty where the question has no patient.
    value
        What is averaged or, with ``truth``, the score that is ranked.
    truth
        For an AUROC.
    baselines
        What the named baselines would have had for it.
    """

    row: str
    measure: str
    key: Key
    patient: str
    value: float
    truth: bool | None = None
    baselines: Mapping[str, float] = field(default_factory=dict)


def compare(answers: Mapping[str, Sequence[Question]], fewest: int = 1) -> Result:
    """One row per question and measure: every model, and its difference from the first.

    Parameters
    ----------
    answers
        By the name of the model; the first is the one that the others are compared with. A model
        that does not take a kind of scan has no answers about it.
    fewest
        With and without the finding, for an AUROC to be shown.

    Returns
    -------
    tuple
        A Markdown table, and every figure for JSON.
    """
    models = list(answers)
    sorted_out = {name: _by_row(questions) for name, questions in answers.items()}
    rows = list(dict.fromkeys(row for found in sorted_out.values() for row in found))
    names = [n for q in answers.values() for question in q for n in question.baselines]
    baselines = list(dict.fromkeys(names))
    lines, figures = [], dict[str, object]()
    for row in rows:
        asked = {name: sorted_out[name].get(row, {}) for name in models}
        shown, found = _row(models, asked, baselines, fewest)
        if shown is not None:
            lines.append([*row, *shown])
            figures[": ".join(row)] = found
    differences = [f"{name} - {models[0]}" for name in models[1:]]
    header = ["question", "measure", "patients", "n", *models, *differences, *baselines]
    return markdown(header, lines), {"paired": figures, "first": models[0]}


def _by_row(questions: Sequence[Question]) -> dict[tuple[str, str], Cells]:
    found: dict[tuple[str, str], Cells] = {}
    for question in questions:
        found.setdefault((question.row, question.measure), {})[question.key] = question
    return found


def _row(
    models: Sequence[str], asked: Mapping[str, Cells], baselines: Sequence[str], fewest: int
) -> tuple[list[str] | None, Figures]:
    """Cells behind the row's name, and its figures; None where there is too little to say."""
    answering = [name for name in models if asked[name]]
    keys = [k for k in asked[answering[0]] if all(k in asked[name] for name in answering)]
    if not keys:
        return None, {}
    first = [asked[answering[0]][key] for key in keys]
    truth = [bool(q.truth) for q in first]
    ranked = first[0].truth is not None
    if ranked and min(sum(truth), len(truth) - sum(truth)) < fewest:
        return None, {}
    statistic = _auroc(np.array(truth)) if ranked else _mean
    values = {n: np.array([asked[n][key].value for key in keys], float) for n in answering}
    patients = [question.patient for question in first]
    estimates = {n: _estimate(statistic, patients, values[n]) for n in answering}
    differences = {
        n: _estimate(statistic, patients, values[n], values[models[0]])
        for n in answering
        if n != models[0] and models[0] in values
    }
    beside = {b: float(np.mean([q.baselines.get(b, np.nan) for q in first])) for b in baselines}
    shown = [str(len(set(patients))), str(len(keys))]
    shown += [cell(estimates[n]) if n in estimates else "-" for n in models]
    shown += [signed(differences[n]) if n in differences else "-" for n in models[1:]]
    shown += [cell(beside[b]) for b in baselines]
    figures: Figures = {
        "patients": len(set(patients)),
        "questions": len(keys),
        "models": {n: figure(e) for n, e in estimates.items()},
        "differences": {n: figure(e) for n, e in differences.items()},
        "baselines": {b: round(v, 4) for b, v in beside.items() if np.isfinite(v)},
    }
    return shown, figures


def _mean(values: NDArray[np.float64], rows: NDArray[np.intp]) -> float:
    return float(values[rows].mean())


def _auroc(truth: NDArray[np.bool_]) -> Statistic:
    return lambda values, rows: auroc(values[rows], truth[rows])


def _estimate(
    statistic: Statistic,
    patients: Sequence[str],
    values: NDArray[np.float64],
    other: NDArray[np.float64] | None = None,
) -> Estimate:
    """Of one model, or of its difference from another; without an interval where one patient is."""

    def of(rows: NDArray[np.intp]) -> float:
        there = 0.0 if other is None else statistic(other, rows)
        return statistic(values, rows) - there

    if len(set(patients)) > 1:
        return bootstrap(of, patients)
    return Estimate(of(np.arange(len(values))), float("nan"), float("nan"), len(values))


def signed(value: Estimate) -> str:
    """A difference, which has a sign, and whose interval may have two."""
    if not np.isfinite(value.value):
        return "-"
    if not np.isfinite([value.low, value.high]).all():
        return f"{value.value:+.2f} (no interval)"
    return f"{value.value:+.2f} ({value.low:+.2f} to {value.high:+.2f})"
