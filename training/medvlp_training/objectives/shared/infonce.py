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


def similarities(
    images: Tensor, texts: Tensor, scale: Tensor | float, excluded: Tensor | None = None
) -> Tensor:
    """Logits ``(..., n, m)`` in float32 or better, under autocast too.

    Parameters
    ----------
    images, texts
        ``(..., n, D)`` and ``(..., m, D)`` unit vectors.
    scale
        1 / temperature.
    excluded
        ``(..., n, m)`` bool: pairs that are left out of every softmax.
    """
    # Half precision rounds a logit of 20 to the nearest eighth or so.
    with torch.autocast(images.device.type, enabled=False):
        if images.dtype != torch.float64:
            images, texts = images.float(), texts.float()
        logits = scale * images @ texts.transpose(-1, -2)
    if excluded is None:
        return logits
    return logits.masked_fill(excluded, torch.finfo(logits.dtype).min)


def infonce(
    images: Tensor,
    texts: Tensor,
    scale: Tensor | float,
    image_share: float = 0.5,
    excluded: Tensor | None = None,
) -> Tensor:
    """``image_share`` of image-to-text InfoNCE and the rest of text-to-image.

    Parameters
    ----------
    images, texts
        ``(B, D)`` unit vectors; row ``i`` of both belong together.
    scale
        1 / temperature.
    excluded
        ``(B, B)`` bool: pairs that are nobody's negatives, such as two images of one patient; its
        diagonal is False.
    """
    same = torch.eye(len(images), dtype=images.dtype, device=images.device)
    return soft_infonce(images, texts, scale, same, same, image_share, excluded)


def soft_infonce(
    images: Tensor,
    texts: Tensor,
    scale: Tensor | float,
    image_targets: Tensor,
    text_targets: Tensor,
    image_share: float = 0.5,
    excluded: Tensor | None = None,
) -> Tensor:
    """As :func:`infonce`, with soft targets.

    Parameters
    ----------
    image_targets
        ``(B, B)``: per image, the share of each text; 0 where ``excluded``.
    text_targets
        ``(B, B)``: per text, the share of each image; 0 where ``excluded`` is, transposed.
    """
    logits = similarities(images, texts, scale, excluded)
    forward = soft_cross_entropy(logits, image_targets.to(logits.dtype))
    backward = soft_cross_entropy(logits.T, text_targets.to(logits.dtype))
    return image_share * forward + (1 - image_share) * backward
