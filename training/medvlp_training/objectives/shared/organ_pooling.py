r"""One vector per organ: features averaged, or attended to, inside its mask.

CT-GLIP (Lin et al., arXiv 2404.15272) [P]: :math:`\sum_p M_o(p) F(p) / \sum_p M_o(p)`. With a mask of
ones it is the mean over the image. fVLM (ICLR 2025) [P]: a learned query per organ attends with four
heads to the tokens that the organ touches; it reads several layers, this reads the last alone [R].

The mask of a cell is the share of the cell that the organ fills, never a nearest neighbour: a small
organ between the cells' centres is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor, nn

QUERY_HEADS = 4


def organ_mean(cells: Tensor, masks: Tensor) -> Tensor:
    """Weighted mean of ``cells (B, N, C)`` for each of ``masks (B, O, N)``: ``(B, O, C)``.

    An empty mask gives zeros.
    """
    weights = masks.to(cells.dtype)
    total = weights.sum(-1, keepdim=True)
    return weights @ cells / torch.where(total > 0, total, 1.0)


class OrganMean(nn.Module):
    """:func:`organ_mean` as CT-GLIP pools."""

    def forward(self, cells: Tensor, masks: Tensor) -> Tensor:
        """``(B, N, C)`` and ``(B, O, N)`` to ``(B, O, C)``."""
        return organ_mean(cells, masks)

    def alone(self, cells: Tensor) -> Tensor:
        """What the pooling gives for masks of one cell each: the cells."""
        return cells


class OrganQuery(nn.Module):
    """A learned query per organ attends to the cells that the organ touches, as fVLM pools [P].

    Parameters
    ----------
    organs
        Number of queries.
    width
        C, a multiple of four.
    """

    def __init__(self, organs: int, width: int) -> None:
        super().__init__()
        self.queries = nn.Parameter(torch.randn(organs, width) * 0.02)
        self.attention = nn.MultiheadAttention(width, QUERY_HEADS, batch_first=True)

    def forward(self, cells: Tensor, masks: Tensor) -> Tensor:
        """``(B, N, C)`` and ``(B, O, N)`` to ``(B, O, C)``; an empty mask gives zeros."""
        touched = masks > 0
        found = touched.any(-1, keepdim=True)
        # A query without any cell would be a softmax over nothing: NaN. It sees all, and is zeroed.
        hidden = ~(touched | ~found)
        queries = self.queries.to(cells.dtype).expand(len(cells), -1, -1)
        pooled: Tensor = self.attention(
            queries,
            cells,
            cells,
            attn_mask=hidden.repeat_interleave(QUERY_HEADS, dim=0),
            need_weights=False,
        )[0]
        return pooled * found

    def alone(self, cells: Tensor) -> Tensor:
        """What the pooling gives for masks of one cell each: all attention goes to that cell."""
        weight = self.attention.in_proj_weight.chunk(3)[2]
        bias = self.attention.in_proj_bias.chunk(3)[2]
        projected: Tensor = self.attention.out_proj(F.linear(cells, weight, bias))
        return projected


class OrganReader(nn.Module):
    """Pooling and projection of one kind of feature map; the whole image counts as one more organ.

    Parameters
    ----------
    width
        C of the cells.
    organs
        O, without the whole image.
    size
        Of the common space.
    pooling
        ``"mean"`` (CT-GLIP) or ``"query"`` (fVLM).
    per_organ
        A projection for each organ (fVLM [P]), or one for all.
    """

    def __init__(
        self, width: int, organs: int, size: int, pooling: Literal["mean", "query"], per_organ: bool
    ) -> None:
        super().__init__()
        self.pool = OrganMean() if pooling == "mean" else OrganQuery(organs + 1, width)
        self.projections = nn.ModuleList(
            nn.Linear(width, size) for _ in range(organs + 1 if per_organ else 1)
        )

    def forward(self, cells: Tensor, masks: Tensor) -> Tensor:
        """Cells ``(B, N, C)`` and masks ``(B, O, N)`` to ``(B, O + 1, C)``, the whole image last."""
        whole = (
            torch.ones_like(masks[:, :1])
            if masks.shape[1]
            else masks.new_ones(len(cells), 1, cells.shape[1])
        )
        pooled: Tensor = self.pool(cells, torch.cat([masks, whole], dim=1))
        return pooled

    def project(self, pooled: Tensor) -> Tensor:
        """``g``: ``(B, O + 1, C)`` to the common space, not normalised."""
        if len(self.projections) == 1:
            shared: Tensor = self.projections[0](pooled)
            return shared
        return torch.stack([g(pooled[:, o]) for o, g in enumerate(self.projections)], dim=1)

    def project_cells(self, cells: Tensor) -> Tensor:
        """Each cell ``(B, N, C)`` as an image of its own, in the common space."""
        projected: Tensor = self.projections[-1](self.pool.alone(cells))
        return projected


def cells_of(features: Tensor, grid: Sequence[int]) -> Tensor:
    """Dense features ``(B, *dense grid, C)`` averaged over each cell of a coarser ``grid``: ``(B, N, C)``.

    A mask on the coarser grid holds for the whole cell, so that pooling these is pooling the dense
    features under the mask repeated for each of the cell's positions.
    """
    factors = [fine // coarse for fine, coarse in zip(features.shape[1:-1], grid, strict=True)]
    average = F.avg_pool3d if len(factors) == 3 else F.avg_pool2d
    coarse = average(features.movedim(-1, 1), factors)
    return coarse.flatten(2).transpose(1, 2)
