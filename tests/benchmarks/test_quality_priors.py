"""Position priors, distances and chances, on anatomy small enough to count by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.quality.atlas import Atlas, Box, body, distance_mm, near_share, overlap
from benchmarks.quality.ct_slices import infected
from benchmarks.quality.xr_places import by_side
from medvlp.geometry import Geometry


def block(shape, *sides):
    mask = np.zeros(shape, dtype=bool)
    mask[tuple(slice(a, b) for a, b in sides)] = True
    return mask


def test_the_atlas_moves_with_the_body():
    atlas = Atlas()
    low = block((60, 50, 40), (40, 50), (5, 15), (2, 12))
    atlas.add("spleen", "first", low, Box.whole((60, 50, 40)))
    moved = replace(Box.whole((60, 50, 40)), start=(10, 20, 5), stop=(70, 70, 45))
    z, y, x = atlas.peak("spleen", moved)
    assert 50 <= z < 60
    assert 25 <= y < 35
    assert 7 <= x < 17
    found = atlas.mask("spleen", moved, (80, 80, 50))
    expected = block((80, 80, 50), (50, 60), (25, 35), (7, 17))
    assert overlap(found, expected) > 0.85
    assert found[:10].sum() == 0


def test_a_patient_is_not_its_own_prior():
    atlas = Atlas()
    box = Box.whole((48, 48, 48))
    atlas.add("liver", "first", block((48, 48, 48), (0, 8), (0, 8), (0, 8)), box)
    assert atlas.peak("liver", box, without="first") is None
    assert atlas.mask("liver", box, (48, 48, 48), without="first") is None
    atlas.add("liver", "second", block((48, 48, 48), (40, 48), (40, 48), (40, 48)), box)
    assert min(atlas.peak("liver", box, without="first")) >= 40
    assert max(atlas.peak("liver", box, without="second")) < 8


def test_two_scans_of_a_patient_weigh_as_one():
    atlas, box = Atlas(), Box.whole((48, 48))
    for _ in range(3):
        atlas.add("lung", "first", block((48, 48), (0, 10), (0, 10)), box)
    atlas.add("lung", "second", block((48, 48), (30, 40), (30, 40)), box)
    grid = atlas.grid("lung")
    assert grid[5, 5] == pytest.approx(0.5)
    assert grid[35, 35] == pytest.approx(0.5)


def test_distance_is_in_millimetres_of_each_axis():
    mask = block((10, 10, 10), (5, 6), (5, 6), (5, 6))
    assert distance_mm((5, 5, 5), mask, (3.0, 1.0, 2.0)) == 0
    assert distance_mm((4, 5, 5), mask, (3.0, 1.0, 2.0)) == 3
    assert distance_mm((5, 1, 8), mask, (3.0, 1.0, 2.0)) == pytest.approx(np.sqrt(16 + 36))
    assert distance_mm(None, mask, (3.0, 1.0, 2.0)) is None


def test_chance_counts_what_lies_within_reach_and_in_the_body():
    mask = block((9, 9, 9), (4, 5), (4, 5), (4, 5))
    everything = np.ones((9, 9, 9), dtype=bool)
    # A cross of seven voxels lies within 1 mm of one voxel.
    assert near_share(mask, everything, (1.0, 1.0, 1.0), within=1.0) == pytest.approx(7 / 729)
    # Slices of 2 mm: the neighbours above and below are out of reach.
    assert near_share(mask, everything, (2.0, 1.0, 1.0), within=1.0) == pytest.approx(5 / 729)
    lower = block((9, 9, 9), (0, 5), (0, 9), (0, 9))
    assert near_share(mask, lower, (1.0, 1.0, 1.0), within=1.0) == pytest.approx(6 / 405)


def test_the_table_is_not_part_of_the_body():
    scan = np.full((6, 30, 30), -1000, dtype=np.int16)
    scan[:, 5:20, 5:25] = 40
    scan[:, 25:28, 2:28] = 200
    found = Box.around(body(scan))
    assert (found.start, found.stop) == ((0, 5, 5), (6, 20, 25))


def test_a_scan_stored_the_other_way_round_has_the_same_sides():
    """Columns to the right, slices last: the liver of one is where the liver of the other is."""
    atlas = Atlas()
    first = Geometry.axial((40, 50, 55), (2.0, 1.0, 1.0))
    right = block((40, 50, 55), (4, 12), (10, 20), (5, 15))
    atlas.add("liver", "first", right, Box.around(np.ones_like(right), first))
    # The same anatomy with the array's axes as (columns to the right, rows to the back, slices).
    stored = np.ascontiguousarray(right.transpose(2, 1, 0)[::-1])
    affine = np.eye(4)
    affine[:3, :3] = [[-1, 0, 0], [0, 1, 0], [0, 0, 2]]
    second = Geometry(stored.shape, affine)
    box = Box.around(np.ones_like(stored), second)
    assert (box.axes, box.flipped) == ((2, 1, 0), (False, False, True))
    assert stored[atlas.peak("liver", box)]
    assert overlap(atlas.mask("liver", box, stored.shape), stored) > 0.7  # cells of 1 mm and more
    again = Atlas()
    again.add("liver", "second", stored, box)
    assert np.abs(again.grid("liver") - atlas.grid("liver")).max() < 0.01


def test_slices_are_counted_from_the_head():
    facts = {"infected_slice_indices_source_order": [0, 1, 5]}
    assert infected(facts, 8) == [False, False, True, False, False, False, True, True]
    assert infected({}, 3) == [False] * 3


def test_the_left_lung_is_on_the_right_of_the_film():
    lungs = block((4, 10), (0, 4), (0, 3)) | block((4, 10), (1, 3), (7, 10))
    sides = by_side(lungs)
    assert sides["lung_right"][:, :3].all()
    assert sides["lung_left"].sum() == 6
    assert not sides["lung_left"][:, :5].any()
