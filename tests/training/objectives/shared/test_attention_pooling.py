from __future__ import annotations

import pytest
import torch
from torch.autograd import gradcheck

from medvlp.errors import MedVLPError
from medvlp_training.objectives.shared.attention_pooling import (
    AttentionPooling,
    MeanPooling,
    uniform_weights,
)

VALID = torch.tensor([[True, True, True, False, False], [True, True, True, True, True]])


@pytest.fixture
def vectors() -> torch.Tensor:
    return torch.randn(2, 5, 8, generator=torch.Generator().manual_seed(0), dtype=torch.float64)


@pytest.fixture
def pool() -> AttentionPooling:
    torch.manual_seed(1)
    return AttentionPooling(8, heads=2).double()


def test_weights_sum_to_one_over_what_is_there(pool, vectors):
    _, weights = pool(vectors, VALID)
    torch.testing.assert_close(weights.sum(1), torch.ones(2, dtype=torch.float64))
    assert (weights[~VALID] == 0).all()
    assert (weights[VALID] > 0).all()


def test_padding_changes_nothing(pool, vectors):
    pooled, weights = pool(vectors, VALID)
    other = torch.where(VALID.unsqueeze(-1), vectors, torch.randn_like(vectors) * 50)
    shuffled = other[:, [0, 1, 2, 4, 3]]
    shuffled[1] = other[1]
    torch.testing.assert_close(pool(shuffled, VALID)[0], pooled)
    alone, own = pool(vectors[:1, :3], VALID[:1, :3])
    torch.testing.assert_close(alone, pooled[:1])
    torch.testing.assert_close(own, weights[:1, :3])


def test_the_query_of_the_authors_code_depends_on_the_padded_length(vectors):
    torch.manual_seed(1)
    theirs = AttentionPooling(8, heads=2, lovt_compat=True).double()
    padded, _ = theirs(vectors[:1], VALID[:1])
    alone, _ = theirs(vectors[:1, :3], VALID[:1, :3])
    assert (padded - alone).abs().max() > 1e-4
    full, _ = theirs(vectors[1:], VALID[1:])
    torch.manual_seed(1)
    ours = AttentionPooling(8, heads=2).double()
    torch.testing.assert_close(full, ours(vectors[1:], VALID[1:])[0])


def test_permuting_the_vectors_permutes_the_weights(pool, vectors):
    pooled, weights = pool(vectors[1:], VALID[1:])
    order = torch.tensor([3, 0, 4, 2, 1])
    moved, other = pool(vectors[1:, order], VALID[1:])
    torch.testing.assert_close(moved, pooled)
    torch.testing.assert_close(other, weights[:, order])


def test_one_vector_gets_all_the_weight(pool, vectors):
    _, weights = pool(vectors[:, :1], VALID[:, :1])
    torch.testing.assert_close(weights, torch.ones(2, 1, dtype=torch.float64))


@pytest.mark.parametrize("make", [lambda: AttentionPooling(8, 2), MeanPooling])
def test_a_row_of_padding_alone_is_zero_and_has_no_gradient(make, vectors):
    x = vectors.float().requires_grad_()
    nothing = torch.tensor([[False] * 5, [True] * 5])
    pooled, weights = make()(x, nothing)
    assert (pooled[0] == 0).all()
    assert (weights[0] == 0).all()
    pooled.square().sum().backward()
    assert x.grad is not None
    assert x.grad.isfinite().all()
    assert (x.grad[0] == 0).all()


def test_mean_pooling_is_the_masked_mean(vectors):
    pooled, weights = MeanPooling()(vectors, VALID)
    torch.testing.assert_close(pooled[0], vectors[0, :3].mean(0))
    torch.testing.assert_close(weights, uniform_weights(VALID, torch.float64))
    assert weights[0, 0] == pytest.approx(1 / 3)


def test_gradients_agree_with_finite_differences(pool, vectors):
    assert gradcheck(lambda x: pool(x, VALID), (vectors.requires_grad_(),))


def test_heads_that_do_not_divide_the_width_are_refused():
    with pytest.raises(MedVLPError, match="3 heads"):
        AttentionPooling(8, heads=3)
