r"""A method that trains a model further, without losing what its maps are made of.

The methods shape tokens and vectors that go through heads of their own, which are thrown away. What a
user sees is made of the model's own outputs: cells :math:`x_n` of the dense decoder and the pooled
vector :math:`p`. Two terms keep those in step:

.. math::
    L = w_m L_\text{method} + w_l \big[ \ell(s\, p \cdot t_c + b) + \ell(\overline{l}_{(k), c}) \big]
        + w_k \Big[ \tfrac{1}{N} \sum_n (1 - x_n \cdot x^0_n) + (1 - p \cdot p^0) + h(d - d^0) \Big]

:math:`\ell` is the sigmoid loss (SigLIP, Zhai et al., ICCV 2023, arXiv 2303.15343) of each finding
:math:`c` that the report calls present or absent, with the text :math:`t_c` that a user's query would
have; :math:`\overline{l}_{(k), c}` is the scan-level score of :mod:`medvlp.grounding.scan_score`, the mean
of the highest cells. :math:`x^0, p^0, d^0` are the outputs of the model as it was (learning without
forgetting, Li & Hoiem, ECCV 2016, arXiv 1606.09282), :math:`d` is the log-odds of a known kind of image and
:math:`h` Huber's loss; a published model has no such head, and no term for it. A model that was trained
with a softmax answers by a text against its denial: there :math:`t_c` is the difference of the two
(:mod:`medvlp.grounding.similarity`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F
from torch import Tensor

from medvlp.models.text import PRESENT
from medvlp_training.fine_tuning.label_texts import LabelTexts
from medvlp_training.fine_tuning.use import Before, OwnOutputs, Use
from medvlp_training.objectives.batch import Batch
from medvlp_training.objectives.dense_contrastive import plain_sigmoid
from medvlp_training.objectives.objective import Objective, Representations
from medvlp_training.objectives.shared.borrowed_model import borrow_model
from medvlp_training.objectives.shared.encode_once import encode_once

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from medvlp_training.pretraining.config import AdaptationConfig

POOLED, HIGHEST, DRIFT = "own/pooled", "own/highest", "own/drift"


class Adapted(Objective):
    """A method on a model that goes on to be used.

    Parameters
    ----------
    method
        Its model is trained; its heads end with the run.
    use
        The model as users ask it.
    before
        The model as it was.
    settings
        Weights of the terms.
    """

    def __init__(
        self, method: Objective, use: Use, before: Before, settings: AdaptationConfig
    ) -> None:
        super().__init__(method.model, method.settings, method.vocabulary)
        self.method = borrow_model(method)
        self.weights = settings
        self._use, self._before = use, before
        self._texts = LabelTexts(method.vocabulary.labels, use)

    def use_tokenizer(self, tokenizer: Tokenizer) -> None:
        """For the texts of the findings, and whatever the method asks for."""
        self.method.use_tokenizer(tokenizer)
        self._texts.use_tokenizer(tokenizer)

    def encode(self, batch: Batch) -> Representations:
        """What the method encodes, and the model's own outputs; the shared steps run once.

        Returns
        -------
        dict
            As the method's, with ``own/pooled (B, D)``, ``own/highest (B, labels)`` (logits) and
            ``own/drift (B,)``.
        """
        with encode_once(self.model):
            found = self.method.encode(batch)
            output = self._use.outputs(batch.images)
        own = {POOLED: output.pooled, HIGHEST: self._highest(output.cells, batch.volumetric)}
        if self.weights.keep_weight > 0:
            own[DRIFT] = self._drift(batch.images, output)
        return found | own

    def forward(self, representations: Representations, batch: Batch) -> dict[str, Tensor]:
        """Terms of the method, ``own/labels`` and ``own/drift``."""
        rest = {k: v for k, v in representations.items() if k not in (POOLED, HIGHEST, DRIFT)}
        weight = self.weights.method_weight
        terms = {name: weight * term for name, term in self.method(rest, batch).items()}
        terms["own/labels"] = self.weights.label_weight * self._label_loss(representations, batch)
        if DRIFT in representations:
            terms[DRIFT] = self.weights.keep_weight * representations[DRIFT].mean()
        return terms

    def after_step(self, progress: float) -> None:
        """Pass it on to the method."""
        self.method.after_step(progress)

    def _highest(self, cells: Tensor, volumetric: bool) -> Tensor:
        """Mean of each finding's highest cells ``(B, labels)``, in logits."""
        count = self._use.top_cells(cells.shape[1], volumetric)
        if not self._texts.columns:
            return cells.new_zeros(len(cells), 0)
        logits = self._use.dense_logits(cells @ self._texts.vectors(cells.device).T)
        return logits.topk(count, dim=1).values.mean(dim=1)

    def _drift(self, images: Tensor, output: OwnOutputs) -> Tensor:
        """How far an image's cells, pooled vector and domain are from where they were, ``(B,)``."""
        before = self._before(images)
        moved = 1 - (output.cells * before.cells).sum(-1).mean(-1)
        drift = moved + (1 - (output.pooled * before.pooled).sum(-1))
        if output.domain is None or before.domain is None:
            return drift
        return drift + F.smooth_l1_loss(output.domain, before.domain, reduction="none")

    def _label_loss(self, representations: Representations, batch: Batch) -> Tensor:
        if not self._texts.columns:
            return representations[POOLED].sum() * 0
        labels = batch.labels[:, self._texts.columns].long()
        targets = torch.where((labels == 0) | (labels == 1), labels, -1).T
        texts = self._texts.vectors(batch.images.device)
        pooled = self._use.pooled_logits(representations[POOLED] @ texts.T)
        return plain_sigmoid(pooled.T, targets) + plain_sigmoid(representations[HIGHEST].T, targets)

    # What evaluation asks is answered by the method, in its own spaces.

    def image_vectors(self, representations: Representations, batch: Batch) -> Tensor:
        """Of the method."""
        return self.method.image_vectors(representations, batch)

    def phrase_vectors(
        self, input_ids: Tensor, attention_mask: Tensor, polarity: int = PRESENT
    ) -> Tensor:
        """Of the method."""
        return self.method.phrase_vectors(input_ids, attention_mask, polarity)

    def region_vectors(self, representations: Representations, batch: Batch) -> Tensor:
        """Of the method."""
        return self.method.region_vectors(representations, batch)

    def region_phrase_vectors(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Of the method."""
        return self.method.region_phrase_vectors(input_ids, attention_mask)
