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
        taps = np.flatnonzero(along)
        cells = np.tensordot(along[taps], cells.take(taps, frame.slice_axis), (0, frame.slice_axis))
    row_axis, column_axis = frame.axes[-2:]
    if row_axis > column_axis:
        cells = cells.T
    rows, columns = (
        grid.weights[axis][_samples(n, flip, samples)]
        for axis, n, flip in zip(frame.axes[-2:], frame.shape, frame.flips[-2:], strict=True)
    )
    return np.clip(rows @ cells @ columns.T, 0.0, 1.0)


def heat_profile(heatmap: Heatmap, frame: PlaneFrame) -> NDArray[np.float32]:
    """Hottest value of every slice of a pane, in scrolling order."""
    axis = frame.slice_axis
    if axis is None or axis == 0:
        profile = heatmap.slice_scores
    else:
        cells = np.moveaxis(heatmap.interpolation.to_scan_axes(heatmap.values), axis, 0)
        flat = np.ascontiguousarray(cells.reshape(len(cells), -1))
        profile = np.array([_hottest(row, flat) for row in heatmap.interpolation.weights[axis]])
    return profile[::-1] if axis is not None and frame.flips[0] else profile


def _hottest(weights: NDArray[np.float32], cells: NDArray[np.float32]) -> float:
    """Greatest value of a slice between two planes of cells; only those two are read."""
    taps = np.flatnonzero(weights)
    if len(taps) == 0:
        return 0.0
    plane = weights[taps[0]] * cells[taps[0]]
    for tap in taps[1:]:
        plane += weights[tap] * cells[tap]
    return float(plane.max())


def heat_value(heatmap: Heatmap, index: ArrayLike) -> float:
    """Heat at the voxel nearest to a scan index; 0 outside the scan."""
    nearest = np.rint(np.asarray(index, dtype=np.float64)).astype(int)
    if np.any(nearest < 0) or np.any(nearest >= heatmap.scan_geometry.shape):
        return 0.0
    value = heatmap.interpolation.to_scan_axes(heatmap.values)
    for axis, i in enumerate(nearest):
        value = np.tensordot(heatmap.interpolation.weights[axis][i], value, axes=(0, 0))
    return float(value)


def _samples(n: int, flip: bool, maximum: int) -> NDArray[np.intp]:
    """Evenly spaced scan indices over ``n`` voxels, in screen order."""
    count = min(n, maximum)
    centres = np.rint((np.arange(count) + 0.5) * (n / count) - 0.5).astype(np.intp)
    return n - 1 - centres if flip else centres
