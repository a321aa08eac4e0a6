"""Heat on the scan's own grid: right place for any geometry."""

from __future__ import annotations

from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.ndimage import map_coordinates, uniform_filter
from scipy.spatial.transform import Rotation

from medvlp.errors import GeometryError
from medvlp.geometry import Geometry
from medvlp.grounding.grid_to_scan import values_between
from medvlp.grounding.heatmap import Heatmap
from medvlp.scan import Scan

SETTINGS = settings(max_examples=40, deadline=None)


def heatmap(values, geometry, scan_geometry, probability=0.5):
    return Heatmap(None, np.asarray(values, np.float32), geometry, scan_geometry, probability)


@st.composite
def scan_and_grid(draw):
    """An oblique anisotropic scan, and a coarser grid on its axes, permuted and reversed."""
    shape = tuple(draw(st.integers(6, 24)) for _ in range(3))
    spacing = [draw(st.floats(0.4, 6.0)) for _ in range(3)]
    angles = [draw(st.floats(-180, 180)) for _ in range(3)]
    affine = np.eye(4)
    affine[:3, :3] = Rotation.from_euler("xyz", angles, degrees=True).as_matrix() * spacing
    affine[:3, 3] = [draw(st.floats(-300, 300)) for _ in range(3)]
    scan = Geometry(shape, affine)
    axes = draw(st.permutations(range(3)))
    flips = tuple(draw(st.booleans()) for _ in range(3))
    cells = tuple(draw(st.integers(2, n)) for n in scan.permuted(tuple(axes), flips).shape)
    return scan, scan.permuted(tuple(axes), flips).resampled(cells), tuple(axes)


@SETTINGS
@given(scan_and_grid(), st.data())
def test_a_hot_cell_lies_at_the_same_millimetres_on_the_scan(pair, data):
    scan, grid, _ = pair
    cell = tuple(data.draw(st.integers(0, n - 1)) for n in grid.shape)
    values = np.zeros(grid.shape, np.float32)
    values[cell] = 1.0
    hot = heatmap(values, grid, scan)
    assert np.allclose(hot.peak_mm, scan.index_to_world(hot.peak_index), atol=1e-3)
    distance = np.abs(scan.world_to_index(grid.index_to_world(cell)) - hot.peak_index)
    assert np.all(distance < 1.0)


def test_the_peak_is_the_voxel_on_the_hot_side_of_a_cell_centre():
    scan = Geometry.axial((8, 8, 8), (3.0, 3.0, 3.0))
    grid = scan.resampled((4, 4, 4))
    values = np.zeros(grid.shape, np.float32)
    values[2, 1, 1], values[2, 2, 1], values[1, 1, 1], values[2, 1, 0] = 1.0, 0.8, 0.6, 0.4
    heat = heatmap(values, grid, scan)
    assert heat.peak_index == (4, 3, 2)
    inside = heat.on(Scan(np.zeros(scan.shape, np.int16), scan, "CT", "HU"))
    assert heat.peak_index == np.unravel_index(inside.argmax(), inside.shape)


@SETTINGS
@given(scan_and_grid())
def test_heat_linear_in_space_is_reproduced_at_every_covered_voxel(pair):
    scan, grid, _ = pair
    direction = np.array([0.3, -0.5, 0.8])

    def ramp(world):
        return world @ direction

    cells = ramp(grid.index_to_world(np.moveaxis(np.indices(grid.shape), 0, -1)))
    low, span = cells.min(), max(float(np.ptp(cells)), 1e-3)
    heat = heatmap((cells - low) / span, grid, scan)
    on = np.stack([heat.slice(k) for k in range(scan.shape[0])])
    index = np.moveaxis(np.indices(scan.shape), 0, -1)
    where = grid.world_to_index(scan.index_to_world(index))
    within = np.all((where >= 0) & (where <= np.array(grid.shape) - 1), axis=-1)
    expected = (ramp(scan.index_to_world(index)) - low) / span
    assert np.allclose(on[within], expected[within], atol=1e-4)


@SETTINGS
@given(scan_and_grid())
def test_scan_to_grid_to_scan_is_exact_to_a_thousandth_of_a_millimetre(pair):
    scan, grid, axes = pair
    mapping = heatmap(np.zeros(grid.shape), grid, scan).interpolation
    assert tuple(axes[i] for i in range(3)) == tuple(int(i) for i in np.argsort(mapping.axes))
    for index in product(*[(0, n - 1) for n in scan.shape]):
        cell = np.zeros(3)
        for scan_axis, grid_axis in enumerate(mapping.axes):
            cell[grid_axis] = mapping.positions[scan_axis][index[scan_axis]]
        assert np.allclose(grid.index_to_world(cell), scan.index_to_world(index), atol=1e-3)


@pytest.mark.parametrize("axes", list(permutations(range(3))))
@pytest.mark.parametrize("flips", list(product([False, True], repeat=3)))
def test_a_bright_cube_fills_the_same_box_on_the_scan_whatever_the_order_of_axes(axes, flips):
    scan = Geometry.axial((12, 16, 20), (5.0, 0.7, 0.9), (-40.0, 10.0, 700.0))
    turned = scan.permuted(axes, flips)
    grid = turned.resampled(tuple(n // 2 for n in turned.shape))
    fine = np.zeros(scan.shape, np.float32)
    fine[4:8, 2:6, 12:18] = 1.0
    view = fine.transpose(axes)[tuple(slice(None, None, -1 if f else 1) for f in flips)]
    values = view.reshape(*[m for n in grid.shape for m in (n, 2)]).mean(axis=(1, 3, 5))
    on = np.stack([heatmap(values, grid, scan).slice(k) for k in range(12)])
    inner = (slice(5, 7), slice(3, 5), slice(13, 17))
    assert np.all(on[inner] > 0.99)
    far = np.ones(scan.shape, bool)
    far[3:9, 1:7, 11:19] = False
    assert np.all(on[far] < 1e-6)


def test_slices_along_every_axis_agree_with_the_whole_array():
    rng = np.random.default_rng(0)
    scan = Geometry.axial((9, 14, 11), (3.0, 1.0, 2.0))
    grid = scan.permuted((2, 0, 1), (True, False, True)).resampled((4, 5, 6))
    heat = heatmap(rng.random(grid.shape), grid, scan)
    whole = heat.on(Scan(np.zeros(scan.shape, np.int16), scan, "CT", "HU"))
    assert whole.dtype == np.float32
    assert whole.shape == scan.shape
    for axis in range(3):
        for k in range(scan.shape[axis]):
            assert np.allclose(heat.slice(k, axis), whole.take(k, axis=axis), atol=1e-6)


def test_heat_is_clamped_up_to_half_a_cell_and_zero_beyond():
    scan = Geometry.axial((1, 1, 12), (1.0, 1.0, 1.0))
    grid = scan.with_cells((1, 1, 2), (1.0, 1.0, 4.0), (0.0, 0.0, 2.0))  # columns 2 to 10
    line = heatmap(np.ones(grid.shape), grid, scan).slice(0)[0]
    assert line.tolist() == [0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0]


def test_slice_scores_are_the_greatest_heat_of_each_scan_slice():
    rng = np.random.default_rng(1)
    scan = Geometry.axial((20, 8, 8), (1.0, 1.0, 1.0))
    grid = scan.permuted((1, 0, 2), (False, True, False)).resampled((8, 5, 8))
    heat = heatmap(rng.random(grid.shape), grid, scan)
    assert heat.slice_scores.shape == (20,)
    greatest = [heat.slice(k).max() for k in range(20)]
    assert np.allclose(heat.slice_scores, greatest, atol=1e-6)


def test_an_x_ray_has_one_slice_and_no_millimetres_unless_its_spacing_is_known():
    values = np.zeros((6, 8), np.float32)
    values[1, 6] = 0.9
    for spacing in (None, (0.5, 0.25)):
        scan = Geometry.radiograph((12, 16), spacing)
        heat = heatmap(values, scan.resampled((6, 8)), scan)
        assert heat.slice_scores.tolist() == [np.float32(0.9)]
        assert heat.slice(0).shape == (12, 16)
        assert heat.peak_index in {(2, 12), (2, 13), (3, 12), (3, 13)}
        if spacing is None:
            assert heat.peak_mm is None
        else:
            row, column = heat.peak_index
            assert np.allclose(heat.peak_mm, (column * 0.25, 0.0, -row * 0.5))


def test_a_padded_x_ray_grid_keeps_its_place():
    scan = Geometry.radiograph((20, 40), (1.0, 1.0))
    square = scan.cropped((-10, 0), (40, 40)).resampled((10, 10))
    values = np.zeros((10, 10), np.float32)
    values[4, 7] = 1.0  # rows 16 to 20 of the square: 6 to 10 of the image
    image = heatmap(values, square, scan).slice(0)
    row, column = np.unravel_index(image.argmax(), image.shape)
    assert 6 <= row < 10
    assert 28 <= column < 32
    assert np.all(image[14:] == 0)


def test_peaks_are_separated_local_maxima_hottest_first():
    grid = Geometry.axial((10, 20, 20), (6.0, 6.0, 6.0))
    values = np.zeros(grid.shape, np.float32)
    values[2, 3, 3], values[2, 3, 4], values[2, 3, 5] = 0.9, 0.8, 0.85  # 12 mm: the same spot
    values[7, 15, 15], values[7, 4, 15] = 0.7, 0.02
    heat = heatmap(values, grid, grid)
    assert [p.index for p in heat.peaks(5)] == [(2, 3, 3), (7, 15, 15)]
    assert [p.index for p in heat.peaks(5, separation_mm=6.0)][1] == (2, 3, 5)
    assert len(heat.peaks(1)) == 1
    assert heat.peaks(5)[0] == heat.peak


def test_the_flank_of_a_broad_hill_is_no_peak():
    grid = Geometry.axial((1, 1, 40), (6.0, 6.0, 6.0))
    values = (1 - np.abs(np.arange(40) - 11) / 40)[None, None].astype(np.float32)
    assert [p.index[2] for p in heatmap(values, grid, grid).peaks(5)] == [11]


def test_the_peak_of_saturated_heat_is_deep_inside_it():
    grid = Geometry.axial((9, 30, 30), (6.0, 6.0, 6.0))
    values = np.zeros(grid.shape, np.float32)
    values[2:7, 10:21, 10:21] = 1.0
    slice_, row, column = heatmap(values, grid, grid).peak_index
    assert slice_ == 4
    assert 12 <= row <= 18
    assert 12 <= column <= 18


def test_the_peak_index_stays_inside_the_array():
    scan = Geometry.axial((1, 4, 4), (1.0, 1.0, 1.0))
    grid = scan.with_cells((1, 1, 1), (6.0, 6.0, 6.0), (0.0, 0.0, 0.0))
    heat = heatmap(np.ones((1, 1, 1)), grid, scan)
    assert heat.peak_index == (0, 2, 2)
    assert np.allclose(heat.peak_mm, (2.0, 2.0, 0.0))


def test_a_sheared_grid_is_refused():
    scan = Geometry.axial((8, 8, 8), (1.0, 1.0, 1.0))
    affine = np.eye(4)
    affine[:3, :3] = Rotation.from_euler("z", 10, degrees=True).as_matrix() @ scan.affine[:3, :3]
    with pytest.raises(GeometryError, match="sheared or rotated"):
        heatmap(np.ones((8, 8, 8)), Geometry((8, 8, 8), affine), scan).slice(0)


def test_heat_is_not_laid_on_another_scan():
    scan = Geometry.axial((4, 4, 4), (1.0, 1.0, 1.0))
    other = Geometry.axial((4, 4, 4), (1.0, 1.0, 1.5))
    heat = heatmap(np.ones((4, 4, 4)), scan, scan)
    with pytest.raises(GeometryError, match="scan that was encoded"):
        heat.on(Scan(np.zeros((4, 4, 4), np.int16), other, "CT", "HU"))


def test_an_abstained_map_has_neither_peak_nor_probability():
    grid = Geometry.axial((4, 4, 4), (1.0, 1.0, 1.0))
    heat = Heatmap(None, np.zeros((4, 4, 4), np.float32), grid, grid, None, abstained=True)
    assert heat.peak is None
    assert heat.peak_index is None
    assert heat.peaks(3) == []
    with pytest.raises(ValueError, match="probability unless it abstains"):
        Heatmap(None, np.zeros((4, 4, 4), np.float32), grid, grid, 0.5, abstained=True)


@pytest.mark.parametrize("shape", [(48, 40), (9, 12, 7)])
def test_values_between_cells_are_those_of_scipy(shape):
    rng = np.random.default_rng(0)
    values = rng.random(shape, dtype=np.float32)
    places = rng.uniform(-2, max(shape) + 1, (50, len(shape)))
    expected = map_coordinates(values, places.T, order=1, mode="nearest")
    np.testing.assert_array_equal(values_between(values, places), expected)


@pytest.mark.parametrize("shape", [(48, 40), (9, 12, 7)])
def test_the_depth_in_saturated_heat_is_the_mean_of_five_cells_a_side(shape):
    rng = np.random.default_rng(0)
    ties = np.float32(0.9999998) * (rng.random(shape) > 0.1)
    grid = Geometry.radiograph(shape) if len(shape) == 2 else Geometry.axial(shape, (6.0,) * 3)
    heat = heatmap(ties, grid, grid)
    depth = uniform_filter(heat.values, size=5, mode="constant")
    tied = np.flatnonzero(heat.values >= heat.values.max() - 1e-6)
    assert heat._peak_cell == tied[np.argmax(depth.ravel()[tied])]
