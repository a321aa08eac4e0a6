r"""Alignment of tokens with patches inside one pair, as in MGCA (arXiv 2210.06044) and MLIP.

Every token attends to the patches of its own image and must recognise what it saw among what the
report's other tokens saw; every patch the same with tokens [P: MGCA]. With unit vectors :math:`w_j` and
:math:`p`, :math:`a_j = \mathrm{softmax}_p(w_j \cdot p / \tau)`, :math:`c_j = \sum_p a_{jp} p`
normalised:

.. math:: L = \sum_j \omega_j \tfrac12 [\mathrm{CE}(w_j \to c_j) + \mathrm{CE}(c_j \to w_j)]
"""

from __future__ import annotations

import torch
from torch import Tensor

from medvlp_training.objectives.objective import unit
from medvlp_training.objectives.shared.infonce import similarities


def attend(queries: Tensor, keys: Tensor, used: Tensor, temperature: float) -> Tensor:
    """What each query sees of the keys, ``(B, n, D)`` unit vectors.

    Parameters
    ----------
    queries, keys
        ``(B, n, D)`` and ``(B, m, D)`` unit vectors.
    used
        ``(B, m)`` bool: keys that exist.
    """
    hidden = ~used[:, None].expand(-1, queries.shape[1], -1)
    attention = similarities(queries, keys, 1 / temperature, hidden).softmax(-1)
    return unit(attention @ keys.to(attention.dtype))


def intra_pair_contrast(
    own: Tensor, seen: Tensor, weights: Tensor, used: Tensor, temperature: float
) -> Tensor:
    """Mean over samples of the weighted symmetric cross-entropy, ``own[j]`` with ``seen[j]``.

    Parameters
    ----------
    own, seen
        ``(B, n, D)`` unit vectors; negatives are the other places of the same sample.
    weights
        ``(B, n)`` of each place.
    used
        ``(B, n)`` bool: places that exist; a sample without any counts for nothing.
    """
    hidden = ~used[:, None].expand(-1, used.shape[1], -1)
    rows = similarities(own, seen, 1 / temperature, hidden)
    columns = similarities(seen, own, 1 / temperature, hidden)
    both = torch.stack([rows, columns]).log_softmax(-1)
    recognised = both.diagonal(dim1=-2, dim2=-1).mean(0)
    # A place that does not exist has an arbitrary diagonal, as large as the dtype allows.
    lost = -(recognised.masked_fill(~used, 0) * weights.to(recognised.dtype)).sum(1)
    return lost.sum() / used.any(1).sum().clamp(min=1)


@torch.no_grad()
def clipped_weights(attention: Tensor, used: Tensor, low: float = 0.1, high: float = 0.9) -> Tensor:
    """Attention clipped to its percentiles, over the places used, so that rows sum to 1 (MGCA [P]).

    Parameters
    ----------
    attention
        ``(B, L)``, not negative.
    used
        ``(B, L)`` bool. Other places get 0; a row without any is 0.
    """
    values = (attention if attention.dtype == torch.float64 else attention.float()).masked_fill(
        ~used, torch.nan
    )
    bounds = [values.nanquantile(share, dim=1, keepdim=True) for share in (low, high)]
    clipped = values.clamp(*bounds).nan_to_num(0).masked_fill(~used, 0)
    return clipped / clipped.sum(1, keepdim=True).clamp(min=torch.finfo(clipped.dtype).tiny)
