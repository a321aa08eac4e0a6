from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from medvlp.errors import MedVLPError
from medvlp_training.evaluation.metrics.zero_shot import TEMPLATES
from medvlp_training.evaluation.tasks import organs, pointing, prompts, retrieval, zero_shot
from medvlp_training.evaluation.tasks.prompting import FORMS, prompt_hash
from medvlp_training.samples.sample import Box


def cells(table: str, *begin: str) -> list[str]:
    """Of the row that begins so, the other cells."""
    rows = [line.strip("| ").split(" | ") for line in table.splitlines() if line.startswith("|")]
    (row,) = [row for row in rows if row[: len(begin)] == list(begin)]
    return row[len(begin) :]


def test_an_objective_that_sees_the_finding_has_an_area_of_one_with_every_prompt(seeing):
    table, figures = zero_shot.evaluate(seeing())
    for kind in ("CT", "XR"):
        assert cells(table, kind, "pleural_effusion") == [
            "6", "6", *["1.00 (1.00-1.00)"] * len(FORMS), "0.50"
        ]  # fmt: skip
        found = figures["zero_shot"][kind]
        assert found["findings"]["pleural_effusion"]["V+ / V-"]["n"] == 6
        assert found["prompts_sha256"] == prompt_hash(["pleural_effusion"])
    assert "chance" in table.splitlines()[0]


def test_an_objective_that_is_blind_is_at_chance(seeing):
    table, _ = zero_shot.evaluate(seeing(blind=True))
    assert cells(table, "XR", "mean")[2:] == ["0.50 (0.50-0.50)"] * len(FORMS) + ["0.50"]


def test_the_prompt_hash_is_of_the_findings_asked():
    assert prompt_hash(["pleural_effusion"]) != prompt_hash(["pneumothorax"])
    assert re.fullmatch("[0-9a-f]{16}", prompt_hash([]))


def test_prompts_that_all_work_have_no_spread_and_random_scores_have_some(seeing):
    table, figures = prompts.evaluate(seeing())
    lowest, highest, deviation, spread, random = cells(table, "XR", "mean")
    assert (lowest, highest) == ("1.00", "1.00")
    assert deviation == spread == "0.00 (0.00-0.00)"
    assert float(random.split()[0]) > 0.05
    assert len(figures["templates"]) == len(TEMPLATES)


def test_reports_that_say_the_same_are_each_right_and_chance_counts_them(seeing):
    table, figures = retrieval.evaluate(seeing())
    # Of 12 reports, 6 say the same: one drawn at random is right half of the time.
    assert cells(table, "CT", "image to report")[:3] == ["12", "1.00 (1.00-1.00)", "0.50"]
    assert figures["retrieval"]["CT"]["distinct"] == 2
    blind, _ = retrieval.evaluate(seeing(blind=True))
    # It takes every image for a normal one.
    assert cells(blind, "CT", "image to report")[1].startswith("0.50 ")


def test_the_map_of_a_seen_lesion_points_into_it_and_a_centre_prior_does_not(seeing):
    table, figures = pointing.evaluate(seeing())
    shown = cells(table, "CT", "pleural_effusion", "6", "pointing")
    assert shown == ["1.00 (1.00-1.00)", "0.00 (0.00-0.00)", "0.03 (0.03-0.03)"]
    found = figures["pointing"]["CT"]["pleural_effusion"]
    assert found["pointing"]["model"]["value"] == 1
    assert found["pointing"]["random"]["value"] == pytest.approx(1 / 36, abs=1e-4)
    assert found["Dice at 0.5"]["model"]["value"] > found["Dice at 0.5"]["random"]["value"]
    best = found["Dice at best threshold (upper bound)"]["model"]
    assert best["value"] >= found["Dice at 0.5"]["model"]["value"]
    assert best["threshold"] in pointing.THRESHOLDS
    assert "upper bound" in table


def test_a_constant_map_has_no_contrast(seeing):
    table, figures = pointing.evaluate(seeing(blind=True))
    assert figures["pointing"]["XR"]["all"]["contrast"]["model"]["value"] is None
    assert cells(table, "XR", "all", "6", "contrast")[0] == "-"


def test_boxes_stand_in_for_masks_that_are_missing(phantom):
    boxes = (
        Box("pneumothorax", (1, 2), (3, 5)),
        Box("pneumothorax", (0, 0), (1, 1)),
        Box("pleural_effusion", (9, 9), (10, 10)),
    )
    marked = pointing.boxes_as_masks(phantom("XR", 1, boxes=boxes))
    assert marked.lesions["pneumothorax"].sum() == 2 * 3 + 1
    np.testing.assert_array_equal(
        marked.lesions["pleural_effusion"], phantom("XR", 1).lesions["pleural_effusion"]
    )


def test_organs_are_asked_by_organ_and_by_image(seeing):
    table, figures = organs.evaluate(seeing())
    # With one organ, every answer is right, and so is chance.
    assert cells(table, "CT", "recognise: all")[1:] == ["1.00 (1.00-1.00)", "", "1.00"]
    assert figures["organs"]["CT"]["abnormality"]["image"]["pleural_effusion"]["value"] == 1
    assert cells(table, "CT", "abnormal: pleural_effusion")[0] == "6"


def test_a_model_without_organs_is_refused(seeing):
    subject = seeing()
    vocabulary = replace(subject.run.vocabulary, organs=())
    with pytest.raises(MedVLPError, match="knows none"):
        organs.evaluate(replace(subject, run=replace(subject.run, vocabulary=vocabulary)))
