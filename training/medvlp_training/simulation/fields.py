"""Random fields and soft edges on voxel grids."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Spacing = tuple[float, float, float]


def smooth_noise(
    shape: tuple[int, ...], spacing: tuple[float, ...], scale_mm: float, rng: np.random.Generator
) -> Array:
    """Gaussian field of zero mean and unit variance whose features are ``scale_mm`` wide."""
    weights = [
        _spline_weights(n, step, scale_mm, rng) for n, step in zip(shape, spacing, strict=True)
    ]
    field = rng.standard_normal([w.shape[1] for w in weights]).astype(np.float32)
    for matrix in weights:
        # The first axis is contracted and its interpolation appended: after all axes, in order.
        field = np.tensordot(field, matrix, axes=(0, 1))
    return ((field - field.mean()) / (field.std() + 1e-6)).astype(np.float32)


def _spline_weights(n: int, step: float, scale_mm: float, rng: np.random.Generator) -> Array:
    """``(n, knots)`` uniform cubic B-spline weights; knots are ``scale_mm`` apart."""
    t = np.arange(n) * step / max(scale_mm, step) + rng.random()
    knots = int(np.ceil(t[-1])) + 4
    distance = np.abs(t[:, None] + 1 - np.arange(knots)[None])
    near = 2 / 3 - distance**2 + distance**3 / 2
    far = (2 - distance) ** 3 / 6
    return np.where(distance < 1, near, np.where(distance < 2, far, 0)).astype(np.float32)


def tube_noise(
    shape: tuple[int, ...],
    spacing: tuple[float, ...],
    scale_mm: float,
    width: float,
    rng: np.random.Generator,
) -> Array:
    """Winding tubes, 1 on their axis: where two independent smooth fields vanish together."""
    first = smooth_noise(shape, spacing, scale_mm, rng)
    second = smooth_noise(shape, spacing, scale_mm, rng)
    return np.exp(-(first**2 + second**2) / (2 * width**2)).astype(np.float32)


def smoothstep(x: NDArray[np.floating], low: float, high: float) -> Array:
    """0 below ``low``, 1 above ``high``, a cubic between (either order of the limits)."""
    t = np.clip((x - low) / (high - low), 0.0, 1.0)
    return (t * t * (3 - 2 * t)).astype(np.float32)


def distance_mm(mask: NDArray[np.bool_], spacing: Spacing) -> Array:
    """Distance of each voxel outside ``mask`` to it; 0 inside, large where the mask is empty."""
    from scipy import ndimage

    if not mask.any():
        return np.full(mask.shape, 1e4, np.float32)
    return ndimage.distance_transform_edt(~mask, sampling=spacing).astype(np.float32)


def soften(mask: NDArray[np.bool_], sigma_voxels: float = 0.6) -> Array:
    """Mask with the point spread of the scanner, 0 to 1."""
    from scipy import ndimage

    return ndimage.gaussian_filter(mask.astype(np.float32), sigma_voxels)


def bounding_box(mask: NDArray[np.bool_], margin_mm: float, spacing: Spacing) -> tuple[slice, ...]:
    """Slices of the smallest box around ``mask``, widened by ``margin_mm`` and clipped."""
    box = []
    for axis, (n, step) in enumerate(zip(mask.shape, spacing, strict=True)):
        other = tuple(a for a in range(mask.ndim) if a != axis)
        inside = np.flatnonzero(mask.any(axis=other))
        pad = int(np.ceil(margin_mm / step))
        box.append(slice(max(0, int(inside[0]) - pad), min(n, int(inside[-1]) + pad + 1)))
    return tuple(box)
