from __future__ import annotations

from collections.abc import Callable
from itertools import permutations, product

import numpy as np
import pytest

from medvlp.export.panes import Plane, cut, panes_at_peak
from medvlp.geometry import Geometry
from medvlp.grounding.heatmap import Heatmap
from medvlp.scan import Scan

HotSpot = Callable[..., Heatmap]


def test_the_axial_pane_is_seen_from_the_feet_with_the_left_on_the_right(
    axial_ct: Scan, hot_spot: HotSpot
) -> None:
    pane = cut(axial_ct, hot_spot(axial_ct, (4, 6, 20)), "axial", 4)
    assert pane.letters == ("A", "P", "R", "L")
    assert pane.image[0, -1] > pane.image[0, 0]
    assert pane.image[-1, 0] > pane.image[0, 0]
    assert pane.title == "axial 5/20"


def test_the_coronal_pane_has_the_head_at_the_top_and_the_left_on_the_right(
    axial_ct: Scan, hot_spot: HotSpot
) -> None:
    pane = cut(axial_ct, hot_spot(axial_ct, (4, 6, 20)), "coronal", 6)
    assert pane.letters == ("S", "I", "R", "L")
    assert pane.image[0, 0] > pane.image[-1, 0]
    assert pane.image[0, -1] > pane.image[0, 0]


def test_the_sagittal_pane_has_the_head_at_the_top_and_the_back_on_the_right(
    axial_ct: Scan, hot_spot: HotSpot
) -> None:
    pane = cut(axial_ct, hot_spot(axial_ct, (4, 6, 20)), "sagittal", 20)
    assert pane.letters == ("S", "I", "A", "P")
    assert pane.image[0, 0] > pane.image[-1, 0]
    assert pane.image[0, -1] > pane.image[0, 0]


@pytest.mark.parametrize("axes", list(permutations(range(3))))
def test_however_a_volume_is_stored_its_panes_are_the_same(
    axial_ct: Scan, hot_spot: HotSpot, axes: tuple[int, ...]
) -> None:
    place = (4, 6, 20)
    normals: list[tuple[Plane, int]] = [("axial", 0), ("coronal", 1), ("sagittal", 2)]
    expected = [cut(axial_ct, hot_spot(axial_ct, place), plane, place[a]) for plane, a in normals]
    for flips in product((False, True), repeat=3):
        turned = axial_ct.array.transpose(axes)
        array = turned[tuple(slice(None, None, -1 if flip else 1) for flip in flips)]
        stored = Scan(array, axial_ct.geometry.permuted(axes, flips), "CT", "HU")
        world = axial_ct.geometry.index_to_world(place)
        index = tuple(int(i) for i in np.rint(stored.geometry.world_to_index(world)))
        heatmap = hot_spot(stored, index)
        for (plane, axis), reference in zip(normals, expected, strict=True):
            pane = cut(stored, heatmap, plane, index[axes.index(axis)])
            assert pane.letters == reference.letters
            assert pane.spacing == pytest.approx(reference.spacing)
            np.testing.assert_array_equal(pane.image, reference.image)
            np.testing.assert_allclose(pane.heat, reference.heat, atol=1e-5)


def test_the_peak_is_the_hottest_pixel_of_every_pane(axial_ct: Scan, hot_spot: HotSpot) -> None:
    for pane in panes_at_peak(axial_ct, hot_spot(axial_ct, (4, 6, 20))):
        assert pane.peak is not None
        assert pane.heat[pane.peak] >= 0.95 * pane.heat.max()
        hottest = np.unravel_index(pane.heat.argmax(), pane.heat.shape)
        assert np.abs(np.subtract(hottest, pane.peak)).max() <= 1


def test_an_oblique_scan_is_cut_along_its_own_axes_and_lettered_by_the_closest(
    oblique_ct: Scan, hot_spot: HotSpot
) -> None:
    panes = panes_at_peak(oblique_ct, hot_spot(oblique_ct, (5, 4, 20)))
    assert [pane.letters for pane in panes] == [
        ("A", "P", "R", "L"),
        ("S", "I", "R", "L"),
        ("S", "I", "A", "P"),
    ]
    assert [pane.image.shape for pane in panes] == [(22, 26), (18, 26), (18, 22)]


def test_a_lone_slice_has_one_pane(hot_spot: HotSpot) -> None:
    shape = (1, 24, 28)
    scan = Scan(np.zeros(shape, np.int16), Geometry.axial(shape, (5.0, 1.0, 1.0)), "CT", "HU")
    panes = panes_at_peak(scan, hot_spot(scan, (0, 3, 3)))
    assert [pane.title for pane in panes] == ["axial 1/1"]


def test_an_x_ray_hangs_as_stored_with_letters_from_its_affine(
    xray: Scan, hot_spot: HotSpot
) -> None:
    (pane,) = panes_at_peak(xray, hot_spot(xray, (10, 40)))
    assert pane.letters == ("S", "I", "R", "L")
    np.testing.assert_array_equal(pane.image, xray.array)
    assert pane.heat[10, 40] > 0.9
    assert pane.heat[10, 9] < 0.1


def test_without_heat_the_panes_go_through_the_middle(axial_ct: Scan, hot_spot: HotSpot) -> None:
    panes = panes_at_peak(axial_ct, hot_spot(axial_ct, (4, 6, 20), sure=False))
    assert [pane.title for pane in panes] == ["axial 11/20", "coronal 13/24", "sagittal 15/28"]
    assert all(pane.peak is None for pane in panes)
