"""Projection heads."""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class RowNorm(nn.BatchNorm1d):
    """Batch normalisation that takes the running statistics where fewer than two rows have none."""

    def forward(self, input: Tensor) -> Tensor:
        """``(rows, channels)``; in training a single row is normalised as in evaluation."""
        if len(input) > 1:
            return super().forward(input)
        return F.batch_norm(
            input, self.running_mean, self.running_var, self.weight, self.bias, eps=self.eps
        )


class ProjectionHead(nn.Module):
    """Linear, batch normalisation, ReLU, linear: as in LoVT (arXiv 2112.02889) and MGCA.

    Acts on the last axis; leading axes count as one batch for the normalisation.
    """

    def __init__(self, inputs: int, hidden: int, outputs: int) -> None:
        super().__init__()
        self.expand = nn.Linear(inputs, hidden)
        self.norm = RowNorm(hidden)
        self.contract = nn.Linear(hidden, outputs)

    def forward(self, x: Tensor) -> Tensor:
        """``(..., inputs)`` to ``(..., outputs)``."""
        hidden = self.expand(x.flatten(0, -2))
        return self.contract(self.norm(hidden).relu()).unflatten(0, x.shape[:-1])


def for_valid(head: Callable[[Tensor], Tensor], x: Tensor, valid: Tensor) -> Tensor:
    """What ``head`` makes of the vectors that are no padding, so that padding is in no statistic.

    Parameters
    ----------
    head
        ``(rows, inputs)`` to ``(rows, outputs)``.
    x
        ``(B, N, inputs)``.
    valid
        ``(B, N)`` bool.

    Returns
    -------
    Tensor
        ``(B, N, outputs)``, 0 where not ``valid``.
    """
    made = head(x[valid])
    spread = made.new_zeros(*valid.shape, made.shape[-1])
    return torch.index_put(spread, (valid,), made)
