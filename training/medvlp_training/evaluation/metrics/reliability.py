"""How often what was given a probability turned out to be so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Bin:
    """Answers whose probability lies in ``[low, high)``; the last bin holds 1, too.

    ``probability`` and ``frequency`` are means over its ``count`` answers.
    """

    low: float
    high: float
    probability: float
    frequency: float
    count: int


def reliability(
    probabilities: Sequence[float], truth: Sequence[bool], bins: int = 10
) -> tuple[Bin, ...]:
    """The bins of :func:`~medvlp_training.evaluation.statistics.expected_calibration_error`.

    Bins without answers are left out (reliability diagram: DeGroot & Fienberg, 1983).
    """
    p, t = np.asarray(probabilities, dtype=float), np.asarray(truth, dtype=float)
    index = np.minimum((p * bins).astype(int), bins - 1)
    return tuple(
        Bin(b / bins, (b + 1) / bins, float(p[own].mean()), float(t[own].mean()), int(own.sum()))
        for b in range(bins)
        if (own := index == b).any()
    )
