from __future__ import annotations

import pytest
import torch
from torch.autograd import gradcheck

from medvlp_training.objectives.shared.cross_attention import SharedCrossAttention

SAID = torch.tensor([[True, True, False], [True, True, True]])


@pytest.fixture
def attention() -> SharedCrossAttention:
    torch.manual_seed(0)
    return SharedCrossAttention(6).double().eval()


@pytest.fixture
def sets() -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(1)
    regions = torch.randn(2, 4, 6, generator=generator, dtype=torch.float64)
    return regions, torch.randn(2, 3, 6, generator=generator, dtype=torch.float64)


def test_it_is_the_formula_of_the_paper(attention, sets):
    regions, sentences = sets
    to_regions, to_sentences = attention(regions, sentences, SAID)
    keys = torch.stack([attention.key(z) for z in sentences[1]])
    scores = torch.stack([keys @ attention.key(z) / 6**0.5 for z in regions[1]])
    norm = (1 + attention.norm.eps) ** 0.5
    expected = attention.output(scores[2].softmax(0) @ attention.value(sentences[1])) / norm
    torch.testing.assert_close(to_regions[1, 2], expected)
    expected = attention.output(scores[:, 1].softmax(0) @ attention.value(regions[1])) / norm
    torch.testing.assert_close(to_sentences[1, 1], expected)


def test_padding_sentences_change_nothing_even_in_training(attention, sets):
    attention.train()
    regions, sentences = sets
    found = attention(regions, sentences, SAID)
    mean = attention.norm.running_mean.clone()
    attention.norm.reset_running_stats()
    other = torch.where(SAID.unsqueeze(-1), sentences, torch.full_like(sentences, 99.0))
    for a, b in zip(found, attention(regions, other, SAID), strict=True):
        torch.testing.assert_close(a, b)
    torch.testing.assert_close(attention.norm.running_mean, mean)
    assert (found[1][~SAID] == 0).all()


def test_permuting_sentences_permutes_what_they_receive(attention, sets):
    regions, sentences = sets
    to_regions, to_sentences = attention(regions[1:], sentences[1:], SAID[1:])
    order = [2, 0, 1]
    same, moved = attention(regions[1:], sentences[1:, order], SAID[1:])
    torch.testing.assert_close(same, to_regions)
    torch.testing.assert_close(moved, to_sentences[:, order])


def test_the_two_directions_are_one_function(attention, sets):
    regions, sentences = sets[0][:, :3], sets[1]
    every = torch.ones(2, 3, dtype=torch.bool)
    first, second = attention(regions, sentences, every)
    other, one = attention(sentences, regions, every)
    torch.testing.assert_close(first, one)
    torch.testing.assert_close(second, other)


def test_gradients_agree_with_finite_differences(attention, sets):
    inputs = [z.clone().requires_grad_() for z in sets]
    assert gradcheck(lambda r, s: attention(r, s, SAID), inputs)
