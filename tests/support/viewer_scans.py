"""Scans and heatmaps of known geometry for the viewer's tests."""

from __future__ import annotations

from typing import Any

import numpy as np

from medvlp import Geometry, Heatmap, Query, Scan

# Array axes (slice, row, column) in LPS of what scanners write for these positions, axial slices
# from feet to head (or the reverse, feet first).
POSITIONS = {
    "HFS": ((0, 0, 1), (0, 1, 0), (1, 0, 0)),
    "HFP": ((0, 0, 1), (0, -1, 0), (-1, 0, 0)),
    "FFS": ((0, 0, -1), (0, 1, 0), (-1, 0, 0)),
    "FFP": ((0, 0, -1), (0, -1, 0), (1, 0, 0)),
    "coronal acquisition": ((0, 1, 0), (0, 0, -1), (1, 0, 0)),
    "sagittal acquisition": ((1, 0, 0), (0, 0, -1), (0, 1, 0)),
}


def make_geometry(position: str = "HFS", shape=(12, 20, 24), spacing=(5.0, 1.0, 1.0)) -> Geometry:
    """Volume centred at the origin, its axes along the named position."""
    affine = np.eye(4)
    for i, direction in enumerate(POSITIONS[position]):
        affine[:3, i] = np.asarray(direction) * spacing[i]
    affine[:3, 3] = -affine[:3, :3] @ ((np.asarray(shape) - 1) / 2)
    return Geometry(shape, affine)


def make_oblique(shape=(12, 20, 24), spacing=(5.0, 0.7, 0.9)) -> Geometry:
    """Turned by 20 degrees about z, then 10 about x."""
    a, b = np.radians(20), np.radians(10)
    about_z = np.array([[np.cos(a), -np.sin(a), 0], [np.sin(a), np.cos(a), 0], [0, 0, 1]])
    about_x = np.array([[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]])
    straight = make_geometry("HFS", shape, spacing).affine
    affine = np.eye(4)
    affine[:3] = about_x @ about_z @ straight[:3]
    return Geometry(shape, affine)


def make_scan(geometry: Geometry, spot_mm=(8.0, -5.0, 15.0), radius_mm: float = 6.0) -> Scan:
    """Water with one bright ball: the patient's left, front and upper part."""
    index = np.moveaxis(np.indices(geometry.shape), 0, -1)
    distance = np.linalg.norm(geometry.index_to_world(index) - np.asarray(spot_mm), axis=-1)
    array = np.where(distance <= radius_mm, 1000, 0).astype(np.int16)
    return Scan(array, geometry, "CT", "HU")


def make_heatmap(scan: Scan, text: str = "lung mass", factor: int = 2, **changes: Any) -> Heatmap:
    """Heat where the scan is bright, on cells of ``factor`` voxels."""
    shape = tuple(n // factor for n in scan.array.shape)
    cells = scan.array[tuple(slice(0, n * factor) for n in shape)].astype(np.float32)
    for axis in range(cells.ndim):
        split = (*cells.shape[:axis], shape[axis], factor, *cells.shape[axis + 1 :])
        cells = cells.reshape(split).mean(axis=axis + 1)
    facts = {
        "query": make_query(text),
        "values": cells / max(1.0, float(cells.max())),
        "geometry": scan.geometry.with_cells(
            shape, (float(factor),) * len(shape), (0.0,) * len(shape)
        ),
        "scan_geometry": scan.geometry,
        "probability": 0.9,
    }
    return Heatmap(**(facts | changes))


def make_query(text: str) -> Query:
    from medvlp.grounding.query import parse_query

    return parse_query(text)
