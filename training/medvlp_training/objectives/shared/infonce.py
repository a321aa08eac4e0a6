r"""InfoNCE with hard or soft targets.

For similarities :math:`s_{ij} = \langle u_i, v_j \rangle / \tau` and targets :math:`p` whose rows sum
to 1 (van den Oord et al., arXiv 1807.03748; soft targets as in UniCL, Yang et al., CVPR 2022,
arXiv 2204.03610):

.. math:: \mathrm{CE}(p, s) = -\frac{1}{B} \sum_i \sum_j p_{ij} \log \mathrm{softmax}_j(s_{ij})

With :math:`p = I` this is InfoNCE.
"""

from __future__ import annotations

import torch
from torch import Tensor


def soft_cross_entropy(logits: Tensor, targets: Tensor) -> Tensor:
    """Mean over rows of the cross-entropy between ``targets`` and ``softmax(logits)``.

    Parameters
    ----------
    logits, targets
        ``(..., n, m)``; each row of ``targets`` sums to 1, or is all zero and then counts for nothing.
    """
    rows = -(targets * logits.log_softmax(dim=-1)).sum(-1)
    used = targets.sum(-1) > 0
    return (rows * used).sum() / used.sum().clamp(min=1)


def infonce(
    images: Tensor, texts: Tensor, scale: Tensor | float, image_share: float = 0.5
) -> Tensor:
    """``image_share`` of image-to-text InfoNCE and the rest of text-to-image.

    Parameters
    ----------
    images, texts
        ``(B, D)`` unit vectors; row ``i`` of both belong together.
    scale
        1 / temperature.
    """
    logits = scale * images @ texts.T
    same = torch.eye(len(logits), dtype=logits.dtype, device=logits.device)
    forward, backward = soft_cross_entropy(logits, same), soft_cross_entropy(logits.T, same)
    return image_share * forward + (1 - image_share) * backward
