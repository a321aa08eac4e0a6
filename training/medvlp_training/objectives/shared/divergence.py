r"""MLIP's divergence encoder: a second view of a sequence, learned instead of augmented.

Li et al., CVPR 2024, arXiv 2402.02045. [P]: a divergence encoder stands in for data augmentation. [R]:
its form (a transformer block with dropout), the four-way loss and the divergence term; each is one
replaceable piece here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import cast

import torch
from torch import Tensor, nn

from medvlp_training.objectives.shared.infonce import infonce
from medvlp_training.objectives.shared.projection import RowNorm


class DivergenceEncoder(nn.Module):
    r""":math:`D`: one block of self-attention and feed-forward with dropout over a sequence. [R].

    Normalised at its end, as the encoders are: a view is of the scale of its original.

    Parameters
    ----------
    width
        Of the tokens.
    heads
        Of the attention.
    dropout
        Of attention and feed-forward: what makes two views of one sequence differ.
    detached
        Whether the block's gradient stops before the encoder below.
    """

    def __init__(self, width: int, heads: int, dropout: float, detached: bool = False) -> None:
        super().__init__()
        self.detached = detached
        self.block = nn.TransformerEncoderLayer(
            width, heads, 4 * width, dropout, "gelu", batch_first=True
        )

    def forward(self, sequence: Tensor, padding: Tensor | None = None) -> Tensor:
        """The summary ``(B, width)`` at the first place of ``sequence (B, L, width)``.

        ``padding (B, L)`` is True at places that are left out.
        """
        seen = sequence.detach() if self.detached else sequence
        return cast(Tensor, self.block(seen, src_key_padding_mask=padding))[:, 0]


@contextmanager
def statistics_kept(head: nn.Module) -> Iterator[None]:
    """Inside, the running statistics of ``head`` stay: views are normalised among themselves.

    After training only originals are asked for; statistics mixed with those of the views would not be
    the ones that they were trained with.
    """
    norms = [module for module in head.modules() if isinstance(module, RowNorm)]
    momenta = [norm.momentum for norm in norms]
    for norm in norms:
        norm.momentum = 0.0
    try:
        yield
    finally:
        for norm, momentum in zip(norms, momenta, strict=True):
            norm.momentum = momentum


def four_way_infonce(
    images: Sequence[Tensor],
    texts: Sequence[Tensor],
    scale: float,
    excluded: Tensor | None = None,
) -> Tensor:
    r"""Mean InfoNCE over :math:`(v, t), (\tilde v, t), (v, \tilde t), (\tilde v, \tilde t)`. [R].

    Parameters
    ----------
    images, texts
        :math:`(v, \tilde v)` and :math:`(t, \tilde t)`, each ``(B, D)`` unit vectors; or
        :math:`(v)` and :math:`(t)` alone. With :math:`\tilde v = v` and :math:`\tilde t = t` this is
        InfoNCE.
    scale
        1 / temperature.
    excluded
        ``(B, B)`` bool: pairs that are nobody's negatives.
    """
    ways = [infonce(v, t, scale, excluded=excluded) for v in images for t in texts]
    return torch.stack(ways).mean()


def divergence_loss(view: Tensor, original: Tensor, low: float = 0.05, high: float = 0.5) -> Tensor:
    r"""Keeps a view neither equal to its original nor unrelated to it. [R].

    With :math:`d = 1 - \cos(\tilde v, \mathrm{sg}(v))`, the mean of
    :math:`\max(0, m_{lo} - d) + \max(0, d - m_{hi})`. No gradient reaches ``original``.
    """
    distance = 1 - (view * original.detach()).sum(-1)
    return ((low - distance).relu() + (distance - high).relu()).mean()
