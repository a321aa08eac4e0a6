"""A small grey picture of a scan, with its geometry, so that it is laid out like the scan itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from medvlp.geometry import Geometry
from medvlp.scan import Scan

SIDE = 128
"""Longest side in pixels."""
_SOFT_TISSUE = (40.0, 400.0)


@dataclass(frozen=True, eq=False)
class Thumbnail:
    """A reduced slice.

    Parameters
    ----------
    grey
        ``(rows, columns)`` uint8, in the array order of the slice.
    geometry
        Of ``grey``: which way its rows and columns run in the patient.
    """

    grey: NDArray[np.uint8]
    geometry: Geometry


def thumbnail_of(scan: Scan) -> Thumbnail:
    """The middle slice of a volume across its first axis, or the image itself."""
    level, width = scan.window or (_SOFT_TISSUE if scan.intensity == "HU" else (0.5, 1.0))
    if not scan.is_volume:
        return reduced(scan.array, scan.geometry, level, width)
    middle = scan.array.shape[0] // 2
    return reduced(scan.array[middle], slice_geometry(scan.geometry, middle), level, width)


def slice_geometry(geometry: Geometry, index: int) -> Geometry:
    """Geometry of one slice of a volume across its first axis."""
    affine = geometry.affine.copy()
    affine[:3, 3] = geometry.index_to_world((index, 0, 0))
    return Geometry(geometry.shape[1:], affine, geometry.units)


def reduced(
    values: NDArray[np.generic],
    geometry: Geometry,
    level: float = _SOFT_TISSUE[0],
    width: float = _SOFT_TISSUE[1],
) -> Thumbnail:
    """Window a slice and average blocks of its pixels until it fits :data:`SIDE`.

    Parameters
    ----------
    values
        ``(rows, columns)`` in the scan's units.
    geometry
        Of ``values``.
    level, width
        Window in the same units.
    """
    factor = max(1, -(-max(values.shape) // SIDE))
    shape = tuple(max(1, n // factor) for n in values.shape)
    factors = tuple(min(factor, n) for n in values.shape)
    kept = values[: shape[0] * factors[0], : shape[1] * factors[1]].astype(np.float32)
    blocks = kept.reshape(shape[0], factors[0], shape[1], factors[1]).mean(axis=(1, 3))
    grey = np.clip((blocks - level) / width + 0.5, 0.0, 1.0) * 255.0
    cells = geometry.with_cells(shape, tuple(float(f) for f in factors), (0.0, 0.0))
    return Thumbnail(np.rint(grey).astype(np.uint8), cells)
