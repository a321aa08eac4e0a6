r"""Prototypes shared by images and texts, and the categories that knowledge suggests.

Swapped prediction between an image and its report over :math:`K` prototypes is MGCA's (arXiv
2210.06044) [P]; that knowledge guides the clusters is MLIP's (arXiv 2402.02045) [P], how it does so
here is [R].
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from medvlp_training.objectives.objective import unit
from medvlp_training.objectives.shared.infonce import soft_cross_entropy
from medvlp_training.objectives.shared.sinkhorn import sinkhorn

SAME_CATEGORY = 0.999
"""Cosine from which two reports' knowledge vectors count as one."""


def swapped_prediction(
    image_scores: Tensor,
    text_scores: Tensor,
    temperature: float,
    epsilon: float = 0.05,
    iterations: int = 3,
) -> Tensor:
    r"""Each view predicts the code of the other (MGCA [P]).

    :math:`-\frac{1}{2B} \sum_i [q^v_i \log \mathrm{softmax}(t_i C^\top / \tau)
    + q^t_i \log \mathrm{softmax}(v_i C^\top / \tau)]`, codes :math:`q` by Sinkhorn, without gradient.

    Parameters
    ----------
    image_scores, text_scores
        :math:`v C^\top` and :math:`t C^\top`, ``(B, K)`` cosines. A batch of one has no spread to even
        out and gives 0.
    """
    if len(image_scores) < 2:
        return (image_scores.sum() + text_scores.sum()) * 0
    image_codes = sinkhorn(image_scores, epsilon, iterations)
    text_codes = sinkhorn(text_scores, epsilon, iterations)
    from_text = soft_cross_entropy(text_scores / temperature, image_codes)
    from_image = soft_cross_entropy(image_scores / temperature, text_codes)
    return (from_text + from_image) / 2


def category_loss(scores: Tensor, categories: Tensor, temperature: float) -> Tensor:
    """Cross-entropy of prototype ``scores (B, K)`` with ``categories (B,)``; -1 counts for nothing."""
    known = categories >= 0
    lost = F.cross_entropy(scores / temperature, categories, ignore_index=-1, reduction="sum")
    return lost / known.sum().clamp(min=1)


def report_knowledge(concepts: Tensor, table: Tensor) -> Tensor:
    """Mean entity vector over the distinct concepts of each report, ``(B, d)`` unit vectors.

    Parameters
    ----------
    concepts
        ``(B, L)`` int64: the concept of each token, -1 for none. A report without any gets 0.
    table
        ``(C + 1, d)``: an entity vector per concept, and 0 as the last row.
    """
    named = torch.zeros(len(concepts), len(table), dtype=table.dtype, device=table.device)
    named.scatter_(1, concepts % len(table), 1)
    return unit(named @ table)


class KnowledgeCategories(nn.Module):
    """K-means over the knowledge vectors of reports, one batch after the other. [R].

    MacQueen's algorithm: the first ``count`` distinct vectors are the first centroids, later ones move
    the nearest to the mean of what it got. The state is saved with the model.
    """

    centroids: Tensor
    sizes: Tensor
    filled: Tensor

    def __init__(self, count: int, width: int) -> None:
        super().__init__()
        self.register_buffer("centroids", torch.zeros(count, width))
        self.register_buffer("sizes", torch.zeros(count))
        self.register_buffer("filled", torch.zeros((), dtype=torch.int64))

    @torch.no_grad()
    def forward(self, vectors: Tensor) -> Tensor:
        """Nearest category of each of ``vectors (B, d)``, unit or 0; -1 for 0 or while there is none."""
        filled = int(self.filled)
        if filled == 0:
            return torch.full_like(vectors[:, 0], -1, dtype=torch.int64)
        nearest = (vectors @ unit(self.centroids[:filled]).to(vectors.dtype).T).argmax(1)
        return nearest.masked_fill(~vectors.any(1), -1)

    @torch.no_grad()
    def learn(self, vectors: Tensor) -> None:
        """Take up the vectors ``(B, d)`` of a batch; 0 is left out."""
        known = vectors[vectors.any(1)].to(self.centroids.dtype)
        self._begin(known)
        if not len(known):
            return
        nearest = self(known)
        taken = F.one_hot(nearest, len(self.sizes)).to(known.dtype)
        sizes = self.sizes + taken.sum(0)
        moved = (self.centroids * self.sizes[:, None] + taken.T @ known) / sizes.clamp(min=1)[
            :, None
        ]
        self.centroids.copy_(torch.where(taken.any(0)[:, None], moved, self.centroids))
        self.sizes.copy_(sizes)

    def _begin(self, vectors: Tensor) -> None:
        for vector in vectors:
            filled = int(self.filled)
            if filled == len(self.centroids):
                return
            # An empty place has cosine 0 with everything.
            if filled == 0 or bool((unit(self.centroids[:filled]) @ vector).max() < SAME_CATEGORY):
                self.centroids[filled] = vector
                self.filled += 1
