"""Indices and LPS millimetres convert into each other exactly, also for oblique grids."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from medvlp import Geometry, GeometryError

TOLERANCE_MM = 1e-3

angles = st.tuples(*[st.floats(-180, 180, allow_nan=False)] * 3)
origins = st.tuples(*[st.floats(-2000, 2000, allow_nan=False)] * 3)
spacings = st.tuples(*[st.floats(0.05, 20.0)] * 3)
shears = st.floats(-0.4, 0.4)
shapes = st.tuples(*[st.integers(1, 700)] * 3)
unit_points = st.lists(
    st.tuples(*[st.floats(-0.5, 1.5, allow_nan=False)] * 3), min_size=1, max_size=8
)
properties = settings(deadline=None, max_examples=150, derandomize=True)


@st.composite
def volumes(draw) -> Geometry:
    """Any grid that a scanner or a resampler can produce: oblique, anisotropic, sheared, flipped."""
    matrix = Rotation.from_euler("xyz", draw(angles), degrees=True).as_matrix()
    if draw(st.booleans()):
        matrix = matrix * np.array([-1.0, 1.0, 1.0])
    shear = np.eye(3)
    shear[1, 0] = draw(shears)
    affine = np.eye(4)
    affine[:3, :3] = matrix @ shear @ np.diag(draw(spacings))
    affine[:3, 3] = draw(origins)
    return Geometry(draw(shapes), affine)


@st.composite
def images(draw) -> Geometry:
    spacing = draw(st.none() | st.tuples(*[st.floats(0.05, 2.0)] * 2))
    shape = draw(st.tuples(*[st.integers(1, 4000)] * 2))
    geometry = Geometry.radiograph(shape, spacing)
    if draw(st.booleans()):
        return geometry.permuted((0, 1), (False, True))
    return geometry


def scaled(points, geometry: Geometry) -> np.ndarray:
    return np.asarray(points)[:, : geometry.ndim] * (np.asarray(geometry.shape) - 1)


@properties
@given(volumes(), unit_points)
def test_world_to_index_to_world_of_a_volume(geometry, points):
    world = geometry.index_to_world(scaled(points, geometry))
    back = geometry.index_to_world(geometry.world_to_index(world))
    np.testing.assert_allclose(back, world, atol=TOLERANCE_MM)


@properties
@given(volumes(), unit_points)
def test_index_to_world_to_index_of_a_volume(geometry, points):
    index = scaled(points, geometry)
    back = geometry.world_to_index(geometry.index_to_world(index))
    difference_mm = np.abs(back - index) * np.asarray(geometry.spacing)
    assert difference_mm.max() <= TOLERANCE_MM


@properties
@given(images(), unit_points)
def test_world_to_index_to_world_of_an_image(geometry, points):
    index = scaled(points, geometry)
    world = geometry.index_to_world(index)
    assert world.shape == (len(index), 3)
    np.testing.assert_allclose(geometry.world_to_index(world), index, atol=1e-6)


@properties
@given(images(), st.floats(-500, 500))
def test_a_point_off_the_image_plane_is_projected_onto_it(geometry, depth):
    normal = geometry.affine[:3, 0]
    world = geometry.index_to_world((3.0, 2.0)) + depth * normal
    np.testing.assert_allclose(geometry.world_to_index(world), (3.0, 2.0), atol=1e-6)


@properties
@given(
    volumes(),
    st.permutations(range(3)),
    st.tuples(*[st.booleans()] * 3),
    st.tuples(*[st.floats(0, 1)] * 3),
)
def test_permuting_and_flipping_moves_no_voxel(geometry, axes, flips, place):
    index = np.rint(np.asarray(place) * (np.asarray(geometry.shape) - 1))
    moved = geometry.permuted(tuple(axes), flips)
    there = index[list(axes)]
    there = np.where(flips, np.asarray(moved.shape) - 1 - there, there)
    np.testing.assert_allclose(
        moved.index_to_world(there), geometry.index_to_world(index), atol=TOLERANCE_MM
    )


@properties
@given(
    volumes(),
    st.permutations(range(3)),
    st.tuples(*[st.booleans()] * 3),
    st.tuples(*[st.floats(0.5, 9.0)] * 3),
    st.tuples(*[st.floats(-5.0, 5.0)] * 3),
    unit_points,
)
def test_scan_to_model_grid_to_scan(geometry, axes, flips, factors, start, points):
    """A model permutes, flips and divides into cells; a point goes there and comes back."""
    upright = geometry.permuted(tuple(axes), flips)
    cells = tuple(max(1, round(n / f)) for n, f in zip(upright.shape, factors, strict=True))
    grid = upright.with_cells(cells, factors, start)
    index = scaled(points, geometry)
    world = geometry.index_to_world(index)
    on_grid = grid.world_to_index(world)
    back = geometry.world_to_index(grid.index_to_world(on_grid))
    difference_mm = np.abs(back - index) * np.asarray(geometry.spacing)
    assert difference_mm.max() <= TOLERANCE_MM
    by_hand = (upright.world_to_index(world) + 0.5 - np.asarray(start)) / np.asarray(factors) - 0.5
    np.testing.assert_allclose(on_grid, by_hand, atol=1e-5)


@properties
@given(volumes(), shapes)
def test_resampling_keeps_the_outer_faces(geometry, shape):
    other = geometry.resampled(shape)
    for corner in ((0, 0, 0), (1, 0, 1), (1, 1, 1)):
        here = np.asarray(corner) * np.asarray(geometry.shape) - 0.5
        there = np.asarray(corner) * np.asarray(shape) - 0.5
        np.testing.assert_allclose(
            other.index_to_world(there), geometry.index_to_world(here), atol=TOLERANCE_MM
        )


@properties
@given(volumes())
def test_a_geometry_survives_json(geometry):
    back = Geometry.from_dict(json.loads(json.dumps(geometry.to_dict())))
    assert back == geometry
    assert hash(back) == hash(geometry)


@properties
@given(volumes())
def test_spacing_and_directions_make_up_the_affine(geometry):
    rebuilt = geometry.directions * np.asarray(geometry.spacing)[:, None]
    np.testing.assert_allclose(rebuilt.T, geometry.affine[:3, :3], atol=1e-9)


def test_cropping_keeps_positions():
    geometry = Geometry.axial((10, 20, 30), (3.0, 0.7, 0.6), (-9.0, 5.0, -400.0))
    part = geometry.cropped((2, 5, 7), (4, 4, 4))
    assert part.shape == (4, 4, 4)
    np.testing.assert_allclose(part.index_to_world((1, 1, 1)), geometry.index_to_world((3, 6, 8)))


def test_an_integer_index_is_the_centre_of_a_voxel():
    geometry = Geometry.axial((4, 4, 4), (2.0, 1.0, 1.0))
    coarse = geometry.resampled((2, 2, 2))
    assert coarse.spacing == (4.0, 2.0, 2.0)
    np.testing.assert_allclose(coarse.index_to_world((0, 0, 0)), (0.5, 0.5, 1.0))


def test_axial_runs_to_the_head_the_back_and_the_left():
    geometry = Geometry.axial((5, 6, 7), (2.5, 0.8, 0.6), (1.0, 2.0, 3.0))
    assert geometry.orientation == "SPL"
    assert geometry.spacing == (2.5, 0.8, 0.6)
    np.testing.assert_allclose(geometry.index_to_world((1, 2, 3)), (2.8, 3.6, 5.5))
    assert geometry.obliqueness_degrees == pytest.approx(0.0)


@pytest.mark.parametrize(
    ("columns", "letters"),
    [
        (((0, 0, 1), (0, 1, 0), (1, 0, 0)), "SPL"),
        (((0, 0, -1), (0, -1, 0), (-1, 0, 0)), "IAR"),
        (((1, 0, 0), (0, 0, -1), (0, 1, 0)), "LIP"),
        (((0, -1, 0), (0, 0, -1), (1, 0, 0)), "AIL"),
    ],
)
def test_letters_name_where_each_axis_runs(columns, letters):
    affine = np.eye(4)
    affine[:3, :3] = np.array(columns).T
    assert Geometry((2, 2, 2), affine).orientation == letters


@properties
@given(volumes())
def test_letters_use_each_patient_axis_once(geometry):
    assert sorted(axis for axis, _ in geometry.closest_axes) == [0, 1, 2]


def test_obliqueness_is_the_angle_to_the_patient_axes():
    affine = np.eye(4)
    affine[:3, :3] = Rotation.from_euler("z", 20, degrees=True).as_matrix()[:, ::-1]
    assert Geometry((2, 2, 2), affine).obliqueness_degrees == pytest.approx(20.0)


def test_a_radiograph_is_hung_with_the_left_on_the_right():
    geometry = Geometry.radiograph((100, 80), (0.2, 0.1))
    assert geometry.orientation == "IL"
    assert geometry.spacing_mm == (0.2, 0.1)
    np.testing.assert_allclose(geometry.index_to_world((10, 30)), (3.0, 0.0, -2.0))


def test_a_radiograph_without_spacing_is_in_pixels():
    geometry = Geometry.radiograph((100, 80))
    assert geometry.units == "pixel"
    assert geometry.spacing_mm is None


@pytest.mark.parametrize(
    ("index", "inside"),
    [((0, 0, 0), True), ((-0.5, 0, 0), True), ((-0.51, 0, 0), False), ((3.49, 4.49, 5.49), True),
     ((3.5, 0, 0), False)],
)  # fmt: skip
def test_the_array_reaches_half_a_voxel_beyond_its_centres(index, inside):
    assert Geometry.axial((4, 5, 6), (1.0, 1.0, 1.0)).contains(index) is inside


def test_closeness_counts_millimetres_at_the_corners():
    geometry = Geometry.axial((100, 100, 100), (1.0, 1.0, 1.0))
    affine = geometry.affine.copy()
    affine[2, 0] *= 1 + 1e-4
    stretched = Geometry(geometry.shape, affine)
    assert not geometry.is_close(stretched)
    assert geometry.is_close(stretched, tolerance_mm=0.01)
    assert geometry != stretched


def test_pixels_and_millimetres_are_not_close():
    assert not Geometry.radiograph((4, 4)).is_close(Geometry.radiograph((4, 4), (1.0, 1.0)))


def test_the_affine_cannot_be_changed():
    geometry = Geometry.axial((2, 2, 2), (1.0, 1.0, 1.0))
    with pytest.raises(ValueError, match="read-only"):
        geometry.affine[0, 0] = 5.0


def test_the_affine_is_a_copy():
    affine = np.eye(4)
    geometry = Geometry((2, 2, 2), affine)
    affine[0, 3] = 99.0
    assert geometry.affine[0, 3] == 0.0


@pytest.mark.parametrize(
    ("shape", "affine", "reason"),
    [
        ((0, 2, 2), np.eye(4), "positive sizes"),
        ((2,), np.eye(4), "positive sizes"),
        ((2, 2, 2, 2), np.eye(4), "positive sizes"),
        ((2, 2, 2), np.eye(3), "4 x 4"),
        ((2, 2, 2), np.full((4, 4), np.nan), "finite"),
        ((2, 2, 2), np.ones((4, 4)), "last row"),
        ((2, 2, 2), np.diag([1.0, 1.0, 0.0, 1.0]), "singular"),
    ],
)
def test_a_senseless_geometry_is_refused(shape, affine, reason):
    with pytest.raises(GeometryError, match=reason):
        Geometry(shape, affine)
