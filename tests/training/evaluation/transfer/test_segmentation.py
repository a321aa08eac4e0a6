from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.autograd import gradcheck

from medvlp.errors import MedVLPError
from medvlp_training.evaluation.transfer.fitting import Schedule
from medvlp_training.evaluation.transfer.segmentation import (
    SegmentationScores,
    dice_loss,
    linear_segmentation,
    resized,
)
from medvlp_training.evaluation.transfer.split import split_patients

GRID = (8, 6)
QUICK = Schedule(learning_rate=0.2, epochs=25)


def test_dice_loss_is_one_minus_dice_of_the_batch():
    masks = torch.tensor([[[1, 1], [0, 0]], [[0, 0], [0, 0]]]).bool()
    sure = torch.tensor([[[50.0, -50], [50, -50]], [[-50, -50], [-50, -50]]])
    assert float(dice_loss(sure, masks)) == pytest.approx(0.5)
    assert float(dice_loss(torch.where(masks, 50.0, -50.0), masks)) == pytest.approx(0)
    assert float(dice_loss(sure, torch.zeros_like(masks))) == 0


def test_gradients_agree_with_finite_differences():
    logits = torch.randn(2, 3, 3, dtype=torch.float64, requires_grad=True)
    masks = torch.rand(2, 3, 3) < 0.5
    assert gradcheck(lambda x: dice_loss(x, masks), (logits,))


def test_scores_of_hand_counted_masks():
    found = SegmentationScores(
        np.array([2, 0, 0]), np.array([4, 3, 0]), np.array([4, 0, 0]), ("a", "b", "c")
    )
    assert found.dice[:2].tolist() == [0.5, 0.0]
    assert np.isnan(found.dice[2])
    assert found.estimate().value == pytest.approx(4 / 11)
    assert found.positive_estimate().value == pytest.approx(0.5)
    assert found.positive_estimate().n == 1
    nothing = SegmentationScores(*np.zeros((3, 2), int), ("a", "b"))
    assert np.isnan(nothing.estimate().value)
    assert np.isnan(nothing.positive_estimate().value)


def test_tokens_that_hold_the_answer_are_read(toy):
    data = toy()
    split = split_patients(data.patients)
    found = linear_segmentation(data.tokens, GRID, data.masks, data.patients, split, schedule=QUICK)
    estimate = found.estimate()
    assert estimate.value > 0.9
    assert estimate.low <= estimate.value <= estimate.high
    assert found.positive_estimate().value > 0.9
    assert set(found.patients) == set(split.test)
    fewer = linear_segmentation(
        data.tokens, GRID, data.masks, data.patients, split, share=0.1, schedule=QUICK
    )
    assert fewer.estimate().value > 0.75


def test_tokens_that_do_not_hold_it_give_what_a_constant_gives(toy):
    data = toy()
    split = split_patients(data.patients)
    found = linear_segmentation(data.noise, GRID, data.masks, data.patients, split, schedule=QUICK)
    # Everything marked: Dice = 2 p / (p + 1) at prevalence p.
    share = float(data.masks.float().mean())
    assert found.estimate().value < 2 * share / (share + 1) + 0.1


def test_it_repeats_itself_and_test_masks_are_not_looked_at(toy):
    data = toy()
    split = split_patients(data.patients)
    short = Schedule(learning_rate=3e-2, epochs=3)
    given = (GRID, data.masks, data.patients, split, 0.1, 1, short)
    a, b = (linear_segmentation(data.tokens, *given) for _ in range(2))
    assert (a.overlap == b.overlap).all()
    tested = torch.tensor([p in split.test for p in data.patients])
    hidden = data.masks ^ tested.reshape(-1, 1, 1)
    c = linear_segmentation(data.tokens, GRID, hidden, data.patients, split, 0.1, 1, short)
    assert (c.predicted == a.predicted).all()


def test_volumes_are_segmented_too(toy):
    data = toy(20)
    tokens = data.tokens.repeat_interleave(2, 1).reshape(20, 8, 6, 2, 16).flatten(1, 3)
    masks = data.masks.unsqueeze(-1).expand(-1, -1, -1, 2)
    split = split_patients(data.patients)
    found = linear_segmentation(tokens, (8, 6, 2), masks, data.patients, split, schedule=QUICK)
    assert found.estimate().value > 0.9


def test_a_map_is_resized_with_its_corners_inside_the_cells():
    small = torch.tensor([[[0.0, 4.0]]])
    assert resized(small, (1, 4)).tolist() == [[[0, 1, 3, 4]]]


def test_inputs_that_do_not_fit_are_refused(toy):
    data = toy(8)
    split = split_patients(data.patients, shares=(0.5, 0.25))
    with pytest.raises(MedVLPError, match=r"on a grid of \(8, 7\)"):
        linear_segmentation(data.tokens, (8, 7), data.masks, data.patients, split)
    with pytest.raises(MedVLPError, match="'masks' has 5"):
        linear_segmentation(data.tokens, GRID, data.masks[:5], data.patients, split)
