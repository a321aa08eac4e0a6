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
:math:`h` Huber's loss.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F
from torch import Tensor

from medvlp.grounding.scan_score import TOP_AREA_SHARE, TOP_VOLUME_ML
from medvlp.models.text import PRESENT
from medvlp.models.unified import UnifiedModel
from medvlp.models.vision import VisionOutput
from medvlp_training.fine_tuning.label_texts import LabelTexts
from medvlp_training.objectives.batch import Batch
from medvlp_training.objectives.dense_contrastive import plain_sigmoid
from medvlp_training.objectives.objective import Objective, Representations
from medvlp_training.objectives.shared.borrowed_model import borrow_model
from medvlp_training.objectives.shared.encode_once import encode_once

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from medvlp_training.pretraining.config import AdaptationConfig

POOLED, HIGHEST, DRIFT = "own/pooled", "own/highest", "own/drift"


class StartOutputs:
    """What the model said of images before it was trained further; part of no checkpoint."""

    def __init__(self, model: UnifiedModel) -> None:
        self.vision = copy.deepcopy(model.vision).requires_grad_(False).eval()
        self.domain = copy.deepcopy(model.domain).requires_grad_(False).eval()

    @torch.no_grad()
    def __call__(self, images: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Cells ``(B, N, D)``, pooled vectors ``(B, D)`` and domain logits ``(B,)``."""
        if next(self.domain.parameters()).device != images.device:
            self.vision.to(images.device)
            self.domain.to(images.device)
        output = self.vision(images)
        cells = self.vision.embed(output.features.flatten(1, -2), images.ndim == 5)
        return cells, output.pooled, self.domain(output.summary.float())[:, 0]


class Adapted(Objective):
    """A method on a model that goes on to be used.

    Parameters
    ----------
    method
        Its model is trained; its heads end with the run.
    start
        The model as it was.
    settings
        Weights of the terms.
    ct_spacing_mm
        Of CT crops: how many cells make a scan-level score.
    """

    def __init__(
        self, method: Objective, start: StartOutputs, settings: AdaptationConfig,
        ct_spacing_mm: float,
    ) -> None:  # fmt: skip
        super().__init__(method.model, method.settings, method.vocabulary)
        self.method = borrow_model(method)
        self.weights = settings
        self.cell_ml = (2 * ct_spacing_mm) ** 3 / 1000
        self._start = start
        self._texts = LabelTexts(method.vocabulary.labels)

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
            output = self.model.vision(batch.images)
        cells = self.model.vision.embed(output.features.flatten(1, -2), batch.volumetric)
        own = {POOLED: output.pooled, HIGHEST: self._highest(cells, batch.volumetric)}
        if self.weights.keep_weight > 0:
            own[DRIFT] = self._drift(batch.images, cells, output)
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
        wanted = TOP_VOLUME_ML / self.cell_ml if volumetric else TOP_AREA_SHARE * cells.shape[1]
        count = min(max(round(wanted), 1), cells.shape[1])
        scale, bias = self.model.dense_log_scale.exp(), self.model.dense_bias
        logits = scale * (cells @ self._texts.vectors(self.model.text).T) + bias
        return logits.topk(count, dim=1).values.mean(dim=1)

    def _drift(self, images: Tensor, cells: Tensor, output: VisionOutput) -> Tensor:
        """How far an image's cells, pooled vector and domain are from where they were, ``(B,)``."""
        cells_before, pooled_before, domain_before = self._start(images)
        moved = 1 - (cells * cells_before).sum(-1).mean(-1)
        turned = 1 - (output.pooled * pooled_before).sum(-1)
        domain = self.model.domain_logit(output.summary)
        return moved + turned + F.smooth_l1_loss(domain, domain_before, reduction="none")

    def _label_loss(self, representations: Representations, batch: Batch) -> Tensor:
        labels = batch.labels[:, self._texts.columns].long()
        targets = torch.where((labels == 0) | (labels == 1), labels, -1).T
        texts = self._texts.vectors(self.model.text)
        scale, bias = self.model.pooled_log_scale.exp(), self.model.pooled_bias
        pooled = scale * (representations[POOLED] @ texts.T) + bias
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
