r"""The plain objective of the first default: cells and scans against texts.

For cell embeddings :math:`x_n`, text embeddings :math:`t_c` (all unit vectors), logits
:math:`l_{cn} = e^{s}\, x_n \cdot t_c + b` and targets :math:`y_{cn} \in \{1, 0, \text{unknown}\}`:

* sigmoid term (SigLIP, Zhai et al., ICCV 2023, arXiv 2303.15343), with positives and negatives of
  each text weighing the same: "is this text true of this cell?";
* soft Dice per text present (Milletari et al., 3DV 2016, arXiv 1606.04797): extent;
* InfoNCE over texts for each labelled cell with several positives allowed (Khosla et al., NeurIPS
  2020, arXiv 2004.11362): "which text?".

The same sigmoid term aligns pooled vectors with scan-level labels.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor


def masked_mean(values: Tensor, mask: Tensor, dim: int) -> Tensor:
    """Mean over ``dim`` where ``mask``; 0 where the mask is empty."""
    weights = mask.to(values.dtype)
    return (values * weights).sum(dim) / weights.sum(dim).clamp(min=1)


def balanced_sigmoid(logits: Tensor, targets: Tensor) -> Tensor:
    """Per text, half the loss from positives and half from negatives; unknown (-1) is skipped.

    ``logits`` and ``targets`` are ``(texts, cells)``. A text without positives weighs its
    negatives alone.
    """
    positive, negative = targets == 1, targets == 0
    on = masked_mean(F.softplus(-logits), positive, dim=1)
    off = masked_mean(F.softplus(logits), negative, dim=1)
    has_positive, has_negative = positive.any(dim=1), negative.any(dim=1)
    used = (has_positive | has_negative).to(logits.dtype)
    weight = torch.where(has_positive & has_negative, 0.5, 1.0)
    return (weight * (on + off) * used).sum() / used.sum().clamp(min=1)


def plain_sigmoid(logits: Tensor, targets: Tensor) -> Tensor:
    """Mean over known pairs, with unknown (-1) skipped: keeps the scale of probabilities honest."""
    known = targets >= 0
    loss = F.binary_cross_entropy_with_logits(logits, (targets == 1).to(logits), reduction="none")
    return (loss * known).sum() / known.sum().clamp(min=1)


def soft_dice(logits: Tensor, targets: Tensor) -> Tensor:
    """1 - Dice of texts that have positives among the cells; ``(texts, cells)``."""
    known = targets >= 0
    probability = logits.sigmoid() * known
    truth = (targets == 1).to(logits.dtype)
    overlap = 2 * (probability * truth).sum(dim=1) + 1
    total = probability.sum(dim=1) + truth.sum(dim=1) + 1
    present = (truth.sum(dim=1) > 0).to(logits.dtype)
    return ((1 - overlap / total) * present).sum() / present.sum().clamp(min=1)


def text_infonce(logits: Tensor, targets: Tensor) -> Tensor:
    """Cross-entropy over texts for cells with a positive; several positives share the credit."""
    positive = targets == 1
    labelled = positive.any(dim=0)
    if not bool(labelled.any()):
        return logits.sum() * 0
    logits, positive, known = logits[:, labelled], positive[:, labelled], targets[:, labelled] >= 0
    lowest = torch.finfo(logits.dtype).min
    every = logits.masked_fill(~known, lowest).logsumexp(dim=0)
    right = logits.masked_fill(~positive, lowest).logsumexp(dim=0)
    return (every - right).mean()


def dense_loss(
    uniform: Tensor, uniform_targets: Tensor, balanced: Tensor, balanced_targets: Tensor
) -> dict[str, Tensor]:
    """All dense terms.

    Parameters
    ----------
    uniform, uniform_targets
        ``(texts, cells)`` of cells drawn uniformly from the grid: extent and base rate.
    balanced, balanced_targets
        The same of cells drawn alike from every label: identity.
    """
    both = torch.cat([uniform, balanced], dim=1)
    both_targets = torch.cat([uniform_targets, balanced_targets], dim=1)
    return {
        "sigmoid": balanced_sigmoid(both, both_targets),
        "rate": plain_sigmoid(uniform, uniform_targets),
        "dice": soft_dice(uniform, uniform_targets),
        "infonce": text_infonce(balanced, balanced_targets),
    }
