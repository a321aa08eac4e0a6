"""Agreement of two answers about one scan, against figures worked out by hand."""

from __future__ import annotations

from itertools import permutations, product

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from medvlp.errors import GeometryError
from medvlp.geometry import Geometry
from medvlp.grounding.agreement import Agreement, agreement, common_grid
from medvlp.grounding.heatmap import Heatmap

SHAPE = (12, 16, 20)
SPACING = (5.0, 1.5, 2.0)


def oblique(shape=SHAPE, spacing=SPACING, origin=(-30.0, 12.0, 400.0)) -> Geometry:
    """Turned about all three axes; slices thicker than pixels, which are no squares."""
    affine = np.eye(4)
    turn = Rotation.from_euler("zyx", (25, -10, 15), degrees=True).as_matrix()
    affine[:3, :3] = turn @ np.array([[0, 0, 1], [0, 1, 0], [1, 0, 0]]) * spacing
    affine[:3, 3] = origin
    return Geometry(shape, affine)


def answer(scan, cells, hot=(), probability=0.5, heat=0.9) -> Heatmap:
    """Heat on a grid of ``cells`` over the whole scan, in the cells of slices ``hot``."""
    grid = scan.resampled(cells)
    values = np.zeros(cells, np.float32)
    if hot:
        values[hot] = heat
    return Heatmap(None, values, grid, scan, probability)


def turned(heatmap, axes, flips) -> Heatmap:
    """The same heat, stored with its axes in another order and reversed."""
    values = heatmap.values.transpose(axes)
    values = np.flip(values, [i for i, flip in enumerate(flips) if flip])
    grid = heatmap.geometry.permuted(axes, flips)
    return Heatmap(None, values, grid, heatmap.scan_geometry, heatmap.probability)


def silent(scan, cells) -> Heatmap:
    return Heatmap(
        None,
        np.zeros(cells, np.float32),
        scan.resampled(cells),
        scan,
        None,
        abstained=True,
        reason="Unknown.",
    )


def test_the_difference_is_second_minus_first():
    scan = oblique()
    found = agreement(answer(scan, (6, 8, 10), (), 0.7), answer(scan, (6, 8, 10), (), 0.2))
    assert found.probability_difference == pytest.approx(-0.5)


def test_overlap_of_two_boxes_on_one_grid_counts_cells():
    """2 x 3 x 4 = 24 cells and 2 x 2 x 6 = 24 cells share 2 x 2 x 3 = 12: 2 * 12 / 48."""
    scan = oblique()
    first = answer(scan, (6, 8, 10), np.s_[1:3, 2:5, 3:7])
    second = answer(scan, (6, 8, 10), np.s_[1:3, 3:5, 4:10])
    assert agreement(first, second).overlap == pytest.approx(0.5)


def test_overlap_of_boxes_of_different_size():
    """24 cells and 4 cells that lie within: 2 * 4 / 28."""
    scan = oblique()
    first = answer(scan, (6, 8, 10), np.s_[1:3, 2:5, 3:7])
    second = answer(scan, (6, 8, 10), np.s_[1:2, 3:5, 4:6])
    assert agreement(first, second).overlap == pytest.approx(8 / 28)


def test_grids_of_different_fineness_meet_on_the_finer_one():
    """A grid three times as coarse along every axis marks one cell: 27 of the finer cells.

    Between a hot centre (0.9) and a cold one, heat falls linearly: at a third of the way it is 0.6,
    at two thirds 0.3. Of the finer cells the hot coarse cell's own three therefore stay above a
    half only where all three axes allow: heat is 0.9 * (1, or 2/3) along each axis, and
    0.9 * 2/3 = 0.6 is hot, 0.9 * (2/3)^2 = 0.4 is not. The centre and its six neighbours are
    marked: 7 cells. The finer grid marks the same 27 cells: Dice 2 * 7 / 34.
    """
    scan = oblique((18, 18, 18), (3.0, 1.0, 2.0))
    coarse = answer(scan, (6, 6, 6), np.s_[2:3, 3:4, 1:2])
    fine = answer(scan, (18, 18, 18), np.s_[6:9, 9:12, 3:6])
    assert common_grid(coarse, fine).shape == (18, 18, 18)
    assert agreement(coarse, fine).overlap == pytest.approx(14 / 34)
    assert agreement(fine, coarse).overlap == pytest.approx(14 / 34)


def test_the_common_grid_takes_the_finer_step_along_each_axis():
    scan = oblique()
    grid = common_grid(answer(scan, (12, 4, 10)), answer(scan, (3, 8, 20)))
    assert grid.shape == (12, 8, 20)
    corner = (-0.5, -0.5, -0.5)
    assert np.allclose(grid.index_to_world(corner), scan.index_to_world(corner))


@pytest.mark.parametrize("axes", list(permutations(range(3))))
@pytest.mark.parametrize("flips", list(product([False, True], repeat=3)))
def test_the_order_in_which_a_grid_is_stored_changes_nothing(axes, flips):
    scan = oblique()
    first = answer(scan, (6, 8, 10), np.s_[1:3, 2:5, 3:7])
    second = turned(answer(scan, (6, 8, 10), np.s_[1:3, 3:5, 4:10]), axes, flips)
    found = agreement(first, second)
    assert found.overlap == pytest.approx(0.5)
    spot = answer(scan, (6, 8, 10), np.s_[4:5, 2:3, 7:8])
    assert agreement(spot, turned(spot, axes, flips)).peak_distance_mm == pytest.approx(0.0)


def test_a_mirrored_answer_does_not_overlap():
    scan = oblique()
    left = answer(scan, (6, 8, 10), np.s_[1:3, 2:5, 7:10])
    right = answer(scan, (6, 8, 10), np.s_[1:3, 2:5, 0:3])
    assert agreement(left, right).overlap == 0.0


def test_the_distance_of_the_peaks_is_in_millimetres_of_an_oblique_anisotropic_scan():
    """On the scan's own grid: 2 slices of 5 mm, 4 rows of 1.5 mm and 3 columns of 2 mm."""
    scan = oblique()
    first = answer(scan, SHAPE, np.s_[3:4, 5:6, 6:7])
    second = answer(scan, SHAPE, np.s_[5:6, 9:10, 9:10])
    expected = np.sqrt(10.0**2 + 6.0**2 + 6.0**2)
    assert agreement(first, second).peak_distance_mm == pytest.approx(expected)


def test_a_grid_that_covers_part_of_the_scan_marks_nothing_elsewhere():
    """The first grid is the lower half of the scan; what the second marks above counts as missed."""
    scan = oblique()
    full = scan.resampled((6, 8, 10))
    half = Heatmap(
        None, np.full((3, 8, 10), 0.9, np.float32), full.cropped((0, 0, 0), (3, 8, 10)), scan, 0.5
    )
    whole = answer(scan, (6, 8, 10), np.s_[:, :, :])
    assert agreement(half, whole).overlap == pytest.approx(2 * 240 / (240 + 480))


def test_a_radiograph_without_spacing_has_overlap_but_no_millimetres():
    scan = Geometry.radiograph((40, 60))
    first = answer(scan, (4, 6), np.s_[0:2, 0:3])
    second = answer(scan, (4, 6), np.s_[0:2, 2:5])
    found = agreement(first, second)
    assert found.overlap == pytest.approx(2 * 2 / 12)
    assert found.peak_distance_mm is None


def test_an_abstention_makes_no_claim_that_could_agree():
    scan = oblique()
    heard = answer(scan, (6, 8, 10), np.s_[1:2, 1:2, 1:2], 0.9)
    found = agreement(silent(scan, (3, 4, 5)), heard)
    assert found == Agreement(None, None, None)


def test_where_neither_marks_anything_there_is_no_overlap_to_give():
    scan = oblique()
    found = agreement(answer(scan, (6, 8, 10)), answer(scan, (3, 4, 5)))
    assert found.overlap is None
    assert found.probability_difference == 0.0


def test_the_threshold_decides_what_is_marked():
    scan = oblique()
    weak = answer(scan, (6, 8, 10), np.s_[1:3, 2:5, 3:7], heat=0.4)
    assert agreement(weak, weak).overlap is None
    assert agreement(weak, weak, hot=0.3).overlap == 1.0
    other = answer(scan, (6, 8, 10), np.s_[1:3, 3:5, 4:10])
    assert agreement(weak, other, hot=0.0).overlap == pytest.approx(0.5)  # no heat is no mark


def test_another_scan_is_refused():
    scan = oblique()
    with pytest.raises(GeometryError, match="same scan"):
        agreement(answer(scan, (6, 8, 10)), answer(oblique(origin=(-30, 12, 405)), (6, 8, 10)))
