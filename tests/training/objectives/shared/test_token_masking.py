from __future__ import annotations

import pytest
import torch

from medvlp_training.objectives.shared.token_masking import kept_tokens, spread_ranks

CPU = torch.device("cpu")


def test_the_tokens_with_the_highest_scores_are_kept_highest_first():
    scores = torch.tensor([[0.1, 0.4, 0.2, 0.3], [0.4, 0.1, 0.3, 0.2]])
    assert kept_tokens(scores, 0.5).tolist() == [[1, 3], [0, 2]]


@pytest.mark.parametrize(("share", "kept"), [(0.0, 10), (0.6, 4), (0.75, 2), (0.99, 1)])
def test_the_share_that_is_masked(share, kept):
    assert kept_tokens(torch.rand(2, 10), share).shape == (2, kept)


def test_no_gradient_passes_through_the_choice():
    assert not kept_tokens(torch.rand(1, 4, requires_grad=True), 0.5).requires_grad


def test_ranks_are_different_and_spread_over_all():
    assert spread_ranks(8, 4, CPU).tolist() == [1, 3, 5, 7]
    assert spread_ranks(3, 64, CPU).tolist() == [0, 1, 2]
    assert len(set(spread_ranks(97, 64, CPU).tolist())) == 64
