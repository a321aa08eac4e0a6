from __future__ import annotations

import math

import pytest
import torch
from torch.autograd import gradcheck

from medvlp_training.objectives.lovt import local_loss
from medvlp_training.objectives.objective import unit
from medvlp_training.objectives.shared.token_patch import (
    attend,
    clipped_weights,
    intra_pair_contrast,
)


def vectors(*shape: int, seed: int = 0) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    return unit(torch.randn(*shape, generator=generator, dtype=torch.float64))


def test_attention_goes_to_the_nearest_key_that_exists():
    keys = torch.eye(3)[None]
    seen = attend(keys[:, 1:2], keys, torch.tensor([[True, True, True]]), 0.05)
    torch.testing.assert_close(seen, keys[:, 1:2])
    without = attend(keys[:, 1:2], keys, torch.tensor([[True, False, True]]), 0.05)
    torch.testing.assert_close(without, torch.tensor([[[0.5**0.5, 0, 0.5**0.5]]]))


def test_two_places_by_hand():
    own = torch.eye(2)[None]
    used = torch.ones(1, 2, dtype=torch.bool)
    right = -math.log(math.exp(2) / (math.exp(2) + 1))
    loss = intra_pair_contrast(own, own, torch.tensor([[0.25, 0.75]]), used, 0.5)
    torch.testing.assert_close(loss, torch.tensor(right))
    wrong = intra_pair_contrast(own, own.flip(1), torch.tensor([[0.25, 0.75]]), used, 0.5)
    torch.testing.assert_close(wrong, torch.tensor(right + 2))


def test_with_hard_targets_lovts_local_loss_both_ways_is_the_same():
    own, seen = vectors(2, 4, 6), vectors(2, 4, 6, seed=1)
    weights = torch.rand(2, 4, dtype=torch.float64)
    same = torch.eye(4, dtype=torch.float64)
    every = torch.ones(2, 4, dtype=torch.bool)
    both = local_loss(own, seen, same, weights, 0.1) + local_loss(seen, own, same, weights, 0.1)
    torch.testing.assert_close(intra_pair_contrast(own, seen, weights, every, 0.1), both / 2)


def test_places_that_do_not_exist_change_nothing():
    own, seen = vectors(2, 5, 6), vectors(2, 5, 6, seed=1)
    used = torch.tensor([[True] * 3 + [False] * 2] * 2)
    weights = torch.rand(2, 5, dtype=torch.float64)
    cut = intra_pair_contrast(own[:, :3], seen[:, :3], weights[:, :3], used[:, :3], 0.1)
    torch.testing.assert_close(intra_pair_contrast(own, seen, weights, used, 0.1), cut)


def test_samples_are_no_negatives_of_each_other():
    own, seen = vectors(2, 4, 6), vectors(2, 4, 6, seed=1)
    weights = torch.full((2, 4), 0.25, dtype=torch.float64)
    used = torch.ones(2, 4, dtype=torch.bool)
    alone = [intra_pair_contrast(own[[n]], seen[[n]], weights[[n]], used[[n]], 0.1) for n in (0, 1)]
    joined = intra_pair_contrast(own, seen, weights, used, 0.1)
    torch.testing.assert_close(joined, (alone[0] + alone[1]) / 2)


def test_a_sample_without_any_place_counts_for_nothing():
    own = vectors(2, 3, 4).requires_grad_()
    used = torch.tensor([[True] * 3, [False] * 3])
    weights = used.double() / 3
    loss = intra_pair_contrast(own, own, weights, used, 0.1)
    alone = intra_pair_contrast(own[:1], own[:1], weights[:1], used[:1], 0.1)
    torch.testing.assert_close(loss, alone)
    loss.backward()
    assert own.grad.isfinite().all()
    assert not own.grad[1].any()
    assert float(intra_pair_contrast(own[1:], own[1:], weights[1:], used[1:], 0.1)) == 0


def test_weights_are_clipped_at_their_percentiles_and_sum_to_one():
    attention = torch.tensor([[9.0, 0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 100.0, 50.0]])
    used = torch.ones(1, 12, dtype=torch.bool)
    used[0, -1] = False
    # Eleven values 0 ... 9, 100: percentiles 10 and 90 are 1 and 9.
    expected = torch.tensor([[9.0, 1.0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0]])
    torch.testing.assert_close(clipped_weights(attention, used), expected / expected.sum())


def test_weights_of_an_empty_row_and_of_one_token():
    used = torch.tensor([[False, False], [True, False]])
    weights = clipped_weights(torch.tensor([[0.5, 0.5], [0.2, 0.8]]), used)
    torch.testing.assert_close(weights, torch.tensor([[0.0, 0.0], [1.0, 0.0]]))


@pytest.mark.parametrize("used", [[True, True, True], [True, True, False]])
def test_gradients_agree_with_finite_differences(used):
    mask = torch.tensor([used, [True, True, True]])
    words, patches = vectors(2, 3, 4).requires_grad_(), vectors(2, 5, 4, seed=1).requires_grad_()
    weights = torch.rand(2, 3, dtype=torch.float64)
    every = torch.ones(2, 5, dtype=torch.bool)

    def loss(w: torch.Tensor, p: torch.Tensor) -> torch.Tensor:
        seen, shown = attend(w, p, every, 0.3), attend(p, w, mask, 0.3)
        even = torch.full((2, 5), 0.2, dtype=torch.float64)
        to_patches = intra_pair_contrast(w, seen, weights, mask, 0.3)
        return to_patches + intra_pair_contrast(p, shown, even, every, 0.3)

    assert gradcheck(loss, (words, patches))
