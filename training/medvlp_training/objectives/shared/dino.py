r"""Self-distillation without labels (DINO, Caron et al., ICCV 2021, arXiv 2104.14294). All [P].

With student logits :math:`s`, teacher logits :math:`t` and the teacher's centre :math:`c`:

.. math::
    L = -\sum_k P_k \log Q_k, \quad
    P = \mathrm{softmax}\bigl((t - c) / \tau_t\bigr), \quad Q = \mathrm{softmax}(s / \tau_s)

The centre follows the mean of the teacher's logits over the batch; centring and sharpening together keep
the output from collapsing.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class DINOHead(nn.Module):
    """Three linear layers with GELU, L2 normalisation, and cosines with unit prototypes.

    The last layer is DINO's weight-normalised linear layer with its gain fixed at 1.

    Parameters
    ----------
    inputs
        Width of the encoder.
    hidden, bottleneck, prototypes
        DINO's 2048, 256 and K.
    """

    def __init__(
        self, inputs: int, prototypes: int, hidden: int = 2048, bottleneck: int = 256
    ) -> None:
        super().__init__()
        self.mlp = nn.Sequential(
            nn.Linear(inputs, hidden),
            nn.GELU(),
            nn.Linear(hidden, hidden),
            nn.GELU(),
            nn.Linear(hidden, bottleneck),
        )
        self.prototypes = nn.Parameter(torch.randn(prototypes, bottleneck))
        for layer in self.mlp:
            if isinstance(layer, nn.Linear):
                nn.init.trunc_normal_(layer.weight, std=0.02)
                nn.init.zeros_(layer.bias)

    def forward(self, x: Tensor) -> Tensor:
        """``(..., inputs)`` to logits ``(..., prototypes)`` in [-1, 1], in float32 or better."""
        x = self.mlp(x)
        # Divided by a temperature of 0.04, half precision's rounding would show.
        with torch.autocast(x.device.type, enabled=False):
            wide = x if x.dtype == torch.float64 else x.float()
            return F.normalize(wide, dim=-1) @ F.normalize(self.prototypes, dim=-1).T


def dino_loss(
    student: Tensor,
    teacher: Tensor,
    centre: Tensor,
    teacher_temperature: float,
    student_temperature: float = 0.1,
) -> Tensor:
    """Mean over all leading axes of :math:`-\\sum_k P_k \\log Q_k`.

    Parameters
    ----------
    student, teacher
        Logits ``(..., K)``. The teacher takes no gradient.
    centre
        ``(K,)``.
    """
    target = ((teacher.detach() - centre) / teacher_temperature).softmax(dim=-1)
    return -(target * (student / student_temperature).log_softmax(dim=-1)).sum(-1).mean()


def teacher_temperature(
    progress: float, warm_up: float, first: float = 0.04, last: float = 0.07
) -> float:
    """Linear from ``first`` to ``last`` during the share ``warm_up`` of the training, then ``last``."""
    return first + (last - first) * min(progress / warm_up, 1.0) if warm_up > 0 else last


class Centre(nn.Module):
    """Running mean of the teacher's logits, part of the state dict.

    What a batch adds is noted when its loss is computed and takes effect after the optimiser's step:
    a step that is skipped moves nothing.
    """

    value: Tensor

    def __init__(self, prototypes: int, momentum: float = 0.9) -> None:
        super().__init__()
        self.momentum = momentum
        self.register_buffer("value", torch.zeros(prototypes))
        self._noted: Tensor | None = None

    @torch.no_grad()
    def note(self, logits: Tensor) -> None:
        """Teacher logits ``(..., K)`` of the whole joined batch."""
        self._noted = logits.flatten(0, -2).mean(dim=0)

    @torch.no_grad()
    def update(self) -> None:
        """``momentum`` of the centre and the rest of what was noted last; nothing if nothing was."""
        if self._noted is not None:
            self.value.lerp_(self._noted.to(self.value), 1 - self.momentum)
            self._noted = None
