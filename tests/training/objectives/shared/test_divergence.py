from __future__ import annotations

import math

import pytest
import torch
from torch.autograd import gradcheck

from medvlp_training.objectives.objective import unit
from medvlp_training.objectives.shared.divergence import (
    DivergenceEncoder,
    divergence_loss,
    four_way_infonce,
    statistics_kept,
)
from medvlp_training.objectives.shared.infonce import infonce
from medvlp_training.objectives.shared.projection import ProjectionHead


def vectors(*shape: int, seed: int = 0) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    return unit(torch.randn(*shape, generator=generator, dtype=torch.float64))


def at_distance(distance: float) -> torch.Tensor:
    cosine = 1 - distance
    return torch.tensor([[cosine, math.sqrt(1 - cosine**2)]])


def test_equal_views_give_infonce():
    v, t = vectors(5, 8), vectors(5, 8, seed=1)
    torch.testing.assert_close(four_way_infonce((v, v), (t, t), 1 / 0.07), infonce(v, t, 1 / 0.07))
    torch.testing.assert_close(four_way_infonce((v,), (t,), 1 / 0.07), infonce(v, t, 1 / 0.07))


def test_the_four_ways_weigh_the_same():
    a, b, c, d = (vectors(4, 8, seed=n) for n in range(4))
    expected = sum(infonce(v, t, 9.0) for v in (a, b) for t in (c, d)) / 4
    torch.testing.assert_close(four_way_infonce((a, b), (c, d), 9.0), expected)


@pytest.mark.parametrize(
    ("distance", "expected"), [(0.0, 0.05), (0.02, 0.03), (0.05, 0.0), (0.3, 0.0), (0.7, 0.2)]
)
def test_the_divergence_term_is_zero_between_its_margins(distance, expected):
    original = torch.tensor([[1.0, 0.0]])
    loss = divergence_loss(at_distance(distance), original)
    torch.testing.assert_close(loss, torch.tensor(expected), atol=1e-6, rtol=1e-5)


def test_the_original_gets_no_gradient_from_the_divergence_term():
    view, original = at_distance(0.8).requires_grad_(), torch.tensor([[1.0, 0.0]]).requires_grad_()
    divergence_loss(view, original).backward()
    assert original.grad is None
    assert view.grad.abs().sum() > 0


def test_gradients_agree_with_finite_differences():
    v, v2, t, t2 = (vectors(3, 4, seed=n).requires_grad_() for n in range(4))
    assert gradcheck(lambda *x: four_way_infonce(x[:2], x[2:], 5.0), (v, v2, t, t2))
    assert gradcheck(lambda x: divergence_loss(x, v.detach()), (v2,))
    near = unit(v.detach() + 0.01 * v2.detach()).requires_grad_()
    assert gradcheck(lambda x: divergence_loss(x, v.detach()), (near,))


def test_a_view_differs_in_training_and_is_fixed_in_evaluation():
    torch.manual_seed(0)
    encoder, tokens = DivergenceEncoder(8, 2, 0.3), torch.randn(2, 5, 8)
    assert not torch.equal(encoder(tokens), encoder(tokens))
    encoder.eval()
    assert torch.equal(encoder(tokens), encoder(tokens))


def test_padding_is_not_seen():
    torch.manual_seed(0)
    encoder, tokens = DivergenceEncoder(8, 2, 0.1).eval(), torch.randn(2, 5, 8)
    padding = torch.tensor([[False] * 3 + [True] * 2, [False] * 5])
    changed = tokens.clone()
    changed[0, 3:] += 7
    torch.testing.assert_close(encoder(tokens, padding), encoder(changed, padding))


@pytest.mark.parametrize("detached", [True, False])
def test_a_detached_encoder_trains_itself_only(detached):
    encoder, tokens = DivergenceEncoder(8, 2, 0.1, detached), torch.randn(2, 5, 8).requires_grad_()
    encoder(tokens).pow(2).sum().backward()
    assert (tokens.grad is None) == detached
    assert all(parameter.grad is not None for parameter in encoder.parameters())


def test_views_are_normalised_among_themselves_and_leave_no_trace():
    torch.manual_seed(0)
    head, rows = ProjectionHead(4, 8, 3), torch.randn(6, 4)
    expected = head(rows)
    before = {name: value.clone() for name, value in head.state_dict().items()}
    with statistics_kept(head):
        torch.testing.assert_close(head(rows), expected)
        head(rows * 5 + 3)
    for name in ("norm.running_mean", "norm.running_var"):
        assert torch.equal(head.state_dict()[name], before[name])
    head(rows * 5 + 3)
    assert not torch.equal(head.norm.running_mean, before["norm.running_mean"])
