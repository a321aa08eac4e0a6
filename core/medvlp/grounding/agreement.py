"""How far two answers to one query about one scan agree, such as those of two models."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray

from medvlp.errors import GeometryError
from medvlp.geometry import Geometry
from medvlp.grounding.grid_to_scan import grid_to_scan
from medvlp.grounding.heatmap import Heatmap

HOT = 0.5
"""Heat from which on a place counts as marked."""
_LEAST_HEAT = 1e-6
"""Less than this is the rounding of an interpolation."""
_TOLERANCE_MM = 1e-2


@dataclass(frozen=True)
class Agreement:
    """What two heatmaps have in common.

    Parameters
    ----------
    probability_difference
        Second minus first, in [-1, 1]; None if either abstains.
    peak_distance_mm
        Between the hottest points; None if either abstains or has no heat, or the scan no spacing.
    overlap
        Dice coefficient of the marked volumes (for an X-ray: areas), in [0, 1]; None if either
        abstains, or neither marks anything: there is nothing to overlap.
    """

    probability_difference: float | None
    peak_distance_mm: float | None
    overlap: float | None


def agreement(first: Heatmap, second: Heatmap, hot: float = HOT) -> Agreement:
    """Compare two heatmaps of the same scan, whose token grids may differ.

    Parameters
    ----------
    first, second
        Answers to the same query.
    hot
        Heat in [0, 1] from which on a place counts as marked; one without heat never does.

    Raises
    ------
    GeometryError
        If they do not lie on the same scan.
    """
    if not first.scan_geometry.is_close(second.scan_geometry, _TOLERANCE_MM):
        raise GeometryError(
            f"Two heatmaps are compared on one scan; found scans of shape "
            f"{first.scan_geometry.shape} and {second.scan_geometry.shape}, or of one shape in two "
            "places. Ask both models about the same scan."
        )
    if first.probability is None or second.probability is None:
        return Agreement(None, None, None)
    difference = second.probability - first.probability
    return Agreement(difference, _peak_distance(first, second), _overlap(first, second, hot))


def common_grid(first: Heatmap, second: Heatmap) -> Geometry:
    """Cells that fill the scan's field of view, along each of its axes as fine as the finer grid."""
    scan, finest = first.scan_geometry, []
    for axis in range(scan.ndim):
        steps = [
            heatmap.geometry.spacing[heatmap.interpolation.axes[axis]]
            for heatmap in (first, second)
        ]
        extent = scan.shape[axis] * scan.spacing[axis]
        finest.append(max(1, ceil(extent / min(steps) - 1e-6)))
    return scan.resampled(tuple(finest))


def _peak_distance(first: Heatmap, second: Heatmap) -> float | None:
    if first.peak_mm is None or second.peak_mm is None:
        return None
    return float(np.linalg.norm(np.subtract(first.peak_mm, second.peak_mm)))


def _overlap(first: Heatmap, second: Heatmap, hot: float) -> float | None:
    """Dice, "Measures of the amount of ecologic association between species", Ecology 1945."""
    grid = common_grid(first, second)
    heats = (_on(heatmap, grid) for heatmap in (first, second))
    a, b = (heat >= max(hot, _LEAST_HEAT) for heat in heats)
    marked = int(a.sum()) + int(b.sum())
    return 2.0 * int((a & b).sum()) / marked if marked else None


def _on(heatmap: Heatmap, grid: Geometry) -> NDArray[np.float32]:
    """Heat at the centres of cells, interpolated linearly; 0 outside the heatmap's own grid."""
    mapping = grid_to_scan(heatmap.geometry, grid)
    values = mapping.to_scan_axes(heatmap.values)
    for axis, weights in enumerate(mapping.weights):
        values = np.moveaxis(np.tensordot(weights, values, axes=(1, axis)), 0, axis)
    return np.asarray(values, dtype=np.float32)
