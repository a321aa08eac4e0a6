from __future__ import annotations

import numpy as np
import pytest

from medvlp_training.evaluation.metrics.reliability import reliability
from medvlp_training.evaluation.statistics import expected_calibration_error


def test_bins_hold_means_and_the_last_holds_certainty():
    first, last = reliability([0.0, 0.1, 0.9, 1.0], [False, True, True, True], bins=2)
    assert (first.low, first.high, first.count, first.frequency) == (0, 0.5, 2, 0.5)
    assert first.probability == pytest.approx(0.05)
    assert (last.count, last.frequency) == (2, 1)


def test_the_calibration_error_is_the_mean_gap_of_the_bins():
    rng = np.random.default_rng(0)
    said = [*rng.random(200)]
    truth = [*(rng.random(200) < 0.3)]
    gaps = [abs(b.probability - b.frequency) * b.count / 200 for b in reliability(said, truth)]
    assert sum(gaps) == pytest.approx(expected_calibration_error(said, truth))
