from __future__ import annotations

import pytest
import torch
from torch import nn

from medvlp_training.evaluation.transfer.fitting import Schedule, fit, seeded

X = torch.randn(40, 3, generator=torch.Generator().manual_seed(0))
Y = X @ torch.tensor([1.0, -2.0, 0.5])
TRAIN, VALIDATION = torch.arange(30), torch.arange(30, 40)


def regression(head, encoder=None):
    def loss(rows):
        x = X[rows] if encoder is None else encoder(X[rows])
        return (head(x).squeeze(1) - Y[rows]).square().mean()

    return loss


def test_a_regression_is_solved_and_repeats_itself():
    found = []
    for _ in range(2):
        head = seeded(lambda: nn.Linear(3, 1), 5)
        schedule = Schedule(learning_rate=0.05, batch_size=8)
        found.append(fit(head, None, regression(head), TRAIN, VALIDATION, schedule, seed=1))
        assert not head.training
    assert found[0] == found[1]
    assert found[0] < 0.01 * float(Y.square().mean())


def test_the_weights_of_the_best_validation_loss_are_kept():
    head = nn.Linear(1, 1, bias=False)
    nn.init.zeros_(head.weight)
    losses = []

    def loss(rows):
        weight = head.weight.sum()
        if torch.is_grad_enabled():
            return -weight  # for ever up, past what validates best
        losses.append(float((weight - 0.45).square()))
        return (weight - 0.45).square()

    schedule = Schedule(0.01, epochs=9, weight_decay=0.0)
    best = fit(head, None, loss, TRAIN, VALIDATION, schedule, seed=0)
    assert best == min(losses)
    assert best < losses[-1]
    assert float(head.weight.detach()) == pytest.approx(0.45, abs=0.06)


def test_it_stops_when_nothing_gets_better():
    head = nn.Linear(3, 1)
    seen = []

    def loss(rows):
        if not torch.is_grad_enabled():
            seen.append(1)
        return head.weight.sum() * 0 + 1

    fit(head, None, loss, TRAIN, VALIDATION, Schedule(0.1, stop_after=4), seed=0)
    assert len(seen) == 5


def test_the_encoder_moves_after_the_warm_up_only():
    head, encoder = nn.Linear(3, 1), nn.Linear(3, 3)
    before = encoder.weight.detach().clone()
    moved = []

    def loss(rows):
        if torch.is_grad_enabled():
            moved.append(not torch.equal(encoder.weight, before))
        return regression(head, encoder)(rows)

    schedule = Schedule(0.01, epochs=3, warm_up_steps=12)
    fit(head, encoder, loss, TRAIN, VALIDATION, schedule, seed=0)
    assert moved == [False] * 13 + [True] * 17


def test_seeded_weights_leave_the_random_state_alone():
    torch.manual_seed(0)
    expected = torch.rand(3)
    torch.manual_seed(0)
    first = seeded(lambda: nn.Linear(4, 4), 7)
    assert torch.equal(torch.rand(3), expected)
    assert torch.equal(first.weight, seeded(lambda: nn.Linear(4, 4), 7).weight)
