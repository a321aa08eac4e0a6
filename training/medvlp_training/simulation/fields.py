"""Random fields and soft edges on voxel grids."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Spacing = tuple[float, float, float]
_FAR_MM = 1e4


def smooth_noise(
    shape: tuple[int, ...], spacing: tuple[float, ...], scale_mm: float, rng: np.random.Generator
) -> Array:
    """Gaussian field of zero mean and unit variance whose features are ``scale_mm`` wide."""
    weights = [
        _spline_weights(n, step, scale_mm, rng) for n, step in zip(shape, spacing, strict=True)
    ]
    field = rng.standard_normal([w.shape[1] for w in weights], dtype=np.float32)
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


def distance_mm(mask: NDArray[np.bool_], spacing: Spacing, reach_mm: float | None = None) -> Array:
    """Distance of each voxel outside ``mask`` to it; 0 inside, large where the mask is empty.

    Parameters
    ----------
    reach_mm
        Distances beyond it are of no interest: what is farther has at least this value. Only the
        surroundings of the mask are looked at then.
    """
    if not mask.any():
        return np.full(mask.shape, _FAR_MM, np.float32)
    if reach_mm is None:
        return _distance_in_box(mask, spacing)
    box = bounding_box(mask, reach_mm, spacing)
    distance = np.full(mask.shape, max(reach_mm, _FAR_MM), np.float32)
    distance[box] = _distance_in_box(mask[box], spacing)
    return distance


def _distance_in_box(mask: NDArray[np.bool_], spacing: Spacing) -> Array:
    """Distance to ``mask``, measured only where there is something outside of it.

    The nearest voxel of the mask touches one that is outside: a box around those, one voxel wider,
    holds it.
    """
    from scipy import ndimage

    distance = np.zeros(mask.shape, np.float32)
    outside = ~mask
    if outside.any():
        box = bounding_box(outside, max(spacing), spacing)
        distance[box] = ndimage.distance_transform_edt(outside[box], sampling=spacing)
    return distance


def nearest(values: NDArray[Any], source: Array, outside: float | None = None) -> NDArray[Any]:
    """Values at the voxels nearest to ``source``, ``(3, ...)`` indices.

    Beyond the array it is ``outside`` or, without it, what the border has.
    """
    flat = np.zeros(source.shape[1:], np.int32)
    beyond = np.zeros(source.shape[1:], bool)
    for line, n in zip(source, values.shape, strict=True):
        index = np.rint(line).astype(np.int32)
        if outside is not None:
            beyond |= (index < 0) | (index >= n)
        flat *= n
        flat += np.clip(index, 0, n - 1, out=index)
    found = values.ravel().take(flat)
    if outside is not None:
        found[beyond] = outside
    return found


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
