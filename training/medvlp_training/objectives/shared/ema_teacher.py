r"""A teacher that follows its students as an exponential moving average of their weights.

After each optimiser step :math:`\bar\theta \leftarrow m\,\bar\theta + (1 - m)\,\theta` with
:math:`m` from 0.996 to 1 along a cosine (BYOL, Grill et al., NeurIPS 2020, arXiv 2006.07733; DINO,
Caron et al., ICCV 2021, arXiv 2104.14294).
"""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping

import torch
from torch import Tensor, nn


def cosine_momentum(progress: float, start: float = 0.996) -> float:
    """Momentum at a share ``progress`` of the training: ``start`` at 0, 1 at 1."""
    return 1 - (1 - start) * (math.cos(math.pi * min(max(progress, 0.0), 1.0)) + 1) / 2


class EMATeacher(nn.Module):
    """Copies of named modules that take no gradient and are always in evaluation mode.

    The copies are part of the state dict, so that a resumed run has the same teacher.

    Parameters
    ----------
    students
        The modules to copy. The teacher keeps no reference to them.
    """

    def __init__(self, students: Mapping[str, nn.Module]) -> None:
        super().__init__()
        # One deep copy of all: what students share, their copies share.
        self.copies = nn.ModuleDict(copy.deepcopy(dict(students)))
        self.requires_grad_(False)
        self.eval()

    def train(self, mode: bool = True) -> EMATeacher:
        """Stays in evaluation mode."""
        return super().train(False)

    def __getitem__(self, name: str) -> nn.Module:
        return self.copies[name]

    def modules_by_name(self) -> dict[str, nn.Module]:
        """The copies by the names of what they copy."""
        return dict(self.copies.items())

    @torch.no_grad()
    def follow(self, students: Mapping[str, nn.Module], momentum: float) -> None:
        """Move each weight to ``momentum`` of itself and the rest of its student's; copy buffers."""
        for name, teacher in self.copies.items():
            own, new = _state(teacher), _state(students[name])
            for key, value in own.items():
                if isinstance(value, nn.Parameter):
                    value.lerp_(new[key], 1 - momentum)
                else:
                    value.copy_(new[key])


def _state(module: nn.Module) -> dict[str, Tensor]:
    return {**dict(module.named_parameters()), **dict(module.named_buffers())}
