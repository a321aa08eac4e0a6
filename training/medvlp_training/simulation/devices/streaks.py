r"""Streaks of metal: the error that beam hardening and scatter make, reconstructed slice by slice.

With the path length :math:`L` of a ray through metal of attenuation :math:`\mu`, the scanner should
measure :math:`p = \mu L`. A share :math:`f` of scattered and hard radiation comes through anyway, so it
measures :math:`p' = -\ln\frac{e^{-p} + f}{1 + f}`, less than :math:`p` where the metal is thick.
Reconstruction is linear: what the image has too much or too little is the filtered backprojection of
:math:`p' - p`. Dark bands lie along the metal's long axes and between two pieces, bright ones beside them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from medvlp_training.simulation.canvas import Canvas
from medvlp_training.simulation.fields import Array

_MU_WATER = 0.0195  # per mm
_MU_METAL = 0.1  # per mm: a titanium shell around lighter parts, at about 70 keV
_ANGLES = 60
_LARGEST_HU = 600.0
_SMALLEST_MM2 = 60.0  # of metal in a slice: a thin lead makes no streaks to speak of
_GRAINS = 0.03  # standard deviation of p where no photon arrives, of photon starvation


def add_streaks(canvas: Canvas, metal: Array, scattered: float = 0.04) -> None:
    """Add the streaks of a piece of metal to the slices that it lies in.

    Parameters
    ----------
    metal
        ``(S, P, L)``: share of each voxel that is metal, 0 to 1. Whole ones are left as they are: their
        value is saturated.
    scattered
        The share :math:`f`.
    """
    area = metal.sum(axis=(1, 2)) * canvas.spacing[1] * canvas.spacing[2]
    for level in np.flatnonzero(area > _SMALLEST_MM2):
        error = _slice_error(canvas, metal[level], scattered)
        canvas.volume[level] += np.clip(error, -_LARGEST_HU, _LARGEST_HU) * (1 - metal[level])


def _slice_error(canvas: Canvas, metal: Array, scattered: float) -> Array:
    """HU that one slice has too much, ``(P, L)``."""
    step = float(np.mean(canvas.spacing[1:]))
    rows, columns = (np.arange(n) - (n - 1) / 2 for n in metal.shape)
    bins = int(np.ceil(np.hypot(*metal.shape))) + 3
    places = np.argwhere(metal > 0)
    weights = metal[metal > 0].astype(float) * _MU_METAL * step
    found = np.zeros(metal.shape)
    for angle in np.arange(_ANGLES) * np.pi / _ANGLES:
        sine, cosine = np.sin(angle), np.cos(angle)
        shadow = _project(rows[places[:, 0]] * sine + columns[places[:, 1]] * cosine, weights, bins)
        measured = -np.log((np.exp(-shadow) + scattered) / (1 + scattered))
        starved = canvas.rng.standard_normal(bins) * _GRAINS * (1 - np.exp(-shadow))
        filtered = _ramp(measured - shadow + starved)
        where = rows[:, None] * sine + columns[None] * cosine + (bins - 1) / 2
        found += np.interp(where, np.arange(bins), filtered)
    return (found * np.pi / _ANGLES / step * 1000 / _MU_WATER).astype(np.float32)


def _project(
    place: NDArray[np.float64], weights: NDArray[np.float64], bins: int
) -> NDArray[np.float64]:
    """Sum of weights on a detector, each shared between the two nearest bins."""
    index = place + (bins - 1) / 2
    low = np.floor(index).astype(int)
    part = index - low
    first = np.bincount(low, weights * (1 - part), bins)
    second = np.bincount(low + 1, weights * part, bins)
    return np.asarray(first + second, np.float64)


def _ramp(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ramp filter with a cosine window, in cycles per bin (Kak & Slaney, chapter 3)."""
    size = 2 * len(values)
    frequency = np.fft.rfftfreq(size)
    spectrum = np.fft.rfft(values, size) * frequency * np.cos(np.pi * frequency)
    return np.fft.irfft(spectrum, size)[: len(values)]
