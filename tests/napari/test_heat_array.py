"""The lazily computed heat behaves like the whole array."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from medvlp.geometry import Geometry
from medvlp.grounding.heatmap import Heatmap
from medvlp_napari.heat_array import HeatArray

SHAPE = (7, 11, 9)


@pytest.fixture
def heatmap() -> Heatmap:
    scan = Geometry.axial(SHAPE, (5.0, 1.0, 2.0))
    grid = scan.resampled((3, 4, 5))
    values = np.random.default_rng(1).random(grid.shape).astype(np.float32)
    query = SimpleNamespace(text="liver")
    return Heatmap(query, values, grid, scan, probability=0.9)


KEYS = [
    ...,
    3,
    -1,
    np.int64(2),
    (slice(None), 4),
    (slice(None), slice(None), 5),
    (2, slice(1, 9, 2), slice(None, None, -1)),
    (slice(1, 6, 2), slice(2, 4)),
    (..., 3),
    (1, 2, 3),
    (2, ..., 1),
    slice(5, 2),
]


@pytest.mark.parametrize("key", KEYS)
def test_indexing_gives_what_the_whole_array_would(heatmap, key):
    whole = np.stack([heatmap.slice(k) for k in range(SHAPE[0])])
    part = HeatArray(heatmap)[key]
    assert np.shape(part) == np.shape(whole[key])
    np.testing.assert_allclose(part, whole[key], atol=1e-5)


def test_it_turns_into_a_numpy_array(heatmap):
    array = np.asarray(HeatArray(heatmap))
    assert (array.shape, array.dtype) == (SHAPE, np.float32)


@pytest.mark.parametrize("key", [7, (0, 0, 0, 0), -8])
def test_indices_outside_are_refused(heatmap, key):
    with pytest.raises(IndexError):
        HeatArray(heatmap)[key]


def test_one_plane_never_computes_the_others(heatmap, monkeypatch):
    asked = []
    plane = Heatmap.slice
    monkeypatch.setattr(
        Heatmap, "slice", lambda self, k, axis=0: asked.append((k, axis)) or plane(self, k, axis)
    )
    HeatArray(heatmap)[:, 4, :]
    assert asked == [(4, 1)]


def test_an_x_ray_map_is_indexed_in_two_dimensions():
    scan = Geometry.radiograph((12, 8))
    values = np.eye(3, dtype=np.float32)
    heat = HeatArray(Heatmap(SimpleNamespace(text="x"), values, scan.resampled((3, 3)), scan, 0.5))
    assert heat.shape == (12, 8)
    np.testing.assert_array_equal(heat[2:5, 1], np.asarray(heat)[2:5, 1])
