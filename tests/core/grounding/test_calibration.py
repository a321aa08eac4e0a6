"""Scores to probabilities."""

from __future__ import annotations

import json

import pytest

from medvlp.errors import ModelMismatchError
from medvlp.grounding.calibration import Calibration, Platt


def test_an_uncalibrated_score_is_a_logit():
    calibration = Calibration.identity()
    assert calibration.probability("pleural_effusion", 0.0) == 0.5
    assert calibration.probability(None, 2.0) == pytest.approx(0.880797, abs=1e-6)


def test_the_most_specific_entry_wins():
    calibration = Calibration(
        default=Platt(offset=-1.0),
        concepts={
            "effusion": Platt(offset=1.0),
            "effusion/XR": Platt(offset=2.0),
            "default/XR": Platt(offset=3.0),
        },
    )
    offsets = {
        ("effusion", "XR"): 2.0,
        ("effusion", "CT"): 1.0,
        ("other", "XR"): 3.0,
        ("other", "CT"): -1.0,
        (None, "XR"): 3.0,
        (None, None): -1.0,
    }
    for (concept, modality), offset in offsets.items():
        assert calibration.entry(concept, modality).offset == offset


def test_extreme_scores_stay_probabilities():
    for score in (-1e30, 1e30):
        assert 0.0 <= Calibration.identity().probability(None, score) <= 1.0


def test_a_saved_calibration_loads_again(tmp_path):
    calibration = Calibration(concepts={"liver": Platt(scale=2.0, offset=-0.5)}, in_domain=0.3)
    calibration.save(tmp_path / "calibration.json")
    assert Calibration.load(tmp_path / "calibration.json") == calibration


@pytest.mark.parametrize(
    "content",
    ["", "{", json.dumps({"format": "other"}), json.dumps({"in_domain": 2}), json.dumps({"x": 1})],
)
def test_a_damaged_calibration_is_refused(tmp_path, content):
    (tmp_path / "calibration.json").write_text(content)
    with pytest.raises(ModelMismatchError, match="not a usable calibration"):
        Calibration.load(tmp_path / "calibration.json")
    with pytest.raises(ModelMismatchError):
        Calibration.load(tmp_path / "missing.json")


def test_a_concept_without_examples_is_not_known_where_the_model_says_what_it_saw():
    calibration = Calibration(trained={"CT": ("liver",)})
    assert calibration.knows("liver", "CT")
    assert not calibration.knows("appendix", "CT")
    assert calibration.knows("appendix", "XR")
    assert Calibration.identity().knows("appendix", "CT")


def test_a_kind_of_image_may_have_a_threshold_of_its_own(tmp_path):
    calibration = Calibration(in_domain=0.5, in_domain_by_modality={"XR": 0.9})
    assert calibration.least_in_domain("XR") == 0.9
    assert calibration.least_in_domain("CT") == 0.5
    calibration.save(tmp_path / "calibration.json")
    assert Calibration.load(tmp_path / "calibration.json").least_in_domain("XR") == 0.9
    (tmp_path / "calibration.json").write_text(json.dumps({"in_domain_by_modality": {"XR": 1.5}}))
    with pytest.raises(ModelMismatchError):
        Calibration.load(tmp_path / "calibration.json")
