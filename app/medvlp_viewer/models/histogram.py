"""Distribution of the grey values of a slice or a region."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from medvlp.scan import Intensity

BINS = 128
# Share of the values that may lie beyond each end of the axis.
_TAIL = 0.001
_SAMPLE = 65536
_RANGE = {"HU": (-1024.0, 3071.0), "normalised": (0.0, 1.0)}
_NARROWEST = {"HU": 64.0, "normalised": 0.05}


@dataclass(frozen=True, eq=False)
class Histogram:
    """Counts of values in equal bins.

    Parameters
    ----------
    counts
        ``(bins,)``.
    low, high
        Outer edges of the first and last bin, in HU or normalised intensity.
    count
        Number of values, also those outside the bins.
    mean
        Of all values; NaN without any.
    """

    counts: NDArray[np.intp]
    low: float
    high: float
    count: int
    mean: float


def histogram(values: NDArray[np.generic], intensity: Intensity) -> Histogram:
    """Histogram from the 0.1 to the 99.9 percentile, within what scanners store.

    Parameters
    ----------
    values
        Of any shape.
    intensity
        Unit of the values.
    """
    flat = values.reshape(-1)
    if flat.size == 0:
        low, high = _RANGE[intensity]
        return Histogram(np.zeros(BINS, dtype=np.intp), low, high, 0, float("nan"))
    step = max(1, flat.size // _SAMPLE)  # percentiles of a sample set the axis
    thinned = flat[::step].astype(np.float64)
    low, high = (float(q) for q in np.quantile(thinned, (_TAIL, 1.0 - _TAIL)))
    least, most = _RANGE[intensity]
    low, high = max(low, least), min(high, most)
    missing = _NARROWEST[intensity] - (high - low)
    if missing > 0:
        low, high = low - missing / 2, high + missing / 2
    position = (flat.astype(np.float32) - np.float32(low)) * np.float32(BINS / (high - low))
    position = position[(position >= 0) & (position <= BINS)]
    bins = np.minimum(position.astype(np.intp), BINS - 1)  # the last bin holds its outer edge
    counts = np.bincount(bins, minlength=BINS)
    return Histogram(counts, low, high, int(flat.size), float(flat.mean(dtype=np.float64)))
