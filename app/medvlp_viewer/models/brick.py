"""Reduces a CT to what can be drawn as a volume while it is being turned."""

from __future__ import annotations

from threading import Event

import numpy as np
from numpy.typing import NDArray

from medvlp.geometry import Geometry
from medvlp.scan import Scan
from medvlp_viewer.models.volume_scene import Brick

# 160 cubed: what a processor without a GPU can cast rays through several times a second.
MAXIMUM_VOXELS = 160**3


class BrickJob:
    """The reduction of one scan, done in another thread.

    ``fraction`` in [0, 1] may be read while :meth:`run` runs; ``brick`` is set at its end unless
    :meth:`cancel` was called, and ``finished`` after either.
    """

    def __init__(self, scan: Scan, maximum: int = MAXIMUM_VOXELS) -> None:
        self.scan = scan
        self.fraction = 0.0
        self.brick: Brick | None = None
        self.finished = False
        self._maximum = maximum
        self._cancelled = Event()

    def cancel(self) -> None:
        """Stop at the next slice."""
        self._cancelled.set()

    def run(self) -> None:
        """Average blocks of voxels, slice by slice; it is finished even if that fails."""
        try:
            self._reduce()
        finally:
            self.finished = True

    def _reduce(self) -> None:
        factors = reduction(self.scan.geometry, self._maximum)
        geometry, start = reduced_geometry(self.scan.geometry, factors)
        array = np.empty(geometry.shape, dtype=np.int16)
        for k in range(len(array)):
            if self._cancelled.is_set():
                break
            first = start[0] + k * factors[0]
            slab = self.scan.array[first : first + factors[0]]
            array[k] = _block_means(slab, geometry.shape[1:], factors, start)
            self.fraction = (k + 1) / len(array)
        else:
            self.brick = right_handed(array, geometry)


def reduction(geometry: Geometry, maximum: int) -> tuple[int, ...]:
    """Voxels per axis that become one, so that at most ``maximum`` nearly cubic ones are left.

    Thick slices are kept while rows and columns are thinned.
    """
    spacing, shape = np.asarray(geometry.spacing), np.asarray(geometry.shape)
    target = float(spacing.min())
    while True:
        factors = np.clip(np.rint(target / spacing), 1, shape).astype(int)
        if np.prod(shape // factors) <= maximum:
            return tuple(int(f) for f in factors)
        target *= 1.1


def reduced_geometry(
    geometry: Geometry, factors: tuple[int, ...]
) -> tuple[Geometry, tuple[int, ...]]:
    """Grid of whole blocks, and its first voxel: what does not fill a block is left out evenly."""
    shape = tuple(n // f for n, f in zip(geometry.shape, factors, strict=True))
    start = tuple((n - m * f) // 2 for n, m, f in zip(geometry.shape, shape, factors, strict=True))
    widths = tuple(float(f) for f in factors)
    return geometry.with_cells(shape, widths, tuple(float(s) for s in start)), start


def right_handed(array: NDArray[np.int16], geometry: Geometry) -> Brick:
    """The same voxels at the same places, with the slices counted the other way if need be.

    In the order (column, row, slice) that VTK counts in; a mirrored frame would turn surface
    normals, and with them light and shadow, inside out.
    """
    if np.linalg.det(geometry.affine[:3, :3][:, ::-1]) < 0:
        geometry = geometry.permuted((0, 1, 2), (True, False, False))
        array = np.ascontiguousarray(array[::-1])
    return Brick(array, geometry.affine)


def _block_means(
    slab: NDArray[np.generic],
    shape: tuple[int, ...],
    factors: tuple[int, ...],
    start: tuple[int, ...],
) -> NDArray[np.int16]:
    """Means of the blocks of one thick slice."""
    (rows, columns), (_, row_step, column_step) = shape, factors
    inside = slab[
        :,
        start[1] : start[1] + rows * row_step,
        start[2] : start[2] + columns * column_step,
    ]
    if inside.shape == (1, rows, columns):
        return inside[0].astype(np.int16, copy=False)
    blocks = inside.reshape(len(slab), rows, row_step, columns, column_step)
    means = blocks.mean(axis=(0, 2, 4), dtype=np.float32)
    result: NDArray[np.int16] = np.rint(means).astype(np.int16)
    return result
