r"""ConVIRT: contrastive learning of images and one sentence of their reports.

Zhang et al., MLHC 2022, arXiv 2010.00747. With the image's :math:`h_v`, the sentence's :math:`h_u` and
heads :math:`g(h) = W^{(2)} \sigma(W^{(1)} h)`, :math:`v = g_v(h_v)`, :math:`u = g_u(h_u)`:

.. math::
    \ell_i^{(v \to u)} = -\log
        \frac{\exp(\langle v_i, u_i \rangle / \tau)}{\sum_k \exp(\langle v_i, u_k \rangle / \tau)}
    \qquad
    L = \frac{1}{N} \sum_i \left(
        \lambda\, \ell_i^{(v \to u)} + (1 - \lambda)\, \ell_i^{(u \to v)} \right)

[P]: the loss on cosines; heads with one hidden layer and a ReLU; maximum over all output vectors of the
text encoder. [U], recalled: :math:`\tau = 0.1` (fixed), :math:`\lambda = 0.75`, 512 values, hidden
layers as wide as :math:`h`, a sentence drawn at random from the report as the text's only augmentation.
[R]: the class token as :math:`h_v` (the paper's is the average pool of a ResNet-50); pairs of one
patient are left out. The sentence is drawn anew at each step by a hash of the text and the step's
number; outside training the whole report is read.
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
    unit,
)
from medvlp_training.objectives.shared.infonce import infonce
from medvlp_training.objectives.shared.patients import same_patient
from medvlp_training.objectives.shared.token_rows import (
    draw_sentence,
    keep_tokens,
)


class ConVirtSettings(ObjectiveSettings):
    """Settings of ConVIRT.

    Parameters
    ----------
    size
        Of the common space.
    temperature
        :math:`\\tau`, fixed.
    image_share
        :math:`\\lambda`.
    sentences
        ``"one"`` drawn at each step, or ``"all"``: the whole report.
    """

    size: int = Field(512, gt=0)
    temperature: float = Field(0.1, gt=0)
    image_share: float = Field(0.75, ge=0, le=1)
    sentences: Literal["one", "all"] = "one"


def nonlinear_head(inputs: int, outputs: int) -> nn.Sequential:
    """The paper's :math:`g`: linear, ReLU, linear."""
    return nn.Sequential(nn.Linear(inputs, inputs), nn.ReLU(), nn.Linear(inputs, outputs))


def masked_maximum(tokens: Tensor, mask: Tensor) -> Tensor:
    """Maximum of ``(B, L, H)`` over the tokens where ``mask (B, L)`` is not 0."""
    lowest = torch.finfo(tokens.dtype).min
    return tokens.masked_fill((mask == 0).unsqueeze(-1), lowest).amax(1)


class ConVirt(Objective):
    """ConVIRT on images and one sentence of each report."""

    Settings = ConVirtSettings
    settings: ConVirtSettings
    step: Tensor

    def __init__(
        self, model: UnifiedModel, settings: ConVirtSettings, vocabulary: Vocabulary
    ) -> None:
        super().__init__(model, settings, vocabulary)
        self.image_head = nonlinear_head(self.image_width, settings.size)
        self.text_head = nonlinear_head(self.text_width, settings.size)
        self.register_buffer("step", torch.zeros((), dtype=torch.int64))

    def encode(self, batch: Batch) -> Representations:
        """Instead of ``text_tokens``, ``text_maximum (B, text_width)`` of the text read at this step."""
        image = self.model.vision.encode_tokens(batch.images)
        ids, mask = self._read(batch)
        tokens = self.model.text.hidden_states(ids, mask)
        return {
            "image_tokens": image.tokens,
            "image_summary": image.summary,
            "text_maximum": masked_maximum(tokens, mask),
        }

    def forward(self, representations: Representations, batch: Batch) -> dict[str, Tensor]:
        """``contrastive``: the paper's loss over the samples that have a report."""
        told = batch.has_report
        images = self.image_vectors(representations, batch)[told]
        texts = unit(self.text_head(representations["text_maximum"]))[told]
        excluded = same_patient(batch.patients, told.device)[told][:, told]
        loss = infonce(
            images, texts, 1 / self.settings.temperature, self.settings.image_share, excluded
        )
        return {"contrastive": loss}

    def after_step(self, progress: float) -> None:
        """Other sentences at the next step."""
        self.step += 1

    def image_vectors(self, representations: Representations, batch: Batch) -> Tensor:
        """:math:`v`, normalised."""
        return unit(self.image_head(representations["image_summary"]))

    def phrase_vectors(
        self, input_ids: Tensor, attention_mask: Tensor, polarity: int = PRESENT
    ) -> Tensor:
        """:math:`u` of each text, normalised."""
        sign = torch.full_like(input_ids[:, 0], polarity)
        tokens = self.model.text.hidden_states(input_ids, attention_mask, sign)
        return unit(self.text_head(masked_maximum(tokens, attention_mask)))

    def region_vectors(self, representations: Representations, batch: Batch) -> Tensor:
        """Each image token as if it were the class token; the paper has no regions [R]."""
        return unit(self.image_head(representations["image_tokens"]))

    def _read(self, batch: Batch) -> tuple[Tensor, Tensor]:
        if not self.training or self.settings.sentences == "all":
            return batch.input_ids, batch.attention_mask
        ids, sentences = batch.input_ids, batch.sentence_of_token
        chosen = draw_sentence(ids, sentences, self.step)
        read = (sentences < 0) | (sentences == chosen[:, None])
        return keep_tokens(ids, read & (batch.attention_mask > 0))
