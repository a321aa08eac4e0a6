"""Linear interpolation from a token grid to the scan's own grid.

A token grid has the scan's axes, permuted and reversed, so the interpolation is separable: one
small matrix per scan axis (Getreuer, "Linear Methods for Image Interpolation", IPOL 2011).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from medvlp.errors import GeometryError
from medvlp.geometry import Geometry

# A grid may drift from the scan's axes by this share of a cell over the whole scan.
_SHEAR_TOLERANCE = 1e-2


@dataclass(frozen=True, eq=False)
class GridToScan:
    """Where each scan index falls on a token grid.

    Parameters
    ----------
    axes
        Grid axis that runs along each scan axis.
    positions
        Per scan axis, ``(n,)`` float64: fractional grid index of every scan index.
    weights
        Per scan axis, ``(n, grid cells)`` float32: linear interpolation; rows of zeros outside
        the grid's field of view, which ends half a cell beyond the last centres.
    """

    axes: tuple[int, ...]
    positions: tuple[NDArray[np.float64], ...]
    weights: tuple[NDArray[np.float32], ...]

    def to_scan_axes(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """``values`` with its axes in the scan's order (not yet interpolated)."""
        return values.transpose(self.axes)

    def nearest_cells(self, axis: int) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
        """``(n,)`` nearest grid cell along a scan axis, and which indices the grid covers."""
        n_cells = self.weights[axis].shape[1]
        covered = _covered(self.positions[axis], n_cells)
        cells = np.clip(np.rint(self.positions[axis]), 0, n_cells - 1).astype(np.intp)
        return cells, covered


@lru_cache(maxsize=16)
def grid_to_scan(grid: Geometry, scan: Geometry) -> GridToScan:
    """Interpolation from ``grid`` to ``scan``, cached.

    Raises
    ------
    GeometryError
        If the grid's axes are not the scan's axes, permuted and reversed.
    """
    if grid.ndim != scan.ndim:
        raise GeometryError(
            f"The token grid has {grid.ndim} axes and the scan {scan.ndim}: not of the same scan."
        )
    first = 3 - grid.ndim
    steps = grid.inverse[:3, :3] @ scan.axis_vectors.T
    steps, origin = steps[first:], grid.world_to_index(scan.index_to_world((0,) * scan.ndim))
    axes = tuple(int(a) for a in np.argmax(np.abs(steps), axis=0))
    along = np.zeros_like(steps, dtype=bool)
    along[list(axes), range(scan.ndim)] = True
    drift = np.abs(np.where(along, 0.0, steps)) @ np.asarray(scan.shape)
    if sorted(axes) != list(range(scan.ndim)) or np.any(drift > _SHEAR_TOLERANCE):
        raise GeometryError(
            "The token grid is sheared or rotated against the scan: expected the scan's axes, "
            f"permuted or reversed; found steps of\n{steps.round(4)}\ncells per voxel."
        )
    positions = tuple(
        origin[axes[a]] + steps[axes[a], a] * np.arange(scan.shape[a]) for a in range(scan.ndim)
    )
    weights = tuple(_linear_weights(positions[a], grid.shape[axes[a]]) for a in range(scan.ndim))
    return GridToScan(axes, positions, weights)


def values_between(
    values: NDArray[np.float32], positions: NDArray[np.float64]
) -> NDArray[np.float32]:
    """Linear interpolation at a few fractional indices; beyond the outermost cells, theirs.

    Parameters
    ----------
    values
        ``(*token shape)``.
    positions
        ``(n, axes)``.
    """
    last = np.asarray(values.shape) - 1
    inside = np.clip(positions, 0, last)
    low = np.floor(inside).astype(np.intp)
    share, found = inside - low, np.zeros(len(positions))
    for corner in np.ndindex(*[2] * values.ndim):
        weights = np.where(corner, share, 1 - share).prod(axis=1)
        found += weights * values[tuple(np.minimum(low + corner, last).T)]
    return found.astype(np.float32)


def _covered(positions: NDArray[np.float64], n_cells: int) -> NDArray[np.bool_]:
    return (positions >= -0.5 - 1e-6) & (positions <= n_cells - 0.5 + 1e-6)


def _linear_weights(positions: NDArray[np.float64], n_cells: int) -> NDArray[np.float32]:
    weights = np.zeros((len(positions), n_cells), dtype=np.float32)
    rows = np.flatnonzero(_covered(positions, n_cells))
    clamped = np.clip(positions[rows], 0, n_cells - 1)
    low = np.minimum(clamped.astype(np.intp), max(n_cells - 2, 0))
    fraction = clamped - low
    weights[rows, low] = 1.0 - fraction
    if n_cells > 1:
        weights[rows, low + 1] = fraction
    return weights
