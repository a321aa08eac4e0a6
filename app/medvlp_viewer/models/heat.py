"""Heat on the screen's pixels: any plane, at the resolution that the screen can show.

:meth:`medvlp.Heatmap.slice` interpolates to every voxel; a radiograph of 12 million pixels needs
far fewer, since a cell of the heatmap is many pixels wide. The same separable weights are used,
thinned.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from medvlp.grounding.grid_to_scan import GridToScan
from medvlp.grounding.heatmap import Heatmap
from medvlp_viewer.models.planes import PlaneFrame

# Several samples per cell of the heatmap, whose cells are millimetres wide.
MAXIMUM_SAMPLES = 256
# Slices whose heat is compared at once: enough to be fast, few enough to stay in the cache.
_CHUNK = 32


def heat_plane(heatmap: Heatmap, frame: PlaneFrame, position: int) -> NDArray[np.float32]:
    """Heat of one slice in screen order, at most :data:`MAXIMUM_SAMPLES` along each side."""
    return grid_plane(heatmap.values, heatmap.interpolation, frame, position)


def grid_plane(
    values: NDArray[np.float32],
    grid: GridToScan,
    frame: PlaneFrame,
    position: int,
    samples: int = MAXIMUM_SAMPLES,
) -> NDArray[np.float32]:
    """One slice of any values on a token grid, at most ``samples`` along each side."""
    cells = grid.to_scan_axes(values)
    if frame.slice_axis is not None:
        along = grid.weights[frame.slice_axis][frame.array_slice(position)]
        cells = _along(cells, frame.slice_axis, along[None]).squeeze(frame.slice_axis)
    row_axis, column_axis = frame.axes[-2:]
    if row_axis > column_axis:
        cells = cells.T
    for axis, n, flip, screen in zip(
        frame.axes[-2:], frame.shape, frame.flips[-2:], (0, 1), strict=True
    ):
        cells = _along(cells, screen, grid.weights[axis][_samples(n, flip, samples)])
    return np.clip(cells, 0.0, 1.0)


def heat_profile(heatmap: Heatmap, frame: PlaneFrame) -> NDArray[np.float32]:
    """Hottest value of every slice of a pane, in scrolling order."""
    axis = frame.slice_axis
    if axis is None:
        return heatmap.slice_scores
    cells = np.moveaxis(heatmap.interpolation.to_scan_axes(heatmap.values), axis, 0)
    flat = np.ascontiguousarray(cells.reshape(len(cells), -1))
    weights = heatmap.interpolation.weights[axis]
    chunks = np.array_split(weights, max(1, len(weights) // _CHUNK))
    profile = np.concatenate([_along(flat, 0, chunk).max(axis=1) for chunk in chunks])
    return profile[::-1] if frame.flips[0] else profile


def heat_value(heatmap: Heatmap, index: ArrayLike) -> float:
    """Heat at the voxel nearest to a scan index; 0 outside the scan."""
    nearest = np.rint(np.asarray(index, dtype=np.float64)).astype(int)
    if np.any(nearest < 0) or np.any(nearest >= heatmap.scan_geometry.shape):
        return 0.0
    value = heatmap.interpolation.to_scan_axes(heatmap.values)
    for axis, i in enumerate(nearest):
        value = _along(value, axis, heatmap.interpolation.weights[axis][i][None])
    return float(value.reshape(()))


def _along(
    cells: NDArray[np.float32], axis: int, weights: NDArray[np.float32]
) -> NDArray[np.float32]:
    """``weights @ cells`` along one axis, for rows with at most two neighbouring weights.

    Linear interpolation has no more. Two lookups are many times faster than the matrix product,
    whose threads moreover wait for each other on a busy computer.

    Parameters
    ----------
    cells
        Values on a token grid.
    axis
        Of ``cells``.
    weights
        ``(samples, cells along axis)``.
    """
    first = np.argmax(weights > 0.0, axis=1)
    second = np.minimum(first + 1, weights.shape[1] - 1)
    row = np.arange(len(weights))
    near, far = weights[row, first], np.where(second > first, weights[row, second], 0.0)
    shape = [1] * cells.ndim
    shape[axis] = -1
    near, far = near.reshape(shape), far.astype(np.float32).reshape(shape)
    mixed: NDArray[np.float32] = cells.take(first, axis) * near
    mixed += cells.take(second, axis) * far
    return mixed


def _samples(n: int, flip: bool, maximum: int) -> NDArray[np.intp]:
    """Evenly spaced scan indices over ``n`` voxels, in screen order."""
    count = min(n, maximum)
    centres = np.rint((np.arange(count) + 0.5) * (n / count) - 0.5).astype(np.intp)
    return n - 1 - centres if flip else centres
