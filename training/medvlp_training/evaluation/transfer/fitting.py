"""Fitting of a head, and of the encoder if it is not frozen: LoVT's schedule."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import torch
from torch import Tensor, nn
from torch.optim.lr_scheduler import ReduceLROnPlateau

FEWEST_STEPS = 10


@dataclass(frozen=True)
class Schedule:
    """How long and how fast. The defaults are LoVT's [P], unless a task says otherwise.

    The rate is halved when the validation loss did not fall for ``patience`` epochs [R: LoVT watches
    the validation metric]. An epoch has at least 10 steps [R: one percent of a small data set would
    make it one].

    Parameters
    ----------
    learning_rate, weight_decay
        Of Adam.
    batch_size, epochs
        Samples per step, and the most epochs.
    patience, factor
        Of the plateau schedule.
    stop_after
        Epochs without a lower validation loss.
    warm_up_steps, warm_up_rate
        First steps with a frozen encoder, if it is to be fine-tuned, and their learning rate.
    """

    learning_rate: float
    batch_size: int = 64
    epochs: int = 100
    weight_decay: float = 1e-6
    patience: int = 3
    factor: float = 0.5
    stop_after: int = 10
    warm_up_steps: int = 0
    warm_up_rate: float = 1e-3


Module = TypeVar("Module", bound=nn.Module)


def seeded(make: Callable[[], Module], seed: int) -> Module:
    """A module with the initial weights of a seed; torch's own random state is put back."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return make()


def fit(
    head: nn.Module,
    encoder: nn.Module | None,
    loss: Callable[[Tensor], Tensor],
    train: Tensor,
    validation: Tensor,
    schedule: Schedule,
    seed: int,
) -> float:
    """Minimise ``loss`` on the training rows; the weights of the best validation loss are kept.

    Parameters
    ----------
    head
        Trained from the start.
    encoder
        Trained after the warm-up; None if it is frozen.
    loss
        From indices of samples to a scalar.
    train, validation
        Indices of samples.
    schedule
        See its class.
    seed
        Of the order of the samples.

    Returns
    -------
    float
        The best validation loss.
    """
    trained = nn.ModuleList([head] if encoder is None else [head, encoder])
    warm_up = schedule.warm_up_steps if encoder is not None else 0
    rate = schedule.warm_up_rate if warm_up else schedule.learning_rate
    optimiser = torch.optim.Adam(trained.parameters(), lr=rate, weight_decay=schedule.weight_decay)
    plateau = ReduceLROnPlateau(optimiser, factor=schedule.factor, patience=schedule.patience)
    batches = _batches(train, schedule.batch_size, seed)
    step, waited = 0, 0
    best, kept = float("inf"), copy.deepcopy(trained.state_dict())
    for _ in range(schedule.epochs):
        trained.train()
        for _ in range(max(len(train) // schedule.batch_size, FEWEST_STEPS)):
            if encoder is not None:
                encoder.requires_grad_(step >= warm_up)
            if warm_up and step == warm_up:
                for group in optimiser.param_groups:
                    group["lr"] = schedule.learning_rate
            optimiser.zero_grad()
            loss(next(batches)).backward()
            optimiser.step()
            step += 1
        found = _mean_loss(trained, loss, validation, schedule.batch_size)
        if step >= warm_up:
            plateau.step(found)
        waited += 1
        if found < best:
            best, kept, waited = found, copy.deepcopy(trained.state_dict()), 0
        if waited >= schedule.stop_after and step > warm_up:
            break
    trained.load_state_dict(kept)
    trained.eval()
    return best


def _batches(rows: Tensor, size: int, seed: int) -> Iterator[Tensor]:
    """Batches without end: every sample once before any comes again."""
    generator = torch.Generator().manual_seed(seed)
    while True:
        shuffled = rows[torch.randperm(len(rows), generator=generator)]
        whole = len(rows) // size * size or len(rows)
        yield from shuffled[:whole].split(size)


@torch.no_grad()
def _mean_loss(
    trained: nn.Module, loss: Callable[[Tensor], Tensor], rows: Tensor, size: int
) -> float:
    trained.eval()
    parts = rows.split(size)
    return sum(float(loss(part)) * len(part) for part in parts) / len(rows)
