"""The learnable temperature of CLIP."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

LARGEST_SCALE = 100.0
"""Radford et al. clip the logits' scale at 100 "to prevent training instability"."""


class Temperature(nn.Module):
    """1 / temperature, learned through its logarithm (CLIP, arXiv 2103.00020, section 2.5).

    Parameters
    ----------
    initial
        Temperature to start from.
    learnable
        Whether training changes it.
    """

    def __init__(self, initial: float = 0.07, learnable: bool = True) -> None:
        super().__init__()
        start = torch.tensor(math.log(1 / initial))
        self.log_scale = nn.Parameter(start, requires_grad=learnable)

    def forward(self) -> Tensor:
        """The scale of the logits, a scalar."""
        return self.log_scale.exp()

    @torch.no_grad()
    def clip(self) -> None:
        """Keep the scale at 1 to 100; to be called after each optimiser step."""
        self.log_scale.clamp_(0.0, math.log(LARGEST_SCALE))
