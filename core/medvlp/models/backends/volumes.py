"""From a CT to the cubes, or boxes, that three-dimensional networks were trained on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from medvlp.geometry import Geometry
from medvlp.models.backends.framing import window_starts
from medvlp.models.backends.settings import Triple, VolumetricPreprocessing
from medvlp.scan import Scan

SLICES_AT_ONCE = 32
LETTERS = {"L": (0, 1), "R": (0, -1), "P": (1, 1), "A": (1, -1), "S": (2, 1), "I": (2, -1)}
ENOUGH_BODY = 0.002
Start = tuple[int, int, int]
Align = Literal["centre", "first"]


def oriented(
    array: NDArray[np.generic], geometry: Geometry, orientation: str
) -> tuple[NDArray[np.generic], Geometry]:
    """View whose axes run (closest) toward the letters; no voxel is interpolated."""
    wanted = [LETTERS[letter] for letter in orientation]
    closest = geometry.closest_axes
    order = tuple(next(i for i, (a, _) in enumerate(closest) if a == axis) for axis, _ in wanted)
    flips = tuple(closest[i][1] != sign for i, (_, sign) in zip(order, wanted, strict=True))
    view = array.transpose(order)[tuple(slice(None, None, -1 if f else 1) for f in flips)]
    return view, geometry.permuted(order, flips)


def resampled_shape(geometry: Geometry, spacing: Triple, align: Align) -> tuple[int, ...]:
    """How many voxels of ``spacing`` there are.

    About the centre, as many as fit into the field of view (TorchIO); from the first voxel on, until
    the nearest to the last one (MONAI).
    """
    if align == "first":
        steps = (np.asarray(geometry.shape) - 1) * np.asarray(geometry.spacing)
        return tuple(int(n) + 1 for n in np.round(steps / np.asarray(spacing)))
    sizes = np.asarray(geometry.shape) * np.asarray(geometry.spacing) / np.asarray(spacing)
    kept = np.where(np.asarray(geometry.shape) == 1, 1, np.floor(sizes))
    return tuple(int(n) for n in np.maximum(kept, 1))


def resample_linearly(
    array: NDArray[np.generic], geometry: Geometry, spacing: Triple, align: Align = "centre"
) -> tuple[NDArray[np.float32], Geometry]:
    """Linear interpolation without smoothing at voxels about the same centre, or from the same first one.

    Equal to SimpleITK's linear resampling as TorchIO sets it up (``Resample(spacing)``), or to MONAI's
    ``Spacing``.
    """
    shape = resampled_shape(geometry, spacing, align)
    factors = tuple(mm / s for mm, s in zip(spacing, geometry.spacing, strict=True))
    starts = (
        (0.0, 0.0, 0.0)
        if align == "first"
        else tuple(
            (n - 1) / 2 - (m - 1) / 2 * f
            for n, m, f in zip(geometry.shape, shape, factors, strict=True)
        )
    )
    at = [s + f * np.arange(m) for s, f, m in zip(starts, factors, shape, strict=True)]
    planes = np.empty((array.shape[0], *shape[1:]), dtype=np.float32)
    for first in range(0, array.shape[0], SLICES_AT_ONCE):
        part = np.asarray(array[first : first + SLICES_AT_ONCE], dtype=np.float32)
        planes[first : first + SLICES_AT_ONCE] = _along(_along(part, at[1], 1), at[2], 2)
    faces = tuple(s + 0.5 - f / 2 for s, f in zip(starts, factors, strict=True))
    return _along(planes, at[0], 0), geometry.with_cells(shape, factors, faces)


def _along(values: NDArray[np.float32], at: NDArray[np.floating], axis: int) -> NDArray[np.float32]:
    low = np.clip(np.floor(at).astype(np.intp), 0, max(values.shape[axis] - 2, 0))
    high = np.minimum(low + 1, values.shape[axis] - 1)
    shape = [-1 if a == axis else 1 for a in range(values.ndim)]
    share = np.clip(at - low, 0, 1).astype(np.float32).reshape(shape)
    below = values.take(low, axis)
    return below + (values.take(high, axis) - below) * share


@dataclass(frozen=True)
class Cubes:
    """A prepared CT and the cubes to encode.

    Parameters
    ----------
    array
        ``(a, b, c)`` float32 in [-1, 1], padded so that every cube lies inside.
    starts
        First voxel of each cube, whole cells apart.
    geometry
        Of the cells from the first cube to the last.
    """

    array: NDArray[np.float32]
    starts: tuple[Start, ...]
    geometry: Geometry


def prepare_cubes(scan: Scan, settings: VolumetricPreprocessing) -> Cubes:
    """Orientation, spacing, clamping and scaling, and where boxes must lie to cover the body.

    A body that fits into the published centre crop is seen in exactly that crop.
    """
    view, geometry = oriented(scan.array, scan.geometry, settings.orientation)
    hu, geometry = resample_linearly(view, geometry, settings.spacing, settings.align)
    low, high = settings.hu_range
    scaled = (np.clip(hu, low, high) - low) / (high - low) * 2 - 1
    pad = [max(side - n, 0) for side, n in zip(settings.sides, scaled.shape, strict=True)]
    before = [_half(n, settings) for n in pad]
    margins = [(b, n - b) for b, n in zip(before, pad, strict=True)]
    outside = -1.0 if settings.pad == "air" else float(scaled.min())
    padded = np.pad(scaled, margins, constant_values=outside)
    geometry = geometry.cropped(tuple(-b for b in before), padded.shape)
    body = np.pad(hu, margins, constant_values=low) > settings.body_hu
    axes = [_starts(n, _extent(body, axis), axis, settings) for axis, n in enumerate(padded.shape)]
    beyond = [
        max(s[-1] + side - n, 0)
        for s, side, n in zip(axes, settings.sides, padded.shape, strict=True)
    ]
    padded = np.pad(padded, [(0, n) for n in beyond], constant_values=outside)
    starts = tuple((a, b, c) for a in axes[0] for b in axes[1] for c in axes[2])
    return Cubes(padded, starts, _cells(geometry, axes, settings))


def _half(voxels: int, settings: VolumetricPreprocessing) -> int:
    """Half of them: the greater half where the odd voxel comes first."""
    return -(-voxels // 2) if settings.odd_voxel == "first" else voxels // 2


def _extent(body: NDArray[np.bool_], axis: int) -> tuple[int, int] | None:
    """First and one past the last voxel of the body along an axis; None where there is none."""
    others = tuple(a for a in range(3) if a != axis)
    hits = np.flatnonzero(body.mean(axis=others) > ENOUGH_BODY)
    return (int(hits[0]), int(hits[-1]) + 1) if len(hits) else None


def _starts(
    size: int, body: tuple[int, int] | None, axis: int, settings: VolumetricPreprocessing
) -> list[int]:
    """Where boxes begin along an axis: the centre crop, or as many as cover the body with cells."""
    side, cell, early = settings.sides[axis], settings.cells[axis], settings.early[axis]
    centre = _half(size - side, settings)
    if body is None or not settings.covered[axis]:
        return [centre]
    start, end, size = body[0] + early, body[1] + early, size + early
    if centre <= start and end <= centre + side:
        return [centre]
    length = end - start
    if length <= side:
        return [min(max(start - (side - length) // 2, 0), size - side)]
    whole = -(-length // cell) * cell
    first = min(start, max(size - whole, 0))
    return [first + s for s in window_starts(whole, side, cell)]


def _cells(
    geometry: Geometry, axes: list[list[int]], settings: VolumetricPreprocessing
) -> Geometry:
    shape = tuple(
        (s[-1] - s[0] + side) // cell
        for s, side, cell in zip(axes, settings.sides, settings.cells, strict=True)
    )
    shift = 0.5 if settings.cell_centre == "first" else 0.0
    start = tuple(s[0] - shift * (cell - 1) for s, cell in zip(axes, settings.cells, strict=True))
    return geometry.with_cells(shape, tuple(map(float, settings.cells)), start)
