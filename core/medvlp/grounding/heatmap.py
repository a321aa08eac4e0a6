"""Where on the scan a query was found, and whether it is there at all."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from medvlp.errors import GeometryError
from medvlp.geometry import Geometry
from medvlp.grounding.grid_to_scan import GridToScan, grid_to_scan, values_between

if TYPE_CHECKING:
    from medvlp.grounding.query import Query
    from medvlp.scan import Scan

_TIE = 1e-6


@dataclass(frozen=True)
class Peak:
    """A hot spot.

    Parameters
    ----------
    index
        Index of the scan's array: the hottest voxel around the centre of the hottest cell.
    mm
        LPS millimetres of that voxel's centre; None where the scan has no spacing.
    value
        Heat in [0, 1].
    """

    index: tuple[int, ...]
    mm: tuple[float, float, float] | None
    value: float

    def to_dict(self) -> dict[str, object]:
        """``{"index", "mm"}`` for JSON."""
        return {"index": list(self.index), "mm": None if self.mm is None else list(self.mm)}


@dataclass(frozen=True, eq=False)
class Heatmap:
    """The answer to one query on one scan.

    Parameters
    ----------
    query
        The question.
    values
        ``(*token shape)`` float32 in [0, 1]; all zero when abstained. For "no pleural effusion" it
        is the map of the effusion.
    geometry
        Token indices to LPS millimetres.
    scan_geometry
        Scan indices to LPS millimetres.
    probability
        Calibrated answer to the question as asked (for "no ..." that it is absent); None when
        abstained.
    score
        Scan-level score in logits that ``probability`` was calibrated from; None when abstained.
    abstained
        No claim is made.
    reason
        Why not, in a sentence; empty when answered.
    explanation
        How the query was read, in a sentence.
    """

    query: Query
    values: NDArray[np.float32]
    geometry: Geometry
    scan_geometry: Geometry
    probability: float | None
    score: float | None = None
    abstained: bool = False
    reason: str = ""
    explanation: str = ""

    def __post_init__(self) -> None:
        if tuple(self.values.shape) != self.geometry.shape:
            raise GeometryError(
                f"Heat {self.values.shape} and its geometry {self.geometry.shape} disagree."
            )
        if self.abstained != (self.probability is None):
            raise ValueError("A heatmap has a probability unless it abstains.")
        values = np.ascontiguousarray(self.values, dtype=np.float32)
        values.setflags(write=False)
        object.__setattr__(self, "values", values)

    @property
    def interpolation(self) -> GridToScan:
        """Token grid to scan grid; shared between heatmaps of a scan."""
        return grid_to_scan(self.geometry, self.scan_geometry)

    @cached_property
    def _on_scan_axes(self) -> NDArray[np.float32]:
        return np.ascontiguousarray(self.interpolation.to_scan_axes(self.values))

    @cached_property
    def _peak_cell(self) -> int | None:
        top = float(self.values.max())
        if top <= 0.0:
            return None
        tied = np.flatnonzero(self.values >= top - _TIE)
        if len(tied) == 1:
            return int(tied[0])
        # Saturated heat has no single top: take the cell deepest inside the hot region.
        depth = _mean_around(self.values)
        return int(tied[np.argmax(depth.ravel()[tied])])

    @property
    def peak(self) -> Peak | None:
        """The hottest cell; None where there is no heat (abstained)."""
        return None if self._peak_cell is None else self._peak_at(self._peak_cell)

    @property
    def peak_index(self) -> tuple[int, ...] | None:
        """Scan index of the hottest cell; None where there is no heat."""
        return None if self.peak is None else self.peak.index

    @property
    def peak_mm(self) -> tuple[float, float, float] | None:
        """LPS millimetres of ``peak_index``; None without heat or without pixel spacing."""
        return None if self.peak is None else self.peak.mm

    def peaks(self, n: int = 5, separation_mm: float = 20.0, minimum: float = 0.05) -> list[Peak]:
        """At most ``n`` local maxima, hottest first, far enough apart to be looked at one by one.

        Parameters
        ----------
        n
            How many at most.
        separation_mm
            Smallest distance between two. Without pixel spacing, 1/16 of the longer side instead.
        minimum
            Heat below which nothing counts as a peak.
        """
        if self._peak_cell is None:
            return []
        from scipy.ndimage import maximum_filter

        is_top = (self.values >= maximum_filter(self.values, size=3)) & (self.values >= minimum)
        tops = np.flatnonzero(is_top)
        tops = tops[np.argsort(-self.values.ravel()[tops], kind="stable")]
        cells = np.concatenate([[self._peak_cell], tops])
        if self.scan_geometry.units == "pixel":
            separation_mm = max(self.scan_geometry.shape) / 16
        where = np.stack(np.unravel_index(cells, self.values.shape), axis=-1)
        world, left = self.geometry.index_to_world(where), np.ones(len(cells), dtype=bool)
        kept: list[Peak] = []
        while left.any() and len(kept) < n:
            best = int(np.argmax(left))
            kept.append(self._peak_at(int(cells[best])))
            left &= np.linalg.norm(world - world[best], axis=1) >= separation_mm
        return kept

    def slice(self, k: int, axis: int = 0) -> NDArray[np.float32]:
        """Heat on one plane of the scan's grid, float32 in [0, 1].

        Parameters
        ----------
        k
            Index along ``axis``; ignored for an X-ray.
        axis
            Scan axis that is held fixed: 0 gives ``(rows, columns)``.
        """
        weights, values = self.interpolation.weights, self._on_scan_axes
        if values.ndim == 2:
            return _upsample(values, weights[0], weights[1])
        rest = [a for a in range(3) if a != axis]
        taps = np.flatnonzero(weights[axis][k])
        plane = np.zeros([values.shape[a] for a in rest], dtype=np.float32)
        for tap in taps:
            plane += weights[axis][k, tap] * values.take(tap, axis=axis)
        return _upsample(plane, weights[rest[0]], weights[rest[1]])

    def on(self, scan: Scan) -> NDArray[np.float32]:
        """Heat on every voxel: float32 of ``scan.array.shape`` in [0, 1].

        Raises
        ------
        GeometryError
            If ``scan`` is not the scan that was asked about.
        """
        if not scan.geometry.is_close(self.scan_geometry, tolerance_mm=1e-2):
            raise GeometryError(
                f"This heatmap lies on a scan of shape {self.scan_geometry.shape}; found one of "
                f"shape {scan.geometry.shape} elsewhere. Use the scan that was encoded."
            )
        if scan.array.ndim == 2:
            return self.slice(0)
        weights, out = self.interpolation.weights, np.zeros(scan.array.shape, dtype=np.float32)
        fine: dict[int, NDArray[np.float32]] = {}  # the one or two grid planes in use, upsampled
        for k in range(len(out)):
            taps = np.flatnonzero(weights[0][k]).tolist()
            fine = {
                t: fine[t] if t in fine else _upsample(self._on_scan_axes[t], *weights[1:])
                for t in taps
            }
            for tap, plane in fine.items():
                out[k] += weights[0][k, tap] * plane
        return out

    @cached_property
    def slice_scores(self) -> NDArray[np.float32]:
        """``(slices,)`` float32: the greatest heat on each scan slice; length 1 for an X-ray."""
        if self.values.ndim == 2:
            return np.array([self.values.max()], dtype=np.float32)
        flat = self._on_scan_axes.reshape(self._on_scan_axes.shape[0], -1)
        weights = self.interpolation.weights[0]
        return (weights @ flat).max(axis=1)

    def _peak_at(self, cell: int) -> Peak:
        """The hottest of the voxels around a cell's centre.

        A centre often lies between voxels; rounding it could leave the hot side, and index and
        millimetres would then name different places.
        """
        from itertools import product

        world = self.geometry.index_to_world(np.unravel_index(cell, self.values.shape))
        near = self.scan_geometry.world_to_index(world)
        last = np.asarray(self.scan_geometry.shape) - 1
        sides = [sorted({math.floor(x + 1e-6), math.ceil(x - 1e-6)}) for x in near]
        voxels = np.clip(np.array(list(product(*sides))), 0, last)
        places = self.scan_geometry.index_to_world(voxels)
        tokens = self.geometry.world_to_index(places)
        heat = values_between(self.values, tokens)
        # Equal heat is decided by place, not by the order in which the array is stored.
        best = int(np.lexsort((*np.round(places.T, 3), -np.round(heat, 5)))[0])
        known = self.scan_geometry.units == "mm"
        x, y, z = (float(v) for v in places[best])
        index = tuple(int(i) for i in voxels[best])
        return Peak(index, (x, y, z) if known else None, float(self.values.ravel()[cell]))


def _mean_around(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Mean of the five cells along each axis around each one; there is no heat beyond the grid.

    A running mean: each cell adds to the one before it what came in and what went out.
    """
    for axis in range(values.ndim):
        lines = np.moveaxis(values, axis, -1).astype(np.float64)
        lines = np.pad(lines, [(0, 0)] * (values.ndim - 1) + [(2, 2)])
        first = lines[..., :5].sum(axis=-1, keepdims=True)
        change = lines[..., 5:] - lines[..., :-5]
        means = np.cumsum(np.concatenate([first, change], axis=-1), axis=-1) / 5
        values = np.moveaxis(means, -1, axis).astype(np.float32)
    return values


def _upsample(
    plane: NDArray[np.float32], rows: NDArray[np.float32], columns: NDArray[np.float32]
) -> NDArray[np.float32]:
    return np.clip(rows @ plane @ columns.T, 0.0, 1.0, dtype=np.float32)
