"""What the calibration of CT findings is told about each simulated case."""

from medvlp_training.evaluation.calibrate import fit_platt, with_wider

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
    """Scores that tell present from absent without an error: ten of them, and the same ten forty times."""
    scores, truth = (
        [-2.0, -1.5, -1.2, -1.0, -0.8, 0.8, 1.0, 1.2, 1.5, 2.0],
        [False] * 5 + [True] * 5,
    )
    few, many = fit_platt(scores, truth), fit_platt(scores * 40, truth * 40)
    assert few.probability(1.2) > 0.6
    assert many.probability(1.2) > few.probability(1.2) + 0.1
    assert many.probability(-1.2) < few.probability(-1.2) - 0.1
