"""Samples at the resolution that a model is trained with: smaller shards, faster reading."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medvlp.geometry import Geometry
from medvlp.models.preprocessing import resample
from medvlp_training.samples.sample import Box, ImageTextSample


def shrink(
    sample: ImageTextSample, longest_side: int | None = None, spacing_mm: float | None = None
) -> ImageTextSample:
    """Fewer voxels over the same field of view; never more than there are.

    The image is resampled with anti-aliasing, masks by their nearest voxel. A lesion that would
    fall between the voxels keeps the one that holds its middle.

    Parameters
    ----------
    longest_side
        Of an X-ray, in pixels; its aspect ratio stays.
    spacing_mm
        Of a CT, along every axis that is finer.
    """
    shape = _smaller(sample, longest_side, spacing_mm)
    if shape == sample.image.shape:
        return sample
    old = sample.image.shape
    volume = sample.image if sample.image.ndim == 3 else sample.image[None]
    wanted = shape if len(shape) == 3 else (1, *shape)
    values = np.rint(resample(volume, wanted)).reshape(shape)  # type: ignore[arg-type]
    limits = np.iinfo(sample.image.dtype)
    picks = np.ix_(*(_nearest(n, m) for n, m in zip(old, shape, strict=True)))
    return replace(
        sample,
        image=values.clip(limits.min, limits.max).astype(sample.image.dtype),
        affine=_affine(sample, shape),
        organs=None if sample.organs is None else sample.organs[picks],
        lesions={name: _lesion(mask, picks, shape) for name, mask in sample.lesions.items()},
        boxes=tuple(_box(box, old, shape) for box in sample.boxes),
    )


def _smaller(
    sample: ImageTextSample, longest_side: int | None, spacing_mm: float | None
) -> tuple[int, ...]:
    shape = sample.image.shape
    if sample.modality == "XR":
        factor = min(1.0, longest_side / max(shape)) if longest_side else 1.0
        return tuple(max(1, round(n * factor)) for n in shape)
    if spacing_mm is None or sample.affine is None:
        return shape
    spacing = Geometry(shape, sample.affine).spacing
    return tuple(
        min(n, max(1, round(n * s / spacing_mm))) for n, s in zip(shape, spacing, strict=True)
    )


def _affine(sample: ImageTextSample, shape: tuple[int, ...]) -> NDArray[np.float64] | None:
    if sample.affine is None:
        return None
    return np.array(Geometry(sample.image.shape, sample.affine).resampled(shape).affine)


def _nearest(old: int, new: int) -> NDArray[np.intp]:
    """Old index at the middle of each of ``new`` equal parts."""
    return np.floor((np.arange(new) + 0.5) * old / new).astype(np.intp)


def _lesion(mask: NDArray[np.bool_], picks: Any, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    small = mask[picks]
    if mask.any() and not small.any():
        voxels = np.argwhere(mask)
        middle = voxels[np.abs(voxels - voxels.mean(axis=0)).sum(axis=1).argmin()]
        small[tuple(middle * np.array(shape) // np.array(mask.shape))] = True
    return np.asarray(small)


def _box(box: Box, old: tuple[int, ...], new: tuple[int, ...]) -> Box:
    """The voxels that the box touches."""
    scale = [m / n for n, m in zip(old, new, strict=True)]
    start = tuple(int(np.floor(a * s)) for a, s in zip(box.start, scale, strict=True))
    stop = tuple(
        min(int(np.ceil(b * s - 1e-9)), n) for b, s, n in zip(box.stop, scale, new, strict=True)
    )
    return Box(box.concept, start, stop, box.sentence)
