r"""Objective of the text tower: soft multi-positive contrast between texts and against prototypes.

Texts :math:`z_i` (unit vectors) have meanings :math:`w_i` (a distribution over ``K`` meanings) whose
similarity is ``S``. The targets are those of UniCL with soft labels, as UMCL uses them (reconstruction
from Wang, arXiv 2307.05920)::

    T_ij = w_i S w_j^T / sum_j,  j != i         L_text  = CE(T, softmax(z_i . z_j / tau))
    Q_ik = w_i S / sum_k                        L_proto = CE(Q, softmax(z_i . p_k / tau))

``p_k`` are prototypes of the meanings, learned with the tower and dropped after training: they give
every step all meanings as negatives. Texts from outside radiology are kept below a margin to every
prototype; captions keep the mutual similarities that the starting point gave them.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

TEMPERATURE = 0.07
OUTSIDE_MARGIN = 0.2


def soft_cross_entropy(logits: Tensor, target: Tensor) -> Tensor:
    """Mean over rows of ``-sum target * log_softmax(logits)``; rows of ``target`` sum to 1."""
    log_probability = F.log_softmax(logits, dim=-1)
    # An excluded pair has logit -inf and target 0: its product is 0, not nan.
    return -(target * log_probability.masked_fill(target == 0, 0.0)).sum(-1).mean()


def text_loss(embedded: Tensor, weights: Tensor, similarity: Tensor) -> Tensor:
    """Contrast between texts; rows without any partner are left out.

    Parameters
    ----------
    embedded
        ``(n, D)`` unit vectors.
    weights
        ``(n, K)`` meanings.
    similarity
        ``(K, K)``.
    """
    target = weights @ similarity @ weights.T
    target = (target + target.T) / 2
    target.fill_diagonal_(0.0)
    mass = target.sum(1)
    kept = mass > 0.1
    if not bool(kept.any()):
        return embedded.sum() * 0.0
    logits = embedded @ embedded.T / TEMPERATURE
    diagonal = torch.eye(len(logits), dtype=torch.bool, device=logits.device)
    logits = logits.masked_fill(diagonal, float("-inf"))
    return soft_cross_entropy(logits[kept], target[kept] / mass[kept, None])


def prototype_loss(
    embedded: Tensor, weights: Tensor, similarity: Tensor, prototypes: Tensor
) -> Tensor:
    """Contrast of texts against the prototypes of all meanings, ``(K, D)`` unit vectors."""
    target = weights @ similarity
    target = target / target.sum(1, keepdim=True)
    return soft_cross_entropy(embedded @ prototypes.T / TEMPERATURE, target)


def outside_loss(embedded: Tensor, prototypes: Tensor) -> Tensor:
    """How far texts from outside come above the margin to their nearest prototypes."""
    nearest = (embedded @ prototypes.T).topk(8, dim=1).values
    return F.relu(nearest - OUTSIDE_MARGIN).mean()


def relation_loss(embedded: Tensor, original: Tensor) -> Tensor:
    """Mean squared change of the similarities between texts, ``original`` unit vectors ``(n, D0)``."""
    return F.mse_loss(embedded @ embedded.T, original @ original.T)
