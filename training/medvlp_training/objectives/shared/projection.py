"""Projection heads."""

from __future__ import annotations

from torch import Tensor, nn


class ProjectionHead(nn.Module):
    """Linear, batch normalisation, ReLU, linear: as in LoVT (arXiv 2112.02889) and MGCA.

    Acts on the last axis; leading axes count as one batch for the normalisation.
    """

    def __init__(self, inputs: int, hidden: int, outputs: int) -> None:
        super().__init__()
        self.expand = nn.Linear(inputs, hidden)
        self.norm = nn.BatchNorm1d(hidden)
        self.contract = nn.Linear(hidden, outputs)

    def forward(self, x: Tensor) -> Tensor:
        """``(..., inputs)`` to ``(..., outputs)``."""
        hidden = self.expand(x.flatten(0, -2))
        return self.contract(self.norm(hidden).relu()).unflatten(0, x.shape[:-1])
