from __future__ import annotations

import numpy as np
import pytest
import torch
from torchmetrics.functional.classification import binary_f1_score, binary_jaccard_index

from medvlp_training.evaluation.metrics.localisation import (
    best_dice,
    centre_prior,
    contrast_to_noise,
    dice,
    mean_iou,
    pointing_hit,
    random_hit_chance,
)


@pytest.fixture
def heat() -> np.ndarray:
    return np.random.default_rng(3).random((7, 9))


@pytest.fixture
def truth() -> np.ndarray:
    mask = np.zeros((7, 9), dtype=bool)
    mask[1:4, 5:8] = True
    return mask


def test_contrast_to_noise_by_hand():
    heat = np.array([[1.0, 3.0], [10.0, 14.0]])
    truth = np.array([[False, False], [True, True]])
    assert contrast_to_noise(heat, truth) == pytest.approx(10 / np.sqrt(1 + 4))


def test_contrast_to_noise_does_not_depend_on_the_scale_of_the_map(heat, truth):
    assert contrast_to_noise(3 * heat + 2, truth) == pytest.approx(contrast_to_noise(heat, truth))


@pytest.mark.parametrize("truth", [np.zeros((7, 9), bool), np.ones((7, 9), bool)])
def test_contrast_to_noise_needs_an_inside_and_an_outside(heat, truth):
    assert np.isnan(contrast_to_noise(heat, truth))


def test_mean_iou_and_dice_agree_with_torchmetrics(heat, truth):
    target = torch.from_numpy(truth).int()
    expected = np.mean(
        [
            float(binary_jaccard_index(torch.from_numpy(heat > t).int(), target))
            for t in (0.1, 0.2, 0.3, 0.4, 0.5)
        ]
    )
    assert mean_iou(heat, truth) == pytest.approx(expected, abs=1e-6)
    f1 = float(binary_f1_score(torch.from_numpy(heat > 0.4).int(), target))
    assert dice(heat, truth, 0.4) == pytest.approx(f1, abs=1e-6)


def test_padding_counts_for_nothing(heat, truth):
    padded = np.pad(heat, 2, constant_values=99.0)
    mask = np.pad(truth, 2)
    valid = np.pad(np.ones_like(truth), 2)
    assert contrast_to_noise(padded, mask, valid) == pytest.approx(contrast_to_noise(heat, truth))
    assert mean_iou(padded, mask, valid) == pytest.approx(mean_iou(heat, truth))
    assert pointing_hit(padded, mask, valid) == pointing_hit(heat, truth)
    assert random_hit_chance(mask, valid) == pytest.approx(9 / 63)


def test_the_pointing_game_takes_the_hottest_place(truth):
    heat = np.zeros((7, 9))
    heat[4, 8] = 1.0
    assert not pointing_hit(heat, truth)
    assert not pointing_hit(heat, truth, spacing=(2.0, 1.0), tolerance=2.0)
    assert pointing_hit(heat, truth, spacing=(1.0, 1.0), tolerance=1.5)
    heat[2, 6] = 2.0
    assert pointing_hit(heat, truth)
    assert not pointing_hit(heat, np.zeros_like(truth))


def test_the_best_threshold_is_found_and_is_no_worse_than_any(heat, truth):
    value, threshold = best_dice([heat, heat], [truth, truth], np.linspace(0, 1, 21))
    assert value == pytest.approx(dice(heat, truth, threshold))
    assert all(value >= dice(heat, truth, t) for t in np.linspace(0, 1, 21))
    assert dice(np.zeros((2, 2)), np.zeros((2, 2), bool)) == 1.0


def test_the_centre_prior_is_hottest_in_the_middle_of_any_shape():
    prior = centre_prior((5, 8, 3))
    assert np.unravel_index(prior.argmax(), prior.shape) in {(2, 3, 1), (2, 4, 1)}
    assert prior[0, 0, 0] == pytest.approx(prior[-1, -1, -1])


def test_shapes_must_agree(heat):
    with pytest.raises(ValueError, match="alike"):
        dice(heat, np.zeros((3, 3), bool))
