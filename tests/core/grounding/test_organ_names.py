"""Names of other programs, and the organs they mean."""

from __future__ import annotations

import pytest

from medvlp.grounding.label_maps import totalsegmentator_names
from medvlp.grounding.label_names import Label
from medvlp.grounding.organ_names import find_organ


@pytest.mark.parametrize(
    ("name", "organ"),
    [
        ("liver", "liver"),
        ("LIVER", "liver"),
        ("Entire liver", "liver"),
        ("kidney_left", "kidney_left"),
        ("Left Kidney", "kidney_left"),
        ("kidney, right", "kidney_right"),
        ("Kidney_R", "kidney_right"),
        ("KidneyL", "kidney_left"),
        ("LT LUNG", "lung_left"),
        ("Lung_R", "lung_right"),
        ("lung", "lungs"),
        ("Bowel_Small", "small_bowel"),
        ("Glnd_Thyroid", "thyroid_gland"),
        ("Glnd_Adrenal_L", "adrenal_gland_left"),
        ("SpinalCord", "spinal_cord"),
        ("Oesophagus", "esophagus"),
        ("vertebrae_L1", "vertebrae_L1"),
        ("VB_T12", "vertebrae_T12"),
        ("Right Upper Lobe", "lung_upper_lobe_right"),
    ],
)
def test_a_name_of_another_program_is_understood(name, organ):
    assert find_organ(name) == organ


@pytest.mark.parametrize(
    "name",
    [
        "GTV-1", "Segment_3", "", "Femur_Head_L", "thoracic aorta", "SpinalCanal",
        "left right lung", "left liver", "hot dog", "PTV liver",
    ],
)  # fmt: skip
def test_what_is_not_certain_is_not_an_organ(name):
    assert find_organ(name) is None


def test_every_class_of_totalsegmentator_keeps_its_name():
    names = totalsegmentator_names().values()
    assert {n for n in names if find_organ(n) not in (n, None)} == set()
    assert sum(find_organ(n) == n for n in names) >= 104


def test_a_side_that_is_said_apart_is_not_lost_and_not_contradicted():
    assert find_organ("Lung", "right") == "lung_right"
    assert find_organ("Kidney", "left") == "kidney_left"
    assert find_organ("Left kidney", "right") is None
    assert find_organ("kidney_left", "right") is None
    assert find_organ("Liver", "right") is None


def test_a_code_says_what_a_label_does_not():
    left, right = "7771000", "24028007"
    assert Label("Segment 1", "64033007", left).organ == "kidney_left"
    assert Label("Segment 1", "64033007", right).organ == "kidney_right"
    assert Label("Segment 1", "10200004").organ == "liver"
    assert Label("Spleen", "10200004").organ == "spleen"
    assert Label(" Segment 1 ", "1").organ == "Segment 1"
