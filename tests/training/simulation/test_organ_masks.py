"""Masks that are made when they are read are those of a plain dictionary."""

from __future__ import annotations

import numpy as np
import pytest

from medvlp_training.simulation.organ_masks import OrganMasks

LABELS = np.zeros((4, 5, 6), np.uint8)
LABELS[0, :, :3] = 7
LABELS[1:3, 2, 4] = 9
LABELS[3] = 2
VALUES = {"spleen": 7, "aorta": 9, "liver": 2}


def test_masks_are_those_of_their_values_and_read_only() -> None:
    organs = OrganMasks(LABELS, VALUES)
    assert list(organs) == ["aorta", "liver", "spleen"]
    np.testing.assert_array_equal(organs["aorta"], LABELS == 9)
    with pytest.raises(ValueError, match="read-only"):
        organs["aorta"][0, 0, 0] = True
    assert "kidney_left" not in organs
    with pytest.raises(KeyError):
        organs["kidney_left"]


def test_a_copy_is_changed_alone() -> None:
    first = OrganMasks(LABELS, VALUES)
    second = OrganMasks.of(first)
    second["liver"] = LABELS == 7
    del second["aorta"]
    np.testing.assert_array_equal(first["liver"], LABELS == 2)
    assert set(first) == set(VALUES)
    assert set(second) == {"liver", "spleen"}
    assert (LABELS == 9).sum() == 2


def test_a_union_follows_what_was_replaced() -> None:
    organs = OrganMasks(LABELS, VALUES)
    np.testing.assert_array_equal(organs.union(("aorta", "liver")), np.isin(LABELS, [9, 2]))
    small = np.zeros(LABELS.shape, bool)
    small[0, 0, 5] = True
    organs["liver"] = small
    np.testing.assert_array_equal(organs.union(("aorta", "liver")), (LABELS == 9) | small)


def test_touched_organs_are_found_before_and_after_a_change() -> None:
    organs = OrganMasks(LABELS, VALUES)
    brush = np.zeros(LABELS.shape, bool)
    brush[1:, 2, 4] = True
    assert organs.touched_by(brush) == ["aorta", "liver"]
    organs["aorta"] = organs["aorta"] & ~brush
    assert organs.touched_by(brush) == ["liver"]
    assert organs.touched_by(np.zeros(LABELS.shape, bool)) == []


def test_a_label_map_numbers_names_in_order_and_the_last_wins() -> None:
    organs = OrganMasks(LABELS, VALUES)
    over = np.zeros(LABELS.shape, bool)
    over[0, 0, :4] = True
    organs["aorta"] = over
    organs["zebra"] = over
    labels, names = organs.label_map()
    assert names == {"1": "aorta", "2": "liver", "3": "spleen", "4": "zebra"}
    expected = np.zeros(LABELS.shape, np.uint8)
    expected[LABELS == 2], expected[LABELS == 7] = 2, 3
    expected[over] = 4
    np.testing.assert_array_equal(labels, expected)
    plain = OrganMasks.of({name: organs[name] for name in organs}).label_map()
    np.testing.assert_array_equal(plain[0], labels)
    assert plain[1] == names


def test_organs_without_a_voxel_are_not_present() -> None:
    names = {"7": "spleen", "8": "pancreas", "9": "aorta", "2": "liver"}
    assert set(OrganMasks.present(LABELS, names)) == {"spleen", "aorta", "liver"}
