"""Healthy lungs that are not equally dark: shallow breath, and density where gravity pulls.

A scan in expiration and the dependent density of a supine patient look like faint ground glass and are
none. They are part of the scan, not findings: lesions are placed on top.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from medvlp_training.simulation.case import Mask
from medvlp_training.simulation.fields import Array, bounding_box, smooth_noise, smoothstep
from medvlp_training.simulation.hosts import Host

_WATER_HU = 30.0
_LUNGS = "lung_"


def breathe(
    host: Host, exhaled: float, dependent: float, rng: np.random.Generator
) -> NDArray[np.int16]:
    """Volume of the host with less air in its lungs.

    Parameters
    ----------
    host
        Supine: the patient's back lies at the end of the second axis, ``(S, P, L)``.
    exhaled
        Share of the air that is missing everywhere, 0 to 1.
    dependent
        Share that is missing in addition right at the back, 0 to 1; it fades within 15 to 60 mm.
    """
    names = tuple(name for name in host.organs if name.startswith(_LUNGS))
    volume: Array = host.volume.astype(np.float32)
    if names:
        lungs = np.logical_or.reduce([np.asarray(host.organs[name]) for name in names])
        if lungs.any():
            box = bounding_box(lungs, 0, host.spacing)
            share = lungs[box] * (exhaled + dependent * _behind(lungs[box], host, rng))
            volume[box] += np.clip(share, 0, 0.8) * (_WATER_HU - volume[box])
    return np.clip(np.round(volume), -1024, 3071).astype(np.int16)


def _behind(lungs: Mask, host: Host, rng: np.random.Generator) -> Array:
    """1 at the lowest lung of each line from front to back, 0 where the lung floats above it."""
    rows = np.arange(lungs.shape[1], dtype=np.float32)[None, :, None]
    lowest = np.where(lungs, rows, -1).max(axis=1, keepdims=True)
    height = (lowest - rows) * host.spacing[1]
    reach = rng.uniform(15, 60)
    uneven = 1 + 0.2 * smooth_noise(lungs.shape, host.spacing, 40, rng)
    return smoothstep(height, reach, 0.0) * uneven
