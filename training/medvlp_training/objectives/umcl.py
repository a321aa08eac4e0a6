r"""UMCL: unified medical image-text-label contrastive learning with continuous prompts.

Wang, arXiv 2307.05920. [P]: images, texts and labels are trained on as one; continuous implicit prompts
replace hand-written ones; the contrast knows labels, against false negatives. All formulas are [R], from
UniCL (arXiv 2204.03610), CoOp (arXiv 2109.01134) and MedCLIP (arXiv 2210.10163): the paper's are not
available.

A sample is a triplet :math:`(x_i, t_i, y_i)`. Of a sample with a report, :math:`t_i` is the report. Of
one with labels alone it is a learned prompt and the names of its findings,

.. math:: t_i = [V^+_1] \ldots [V^+_M]\,[\text{names of the findings that are present}]

or, with nothing present, :math:`[V^-]` and the names of those known to be absent. :math:`V` enters at the
text encoder's embedding layer, so that it learns even where the encoder is frozen. With the label
similarity :math:`S_{ij} = \langle y_i, y_j \rangle / (|y_i| |y_j|)` and :math:`T` its rows normalised
(:mod:`~medvlp_training.objectives.shared.soft_targets`, with the bit of "no finding"):

.. math::
    L = \tfrac{1}{2} \left[ \mathrm{CE}(T, \mathrm{softmax}(x t^\top / \tau))
        + \mathrm{CE}(T^\top, \mathrm{softmax}(t x^\top / \tau)) \right]

:math:`S` is symmetric; :math:`T^\top` stands for its columns normalised. With :math:`S = I` this is CLIP.

Where every sample has a report nothing above teaches :math:`V^-`. A second term does: for each known
label :math:`y_{ic}`, the cross-entropy of :math:`\mathrm{softmax}(x_i \cdot t_c^+ / \tau,\;
x_i \cdot t_c^- / \tau)`, which is what zero-shot asks. It is [R] too, and off with
``presence_weight: 0``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import torch
import torch.nn.functional as F
from pydantic import Field
from torch import Tensor, nn

from medvlp.errors import MedVLPError
from medvlp.models.text import ABSENT, PRESENT
from medvlp.models.unified import UnifiedModel
from medvlp_training.objectives.batch import Batch, Vocabulary
from medvlp_training.objectives.clip import Clip, ClipSettings
from medvlp_training.objectives.objective import Representations
from medvlp_training.objectives.shared.class_texts import ClassTexts
from medvlp_training.objectives.shared.infonce import similarities, soft_infonce
from medvlp_training.objectives.shared.patients import same_patient
from medvlp_training.objectives.shared.soft_targets import (
    SoftTargetSettings,
    same_text,
    soft_targets,
)

if TYPE_CHECKING:
    from tokenizers import Tokenizer


class UMCLSettings(ClipSettings):
    """Settings of UMCL, beside CLIP's.

    Parameters
    ----------
    targets
        What counts as alike; label cosine by default.
    context
        ``"unified"``: one V+ and one V- for all classes, those of the text tower; ``"class"``: of each
        class.
    context_length
        M of class-specific prompts; CoOp's is 16 [U]. The tower has its own (``prompt_length``).
    presence_weight
        Of the presence term.
    """

    targets: SoftTargetSettings = SoftTargetSettings(labels=True)
    context: Literal["unified", "class"] = "unified"
    context_length: int = Field(16, gt=0)
    presence_weight: float = Field(1.0, ge=0)


def presence_loss(positive: Tensor, negative: Tensor, labels: Tensor) -> Tensor:
    """Cross-entropy of present against absent, a mean over the labels that are known.

    Parameters
    ----------
    positive, negative
        ``(B, C)`` logits of each image with each class's V+ text and V- text.
    labels
        ``(B, C)``: 1 is present, 0 absent, anything else counts for nothing.
    """
    known = (labels == 0) | (labels == 1)
    truth = (labels == 1).to(positive.dtype)
    losses = F.binary_cross_entropy_with_logits(positive - negative, truth, reduction="none")
    return (losses * known).sum() / known.sum().clamp(min=1)


class UMCL(Clip):
    """UMCL on images, reports and labels; encoders' heads and temperature are CLIP's."""

    Settings = UMCLSettings
    settings: UMCLSettings

    def __init__(self, model: UnifiedModel, settings: UMCLSettings, vocabulary: Vocabulary) -> None:
        super().__init__(model, settings, vocabulary)
        self.class_texts: ClassTexts | None = None
        if settings.context == "class":
            shape = 2, len(vocabulary.labels), settings.context_length, self.text_width
            self.contexts = nn.Parameter(torch.randn(shape) * 0.02)

    def use_tokenizer(self, tokenizer: Tokenizer) -> None:
        """Tokenise the classes' names."""
        self.class_texts = ClassTexts.of(self.vocabulary.labels, tokenizer)

    def encode(self, batch: Batch) -> Representations:
        """Also ``text_pooled (B, text_width)``: of the report, or of the findings' names."""
        representations = super().encode(batch)
        pooled = self.pool(representations["text_tokens"], batch.attention_mask)
        present, absent = batch.labels == 1, batch.labels == 0
        told = present.any(1) | absent.any(1)
        rows = (~batch.has_report & told).nonzero()[:, 0]
        if len(rows):
            polarity = (~present[rows].any(1)).long() * ABSENT
            named = torch.where(polarity[:, None] == PRESENT, present[rows], absent[rows])
            pooled = pooled.index_copy(0, rows, self._pooled_names(named, polarity).to(pooled))
        return representations | {"text_pooled": pooled}

    def forward(self, representations: Representations, batch: Batch) -> dict[str, Tensor]:
        """``contrastive`` over samples with a report or labels, and ``presence``."""
        images, texts = (
            self.image_vectors(representations, batch),
            self.project(representations["text_pooled"]),
        )
        known = ((batch.labels == 0) | (batch.labels == 1)).any(1)
        told = batch.has_report | known
        targets, excluded = soft_targets(
            self.settings.targets,
            same_patient(batch.patients, told.device)[told][:, told],
            batch.labels[told],
            same_text(batch.input_ids, batch.has_report)[told][:, told],
        )
        terms = {
            "contrastive": soft_infonce(
                images[told], texts[told], self.temperature(), targets, targets, excluded=excluded
            )
        }
        if self.settings.presence_weight and self.vocabulary.labels:
            positive, negative = self.class_logits(images)
            loss = presence_loss(positive, negative, batch.labels)
            terms["presence"] = self.settings.presence_weight * loss
        return terms

    def class_logits(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Of ``images (B, D)``, with each class's V+ text and V- text: ``(B, C)`` each."""
        scale = self.temperature()
        positive, negative = (
            similarities(images, self.class_vectors(sign), scale) for sign in (PRESENT, ABSENT)
        )
        return positive, negative

    def class_vectors(self, polarity: int) -> Tensor:
        """Unit vectors ``(C, D)`` of [V][class name]."""
        texts = self._texts()
        return self.phrase_vectors(texts.input_ids, texts.attention_mask, polarity)

    def zero_shot(self, images: Tensor, exclusive: bool) -> Tensor:
        """Probability of each class, ``(B, C)``.

        Parameters
        ----------
        images
            ``(B, D)`` unit vectors.
        exclusive
            One class is true of each image (softmax over classes, as in CheXpert 5x200), or each may be
            (softmax over its V+ text and V- text).
        """
        positive, negative = self.class_logits(images)
        return positive.softmax(1) if exclusive else (positive - negative).sigmoid()

    def phrase_vectors(
        self, input_ids: Tensor, attention_mask: Tensor, polarity: int = PRESENT
    ) -> Tensor:
        """Texts behind the learned prompt of ``polarity``; a class's name behind that of the class."""
        sign = torch.full_like(input_ids[:, 0], polarity)
        prompts = self._contexts(self._classes_of(input_ids), sign)
        tokens = self.model.text.hidden_states(input_ids, attention_mask, sign, prompts)
        return self.project(self.pool(tokens, attention_mask))

    def _pooled_names(self, named: Tensor, polarity: Tensor) -> Tensor:
        ids, mask = self._texts().listed(named)
        prompts = self._contexts(named, polarity)
        return self.pool(self.model.text.hidden_states(ids, mask, polarity, prompts), mask)

    def _contexts(self, named: Tensor | None, polarity: Tensor) -> Tensor | None:
        """Mean of the named classes' prompts, ``(B, M, H)``; None is the tower's own prompt."""
        if self.settings.context == "unified" or named is None:
            return None
        weights = named.to(self.contexts.dtype)
        weights = weights / weights.sum(1, keepdim=True)
        return torch.einsum("bc,bcmh->bmh", weights, self.contexts[polarity])

    def _classes_of(self, input_ids: Tensor) -> Tensor | None:
        """Which class each text names, ``(T, C)`` bool; all classes for a text that names none."""
        if self.settings.context == "unified":
            return None
        names = self._texts().input_ids
        longest = max(names.shape[1], input_ids.shape[1])
        names, texts = (F.pad(ids, (0, longest - ids.shape[1])) for ids in (names, input_ids))
        found = (texts[:, None] == names).all(2)
        return found | ~found.any(1, keepdim=True)

    def _texts(self) -> ClassTexts:
        if self.class_texts is None:
            raise MedVLPError(
                "UMCL has no tokens of the classes' names: give it the text tower's tokenizer with "
                "use_tokenizer before it is trained or asked."
            )
        return self.class_texts.to(self.model.text.device)
