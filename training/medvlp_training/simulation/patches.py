"""Patches of disease in a lung: one large, or many small ones where infections like to be."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from medvlp_training.simulation.canvas import Canvas
from medvlp_training.simulation.case import Mask
from medvlp_training.simulation.fields import Array, distance_mm, smooth_noise, smoothstep

_FAR_MM = -1e3


def patch_extent(
    canvas: Canvas, inside: Mask, radii_mm: Sequence[float], weight: Array | None = None
) -> Array:
    """Signed millimetres inside merged, ragged patches, one for each radius.

    Parameters
    ----------
    inside
        ``(S, P, L)``, where centres may lie; the result has its shape.
    weight
        How much each voxel attracts a centre; None for all alike.
    """
    rng, spacing = canvas.rng, canvas.spacing
    indices = np.flatnonzero(inside)
    share = None
    if weight is not None:
        drawn = weight.ravel()[indices].astype(np.float64)
        share = drawn / drawn.sum()
    lines = [
        (np.arange(n) * step).astype(np.float32)
        for n, step in zip(inside.shape, spacing, strict=True)
    ]
    extent = np.full(inside.shape, _FAR_MM, np.float32)
    for radius in radii_mm:
        centre = np.unravel_index(int(rng.choice(indices, p=share)), inside.shape)
        z, y, x = (
            (line - c * step) * stretch
            for line, c, step, stretch in zip(
                lines, centre, spacing, np.exp(rng.normal(0, 0.2, 3)), strict=True
            )
        )
        away = z[:, None, None] ** 2 + y[None, :, None] ** 2 + x[None, None] ** 2
        extent = np.maximum(extent, radius - np.sqrt(away).astype(np.float32))
    middle = float(np.mean(radii_mm))
    extent += smooth_noise(inside.shape, spacing, 25, rng) * np.float32(0.28 * middle)
    fine = min(2.5, 0.3 * middle)
    return extent + np.float32(fine) * smooth_noise(inside.shape, spacing, 9, rng)


def infection_weight(canvas: Canvas, lung: Mask) -> Array:
    """Pull toward the pleura, the bases and the back, each as strong as one draw makes it.

    Viral pneumonia prefers them; bronchopneumonia often does not, so that every pull can be zero.
    """
    rng = canvas.rng
    depth = distance_mm(np.pad(~lung, 1, constant_values=True), canvas.spacing)[1:-1, 1:-1, 1:-1]
    pleural, basal, dorsal = rng.uniform(0, 1, 3) * (rng.random(3) < 0.7)
    up = np.linspace(0, 1, lung.shape[0], dtype=np.float32)[:, None, None]
    back = np.linspace(0, 1, lung.shape[1], dtype=np.float32)[None, :, None]
    pull = (
        3.0 * pleural * smoothstep(depth, 25.0, 4.0) + 2.5 * basal * (1 - up) + 2.0 * dorsal * back
    )
    return np.exp(pull).astype(np.float32)


def many_radii(canvas: Canvas, severity: float) -> list[float]:
    """Radii of 2 to about 25 patches, 5 to 28 mm: more and larger ones with severity."""
    rng = canvas.rng
    count = 2 + int(rng.poisson(2 + 16 * severity))
    return [float(r) for r in np.clip(rng.lognormal(np.log(9 + 5 * severity), 0.4, count), 5, 28)]
