"""Several models that did the same task on the same shards: one table, paired by patient.

A task's figures are estimates with intervals from resampling patients, with the same seed for everyone:
where two models were asked about the same patients, their resamples are the same ones, and so the
difference of two figures has an interval of its own (paired percentile bootstrap, Efron and Tibshirani, An
Introduction to the Bootstrap, 1993, chapters 8 and 13).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from medvlp_training.evaluation.several import signed
from medvlp_training.evaluation.statistics import Estimate
from medvlp_training.evaluation.tasks.table import Figure, Figures, Result, cell, figure, markdown

Path = tuple[str, ...]


def side_by_side(results: Mapping[str, Result]) -> Result:
    """One row per figure: every model, and its difference from the first; below, each model's own table.

    Parameters
    ----------
    results
        By the name of the model; the first is the one that the others are compared with.

    Returns
    -------
    tuple
        Markdown, and every figure for JSON.
    """
    models = list(results)
    found = {name: dict(estimates(figures)) for name, (_, figures) in results.items()}
    paths = list(dict.fromkeys(path for own in found.values() for path in own))
    rows, paired = [], dict[str, object]()
    for path in paths:
        own = {name: found[name][path] for name in models if path in found[name]}
        differences = {
            name: difference(value, own[models[0]])
            for name, value in own.items()
            if name != models[0] and models[0] in own
        }
        shown = [cell(own[n]) if n in own else "-" for n in models]
        shown += [signed(differences[n]) if n in differences else "-" for n in models[1:]]
        rows.append([": ".join(path), *shown])
        paired[": ".join(path)] = {
            "models": {n: figure(e) for n, e in own.items()},
            "differences": {n: figure(e) for n, e in differences.items()},
        }
    header = ["figure", *models, *(f"{name} - {models[0]}" for name in models[1:])]
    tables = [f"{name}:\n\n{table}" for name, (table, _) in results.items()]
    every = {name: figures for name, (_, figures) in results.items()}
    text = "\n\n".join([markdown(header, rows), *tables])
    return text, {"paired": paired, "first": models[0], "each": every}


def estimates(figures: Figures, path: Path = ()) -> Iterator[tuple[Path, Estimate]]:
    """Every estimate among a task's figures, by the names that lead to it; the task's own is left out."""
    for name, value in figures.items():
        if isinstance(value, Figure):
            yield (*path[1:], name), value.estimate
        elif isinstance(value, dict):
            yield from estimates(value, (*path, name))


def difference(value: Estimate, first: Estimate) -> Estimate:
    """``value`` less ``first``; without an interval where they are not of the same patients, or of one."""
    there = value.value - first.value
    if value.patients != first.patients or len(set(value.patients)) < 2:
        return Estimate(there, float("nan"), float("nan"), value.n)
    draws = np.subtract(value.draws, first.draws)
    if np.all(np.isnan(draws)):
        return Estimate(there, float("nan"), float("nan"), value.n)
    low, high = np.nanpercentile(draws, [2.5, 97.5])
    return Estimate(there, float(low), float(high), value.n)
