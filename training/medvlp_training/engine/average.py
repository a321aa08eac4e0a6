"""Exponential moving average of weights: what is evaluated and shipped."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class WeightAverage:
    """Average of the trained parameters of a module; it starts fast and slows to ``decay``."""

    def __init__(self, module: nn.Module, decay: float) -> None:
        self.decay = decay
        self.updates = 0
        self.weights: dict[str, Tensor] = {
            name: p.detach().clone() for name, p in module.named_parameters() if p.requires_grad
        }

    @torch.no_grad()
    def update(self, module: nn.Module) -> None:
        """Move the average towards the module's present weights."""
        self.updates += 1
        decay = min(self.decay, self.updates / (self.updates + 10))
        for name, parameter in module.named_parameters():
            if name in self.weights:
                self.weights[name].lerp_(parameter.detach(), 1 - decay)

    def copy_to(self, module: nn.Module) -> None:
        """Put the average into a module."""
        module.load_state_dict(self.weights, strict=False)

    def state_dict(self) -> dict[str, Tensor]:
        """For checkpoints (accelerate's protocol)."""
        return {**self.weights, "updates": torch.tensor(self.updates)}

    def load_state_dict(self, state: dict[str, Tensor]) -> None:
        """Inverse of :meth:`state_dict`."""
        self.updates = int(state["updates"])
        self.weights = {k: v for k, v in state.items() if k != "updates"}
