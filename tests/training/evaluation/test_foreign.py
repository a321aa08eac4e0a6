from __future__ import annotations

import math

import pytest

from medvlp_training.evaluation import foreign
from medvlp_training.evaluation.foreign import evaluate_abstention


def test_a_share_has_an_interval_over_patients_and_none_for_one(tmp_path, monkeypatch) -> None:
    answers = {
        "pictures": [("a", True), ("a", True), ("b", False), ("c", True)],
        "words on one scan": [("", True), ("", False)],
        "nothing": [],
    }
    monkeypatch.setattr(foreign, "_answers", lambda model, data: answers)
    table, figures = evaluate_abstention(None, tmp_path)  # type: ignore[arg-type]
    pictures, words = figures["abstention"].values()  # type: ignore[union-attr]
    assert pictures["declined"] == 0.75
    low, high = pictures["interval"]
    assert 0 <= low < 0.75 < high <= 1
    assert words["interval"] == [None, None]
    assert "| pictures | 4 | 0.75 (" in table
    assert "| words on one scan | 2 | 0.50 (no interval) | 1.00 | 0.50 |" in table
    assert "nothing" not in table


def test_an_estimate_of_no_answers_is_left_out() -> None:
    assert foreign._share([]) is None
    alone = foreign._share([("", True)])
    assert alone is not None
    assert alone.value == 1
    assert math.isnan(alone.low)
    assert foreign._share([("a", True), ("b", True)]).low == pytest.approx(1)  # type: ignore[union-attr]
