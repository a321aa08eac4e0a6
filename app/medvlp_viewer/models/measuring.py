"""Numbers of a measurement: millimetres, degrees, statistics of pixels. Pure functions."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from medvlp.scan import Scan
from medvlp_viewer.models.measurements import Measurement, RegionStatistics
from medvlp_viewer.models.planes import PlaneFrame


def length(item: Measurement) -> float:
    """Distance between the first two points, in the units of the geometry."""
    first, second = np.asarray(item.points[:2])
    return float(np.linalg.norm(second - first))


def angle_degrees(item: Measurement) -> float:
    """Angle at the second point, in [0, 180]; 0 where an arm has no length."""
    first, vertex, last = np.asarray(item.points)
    a, b = first - vertex, last - vertex
    lengths = np.linalg.norm(a) * np.linalg.norm(b)
    if lengths == 0.0:
        return 0.0
    return float(np.degrees(np.arccos(np.clip(a @ b / lengths, -1.0, 1.0))))


def pane_points(frame: PlaneFrame, item: Measurement) -> NDArray[np.float64]:
    """``(n, 3)``: fractional slice, row, column of every point."""
    return np.array([frame.to_pane(point) for point in item.points])


def slice_of(frame: PlaneFrame, item: Measurement) -> int:
    """The slice that a measurement was drawn on."""
    return int(np.rint(pane_points(frame, item)[0, 0]))


def region_area(frame: PlaneFrame, item: Measurement) -> float:
    """Area of a rectangle, or pi / 4 of it for the ellipse that it holds.

    The sides are taken in the patient, so the area holds for sheared rows and columns too.
    """
    (k, r0, c0), (_, r1, c1) = pane_points(frame, item)
    corner = frame.to_world(k, r0, c0)
    down, across = frame.to_world(k, r1, c0) - corner, frame.to_world(k, r0, c1) - corner
    box = float(np.linalg.norm(np.cross(down, across)))
    return box * np.pi / 4 if item.kind == "ellipse" else box


def region_size(frame: PlaneFrame, item: Measurement) -> float:
    """Number of pixels in the box of a region, about."""
    points = pane_points(frame, item)
    return float(np.prod(np.abs(points[1, 1:] - points[0, 1:])))


def region_values(scan: Scan, frame: PlaneFrame, item: Measurement) -> NDArray[np.generic]:
    """``(n,)`` values of the pixels whose centres lie in a region, inside the scan."""
    points = pane_points(frame, item)
    low, high = points[:, 1:].min(axis=0), points[:, 1:].max(axis=0)
    first = np.clip(np.ceil(low - 1e-9), 0, frame.shape).astype(int)
    last = np.clip(np.floor(high + 1e-9) + 1, first, frame.shape).astype(int)
    plane = frame.extract(scan.array, slice_of(frame, item))
    box = plane[first[0] : last[0], first[1] : last[1]]
    if item.kind == "rectangle" or box.size == 0:
        return box.reshape(-1)
    centre, half = (low + high) / 2, np.maximum((high - low) / 2, 1e-9)
    rows, columns = (
        ((np.arange(a, b) - m) / h) ** 2
        for a, b, m, h in zip(first, last, centre, half, strict=True)
    )
    return box[rows[:, None] + columns[None, :] <= 1.0 + 1e-9]


def region_statistics(scan: Scan, frame: PlaneFrame, item: Measurement) -> RegionStatistics:
    """Statistics of a rectangle or an ellipse."""
    values, area = region_values(scan, frame, item), region_area(frame, item)
    if values.size == 0:
        return RegionStatistics(0, np.nan, np.nan, np.nan, np.nan, area)
    return RegionStatistics(
        count=int(values.size),
        mean=float(values.mean(dtype=np.float64)),
        deviation=float(values.std(dtype=np.float64)),
        minimum=float(values.min()),
        maximum=float(values.max()),
        area=area,
    )
