r"""Pooling of a set of vectors to one, with the weight that each got.

For vectors :math:`y_k`, of which some may be padding (LoVT, Müller et al., ECCV 2022,
arXiv 2112.02889) [P]:

.. math::
    \bar y = \mathrm{MHA}\Big(\text{query} = \frac{1}{K} \sum_k y_k,\ \text{keys} = \text{values}
    = \{y_k\}\Big), \qquad w_k = \text{its attention to } y_k, \text{ averaged over the heads}

The mean is over the vectors that are there. The authors' code divides by the padded length [P], so
that a query depends on the longest report of its batch; ``lovt_compat`` does as it does.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from medvlp.errors import MedVLPError


def uniform_weights(valid: Tensor, dtype: torch.dtype = torch.float32) -> Tensor:
    """1 / their number for the positions of ``valid (B, N)`` bool, 0 elsewhere."""
    weights = valid.to(dtype)
    return weights / weights.sum(1, keepdim=True).clamp(min=1)


class MeanPooling(nn.Module):
    """The mean of the vectors that are there: what attention is compared with."""

    def forward(self, x: Tensor, valid: Tensor) -> tuple[Tensor, Tensor]:
        """As :meth:`AttentionPooling.forward`."""
        weights = uniform_weights(valid, x.dtype)
        return (weights.unsqueeze(-1) * x).sum(1), weights


class AttentionPooling(nn.Module):
    """Multi-head attention whose query is the mean.

    Parameters
    ----------
    width
        Of the vectors.
    heads
        Divides ``width``.
    lovt_compat
        Divide the query's sum by the padded length, as the authors' code does.

    Raises
    ------
    MedVLPError
        If ``heads`` does not divide ``width``.
    """

    def __init__(self, width: int, heads: int = 8, lovt_compat: bool = False) -> None:
        super().__init__()
        if width % heads:
            raise MedVLPError(
                f"Attention pooling: {heads} heads do not divide vectors of {width} values: "
                "set another number of heads."
            )
        self.attention = nn.MultiheadAttention(width, heads, batch_first=True)
        self.lovt_compat = lovt_compat

    def forward(self, x: Tensor, valid: Tensor) -> tuple[Tensor, Tensor]:
        """Pool the vectors of each row.

        Parameters
        ----------
        x
            ``(B, N, width)``.
        valid
            ``(B, N)`` bool: what is no padding.

        Returns
        -------
        pooled : Tensor
            ``(B, width)``; 0 for a row without anything valid.
        weights : Tensor
            ``(B, N)``: sums to 1 over the valid positions and is 0 elsewhere.
        """
        filled = valid.any(1, keepdim=True)
        x = torch.where(valid.unsqueeze(-1), x, 0)
        length = valid.shape[1] if self.lovt_compat else valid.sum(1, keepdim=True).clamp(min=1)
        query = (x.sum(1) / length).unsqueeze(1)
        # A softmax over nothing is NaN: an empty row attends to its padding and is zeroed after.
        pooled, weights = self.attention(query, x, x, key_padding_mask=~valid & filled)
        return pooled.squeeze(1) * filled, weights.squeeze(1) * filled
