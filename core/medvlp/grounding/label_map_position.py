"""A label map brought onto the scan's array by millimetres, or refused."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from medvlp.errors import GeometryError, LabelMapError
from medvlp.geometry import Geometry
from medvlp.grounding.grid_to_scan import grid_to_scan

_SAME_VOXEL = 0.01
"""Voxels by which steps of the map and of the scan may differ."""
_MOST_OUTSIDE = 0.01
"""Share of the labelled voxels of a rotated map that may lie beside the scan."""


def onto_scan(
    array: NDArray[np.integer], geometry: Geometry, scan: Geometry, name: str
) -> NDArray[np.integer]:
    """Nearest label at every voxel of the scan; background where the map does not reach.

    The map's axes may be permuted, reversed or rotated and its voxels coarser or finer. Where it is not
    rotated, it must cover the scan's field of view to within one voxel, or have the scan's voxels and be
    of a part of it, or of more; where it is rotated, what it labels must lie in the scan.

    Raises
    ------
    LabelMapError
        With the two positions in millimetres, if it does not.
    """
    if geometry.ndim != scan.ndim:
        raise LabelMapError(
            f"{name} has {geometry.ndim} axes and the scan {scan.ndim}: it is not of this scan."
        )
    try:
        mapping = grid_to_scan(geometry, scan)
    except GeometryError:
        return _resampled(array, geometry, scan, name)
    same_voxels = all(
        np.allclose(np.abs(np.diff(p)), 1, atol=_SAME_VOXEL) for p in mapping.positions
    )
    require_same_place(geometry, scan, name, same_voxels)
    picks, covered = zip(*(mapping.nearest_cells(axis) for axis in range(scan.ndim)), strict=True)
    turned = array.transpose(mapping.axes)
    if all(np.array_equal(p, np.arange(n)) for p, n in zip(picks, turned.shape, strict=True)):
        return turned
    labels = np.zeros(scan.shape, dtype=array.dtype)
    labels[np.ix_(*covered)] = turned[np.ix_(*(p[c] for p, c in zip(picks, covered, strict=True)))]
    return labels


def require_same_place(geometry: Geometry, scan: Geometry, name: str, same_voxels: bool) -> None:
    """Refuse a map that has not the scan's field of view, nor is of a part of it or of more.

    Raises
    ------
    LabelMapError
        With both boxes in LPS millimetres.
    """
    mine, theirs = _box(geometry), _box(scan)
    tolerance = max(max(geometry.spacing), max(scan.spacing))
    beyond = np.stack([theirs[0] - mine[0], mine[1] - theirs[1]])  # of the map beyond the scan
    more, part = np.all(beyond >= -tolerance), np.all(beyond <= tolerance)
    if (more and part) or (same_voxels and (more or part)):
        return
    raise LabelMapError(
        f"{name} does not lie on the scan: expected it to cover {_words(theirs)}, or a part of it in "
        f"voxels of the same size, found {_words(mine)} (LPS mm). Use the label map that was made from "
        "this scan."
    )


def covers(geometry: Geometry, scan: Geometry) -> bool:
    """Whether the map covers the whole scan, to within one voxel."""
    corners = geometry.world_to_index(scan.corners())
    ends = np.array(geometry.shape) - 1
    return bool(np.all(corners >= -1.5) and np.all(corners <= ends + 1.5))


def _resampled(
    array: NDArray[np.integer], geometry: Geometry, scan: Geometry, name: str
) -> NDArray[np.integer]:
    from scipy.ndimage import affine_transform

    labelled = np.argwhere(np.asarray(array) > 0)
    if len(labelled):
        index = scan.world_to_index(geometry.index_to_world(labelled))
        out = np.any((index < -1) | (index > np.array(scan.shape)), axis=1)
        if out.mean() > _MOST_OUTSIDE:
            raise LabelMapError(
                f"{name} does not lie on the scan: it is rotated against it and {out.mean():.0%} of what "
                f"it labels lies outside {_words(_box(scan))} (LPS mm). Use the label map that was made "
                "from this scan."
            )
    to_map = geometry.inverse @ scan.affine
    first = 3 - scan.ndim
    resampled: NDArray[np.integer] = affine_transform(
        np.asarray(array),
        to_map[first:3, first:3],
        to_map[first:3, 3],
        output_shape=scan.shape,
        order=0,
        mode="grid-constant",
        cval=0,
        prefilter=False,
    )
    return resampled


def _box(geometry: Geometry) -> NDArray[np.float64]:
    """``(2, 3)`` lowest and highest LPS coordinates of the outer voxel faces."""
    corners = geometry.corners()
    half = np.abs(geometry.axis_vectors).sum(axis=0) / 2
    return np.stack([corners.min(axis=0) - half, corners.max(axis=0) + half])


def _words(box: NDArray[np.float64]) -> str:
    return " x ".join(f"{low:.1f} to {high:.1f}" for low, high in box.T)
