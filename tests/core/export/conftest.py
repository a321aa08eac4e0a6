"""Scans without symmetry, and heatmaps with one hot spot at a known place in the patient."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from medvlp.geometry import Geometry
from medvlp.grounding.heatmap import Heatmap
from medvlp.grounding.query import parse_query
from medvlp.scan import Scan


def rotation(degrees_x: float, degrees_z: float) -> np.ndarray:
    x, z = np.radians([degrees_x, degrees_z])
    about_x = np.array([[1, 0, 0], [0, np.cos(x), -np.sin(x)], [0, np.sin(x), np.cos(x)]])
    about_z = np.array([[np.cos(z), -np.sin(z), 0], [np.sin(z), np.cos(z), 0], [0, 0, 1]])
    return about_z @ about_x


@pytest.fixture
def axial_ct() -> Scan:
    """(slices, rows, columns) run to the head, the back, the left. Values grow toward the left most,
    then the back, then the head: no two corners are alike."""
    shape = (20, 24, 28)
    k, r, c = np.indices(shape)
    array = (-150 + 2 * k + 4 * r + 6 * c).astype(np.int16)
    return Scan(array, Geometry.axial(shape, (5.0, 2.0, 2.0), (-30.0, 12.0, -400.0)), "CT", "HU")


@pytest.fixture
def oblique_ct() -> Scan:
    shape = (18, 22, 26)
    affine = np.eye(4)
    affine[:3, :3] = rotation(17.0, -9.0) @ np.array(
        [[0, 0, 1.5], [0, 1.25, 0], [3.0, 0, 0]], dtype=float
    )
    affine[:3, 3] = (-61.5, 22.25, 311.125)
    array = np.zeros(shape, dtype=np.int16)
    return Scan(array, Geometry(shape, affine), "CT", "HU")


@pytest.fixture
def xray() -> Scan:
    """A chest as it is hung, bright toward the patient's left and the feet; spacing unknown."""
    r, c = np.indices((60, 50))
    array = ((r + 2 * c) / 160).astype(np.float32)
    return Scan(array, Geometry.radiograph((60, 50)), "XR", "normalised")


@pytest.fixture
def hot_spot() -> Callable[..., Heatmap]:
    """``hot_spot(scan, index)``: heat that falls off around a scan index, on cells of 2 voxels."""

    def make(
        scan: Scan, index: tuple[int, ...], query: str = "lung mass", sure: bool = True
    ) -> Heatmap:
        shape = tuple(-(-n // 2) for n in scan.array.shape)
        grid = scan.geometry.with_cells(shape, (2.0,) * len(shape), (0.0,) * len(shape))
        cells = np.moveaxis(np.indices(shape), 0, -1)
        away = grid.index_to_world(cells) - scan.geometry.index_to_world(index)
        reach = 4.0 * min(scan.geometry.spacing)
        heat = np.exp(-0.5 * np.sum(away**2, axis=-1) / reach**2).astype(np.float32)
        return Heatmap(
            query=parse_query(query),
            values=heat if sure else np.zeros_like(heat),
            geometry=grid,
            scan_geometry=scan.geometry,
            probability=0.8 if sure else None,
            abstained=not sure,
            reason="" if sure else "The scan is outside what this model was trained on.",
        )

    return make
