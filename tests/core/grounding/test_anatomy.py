"""Names of organs, groups and zones."""

from __future__ import annotations

from medvlp.grounding.anatomy import known_organs, leaves, overlap

HEAD = ("lung_left", "lung_right", "liver", "kidney_left", "kidney_right", "heart")


def test_a_group_stands_for_its_smallest_parts():
    assert leaves("kidneys") == {"kidney_left", "kidney_right"}
    assert leaves("liver") == {"liver"}
    assert leaves("lung_left") < leaves("lungs")


def test_a_zone_stands_for_the_organ_it_is_part_of():
    assert leaves("upper_zone_left") == leaves("lung_left")


def test_an_unknown_name_stands_for_itself():
    assert leaves("label_7") == {"label_7"}


def test_known_organs_are_found_through_groups_parts_and_zones():
    assert known_organs(["lungs"], HEAD) == ("lung_left", "lung_right")
    assert known_organs(["lung_upper_lobe_left"], HEAD) == ("lung_left",)
    assert known_organs(["lower_zone_right"], HEAD) == ("lung_right",)
    assert known_organs(["pleura", "lungs"], HEAD) == ("lung_left", "lung_right")
    assert known_organs(["kidney_left"], HEAD) == ("kidney_left",)
    assert known_organs(["pancreas"], HEAD) == ()


def test_organs_overlap_with_what_contains_them():
    assert overlap("lung_lower_lobe_left", ["lungs"])
    assert overlap("lungs", ["lung_lower_lobe_left"])
    assert not overlap("liver", ["lungs", "kidneys"])
