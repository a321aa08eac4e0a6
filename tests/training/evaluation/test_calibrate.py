"""What the calibration of CT findings is told about each simulated case, and what it makes of it."""

import pytest

from medvlp.errors import MedVLPError
from medvlp_training.evaluation.calibrate import fit_platt, simulated_cases, with_wider

KINDS = ("consolidation", "ground_glass_opacity", "rib_fracture", "lung_nodule")


def test_a_finding_is_also_what_it_is_a_kind_of():
    found = with_wider({"consolidation": True, "lung_nodule": False}, KINDS)
    assert found["lung_opacity"] is True
    assert found["consolidation"] is True
    assert found["lung_nodule"] is False


def test_a_wider_finding_is_absent_only_if_each_of_its_kinds_is():
    absent = {"consolidation": False, "ground_glass_opacity": False}
    assert with_wider(absent, KINDS)["lung_opacity"] is False
    assert "lung_opacity" not in with_wider({"consolidation": False}, KINDS)
    assert "fracture" not in with_wider(absent | {"rib_fracture": True}, KINDS)


def test_what_is_known_of_the_wider_finding_itself_is_kept():
    known = {"consolidation": False, "ground_glass_opacity": False, "lung_opacity": True}
    assert with_wider(known, KINDS)["lung_opacity"] is True


def test_the_more_answers_agree_the_surer_the_calibration():
    """Ten scores that tell present from absent without an error, alone and four hundred times over."""
    scores, truth = (
        [-2.0, -1.5, -1.2, -1.0, -0.8, 0.8, 1.0, 1.2, 1.5, 2.0],
        [False] * 5 + [True] * 5,
    )
    few, many = fit_platt(scores, truth), fit_platt(scores * 400, truth * 400)
    assert 0.6 < few.probability(1.2) < 0.9
    assert many.probability(1.2) > 0.99
    assert many.probability(-1.2) < 0.01


def test_every_folder_of_simulated_cases_counts_and_none_may_be_empty(tmp_path):
    for name in ("first/case_00001", "first/case_00000", "second/case_00000"):
        path = tmp_path / f"{name}.safetensors"
        path.parent.mkdir(exist_ok=True)
        path.touch()
    (tmp_path / "second" / "DONE").touch()
    found = simulated_cases([tmp_path / "second", tmp_path / "first"])
    expected = ["second/case_00000", "first/case_00000", "first/case_00001"]
    assert found == [tmp_path / f"{name}.safetensors" for name in expected]
    with pytest.raises(MedVLPError, match="third has no simulated case"):
        simulated_cases([tmp_path / "first", tmp_path / "third"])
