r"""MLIP: medical language-image pre-training with divergence encoder and knowledge guidance.

Li et al., CVPR 2024, arXiv 2402.02045. [P]: a divergence encoder stands in for augmentation; UMLS
guides a local alignment of tokens, knowledge and patches and a clustering by knowledge; image-text
matching and text swapping are proxy tasks. The formulas are [R] on the skeleton of MGCA (Wang et al.,
NeurIPS 2022, arXiv 2210.06044), whose own parts are [P: MGCA].

.. math::
    L = L_G + 0.7 L_{TKP} + 0.5 L_C + 0.1 L_{div} + L_{ITM} + L_{swap}

1. Global, with :math:`v = g_I([CLS])`, :math:`\tilde v = g_I(D_I(\cdot))`, the same :math:`t, \tilde t`,
   all unit vectors: :math:`L_G = \frac14 \sum_{(a,b) \in \{v,\tilde v\} \times \{t,\tilde t\}}
   \mathrm{InfoNCE}(a, b; 0.07)`, and :math:`L_{div}` of :mod:`.shared.divergence` [R].
2. Tokens, knowledge, patches: :math:`w'_j = w_j + W_e e_{c(j)}` for a token of an entity, normalised;
   :math:`a_j = \mathrm{softmax}_p(w'_j \cdot p / 0.1)`, :math:`c_j = \sum_p a_{jp} p` normalised;
   :math:`L_{TKP} = \sum_j \omega_j \frac12 [\mathrm{CE}(w'_j \to c_j) + \mathrm{CE}(c_j \to w'_j)]`
   inside each pair, and the same from patches to tokens with equal weights. :math:`\omega_j`: [CLS]
   attention of the text tower's last layer, clipped at its 10th and 90th percentile, normalised
   [P: MGCA], times :math:`1 + \kappa` for an entity [R].
3. Categories: prototypes :math:`C`, codes :math:`q` by Sinkhorn,
   :math:`L_C = -\frac12 [q_v \log \mathrm{softmax}(t C^\top / 0.2) + q_t \log \mathrm{softmax}(v C^\top
   / 0.2)]` [P: MGCA] :math:`+ \lambda_k \mathrm{CE}(\text{category of the report})` for image and text,
   with the categories of :class:`.shared.prototypes.KnowledgeCategories` [R].
4. Proxies: matching and swapping of :class:`.shared.proxies.ProxyTasks` [R].

Entities are counted whether a report affirms or denies them: a token does not say which.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from medvlp.models.text import PRESENT
from medvlp.models.unified import UnifiedModel
from medvlp_training.objectives.batch import Batch, Vocabulary
from medvlp_training.objectives.mlip_settings import MLIPSettings
from medvlp_training.objectives.objective import Objective, Representations, unit
from medvlp_training.objectives.shared.divergence import (
    DivergenceEncoder,
    divergence_loss,
    four_way_infonce,
    statistics_kept,
)
from medvlp_training.objectives.shared.knowledge import Knowledge
from medvlp_training.objectives.shared.patients import same_patient
from medvlp_training.objectives.shared.projection import ProjectionHead, RowNorm, for_valid
from medvlp_training.objectives.shared.prototypes import (
    KnowledgeCategories,
    category_loss,
    report_knowledge,
    swapped_prediction,
)
from medvlp_training.objectives.shared.proxies import ProxyTasks
from medvlp_training.objectives.shared.sentences import only_sentence
from medvlp_training.objectives.shared.soft_targets import same_text
from medvlp_training.objectives.shared.text_attention import (
    record_queries_and_keys,
    summary_attention,
)
from medvlp_training.objectives.shared.token_patch import (
    attend,
    clipped_weights,
    intra_pair_contrast,
)

if TYPE_CHECKING:
    from tokenizers import Tokenizer


@dataclass(frozen=True, eq=False)
class _Reports:
    """Tokens of the samples that have a report, and whose pairs are no negatives ``(B, B)``."""

    ids: Tensor
    mask: Tensor
    sentences: Tensor
    concepts: Tensor
    excluded: Tensor

    @property
    def words(self) -> Tensor:
        """``(B, L)`` bool: tokens of sentences, without special tokens and padding."""
        return self.sentences >= 0


class MLIP(Objective):
    """MLIP on images and their reports; samples without a report take no part."""

    Settings = MLIPSettings
    settings: MLIPSettings

    def __init__(self, model: UnifiedModel, settings: MLIPSettings, vocabulary: Vocabulary) -> None:
        super().__init__(model, settings, vocabulary)
        size, hidden = settings.size, settings.hidden
        image, text = self.image_width, self.text_width
        image_heads, text_heads = model.config.num_attention_heads, model.text.config.heads
        # g_I and g_T: Linear, BN, ReLU, Linear, BN without affine [P: MGCA].
        self.image_global = nn.Sequential(
            ProjectionHead(image, hidden, size), RowNorm(size, affine=False)
        )
        self.text_global = nn.Sequential(
            ProjectionHead(text, hidden, size), RowNorm(size, affine=False)
        )
        self.image_local = ProjectionHead(image, hidden, size)
        self.text_local = ProjectionHead(text, hidden, size)
        if settings.divergence:
            dropout, detached = settings.divergence_dropout, settings.divergence_detached
            self.image_divergence = DivergenceEncoder(image, image_heads, dropout, detached)
            self.text_divergence = DivergenceEncoder(text, text_heads, dropout, detached)
        if settings.prototype_weight:
            self.prototypes = nn.Parameter(torch.randn(settings.prototypes, size))
        if settings.knowledge:
            self.knowledge = Knowledge(
                vocabulary.concepts,
                settings.entity_vectors,
                text,
                settings.mrconso,
                settings.cui_vectors,
            )
            self.entity_projection = nn.Linear(self.knowledge.size, size, bias=False)  # W_e
        if settings.prototype_weight and settings.knowledge:
            self.categories = KnowledgeCategories(settings.prototypes, self.knowledge.size)
        if settings.matching_weight or settings.swapping_weight:
            self.proxies = ProxyTasks(text, image, text_heads)

    def use_tokenizer(self, tokenizer: Tokenizer) -> None:
        """Give every entity its vector, and link the phrases that evaluation asks for."""
        if self.settings.knowledge:
            self.knowledge.use_tokenizer(self.model.text, tokenizer)

    def encode(self, batch: Batch) -> Representations:
        """As every objective, and ``text_attention (B, L)``: [CLS] attention of the last layer."""
        with record_queries_and_keys(self.model.text) as found:
            representations = super().encode(batch)
        attention = summary_attention(self.model.text, found, batch.input_ids, batch.attention_mask)
        return representations | {"text_attention": attention}

    def forward(self, representations: Representations, batch: Batch) -> dict[str, Tensor]:
        """``global``, ``divergence``, ``local``, ``prototype``, ``category``, ``matching``, ``swapping``.

        Terms that the settings leave out are missing.
        """
        told = batch.has_report & (batch.sentence_of_token >= 0).any(1)
        weights = self.settings.weights()
        if not bool(told.any()):
            nothing = sum(rows.float().sum() * 0 for rows in representations.values())
            return dict.fromkeys(weights, torch.as_tensor(nothing))
        seen = {name: rows[told] for name, rows in representations.items()}
        reports = _Reports(
            batch.input_ids[told],
            batch.attention_mask[told].bool(),
            batch.sentence_of_token[told],
            batch.concept_of_token[told],
            same_patient(batch.patients, told.device)[told][:, told],
        )
        images, texts = self._views(seen, reports)
        v, t = images[0], texts[0]
        losses = self._global_losses(images, texts, reports)
        if "local" in weights:
            losses["local"] = self._local_loss(seen, reports)
        if "prototype" in weights:
            # Under autocast the matrix products would be rounded.
            with torch.autocast(v.device.type, enabled=False):
                losses |= self._category_losses(v, t, reports)
        losses |= self._proxy_losses(v, t, seen, reports)
        return {name: weight * losses[name] for name, weight in weights.items()}

    def _views(
        self, seen: Representations, reports: _Reports
    ) -> tuple[Sequence[Tensor], Sequence[Tensor]]:
        """(v, v~) and (t, t~); without divergence encoders (v) and (t)."""
        v, t = self._image_vectors(seen["image_summary"]), self._text_vectors(seen["text_tokens"])
        if not self.settings.divergence:
            return (v,), (t,)
        sequence = torch.cat([seen["image_summary"][:, None], seen["image_tokens"]], 1)
        image = self.image_divergence(sequence)
        text = self.text_divergence(seen["text_tokens"], ~reports.mask)
        with statistics_kept(self.image_global), statistics_kept(self.text_global):
            return (v, unit(self.image_global(image))), (t, unit(self.text_global(text)))

    def _global_losses(
        self, images: Sequence[Tensor], texts: Sequence[Tensor], reports: _Reports
    ) -> dict[str, Tensor]:
        """L_G and L_div; without divergence encoders L_G is InfoNCE."""
        scale = 1 / self.settings.temperature
        losses = {"global": four_way_infonce(images, texts, scale, reports.excluded)}
        if self.settings.divergence:
            margins = self.settings.divergence_low, self.settings.divergence_high
            apart = [divergence_loss(view, own, *margins) for own, view in (images, texts)]
            losses["divergence"] = torch.stack(apart).mean()
        return losses

    def _local_loss(self, seen: Representations, reports: _Reports) -> Tensor:
        """L_TKP from tokens to patches, and from patches to tokens."""
        tau, used = self.settings.local_temperature, reports.words
        w = self._words(seen["text_tokens"], reports.concepts, used)
        p = self._patches(seen["image_tokens"])
        omega = self._word_weights(seen["text_attention"], reports.concepts, used)
        every = torch.ones_like(p[..., 0], dtype=torch.bool)
        from_words = intra_pair_contrast(w, attend(w, p, every, tau), omega, used, tau)
        count = min(p.shape[1], self.settings.patch_limit)
        spread = torch.linspace(0, p.shape[1] - 1, count, device=p.device).long()
        few = p[:, spread]
        shown = every[:, spread]
        even = torch.full_like(few[..., 0], 1 / count)
        return from_words + intra_pair_contrast(few, attend(few, w, used, tau), even, shown, tau)

    def _category_losses(self, v: Tensor, t: Tensor, reports: _Reports) -> dict[str, Tensor]:
        """L_C: swapped prediction, and the categories that knowledge gives the reports."""
        s, prototypes = self.settings, unit(self.prototypes)
        tau = s.prototype_temperature
        images, texts = v @ prototypes.T, t @ prototypes.T
        swapped = swapped_prediction(images, texts, tau, s.sinkhorn_epsilon, s.sinkhorn_iterations)
        if not s.knowledge:
            return {"prototype": swapped}
        vectors = report_knowledge(reports.concepts, self.knowledge.vectors())
        if self.training:
            self.categories.learn(vectors)
        found = self.categories(vectors)
        guided = category_loss(images, found, tau) + category_loss(texts, found, tau)
        return {"prototype": swapped, "category": guided / 2}

    def _proxy_losses(
        self, v: Tensor, t: Tensor, seen: Representations, reports: _Reports
    ) -> dict[str, Tensor]:
        """ITM and swap; neither takes a pair that shares a patient or a text for a mismatch."""
        losses = {}
        words, patches = seen["text_tokens"], seen["image_tokens"]
        forbidden = reports.excluded | same_text(reports.ids, reports.words.any(1))
        if self.settings.matching_weight:
            alike = (v @ t.T).detach() / self.settings.temperature
            losses["matching"] = self.proxies.matching(
                words, reports.mask, patches, alike, forbidden
            )
        if self.settings.swapping_weight:
            losses["swapping"] = self.proxies.swapping(
                words, reports.ids, reports.sentences, patches, forbidden
            )
        return losses

    def _image_vectors(self, summary: Tensor) -> Tensor:
        return unit(self.image_global(summary))

    def _text_vectors(self, tokens: Tensor) -> Tensor:
        return unit(self.text_global(tokens[:, 0]))

    def _patches(self, tokens: Tensor) -> Tensor:
        return unit(self.image_local(tokens))

    def _words(self, tokens: Tensor, concepts: Tensor, used: Tensor) -> Tensor:
        """w'_j, ``(B, L, size)`` unit vectors; 0 where not ``used``, which no statistic sees."""
        words = unit(for_valid(self.text_local, tokens, used))
        if self.settings.knowledge:
            words = unit(words + self.entity_projection(self.knowledge(concepts)))
        return words * used[..., None]

    def _word_weights(self, attention: Tensor, concepts: Tensor, used: Tensor) -> Tensor:
        """omega_j, ``(B, L)``."""
        emphasis = self.settings.entity_emphasis if self.settings.knowledge else 0.0
        return clipped_weights(attention, used) * (1 + emphasis * (concepts >= 0))

    def image_vectors(self, representations: Representations, batch: Batch) -> Tensor:
        """The unit vector v."""
        return self._image_vectors(representations["image_summary"])

    def phrase_vectors(
        self, input_ids: Tensor, attention_mask: Tensor, polarity: int = PRESENT
    ) -> Tensor:
        """The unit vector t; the prompt of ``polarity`` stands before the text."""
        sign = torch.full_like(input_ids[:, 0], polarity)
        return self._text_vectors(self.model.text.hidden_states(input_ids, attention_mask, sign))

    def region_vectors(self, representations: Representations, batch: Batch) -> Tensor:
        """Patches p, in the space of tokens."""
        return self._patches(representations["image_tokens"])

    def region_phrase_vectors(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Mean of the text's w'_j weighted by omega_j, normalised. [R]."""
        with record_queries_and_keys(self.model.text) as found:
            tokens = self.model.text.hidden_states(input_ids, attention_mask)
        attention = summary_attention(self.model.text, found, input_ids, attention_mask)
        used = only_sentence(attention_mask) >= 0
        concepts = torch.full_like(input_ids, -1)
        if self.settings.knowledge:
            concepts = self.knowledge.link(input_ids, used)
        words = self._words(tokens, concepts, used)
        omega = self._word_weights(attention, concepts, used).to(words.dtype)
        return unit((words * omega[..., None]).sum(1))
