r"""CLIP, the baseline without any part of the five systems.

Radford et al., ICML 2021, arXiv 2103.00020. With the image's vector :math:`x_i = W_I\, \mathrm{CLS}_i`,
the text's :math:`t_i = W_T\, \mathrm{pool}(w_{i1}, \ldots, w_{iL})`, both normalised, and a learnable
temperature :math:`\tau`:

.. math::
    L = -\frac{1}{2B} \sum_i \left[
        \log \frac{e^{x_i \cdot t_i / \tau}}{\sum_j e^{x_i \cdot t_j / \tau}}
      + \log \frac{e^{t_i \cdot x_i / \tau}}{\sum_j e^{t_i \cdot x_j / \tau}} \right]

[P]: linear projections without bias, :math:`\tau` from 0.07, scale of the logits clipped at 100.
[R]: the mean over the text's tokens by default (CLIP reads its end token; ``text_pooling: cls`` reads
the first). Pairs of one patient are left out of the sums over :math:`j`: CLIP has no patients.

Regions are the image's tokens through the same :math:`W_I`: a training-free dense reading as in
MaskCLIP (Zhou et al., ECCV 2022, arXiv 2112.01071), the baseline that local objectives must beat. [R]:
MaskCLIP reads the last attention layer's values, this reads the tokens themselves.
"""

from __future__ import annotations

from typing import Literal

import torch
from pydantic import Field
from torch import Tensor, nn

from medvlp.models.text import PRESENT
from medvlp.models.unified import UnifiedModel
from medvlp_training.objectives.batch import Batch, Vocabulary
from medvlp_training.objectives.objective import (
    Objective,
    ObjectiveSettings,
    Representations,
    masked_mean,
    unit,
)
from medvlp_training.objectives.shared.infonce import infonce
from medvlp_training.objectives.shared.patients import same_patient
from medvlp_training.objectives.shared.temperature import Temperature


class ClipSettings(ObjectiveSettings):
    """Settings of CLIP.

    Parameters
    ----------
    size
        Of the common space.
    temperature
        To start from.
    text_pooling
        ``"mean"`` over the text's tokens, or its first token, ``"cls"``.
    """

    size: int = Field(512, gt=0)
    temperature: float = Field(0.07, gt=0)
    text_pooling: Literal["mean", "cls"] = "mean"


class Clip(Objective):
    """CLIP on images and their reports."""

    Settings = ClipSettings
    settings: ClipSettings

    def __init__(self, model: UnifiedModel, settings: ClipSettings, vocabulary: Vocabulary) -> None:
        super().__init__(model, settings, vocabulary)
        self.image_projection = nn.Linear(self.image_width, settings.size, bias=False)
        self.text_projection = nn.Linear(self.text_width, settings.size, bias=False)
        self.temperature = Temperature(settings.temperature)

    def forward(self, representations: Representations, batch: Batch) -> dict[str, Tensor]:
        """``contrastive``: InfoNCE over the samples that have a report."""
        told = batch.has_report
        images = self.image_vectors(representations, batch)[told]
        texts = self.project(self.pool(representations["text_tokens"], batch.attention_mask))[told]
        excluded = same_patient(batch.patients, told.device)[told][:, told]
        return {"contrastive": infonce(images, texts, self.temperature(), excluded=excluded)}

    def after_step(self, progress: float) -> None:
        """Clip the temperature."""
        self.temperature.clip()

    def pool(self, tokens: Tensor, attention_mask: Tensor) -> Tensor:
        """One vector ``(B, text_width)`` of each text's tokens ``(B, L, text_width)``."""
        mean = self.settings.text_pooling == "mean"
        return masked_mean(tokens, attention_mask) if mean else tokens[:, 0]

    def project(self, pooled: Tensor) -> Tensor:
        """Unit vectors ``(..., D)`` of pooled texts ``(..., text_width)``."""
        return unit(self.text_projection(pooled))

    def image_vectors(self, representations: Representations, batch: Batch) -> Tensor:
        """Projected class token."""
        return unit(self.image_projection(representations["image_summary"]))

    def phrase_vectors(
        self, input_ids: Tensor, attention_mask: Tensor, polarity: int = PRESENT
    ) -> Tensor:
        """Texts as reports; the prompt of ``polarity`` stands before them."""
        sign = torch.full_like(input_ids[:, 0], polarity)
        tokens = self.model.text.hidden_states(input_ids, attention_mask, sign)
        return self.project(self.pool(tokens, attention_mask))

    def region_vectors(self, representations: Representations, batch: Batch) -> Tensor:
        """Each image token as if it were the class token."""
        return unit(self.image_projection(representations["image_tokens"]))
