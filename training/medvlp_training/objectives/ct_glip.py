r"""CT-GLIP: organs of a scan against texts about these organs.

Lin et al., arXiv 2404.15272. With organ masks :math:`M_o`, the image's features :math:`F` and frozen
text vectors :math:`t` (:mod:`medvlp_training.objectives.shared.organ_pooling` pools):

.. math:: f_o = \mathrm{normalise}\Big(g\Big(\frac{\sum_p M_o(p) F(p)}{\sum_p M_o(p)}\Big)\Big)

* Organ-text alignment :math:`L_{OT}`: cross-entropy of each :math:`f_o` over the texts of all organs
  ("this is a {organ} in the CT scan" [U]), and of each organ's text over all :math:`f`, where every
  patient's organ of that name is positive.
* Abnormality-text alignment :math:`L_{AT}`, per organ: the positive of a patient is what the report
  says of the organ if abnormal, else a normal template ("{organ} shows no significant
  abnormalities.", fVLM's [P]). Candidates are the batch's texts of the same organ, and some of its
  abnormality dictionary :math:`D_o` that do not entail the positive. Normal organs of one kind are
  mutual positives, so are identical texts [P].

.. math:: L = L_{OT} + L_{AT}, \quad \tau = 0.07 \text{ learnable}

[P]: two alignments, the dictionary, frozen text encoder, masked pooling of the feature map of highest
resolution (``features: dense``; the shared transformer's tokens are the default here). [R]: linear
:math:`g`, a trained linear head on the frozen text vectors, both directions weighing the same, every
organ weighing the same, uniform draws from :math:`D_o`, which leave out texts that the patient's own
statement or labels make true as well, an organ that the report does not mention counts as normal,
pairs of one patient are left out unless positive.

Variants by settings, from the authors' code: fVLM (ICLR 2025) pools by a learned query per organ,
projects per organ, has no :math:`L_{OT}`, no dictionary, and skips an organ that is abnormal in nobody
of the batch [P]. RADAR (2026) adds soft targets between abnormal texts (formula [R]), and takes turns
with whole-volume CLIP [P].
"""

from __future__ import annotations

import copy
import math
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from medvlp.errors import MedVLPError
from medvlp.models.text import PRESENT, tokenize
from medvlp.models.unified import UnifiedModel
from medvlp_training.objectives.batch import Batch, Vocabulary
from medvlp_training.objectives.ct_glip_settings import CTGLIPSettings
from medvlp_training.objectives.objective import Objective, Representations, unit
from medvlp_training.objectives.shared.infonce import (
    infonce,
    similarities,
    soft_cross_entropy,
    soft_infonce,
)
from medvlp_training.objectives.shared.organ_pooling import OrganReader, cells_of
from medvlp_training.objectives.shared.organ_targets import (
    OrganTexts,
    diagnosis_targets,
    draw,
    pad_columns,
    row_shares,
    text_likeness,
    usable_organs,
)
from medvlp_training.objectives.shared.patients import same_patient
from medvlp_training.objectives.shared.temperature import Temperature

if TYPE_CHECKING:
    from tokenizers import Tokenizer

TEXTS_AT_ONCE = 64


def anatomy_loss(features: Tensor, organs: Tensor, texts: Tensor, scale: Tensor | float) -> Tensor:
    """L_OT of organ vectors against the texts of all organs.

    Parameters
    ----------
    features
        ``(n, D)`` unit vectors of organs of any patients.
    organs
        ``(n,)`` int64: which organ each is.
    texts
        ``(O, D)`` unit vectors.
    scale
        1 / temperature.
    """
    if not len(features):
        return features.sum() * 0
    true = torch.nn.functional.one_hot(organs, len(texts)).to(features.dtype)
    return soft_infonce(features, texts, scale, true, row_shares(true.T))


def diagnosis_loss(
    features: Tensor,
    texts: Tensor,
    dictionary: Tensor,
    targets: Tensor,
    excluded: Tensor,
    scale: Tensor | float,
) -> Tensor:
    """L_AT of one organ in ``n`` patients, whose texts are ``texts``.

    Parameters
    ----------
    features, texts
        ``(n, D)`` unit vectors.
    dictionary
        ``(m, D)`` unit vectors of texts that are true of nobody; candidates of the images only.
    targets
        ``(n, n)`` as of :func:`diagnosis_targets`.
    excluded
        ``(n, n + m)`` bool: neither positive nor negative.
    scale
        1 / temperature.
    """
    count = len(features)
    logits = similarities(features, torch.cat([texts, dictionary]), scale, excluded)
    targets = targets.to(logits.dtype).masked_fill(excluded[:, :count], 0)
    of_images = pad_columns(row_shares(targets), len(dictionary))
    of_texts = row_shares(targets.T)
    forward = soft_cross_entropy(logits, of_images)
    return (forward + soft_cross_entropy(logits[:, :count].T, of_texts)) / 2


class CTGLIP(Objective):
    """CT-GLIP on images, organ masks and what reports say of the organs.

    The text encoder is a copy of the model's, taken at construction and never trained: load its
    weights into the model first. An objective that trains the same model's text tower beside this
    one does not move these texts.
    """

    Settings = CTGLIPSettings
    settings: CTGLIPSettings

    def __init__(
        self, model: UnifiedModel, settings: CTGLIPSettings, vocabulary: Vocabulary
    ) -> None:
        super().__init__(model, settings, vocabulary)
        config, widths = model.config, {"tokens": self.image_width}
        if settings.features == "dense":
            widths = {"flat": config.image_stem_channels[0], "volume": config.stem_channels[0]}
        organs, size = len(vocabulary.organs), settings.size
        reading = (organs, size, settings.pooling, settings.projection_per_organ)
        self.readers = nn.ModuleDict(
            {kind: OrganReader(width, *reading) for kind, width in widths.items()}
        )
        self.frozen_text = copy.deepcopy(model.text).requires_grad_(False).eval()
        self.text_head = nn.Linear(self.text_width, size)
        self.temperature = Temperature(settings.temperature)
        self.organ_texts = OrganTexts(
            vocabulary, settings.organ_text, settings.normal_text, settings.dictionary_size
        )
        table = torch.zeros(len(self.organ_texts.texts), self.text_width)
        self.text_table = nn.Buffer(table)
        self.steps = nn.Buffer(torch.zeros((), dtype=torch.int64))

    def train(self, mode: bool = True) -> CTGLIP:
        """Training mode for all but the frozen text encoder."""
        super().train(mode)
        self.frozen_text.eval()
        return self

    @torch.no_grad()
    def use_tokenizer(self, tokenizer: Tokenizer) -> None:
        """Encode every text once: the text encoder is frozen."""
        for start in range(0, len(self.organ_texts.texts), TEXTS_AT_ONCE):
            texts = self.organ_texts.texts[start : start + TEXTS_AT_ONCE]
            ids, mask = (part.to(self.text_table.device) for part in tokenize(tokenizer, texts))
            self.text_table[start : start + len(texts)] = self.frozen_text.pool(ids, mask)

    def encode(self, batch: Batch) -> Representations:
        """Pool inside the masks, sample by sample.

        Returns
        -------
        dict
            ``organ_features (B, O + 1, C)``, the whole image last; ``report_features
            (B, text_width)`` where a loss reads them; ``organ_cells (B, N, C)`` in evaluation mode.
        """
        grid = batch.organ_masks.shape[2:]
        if self.settings.features == "tokens":
            cells = self.model.vision.encode_tokens(batch.images).tokens
        else:
            cells = cells_of(self.model.encode_images(batch.images).features, grid)
        found = {"organ_features": self._reader(batch)(cells, batch.organ_masks.flatten(2))}
        if self.settings.whole_image_weight:
            with torch.no_grad():
                pooled = self.frozen_text.pool(batch.input_ids, batch.attention_mask)
            found["report_features"] = pooled
        return found if self.training else found | {"organ_cells": cells}

    def forward(self, representations: Representations, batch: Batch) -> dict[str, Tensor]:
        """``anatomy`` (L_OT), ``diagnosis`` (L_AT) and ``whole_image``, those with a weight."""
        if len(self.text_table) and not self.text_table[0].any():
            raise MedVLPError(
                "The texts of the organs were never encoded: call use_tokenizer, or load a "
                "checkpoint, before the first loss."
            )
        s, even = self.settings, int(self.steps) % 2 == 0
        organs = self.organ_vectors(representations, batch)
        nothing = organs.sum() * 0
        terms = {}
        if s.anatomy_weight:
            terms["anatomy"] = s.anatomy_weight * self._anatomy(organs, batch)
        if s.diagnosis_weight:
            terms["diagnosis"] = s.diagnosis_weight * self._diagnosis(organs, batch)
        if s.alternate and even:
            terms = dict.fromkeys(terms, nothing)
        if s.whole_image_weight:
            skipped = s.alternate and not even
            found = nothing if skipped else self._whole_image(representations, batch)
            terms["whole_image"] = s.whole_image_weight * found
        return terms

    @torch.no_grad()
    def after_step(self, progress: float) -> None:
        """Keep the temperature in its bounds; the next step draws other texts."""
        least, greatest = self.settings.temperatures
        self.temperature.log_scale.clamp_(-math.log(greatest), -math.log(least))
        self.steps.add_(1)

    def organ_vectors(self, representations: Representations, batch: Batch) -> Tensor:
        """``f_o``: unit vectors ``(B, O, D)`` of the vocabulary's organs."""
        return self._vectors(representations, batch)[:, :-1]

    def image_vectors(self, representations: Representations, batch: Batch) -> Tensor:
        """The whole image as one organ: a mask of ones."""
        return self._vectors(representations, batch)[:, -1]

    def phrase_vectors(
        self, input_ids: Tensor, attention_mask: Tensor, polarity: int = PRESENT
    ) -> Tensor:
        """Texts through the frozen encoder and the trained head."""
        sign = torch.full_like(input_ids[:, 0], polarity)
        with torch.no_grad():
            pooled = self.frozen_text.pool(input_ids, attention_mask, sign)
        return unit(self.text_head(pooled))

    def organ_phrase_vectors(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Texts to compare :meth:`organ_vectors` with, ``(T, D)``."""
        return self.phrase_vectors(input_ids, attention_mask)

    def region_vectors(self, representations: Representations, batch: Batch) -> Tensor:
        """Each cell as an organ of its own: a mask of one cell."""
        return unit(self._reader(batch).project_cells(representations["organ_cells"]))

    def _reader(self, batch: Batch) -> OrganReader:
        kind = "volume" if batch.volumetric else "flat"
        reader = self.readers[kind if kind in self.readers else "tokens"]
        assert isinstance(reader, OrganReader)
        return reader

    def _vectors(self, representations: Representations, batch: Batch) -> Tensor:
        return unit(self._reader(batch).project(representations["organ_features"]))

    def _texts(self, which: Tensor | slice) -> Tensor:
        return unit(self.text_head(self.text_table[which]))

    def _anatomy(self, organs: Tensor, batch: Batch) -> Tensor:
        used = usable_organs(batch)
        texts = self._texts(self.organ_texts.organs(batch.volumetric))
        return anatomy_loss(organs[used], used.nonzero()[:, 1], texts, self.temperature())

    def _diagnosis(self, organs: Tensor, batch: Batch) -> Tensor:
        texts, abnormal = self.organ_texts.stated(batch.organ_phrase)
        used = usable_organs(batch) & (texts >= 0) & batch.has_report[:, None]
        generator = torch.Generator().manual_seed(self.settings.seed + int(self.steps))
        related = same_patient(batch.patients, used.device)
        losses = []
        for o, organ in enumerate(self.vocabulary.organs):
            pool = self.organ_texts.dictionary[organ]
            entries = draw(pool, self.settings.negatives, generator).to(used.device)
            rows = used[:, o]
            if rows.any() and (abnormal[rows, o].any() or not self.settings.needs_abnormal):
                said, sick = texts[rows, o], abnormal[rows, o]
                targets = self._targets(said, sick)
                candidates, count = torch.cat([said, entries]), len(said)
                excluded = self.organ_texts.no_negatives(
                    said, batch.labels[rows], candidates, self.settings.exclude_true
                )
                excluded[:, :count] &= self.settings.exclude_in_batch
                excluded[:, :count] |= related[rows][:, rows]
                excluded[:, :count] &= targets == 0
                vectors = (organs[rows, o], self._texts(said), self._texts(entries))
                losses.append(diagnosis_loss(*vectors, targets, excluded, self.temperature()))
        return torch.stack(losses).mean() if losses else organs.sum() * 0

    def _targets(self, texts: Tensor, abnormal: Tensor) -> Tensor:
        tau = self.settings.likeness_temperature
        likeness = None if tau is None else text_likeness(self.text_table[texts], tau)
        return diagnosis_targets(texts, abnormal, likeness)

    def _whole_image(self, representations: Representations, batch: Batch) -> Tensor:
        told = batch.has_report
        images = self.image_vectors(representations, batch)[told]
        texts = unit(self.text_head(representations["report_features"]))[told]
        excluded = same_patient(batch.patients, told.device)[told][:, told]
        return infonce(images, texts, self.temperature(), excluded=excluded)
