from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medvlp.geometry import Geometry
from medvlp.models.preprocessing import (
    CTPreprocessing,
    XRPreprocessing,
    canonical,
    grid_geometry,
    prepare_ct,
    prepare_xr,
    resample,
)
from medvlp.scan import Scan


def rotation(x: float, y: float, z: float) -> np.ndarray:
    matrix = np.eye(3)
    for axis, angle in enumerate((x, y, z)):
        a, b = [i for i in range(3) if i != axis]
        turn = np.eye(3)
        turn[a, a] = turn[b, b] = np.cos(angle)
        turn[a, b], turn[b, a] = -np.sin(angle), np.sin(angle)
        matrix = matrix @ turn
    return matrix


def oblique(shape, spacing, angles=(0.0, 0.0, 0.0), origin=(12.0, -40.0, 300.0)) -> Geometry:
    base = Geometry.axial(shape, spacing).affine
    affine = np.eye(4)
    affine[:3, :3] = rotation(*angles) @ base[:3, :3]
    affine[:3, 3] = origin
    return Geometry(shape, affine)


def ct(array: np.ndarray, geometry: Geometry) -> Scan:
    return Scan(array.astype(np.int16), geometry, "CT", "HU")


@pytest.mark.parametrize("axes", [(0, 1, 2), (2, 0, 1), (1, 2, 0)])
@pytest.mark.parametrize("flips", [(False, False, False), (True, False, True), (True, True, True)])
def test_canonical_brings_every_stored_order_to_the_same_array(axes, flips):
    rng = np.random.default_rng(0)
    array = rng.integers(-1000, 1000, (7, 9, 11)).astype(np.int16)
    geometry = oblique(array.shape, (5.0, 0.7, 0.9), (0.1, -0.05, 0.2))
    stored = array.transpose(axes)[tuple(slice(None, None, -1 if f else 1) for f in flips)]
    view, back = canonical(stored, geometry.permuted(axes, flips))
    np.testing.assert_array_equal(view, array)
    assert back.is_close(geometry, 1e-6)
    assert back.orientation == "SPL"


def test_a_mirrored_radiograph_is_hung_as_usual():
    image = np.arange(12, dtype=np.float32).reshape(3, 4)
    geometry = Geometry.radiograph((3, 4), (0.5, 0.5))
    mirrored = geometry.permuted((0, 1), (False, True))
    view, back = canonical(image[:, ::-1], mirrored)
    np.testing.assert_array_equal(view, image)
    assert back.is_close(geometry, 1e-9)


def test_resampling_keeps_the_field_of_view_and_the_mean():
    rng = np.random.default_rng(1)
    array = rng.normal(0, 300, (30, 40, 50)).astype(np.float32)
    small = resample(array, (10, 20, 25))
    assert small.shape == (10, 20, 25)
    assert abs(float(small.mean() - array.mean())) < 5
    ramp = np.broadcast_to(np.arange(40, dtype=np.float32)[None, :, None], (8, 40, 12))
    halved = resample(ramp, (8, 20, 12))
    np.testing.assert_allclose(halved[4, 2:-2, 6], np.arange(20)[2:-2] * 2 + 0.5, atol=1e-3)


@settings(max_examples=25, deadline=None)
@given(
    spacing=st.tuples(*[st.floats(0.7, 6.0)] * 3),
    angles=st.tuples(*[st.floats(-0.3, 0.3)] * 3),
    where=st.tuples(*[st.floats(0.25, 0.75)] * 3),
    axes=st.permutations([0, 1, 2]),
    flips=st.tuples(*[st.booleans()] * 3),
)
def test_a_bright_cube_is_found_at_the_same_millimetres_in_the_model_grid(
    spacing, angles, where, axes, flips
):
    shape = tuple(int(np.ceil(150 / s)) for s in spacing)
    array = np.full(shape, -1000)
    body = tuple(slice(int(0.1 * n), max(int(0.9 * n), int(0.1 * n) + 2)) for n in shape)
    array[body] = 0
    half = [max(round(9 / s), 1) for s in spacing]
    centre = [int(w * n) for w, n in zip(where, shape, strict=True)]
    cube = tuple(slice(max(c - h, 0), c + h + 1) for c, h in zip(centre, half, strict=True))
    array[cube] = 1000
    geometry = oblique(shape, spacing, angles)
    stored = array.transpose(axes)[tuple(slice(None, None, -1 if f else 1) for f in flips)]
    prepared = prepare_ct(ct(stored, geometry.permuted(tuple(axes), flips)), CTPreprocessing())
    bright = np.argwhere(prepared.array > 500)
    found = prepared.geometry.index_to_world(bright.mean(axis=0))
    expected = geometry.index_to_world(np.argwhere(array == 1000).mean(axis=0))
    assert np.linalg.norm(found - expected) < 2.0
    grid = grid_geometry(prepared, 2)
    cell = np.floor(prepared.geometry.world_to_index(found) / 2 + 0.25).astype(int)
    assert np.all(np.abs(grid.index_to_world(cell) - found) < 6.0 * np.sqrt(3))
    assert all(n % 8 == 0 for n in prepared.array.shape)


@settings(max_examples=50, deadline=None)
@given(
    shape=st.tuples(*[st.integers(8, 64)] * 3),
    angles=st.tuples(*[st.floats(-0.7, 0.7)] * 3),
    point=st.tuples(*[st.floats(-50, 50)] * 3),
)
def test_scan_to_model_grid_and_back_holds_to_a_micrometre(shape, angles, point):
    geometry = oblique(shape, (3.0, 3.0, 3.0), angles)
    prepared = prepare_ct(ct(np.zeros(shape), geometry), CTPreprocessing())
    grid = grid_geometry(prepared, 2)
    world = grid.index_to_world(grid.world_to_index(point))
    np.testing.assert_allclose(world, point, atol=1e-3)
    corner = grid.index_to_world((-0.5, -0.5, -0.5))
    np.testing.assert_allclose(corner, prepared.geometry.index_to_world((-0.5,) * 3), atol=1e-3)


def test_air_around_the_body_is_cropped_but_the_geometry_stays():
    array = np.full((40, 60, 60), -1000)
    array[10:30, 20:40, 25:50] = 40
    prepared = prepare_ct(ct(array, oblique(array.shape, (3.0, 3.0, 3.0))), CTPreprocessing())
    assert prepared.array.shape == (24, 24, 32)
    first = np.argwhere(prepared.array > 0).min(axis=0)
    expected = oblique(array.shape, (3.0, 3.0, 3.0)).index_to_world((10, 20, 25))
    np.testing.assert_allclose(prepared.geometry.index_to_world(first), expected, atol=1e-6)


def test_a_wide_radiograph_is_centred_on_the_square_with_its_geometry():
    image = np.zeros((100, 200), dtype=np.float32)
    image[20:30, 150:160] = 1.0
    scan = Scan(image, Geometry.radiograph(image.shape, (1.0, 1.0)), "XR", "normalised")
    prepared = prepare_xr(scan, XRPreprocessing(image_size=96))
    assert prepared.array.shape == (96, 96)
    assert prepared.array[:24].max() == -1.0
    bright = np.argwhere(prepared.array > 0).mean(axis=0)
    world = prepared.geometry.index_to_world(bright)
    np.testing.assert_allclose(world, scan.geometry.index_to_world((24.5, 154.5)), atol=1.5)


def test_a_constant_image_is_prepared_without_dividing_by_zero():
    image = np.full((64, 64), 0.3, dtype=np.float32)
    scan = Scan(image, Geometry.radiograph(image.shape), "XR", "normalised")
    assert np.isfinite(prepare_xr(scan, XRPreprocessing(image_size=96)).array).all()
