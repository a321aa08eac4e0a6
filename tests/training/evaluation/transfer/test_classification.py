from __future__ import annotations

import numpy as np
import pytest
import torch

from medvlp.errors import MedVLPError
from medvlp_training.evaluation.transfer.classification import (
    ClassificationScores,
    _regression,
    linear_classification,
    standardised,
)
from medvlp_training.evaluation.transfer.split import split_patients

N = 400
GENERATOR = torch.Generator().manual_seed(0)
PATIENTS = [f"p{i // 2}" for i in range(N)]
LABELS = (torch.rand(N, 2, generator=GENERATOR) < 0.4).to(torch.int8)
NOISE = torch.randn(N, 12, generator=GENERATOR)
ANSWER = torch.randn(2, 12, generator=GENERATOR)
TOLD = 0.5 * NOISE + LABELS.float() @ ANSWER


def test_features_that_hold_the_answer_are_read_even_with_few_labels():
    split = split_patients(PATIENTS)
    found = {s: linear_classification(TOLD, LABELS, PATIENTS, split, s) for s in (0.01, 0.1, 1.0)}
    assert found[1.0].estimate(0).value > 0.98
    assert found[1.0].macro_estimate().value > 0.98
    assert found[0.1].estimate(1).value > 0.9
    assert found[0.01].macro_estimate().value < found[1.0].macro_estimate().value
    assert len(found[1.0].patients) == len(found[1.0].scores) == 80


def test_features_that_do_not_hold_it_are_at_chance():
    found = linear_classification(NOISE, LABELS, PATIENTS, split_patients(PATIENTS))
    estimate = found.macro_estimate()
    assert estimate.low < 0.5 < estimate.high
    assert abs(estimate.value - 0.5) < 0.12


def test_it_repeats_itself_and_the_scale_of_features_does_not_matter():
    split = split_patients(PATIENTS)
    a = linear_classification(TOLD, LABELS, PATIENTS, split, 0.1, seed=2)
    b = linear_classification(TOLD * 1000 + 7, LABELS, PATIENTS, split, 0.1, seed=2)
    np.testing.assert_allclose(a.scores, b.scores, atol=1e-2)
    same = linear_classification(TOLD, LABELS, PATIENTS, split, 0.1, seed=2)
    assert (a.scores == same.scores).all()


def test_labels_that_are_unknown_teach_nothing():
    split = split_patients(PATIENTS)
    unknown = LABELS.clone()
    unknown[::3, 0] = -2
    wrong = torch.where(unknown < 0, 1 - LABELS, LABELS)
    kept = linear_classification(TOLD, unknown, PATIENTS, split)
    assert kept.estimate(0).value > 0.98
    assert kept.estimate(0).n == int((kept.labels[:, 0] == 1).sum())
    misled = linear_classification(TOLD, wrong, PATIENTS, split)
    assert np.abs(misled.scores[:, 0]).mean() < np.abs(kept.scores[:, 0]).mean()
    nothing = torch.full_like(LABELS, -1)
    blank = linear_classification(TOLD, nothing, PATIENTS, split)
    assert (blank.scores == 0).all()
    assert np.isnan(blank.macro_estimate().value)


def test_test_labels_are_not_looked_at():
    split = split_patients(PATIENTS)
    tested = torch.tensor([p in split.test for p in PATIENTS])
    hidden = torch.where(tested.unsqueeze(1), 1 - LABELS, LABELS)
    a = linear_classification(TOLD, LABELS, PATIENTS, split)
    b = linear_classification(TOLD, hidden, PATIENTS, split)
    assert (a.scores == b.scores).all()


def test_the_regression_is_the_minimum():
    y = LABELS[:, 0].double()
    x, rows = TOLD.double(), torch.arange(50)
    logits = _regression(x, rows, y[rows], 0.1)
    # At the minimum the intercept makes mean probability and frequency equal.
    assert float(logits[rows].sigmoid().mean()) == pytest.approx(float(y[rows].mean()), abs=1e-4)


def test_macro_is_the_mean_over_findings_with_both_kinds():
    scores = np.array([[1.0, 0], [0, 0], [2, 0], [3, 0]])
    labels = np.array([[0, 1], [0, 1], [1, 1], [1, -1]], np.int8)
    found = ClassificationScores(scores, labels, tuple("abcd"))
    assert found.macro_estimate().value == 1.0
    assert np.isnan(found.estimate(1).value)


def test_standardised_features_have_unit_variance_where_they_vary():
    x = torch.cat([TOLD * 30 + 4, torch.ones(N, 1)], 1)
    found = standardised(x, torch.arange(100))
    torch.testing.assert_close(found[:100, :12].mean(0), torch.zeros(12), atol=1e-4, rtol=0)
    torch.testing.assert_close(found[:100, :12].std(0, correction=0), torch.ones(12))
    assert (found[:, 12] == 0).all()


def test_wrong_shapes_are_refused():
    split = split_patients(PATIENTS)
    with pytest.raises(MedVLPError, match="samples, findings"):
        linear_classification(TOLD, LABELS[:, 0], PATIENTS, split)
    with pytest.raises(MedVLPError, match="'features' has 10"):
        linear_classification(TOLD[:10], LABELS, PATIENTS, split)
