r"""One attention that serves both of its directions.

For vectors :math:`a_k` of one modality and :math:`b_m` of another (LoVT, Müller et al., ECCV 2022,
arXiv 2112.02889) [P]:

.. math::
    s_{km} = \langle W_K a_k, W_K b_m \rangle / \sqrt{D}, \qquad
    b \to a_k = \mathrm{BN}\Big(W_O \sum_m \mathrm{softmax}_m(s_{km})\, W_V b_m\Big)

and the same with :math:`a` and :math:`b` exchanged, through the same weights.
"""

from __future__ import annotations

import math

from torch import Tensor, nn

from medvlp_training.objectives.shared.projection import RowNorm, for_valid


class SharedCrossAttention(nn.Module):
    """One head whose W_K, W_V and W_O serve both directions, and so does the normalisation [P]."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.key = nn.Linear(size, size)
        self.value = nn.Linear(size, size)
        self.output = nn.Linear(size, size)
        self.norm = RowNorm(size)

    def forward(self, regions: Tensor, sentences: Tensor, said: Tensor) -> tuple[Tensor, Tensor]:
        """z_R->I ``(B, N, D)`` and z_I->R ``(B, M, D)``, 0 for padding.

        Parameters
        ----------
        regions, sentences
            z_I ``(B, N, D)`` and z_R ``(B, M, D)``.
        said
            ``(B, M)`` bool; every row has a sentence.
        """
        scores = self.key(regions) @ self.key(sentences).transpose(1, 2)
        scores = scores / math.sqrt(regions.shape[-1])
        to_sentences = scores.masked_fill(~said.unsqueeze(1), -math.inf).softmax(2)
        to_regions = scores.softmax(1).transpose(1, 2)
        everywhere = said.new_ones(regions.shape[:2])
        return (
            for_valid(self._finish, to_sentences @ self.value(sentences), everywhere),
            for_valid(self._finish, to_regions @ self.value(regions), said),
        )

    def _finish(self, attended: Tensor) -> Tensor:
        finished: Tensor = self.norm(self.output(attended))
        return finished
