"""Values of a grid at the pixel centres of DICOM slices, wherever these lie in the patient."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medvlp.geometry import Geometry
from medvlp.io.dicom.planes import Plane

_ROUNDING = 1e-6


def values_on_plane(
    values: NDArray[Any], geometry: Geometry, plane: Plane, order: int = 1
) -> NDArray[Any]:
    """``(rows, columns)`` values at the pixel centres of a slice.

    The pixel at (row, column) lies at position + row * down + column * across (PS3.3 C.7.6.2.1.1).

    Parameters
    ----------
    values
        ``(*grid shape)``; 0 outside the grid, which ends half a cell beyond its last centres.
    geometry
        Of the grid; it may be turned against the slice.
    order
        1: linear between cells; 0: the nearest cell, as labels need.
    """
    from scipy.ndimage import affine_transform

    down = plane.along_columns * plane.pixel_spacing[0]
    across = plane.along_rows * plane.pixel_spacing[1]
    origin = geometry.world_to_index(plane.position)
    steps = geometry.inverse[:3, :3] @ np.stack([plane.normal, down, across], axis=1)
    sampled: NDArray[Any] = affine_transform(
        values, steps, origin, output_shape=(1, *plane.shape), order=order, mode="nearest"
    )[0]
    rows, columns = (np.arange(n, dtype=np.float64) for n in plane.shape)
    for axis, cells in enumerate(geometry.shape):
        index = origin[axis] + np.add.outer(rows * steps[axis, 1], columns * steps[axis, 2])
        low, high = -0.5 - _ROUNDING, cells - 0.5 + _ROUNDING
        if index.min() < low or index.max() > high:
            sampled[(index < low) | (index > high)] = 0
    return sampled


def part_of_plane(plane: Plane, geometry: Geometry) -> tuple[tuple[slice, slice], Plane] | None:
    """The rectangle of a slice that a grid can reach, as pixels and as a slice of its own.

    None if the grid lies beside the slice altogether.
    """
    vectors = np.asarray(geometry.axis_vectors)
    signs = np.array(list(product((-0.5, 0.5), repeat=len(vectors))))
    # The outer corners of the outermost cells, whichever way the grid is turned.
    corners = geometry.corners()[:, None] + signs @ vectors
    away = corners.reshape(-1, 3) - plane.position
    height = away @ plane.normal
    if height.min() > 0 or height.max() < 0:
        return None
    box = []
    for axis, spacing, size in (
        (plane.along_columns, plane.pixel_spacing[0], plane.shape[0]),
        (plane.along_rows, plane.pixel_spacing[1], plane.shape[1]),
    ):
        along = away @ axis / spacing
        first = max(0, int(np.floor(along.min())))
        last = min(size, int(np.ceil(along.max())) + 1)
        if first >= last:
            return None
        box.append(slice(first, last))
    rows, columns = box
    corner = (
        plane.position
        + rows.start * plane.pixel_spacing[0] * plane.along_columns
        + columns.start * plane.pixel_spacing[1] * plane.along_rows
    )
    shape = (rows.stop - rows.start, columns.stop - columns.start)
    return (rows, columns), replace(plane, position=corner, shape=shape)


def cropped_to_level(
    values: NDArray[Any], geometry: Geometry, level: float
) -> tuple[NDArray[np.float32], Geometry] | None:
    """The cells of at least ``level`` and one around them: interpolation reaches it nowhere else.

    None if there is no such cell.
    """
    cells = np.argwhere(values >= level)
    if not len(cells):
        return None
    low = np.maximum(cells.min(axis=0) - 1, 0)
    high = np.minimum(cells.max(axis=0) + 2, values.shape)
    box = tuple(slice(int(a), int(b)) for a, b in zip(low, high, strict=True))
    kept = np.asarray(values[box], dtype=np.float32)
    return kept, geometry.cropped(tuple(s.start for s in box), kept.shape)
