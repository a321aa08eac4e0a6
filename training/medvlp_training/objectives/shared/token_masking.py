"""Which tokens a masked student sees.

Tokens are taken away, not replaced: what is masked cannot touch what is kept. Keeping the tokens that the
teacher's class token attends to most, which are the most relevant to the text it is aligned with, is
Attentive Mask CLIP's masking (Yang et al., ICCV 2023, arXiv 2212.08653), as UniMedI uses it [P].
"""

from __future__ import annotations

import torch
from torch import Tensor


def kept_tokens(scores: Tensor, masked_share: float) -> Tensor:
    """Indices ``(B, n)`` of the tokens with the highest scores, highest first.

    Parameters
    ----------
    scores
        ``(B, N)``: attention, or random numbers for random masking.
    masked_share
        Share of tokens to mask; at least one token is kept.
    """
    count = scores.shape[1]
    kept = max(count - round(masked_share * count), 1)
    return scores.detach().topk(kept, dim=1).indices


def spread_ranks(count: int, wanted: int, device: torch.device) -> Tensor:
    """``wanted`` different ranks from first to last of ``count``, evenly spread; all if there are fewer."""
    if wanted >= count:
        return torch.arange(count, device=device)
    return ((torch.arange(wanted, device=device) + 0.5) * count / wanted).long()
