from __future__ import annotations

import math

import pytest
import torch
import torch.nn.functional as F

from medvlp_training.objectives.shared.infonce import (
    infonce,
    similarities,
    soft_cross_entropy,
    soft_infonce,
)
from medvlp_training.objectives.shared.temperature import Temperature


def unit_vectors(count: int, seed: int, size: int = 5) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    return F.normalize(torch.randn(count, size, generator=generator, dtype=torch.float64), dim=1)


def test_two_pairs_by_hand():
    images = texts = torch.eye(2)
    # Cosine 1 with its own and 0 with the other: -log(e^s / (e^s + 1)).
    assert infonce(images, texts, 3.0).item() == pytest.approx(math.log1p(math.exp(-3)))


def test_identity_targets_are_torch_cross_entropy_in_both_directions():
    images, texts = unit_vectors(6, 0), unit_vectors(6, 1)
    logits, own = 7 * images @ texts.T, torch.arange(6)
    expected = 0.75 * F.cross_entropy(logits, own) + 0.25 * F.cross_entropy(logits.T, own)
    assert torch.allclose(infonce(images, texts, 7.0, 0.75), expected)


def test_the_loss_does_not_know_the_order_of_the_samples():
    images, texts = unit_vectors(6, 0), unit_vectors(6, 1)
    order = torch.randperm(6)
    assert torch.allclose(infonce(images, texts, 9.0), infonce(images[order], texts[order], 9.0))


def test_swapping_the_modalities_swaps_the_shares():
    images, texts = unit_vectors(5, 0), unit_vectors(5, 1)
    assert torch.allclose(infonce(images, texts, 4.0, 0.75), infonce(texts, images, 4.0, 0.25))


def test_a_row_without_targets_counts_for_nothing():
    logits, targets = torch.randn(3, 4), torch.eye(3, 4)
    targets[1] = 0
    assert torch.allclose(
        soft_cross_entropy(logits, targets), soft_cross_entropy(logits[[0, 2]], targets[[0, 2]])
    )
    assert soft_cross_entropy(logits, torch.zeros(3, 4)) == 0


def test_a_left_out_pair_is_nobodys_negative():
    images, texts = unit_vectors(3, 0), unit_vectors(3, 1)
    excluded = torch.zeros(3, 3, dtype=torch.bool)
    excluded[0, 1] = excluded[1, 0] = True
    logits = 5 * images @ texts.T

    def own(row: int, columns: list[int], scores: torch.Tensor) -> torch.Tensor:
        return scores[row, columns].logsumexp(0) - scores[row, row]

    kept = [(0, [0, 2]), (1, [1, 2]), (2, [0, 1, 2])]
    expected = sum(own(*pair, logits) + own(*pair, logits.T) for pair in kept) / 6
    assert torch.allclose(infonce(images, texts, 5.0, excluded=excluded), expected)


def test_no_gradient_pushes_a_left_out_pair():
    images, texts = unit_vectors(2, 0).requires_grad_(), unit_vectors(2, 1)
    excluded = ~torch.eye(2, dtype=torch.bool)
    loss = infonce(images, texts, 5.0, excluded=excluded)
    loss.backward()
    assert loss.item() == 0
    assert images.grad.abs().max() == 0


@pytest.mark.parametrize("count", [0, 1])
def test_nothing_to_contrast_is_zero_with_a_graph(count: int):
    images = unit_vectors(count, 0).requires_grad_()
    loss = infonce(images, unit_vectors(count, 1), 14.0)
    loss.backward()
    assert loss.item() == 0
    assert torch.isfinite(images.grad).all()


def test_gradients_are_those_of_the_formula():
    images, texts = unit_vectors(4, 0).requires_grad_(), unit_vectors(4, 1).requires_grad_()
    scale = torch.tensor(3.0, dtype=torch.float64, requires_grad=True)
    targets = torch.rand(4, 4, dtype=torch.float64)
    rows, columns = targets / targets.sum(1, keepdim=True), targets.T / targets.sum(0)[:, None]
    excluded = torch.zeros(4, 4, dtype=torch.bool)
    excluded[0, 3] = excluded[3, 0] = True
    assert torch.autograd.gradcheck(infonce, (images, texts, scale, 0.75, excluded))
    assert torch.autograd.gradcheck(soft_infonce, (images, texts, scale, rows, columns))


def test_logits_are_not_rounded_to_half_precision():
    images, texts = unit_vectors(8, 0).float(), unit_vectors(8, 1).float()
    exact = similarities(images, texts, 50.0)
    with torch.autocast("cpu", torch.bfloat16):
        assert torch.equal(similarities(images, texts, 50.0), exact)


def test_the_temperature_starts_as_asked_and_is_clipped_at_a_scale_of_one_hundred():
    temperature = Temperature(0.07)
    assert temperature().item() == pytest.approx(1 / 0.07)
    with torch.no_grad():
        temperature.log_scale.fill_(9.0)
    temperature.clip()
    assert temperature().item() == pytest.approx(100, rel=1e-5)
    assert not Temperature(0.1, learnable=False).log_scale.requires_grad
