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
    from scipy import ndimage

    coarse = [max(4, int(np.ceil(n * s / scale_mm)) + 3) for n, s in zip(shape, spacing, strict=True)]
    coarse = [min(c, n + 3) for c, n in zip(coarse, shape, strict=True)]
    noise = rng.standard_normal(coarse).astype(np.float32)
    step = [(c - 3) / n for c, n in zip(coarse, shape, strict=True)]
    offset = [1.0 + rng.random() * 0.5 for _ in shape]
    field = ndimage.affine_transform(
        noise, np.array(step), offset=offset, output_shape=shape, order=2, mode="nearest"
    )
    return ((field - field.mean()) / (field.std() + 1e-6)).astype(np.float32)


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


def bounding_box(
    mask: NDArray[np.bool_], margin_mm: float, spacing: Spacing
) -> tuple[slice, ...]:
    """Slices of the smallest box around ``mask``, widened by ``margin_mm`` and clipped."""
    box = []
    for axis, (n, step) in enumerate(zip(mask.shape, spacing, strict=True)):
        other = tuple(a for a in range(mask.ndim) if a != axis)
        inside = np.flatnonzero(mask.any(axis=other))
        pad = int(np.ceil(margin_mm / step))
        box.append(slice(max(0, int(inside[0]) - pad), min(n, int(inside[-1]) + pad + 1)))
    return tuple(box)
