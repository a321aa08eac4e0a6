"""How well labels agree with a reference: precision, recall and F1 with bootstrap intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from medvlp_training.evaluation.statistics import Estimate, bootstrap

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Agreement:
    """Of one label: reports that have it, and F1 with its interval; parts that are undefined are NaN."""

    positives: int
    precision: float
    recall: float
    f1: Estimate


def f1_score(predicted: Flags, truth: Flags) -> float:
    """Harmonic mean of precision and recall; NaN where neither side is ever positive."""
    either = int(predicted.sum() + truth.sum())
    return 2.0 * int((predicted & truth).sum()) / either if either else float("nan")


def agreement(predicted: Flags, truth: Flags, reports: Sequence[str]) -> Agreement:
    """Agreement over the reports, resampled by their identity."""
    hits = int((predicted & truth).sum())
    return Agreement(
        positives=int(truth.sum()),
        precision=hits / predicted.sum() if predicted.any() else float("nan"),
        recall=hits / truth.sum() if truth.any() else float("nan"),
        f1=bootstrap(lambda rows: f1_score(predicted[rows], truth[rows]), reports),
    )


def macro_f1(
    predicted: Mapping[str, Flags], truth: Mapping[str, Flags], reports: Sequence[str]
) -> Estimate:
    """Mean F1 over the labels of ``truth``; labels without F1 in a resample are left out of it."""

    def mean(rows: NDArray[np.intp]) -> float:
        scores = [f1_score(predicted[name][rows], truth[name][rows]) for name in truth]
        return float(np.nanmean(scores)) if not np.all(np.isnan(scores)) else float("nan")

    return bootstrap(mean, reports)
