from __future__ import annotations

import numpy as np
import pytest

from medvlp_training.datasets.splits import is_held_out
from medvlp_training.evaluation.calibrate import fit_platt
from medvlp_training.evaluation.splits import is_test, is_validation
from medvlp_training.evaluation.statistics import (
    auroc,
    auroc_estimate,
    expected_calibration_error,
    mean_estimate,
)


def test_auroc_counts_ties_as_half():
    scores = np.array([1.0, 2.0, 2.0, 3.0])
    truth = np.array([False, True, False, True])
    pairs = [(2, 1), (2, 2), (3, 1), (3, 2)]
    expected = np.mean([1.0 if p > n else 0.5 if p == n else 0.0 for p, n in pairs])
    assert auroc(scores, truth) == pytest.approx(expected)


def test_auroc_of_one_class_is_undefined():
    assert np.isnan(auroc(np.array([1.0, 2.0]), np.array([True, True])))


def test_an_interval_covers_the_value_and_shrinks_with_patients():
    rng = np.random.default_rng(0)
    few, many = rng.random(10) < 0.6, rng.random(500) < 0.6
    a = mean_estimate(few, [str(i) for i in range(10)])
    b = mean_estimate(many, [str(i) for i in range(500)])
    assert a.low <= a.value <= a.high
    assert b.high - b.low < a.high - a.low


def test_repeated_images_of_one_patient_do_not_narrow_the_interval():
    values = [1.0, 0.0, 1.0, 0.0]
    once = mean_estimate(values, list("abcd"))
    tenfold = mean_estimate(values * 10, list("abcd") * 10)
    assert tenfold.high - tenfold.low == pytest.approx(once.high - once.low, abs=0.05)


def test_one_patient_has_a_value_but_no_interval():
    found = mean_estimate([1.0, 1.0, 0.0, 1.0], list("aaaa"))
    assert found.value == 0.75
    assert str(found) == "0.75 (no interval)"
    assert found.to_dict() == {"value": 0.75, "low": None, "high": None, "n": 4}


def test_auroc_estimate_counts_positives():
    found = auroc_estimate([0.1, 0.9, 0.8, 0.2], [False, True, True, False], list("abcd"))
    assert found.value == 1.0
    assert found.n == 2


def test_calibration_error_of_honest_probabilities_is_small():
    rng = np.random.default_rng(0)
    p = rng.random(4000)
    assert expected_calibration_error(p, rng.random(4000) < p) < 0.03
    assert expected_calibration_error(p, rng.random(4000) < p**4) > 0.2


def test_platt_makes_overconfident_scores_honest():
    rng = np.random.default_rng(0)
    logits = rng.normal(-1, 1.5, 3000)
    truth = rng.random(3000) < 1 / (1 + np.exp(-logits))
    platt = fit_platt(list(5 * logits + 3), list(truth))
    p = [platt.probability(s) for s in 5 * logits + 3]
    assert expected_calibration_error(p, truth) < 0.05


def test_platt_never_turns_the_order_round():
    rng = np.random.default_rng(1)
    scores = rng.normal(0, 1, 60)
    platt = fit_platt(list(scores), list(scores < 0))
    assert platt.scale > 0


def test_held_out_patients_are_validated_or_tested_never_both():
    patients = [str(i) for i in range(2000)]
    held = [p for p in patients if is_held_out(p)]
    assert 0.15 < len(held) / len(patients) < 0.25
    assert all(is_validation(p) != is_test(p) for p in held)
    assert not any(is_validation(p) or is_test(p) for p in patients if not is_held_out(p))
