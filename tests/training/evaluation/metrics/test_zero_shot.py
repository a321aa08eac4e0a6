from __future__ import annotations

import numpy as np
import pytest

from medvlp_training.evaluation.metrics.zero_shot import pair_scores, prompt_sensitivity


def test_the_pair_score_is_the_log_odds_of_the_softmax_over_the_pair():
    images = np.array([[1.0, 0.0], [0.6, 0.8]])
    positive, negative = np.array([0.0, 1.0]), np.array([1.0, 0.0])
    scale = 5.0
    scores = scale * pair_scores(images, positive, negative)
    exponentials = np.exp(scale * images @ np.stack([positive, negative]).T)
    softmax = exponentials[:, 0] / exponentials.sum(1)
    np.testing.assert_allclose(1 / (1 + np.exp(-scores)), softmax)


def test_sensitivity_is_the_spread_over_templates():
    found = prompt_sensitivity({"a": [0.5, 0.7], "b": [0.6, 0.6], "c": [np.nan, 0.1]})
    assert found == pytest.approx({"deviation": 0.05, "range": 0.1})
