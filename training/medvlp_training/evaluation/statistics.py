"""AUROC, hit rates and their bootstrap intervals over patients."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 1000


@dataclass(frozen=True)
class Estimate:
    """A figure with its 95 % interval from resampling patients.

    ``value``, ``low`` and ``high`` are NaN where the figure is not defined; one patient gives no interval.

    Parameters
    ----------
    n
        What it was measured on.
    draws
        Values of the resamples.
    patients
        Of whom they were drawn, sorted: those of another figure of the same patients are paired with them.
    """

    value: float
    low: float
    high: float
    n: int
    draws: tuple[float, ...] = field(default=(), repr=False, compare=False)
    patients: tuple[str, ...] = field(default=(), repr=False, compare=False)

    def __str__(self) -> str:
        bounded = math.isfinite(self.low) and math.isfinite(self.high)
        interval = f"{self.low:.2f}-{self.high:.2f}" if bounded else "no interval"
        return f"{self.value:.2f} ({interval})"

    def to_dict(self) -> dict[str, float | int | None]:
        """For JSON, where what is not defined is null."""
        numbers = {"value": self.value, "low": self.low, "high": self.high}
        shown = {k: round(v, 4) if math.isfinite(v) else None for k, v in numbers.items()}
        return {**shown, "n": self.n}


def auroc(scores: NDArray[np.floating], truth: NDArray[np.bool_]) -> float:
    """Probability that a positive scores above a negative, ties counting half."""
    from scipy.stats import rankdata

    positives, negatives = int(truth.sum()), int((~truth).sum())
    if not positives or not negatives:
        return float("nan")
    ranks = rankdata(scores)[truth].sum()
    return float((ranks - positives * (positives + 1) / 2) / (positives * negatives))


def bootstrap(
    statistic: Callable[[NDArray[np.intp]], float], patients: Sequence[str], seed: int = 0
) -> Estimate:
    """Value of ``statistic(rows)`` and its percentile interval over resampled patients, if there are two."""
    rng = np.random.default_rng(seed)
    ids, inverse = np.unique(np.asarray(patients), return_inverse=True)
    if not len(ids):
        return Estimate(float("nan"), float("nan"), float("nan"), 0)
    rows = [np.flatnonzero(inverse == i) for i in range(len(ids))]
    draws = []
    for _ in range(RESAMPLES):
        chosen = rng.integers(len(ids), size=len(ids))
        draws.append(statistic(np.concatenate([rows[i] for i in chosen])))
    everyone = np.arange(len(inverse))
    low = high = float("nan")
    if len(ids) > 1 and not np.all(np.isnan(draws)):
        low, high = map(float, np.nanpercentile(draws, [2.5, 97.5]))
    drawn = tuple(map(float, draws)), tuple(map(str, ids))
    return Estimate(statistic(everyone), low, high, len(everyone), *drawn)


def mean_estimate(values: Sequence[float], patients: Sequence[str]) -> Estimate:
    """Mean with its interval."""
    array = np.asarray(values, dtype=float)
    return bootstrap(lambda rows: float(array[rows].mean()), patients)


def auroc_estimate(
    scores: Sequence[float], truth: Sequence[bool], patients: Sequence[str]
) -> Estimate:
    """AUROC with its interval; ``n`` counts positives."""
    s, t = np.asarray(scores, dtype=float), np.asarray(truth, dtype=bool)
    found = bootstrap(lambda rows: auroc(s[rows], t[rows]), patients)
    return replace(found, n=int(t.sum()))


def expected_calibration_error(
    probabilities: Sequence[float], truth: Sequence[bool], bins: int = 10
) -> float:
    """Mean gap between probability and frequency over equal-width bins (Naeini et al., AAAI 2015)."""
    p, t = np.asarray(probabilities, dtype=float), np.asarray(truth, dtype=float)
    index = np.minimum((p * bins).astype(int), bins - 1)
    gaps = [
        abs(p[index == b].mean() - t[index == b].mean()) * (index == b).mean() for b in set(index)
    ]
    return float(sum(gaps))
