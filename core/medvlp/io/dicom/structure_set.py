"""Contours of a DICOM RT Structure Set (PS3.3 A.19), filled on the grid of a volume.

A voxel belongs to a region if its centre lies inside an odd number of the region's contours in its slice:
a contour inside another one is a hole (the XOR rule of PS3.3 C.8.8.6.3, and of keyhole contours).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medvlp.errors import LabelMapError
from medvlp.geometry import Geometry
from medvlp.progress import Progress, ignore_progress

_OFF_PLANE = 0.25
"""Slices by which points of one contour may differ before it counts as oblique to the slices."""
_SAME_PLANE = 0.05
"""Slices by which contours of one drawn plane may differ: rounding, far less than between two planes."""
_MOST_LABELS = 255


@dataclass(frozen=True)
class Region:
    """One region of interest.

    Parameters
    ----------
    name
        As written.
    contours
        Closed planar contours, each ``(n, 3)`` LPS millimetres.
    """

    name: str
    contours: tuple[NDArray[np.float64], ...]


def read_regions(dataset: Any, name: str) -> list[Region]:
    """Regions with at least one closed contour.

    Parameters
    ----------
    dataset
        The structure set.
    name
        Of its file, for messages.

    Raises
    ------
    LabelMapError
        If there is none, or a contour's coordinates are damaged.
    """
    names = {
        int(item.ROINumber): str(item.get("ROIName", "") or f"roi_{item.ROINumber}")
        for item in dataset.get("StructureSetROISequence", [])
    }
    regions = []
    for item in dataset.get("ROIContourSequence", []):
        number = int(item.ReferencedROINumber)
        contours = tuple(_contours(item, f"{name}, region {names.get(number, number)!r}"))
        if contours:
            regions.append(Region(names.get(number, f"roi_{number}"), contours))
    if not regions:
        raise LabelMapError(
            f"{name} holds no closed contour: expected a structure set with drawn regions."
        )
    if len(regions) > _MOST_LABELS:
        raise LabelMapError(
            f"{name} holds {len(regions)} regions; expected {_MOST_LABELS} at most."
        )
    return regions


def _contours(item: Any, where: str) -> Iterable[NDArray[np.float64]]:
    for contour in item.get("ContourSequence", []):
        if contour.get("ContourGeometricType") not in ("CLOSED_PLANAR", "CLOSEDPLANAR_XOR"):
            continue
        try:
            points = np.asarray(contour.ContourData, dtype=np.float64).reshape(-1, 3)
        except (ValueError, TypeError) as error:
            raise LabelMapError(
                f"{where}: a contour's coordinates are damaged ({error})."
            ) from error
        if len(points) >= 3 and np.isfinite(points).all():
            yield points


def fill_regions(
    regions: Sequence[Region], grid: Geometry, name: str, progress: Progress | None = None
) -> NDArray[np.uint8]:
    """Number of the region at every voxel of ``grid``, from 1; of regions that overlap, the later.

    Parameters
    ----------
    progress
        Called after every slice of a region.

    Raises
    ------
    LabelMapError
        If contours do not lie in the slices of the grid, or all of them lie beside it.
    Cancelled
        If ``progress`` raises it.
    """
    report, count = progress or ignore_progress, len(regions)
    labels = np.zeros(grid.shape, dtype=np.uint8)
    for value, region in enumerate(regions, start=1):
        said = f"Filling the contours of region {value} of {count}"
        report((value - 1) / count, said)
        for k, mask in _slices(region, grid, name):
            labels[k][mask] = value
            report((value - 1 + (k + 1) / grid.shape[0]) / count, said)
    if not labels.any():
        raise LabelMapError(
            f"{name} does not lie on the scan: none of its contours encloses a voxel of it. Use the "
            "structure set that was drawn on this scan."
        )
    return labels


def _slices(region: Region, grid: Geometry, name: str) -> Iterable[tuple[int, NDArray[np.bool_]]]:
    """Number of a slice and what of it is inside; a slice between two drawn ones takes the nearer."""
    drawn = _planes(region, grid, name)
    planes = np.array(list(drawn))
    reach = _half_distance(planes)
    for k in range(grid.shape[0]):
        nearest = float(planes[np.argmin(np.abs(planes - k))])
        if abs(nearest - k) <= reach + 1e-6:
            yield k, inside(drawn[nearest], grid.shape[1:])


def _planes(region: Region, grid: Geometry, name: str) -> dict[float, list[NDArray[np.float64]]]:
    """Polygons in pixels by the depth in slices at which they were drawn, in order."""
    polygons = []
    for points in region.contours:
        index = grid.world_to_index(points)
        depth = index[:, 0]
        if np.ptp(depth) > 2 * _OFF_PLANE:
            raise LabelMapError(
                f"{name}, region {region.name!r}: a contour runs through {np.ptp(depth) + 1:.1f} slices of "
                "the scan; expected contours within its slices. Draw it on this series, or export a "
                "DICOM segmentation instead."
            )
        polygons.append((float(depth.mean()), index[:, 1:]))
    drawn: dict[float, list[NDArray[np.float64]]] = {}
    plane = -np.inf
    for depth_of_plane, polygon in sorted(polygons, key=lambda drawn_at: drawn_at[0]):
        if depth_of_plane - plane > _SAME_PLANE:
            plane = depth_of_plane
        drawn.setdefault(plane, []).append(polygon)
    return drawn


def _half_distance(planes: NDArray[np.float64]) -> float:
    """Half of the usual distance of drawn planes, in slices; at least half a slice."""
    return max(0.5, float(np.median(np.diff(planes))) / 2) if len(planes) > 1 else 0.5


def inside(contours: Iterable[NDArray[np.float64]], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Pixels whose centre lies inside an odd number of closed polygons.

    Parameters
    ----------
    contours
        Each ``(n, 2)``: row and column of its corners, in pixels.
    shape
        Rows and columns.

    Returns
    -------
    ndarray
        ``shape``, bool. A centre on a left or upper edge is inside, on a right or lower one not, so that
        polygons that share an edge share no pixel.
    """
    mask = np.zeros(shape, dtype=bool)
    columns = np.arange(shape[1])
    for corners in contours:
        start, end = corners, np.roll(corners, -1, axis=0)
        low = max(int(np.floor(corners[:, 0].min())), 0)
        high = min(int(np.ceil(corners[:, 0].max())) + 1, shape[0])
        for row in range(low, high):
            crosses = (start[:, 0] <= row) != (end[:, 0] <= row)
            a, b = start[crosses], end[crosses]
            at = a[:, 1] + (row - a[:, 0]) / (b[:, 0] - a[:, 0]) * (b[:, 1] - a[:, 1])
            mask[row] ^= (np.searchsorted(np.sort(at), columns, side="right") % 2).astype(bool)
    return mask
