r"""LoRA: a frozen matrix and a trained difference of low rank.

Hu et al., ICLR 2022, arXiv 2106.09685: :math:`W = W_0 + \frac{\alpha}{r} B A` with :math:`A` random and
:math:`B` zero at the start, so that training begins with the model as it was.

The difference is a parametrisation of the layer's weight, not a layer around it (as the peft library
makes): the encoders hand the weights of their layers to fused operators, the objectives copy layers for
their teachers, and both must see the sum.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import torch
from torch import Tensor, nn
from torch.nn.utils import parametrize

WEIGHT = "weight"


class LowRank(nn.Module):
    """What is added to a matrix ``(rows, columns)``, or to kernels ``(rows, *columns)``.

    Parameters
    ----------
    shape
        Of the matrix; the kernels of a convolution are flattened, as in the authors' loralib.
    rank, alpha
        :math:`r` and :math:`\\alpha`.
    """

    def __init__(self, shape: tuple[int, int], rank: int, alpha: float) -> None:
        super().__init__()
        rows, columns = shape
        self.down = nn.Parameter(torch.empty(rank, columns))
        self.up = nn.Parameter(torch.zeros(rows, rank))
        nn.init.kaiming_uniform_(self.down, a=math.sqrt(5))
        self.scale = alpha / rank

    def forward(self, weight: Tensor) -> Tensor:
        """The matrix and the difference."""
        return weight + (self.scale * (self.up @ self.down)).to(weight.dtype).view_as(weight)


def linear_layers(module: nn.Module) -> list[nn.Linear]:
    """Linear layers anywhere inside a module."""
    return [part for part in module.modules() if isinstance(part, nn.Linear)]


def convolutions(module: nn.Module) -> list[nn.Conv2d]:
    """Convolutions of pictures anywhere inside a module."""
    return [part for part in module.modules() if isinstance(part, nn.Conv2d)]


def add_low_rank(layers: Iterable[nn.Linear | nn.Conv2d], rank: int, alpha: float) -> None:
    """Freeze the layers and train a difference to their weights instead."""
    for layer in layers:
        layer.requires_grad_(False)
        shape = (layer.weight.shape[0], layer.weight[0].numel())
        parametrize.register_parametrization(layer, WEIGHT, LowRank(shape, rank, alpha))


def merge_low_rank(module: nn.Module) -> None:
    """Put the sums in place of the matrices: plain layers again, with the same output.

    The last thing that is done to a module: torch lets copies of it share what is undone here.
    """
    for part in list(module.modules()):
        if parametrize.is_parametrized(part, WEIGHT):
            parametrize.remove_parametrizations(part, WEIGHT, leave_parametrized=True)
