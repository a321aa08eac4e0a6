r"""LoVT: localized vision-text pre-training.

Müller et al., "Joint Learning of Localized Representations from Medical Images and Reports", ECCV
2022, arXiv 2112.02889. All of it [P] but what is marked.

Regions :math:`y_{I,k}` are the image's tokens. The report is encoded as a whole; a sentence
:math:`y_{R,m}` is the maximum over its tokens. Attention pooling (see
:mod:`~medvlp_training.objectives.shared.attention_pooling`) makes global vectors :math:`\bar y_I, \bar
y_R` and weights :math:`w_{I,k}, w_{R,m}`. Four projections (linear, batch normalisation, ReLU, linear)
give :math:`\bar z_I, \bar z_R, z_{I,k}, z_{R,m}`. One attention, symmetric, aligns the two sets:

.. math::
    s_{km} &= \langle W_K z_{I,k}, W_K z_{R,m} \rangle / \sqrt{D} \\
    z_{R \to I,k} &= \mathrm{BN}\Big(W_O \sum_m \mathrm{softmax}_m(s_{km})\, W_V z_{R,m}\Big), \qquad
    z_{I \to R,m} = \mathrm{BN}\Big(W_O \sum_k \mathrm{softmax}_k(s_{km})\, W_V z_{I,k}\Big)

Global loss, over the pairs of the batch, and local losses, inside each pair:

.. math::
    L_G &= 0.75\, \mathrm{CE}_{I \to R} + 0.25\, \mathrm{CE}_{R \to I} \qquad (\tau = 0.1) \\
    \ell_k(u, v) &= -\sum_l p_{kl} \cos(u_k, v_l) / \tau' + \log \sum_l e^{\cos(u_k, v_l) / \tau'}
        \qquad (\tau' = 0.3) \\
    L_I &= \sum_k w_{I,k} [\ell_k(z_I, z_{R \to I}) + \ell_k(z_{R \to I}, z_I)], \qquad
    p_{kl} \propto 1[d_{kl} \le 0.5]\, e^{-d_{kl} / \beta} \\
    L_R &= \sum_m w_{R,m} [\ell_m(z_R, z_{I \to R}) + \ell_m(z_{I \to R}, z_R)], \qquad p = 1 \\
    L &= L_G + 0.375\, L_I + 0.375\, L_R

:math:`d_{kl}` is the distance of two tokens as a share of the grid's diagonal. No gradient flows into
the weights :math:`w` from the local losses.

[R]: volumes (the paper has X-rays; :math:`d` is then taken in 3D); padding sentences stay out of
batch normalisation (they enter it in the authors' code); two images of one patient are no negatives;
pairs without a report take no part. A phrase is compared with regions by :math:`\cos(z_{I,k},
z_R)` of the phrase as a report's only sentence: the paper has no zero-shot use.
"""

from __future__ import annotations

import math
from functools import lru_cache

import torch
from pydantic import Field, model_validator
from torch import Tensor

from medvlp.models.text import PRESENT
from medvlp.models.unified import UnifiedModel
from medvlp_training.objectives.batch import Batch, Vocabulary
from medvlp_training.objectives.objective import (
    Objective,
    ObjectiveSettings,
    Representations,
    unit,
)
from medvlp_training.objectives.shared.attention_pooling import (
    AttentionPooling,
    MeanPooling,
    uniform_weights,
)
from medvlp_training.objectives.shared.cross_attention import SharedCrossAttention
from medvlp_training.objectives.shared.infonce import infonce, similarities
from medvlp_training.objectives.shared.patients import same_patient
from medvlp_training.objectives.shared.projection import ProjectionHead, for_valid
from medvlp_training.objectives.shared.sentences import only_sentence, sentence_vectors


class LoVTSettings(ObjectiveSettings):
    """Settings of LoVT; the defaults are the paper's.

    Parameters
    ----------
    size, hidden
        Of the common space, and of the projections' hidden layer.
    pool_heads
        Of the attention pools.
    temperature, image_share
        Global loss: tau, and the share of image-to-report.
    local_temperature
        tau' of the local losses.
    distance_threshold, beta
        Positives of a region: up to which share of the grid's diagonal, and how fast they fade. A
        threshold of 0 leaves the region itself.
    global_weight, local_image_weight, local_report_weight
        Of the losses; a weight of 0 leaves the loss out.
    attention_pool
        False: global vectors are means.
    attention_weights
        False: regions and sentences weigh alike in the local losses.
    frozen_text_share
        Share of the text tower's layers, from the first, that stay as they are, with the token
        embeddings; None trains all. The paper freezes 6 of 12.
    lovt_compat
        The attention query of the authors' code.
    """

    size: int = Field(512, gt=0)
    hidden: int = Field(2048, gt=0)
    pool_heads: int = Field(8, gt=0)
    temperature: float = Field(0.1, gt=0)
    image_share: float = Field(0.75, ge=0, le=1)
    local_temperature: float = Field(0.3, gt=0)
    distance_threshold: float = Field(0.5, ge=0)
    beta: float = Field(1.0, gt=0)
    global_weight: float = Field(1.0, ge=0)
    local_image_weight: float = Field(0.375, ge=0)
    local_report_weight: float = Field(0.375, ge=0)
    attention_pool: bool = True
    attention_weights: bool = True
    frozen_text_share: float | None = Field(0.5, ge=0, le=1)
    lovt_compat: bool = False

    @model_validator(mode="after")
    def _something_is_learned(self) -> LoVTSettings:
        if not (self.global_weight or self.local_image_weight or self.local_report_weight):
            raise ValueError(
                "global_weight, local_image_weight and local_report_weight are all 0: "
                "set at least one."
            )
        return self


_NO_LOCAL = {"local_image_weight": 0.0, "local_report_weight": 0.0}
ABLATIONS: dict[str, dict[str, float | bool]] = {
    "no_l": _NO_LOCAL,
    "g_only": {**_NO_LOCAL, "attention_pool": False},
    "no_g": {"global_weight": 0.0, "attention_weights": False},
    "no_spatial": {"distance_threshold": 0.0},
    "no_weight": {"attention_weights": False},
    "no_weight_no_att": {"attention_weights": False, "attention_pool": False},
}
"""The paper's ablations of the losses, by the names of the authors' configurations [P]: what each
changes of the settings."""


@lru_cache(maxsize=8)
def spatial_targets(
    grid: tuple[int, ...], threshold: float, beta: float, dtype: torch.dtype, device: torch.device
) -> Tensor:
    """p_kl of the tokens of a grid of any number of axes: ``(N, N)``, rows sum to 1."""
    with torch.inference_mode(False):  # what is kept for later calls may be needed for gradients
        axes = [torch.arange(n, dtype=torch.float64) for n in grid]
        places = torch.cartesian_prod(*axes).reshape(-1, len(grid)) / math.hypot(*grid)
        distance = torch.cdist(places, places, compute_mode="donot_use_mm_for_euclid_dist")
        # The last digit of a distance does not decide: at a threshold of 0 the region is a positive.
        near = (-distance / beta).exp() * (distance <= threshold + 1e-9)
        return (near / near.sum(1, keepdim=True)).to(device=device, dtype=dtype)


def local_loss(
    u: Tensor,
    v: Tensor,
    targets: Tensor,
    weights: Tensor,
    temperature: float,
    valid: Tensor | None = None,
) -> Tensor:
    """Mean over the batch of sum_k w_k l_k(u, v).

    Parameters
    ----------
    u, v
        ``(B, N, D)``.
    targets
        p: ``(N, N)``, rows sum to 1.
    weights
        ``(B, N)``, rows sum to 1 and are 0 for padding.
    temperature
        tau'.
    valid
        ``(B, N)`` bool: what is no padding; all if omitted.
    """
    padding = None if valid is None else ~valid.unsqueeze(1)
    logits = similarities(unit(u), unit(v), 1 / temperature, padding)
    losses = logits.logsumexp(-1) - (targets * logits).sum(-1)
    return (weights * losses).sum(1).mean()


class LoVT(Objective):
    """LoVT on X-rays or CT and their reports."""

    Settings = LoVTSettings
    settings: LoVTSettings

    def __init__(self, model: UnifiedModel, settings: LoVTSettings, vocabulary: Vocabulary) -> None:
        super().__init__(model, settings, vocabulary)
        images, texts, size = self.image_width, self.text_width, settings.size
        self.image_pool, self.report_pool = self._pool(images), self._pool(texts)
        self.global_image = ProjectionHead(images, settings.hidden, size)
        self.global_report = ProjectionHead(texts, settings.hidden, size)
        self.local_image = ProjectionHead(images, settings.hidden, size)
        self.local_report = ProjectionHead(texts, settings.hidden, size)
        self.cross_attention = SharedCrossAttention(size)
        if settings.frozen_text_share is not None:
            layers = model.text.layers
            model.text.freeze_layers(round(settings.frozen_text_share * len(layers)))

    def _pool(self, width: int) -> AttentionPooling | MeanPooling:
        if not self.settings.attention_pool:
            return MeanPooling()
        return AttentionPooling(width, self.settings.pool_heads, self.settings.lovt_compat)

    def forward(self, representations: Representations, batch: Batch) -> dict[str, Tensor]:
        """``global``, ``local_image`` and ``local_report``; a weight of 0 leaves a term out."""
        tokens, words = representations["image_tokens"], representations["text_tokens"]
        paired = batch.has_report & (batch.sentence_of_token >= 0).any(1)
        chosen = self.settings
        weights = {
            "global": chosen.global_weight,
            "local_image": chosen.local_image_weight,
            "local_report": chosen.local_report_weight,
        }
        names = [name for name, weight in weights.items() if weight]
        if not paired.any():
            return {name: (tokens.sum() + words.sum()) * 0 for name in names}
        with torch.autocast(tokens.device.type, enabled=False):
            found = self._losses(precise(tokens)[paired], precise(words)[paired], batch, paired)
        return {name: weights[name] * found[name] for name in names}

    def _losses(
        self, regions: Tensor, words: Tensor, batch: Batch, paired: Tensor
    ) -> dict[str, Tensor]:
        sentences, said = sentence_vectors(
            words, batch.sentence_of_token[paired], batch.sentence_count
        )
        everywhere = said.new_ones(regions.shape[:2])
        image, image_weights = self.image_pool(regions, everywhere)
        report, report_weights = self.report_pool(sentences, said)
        found = {}
        if self.settings.global_weight:
            found["global"] = self._global_loss(image, report, batch, paired)
        if not (self.settings.local_image_weight or self.settings.local_report_weight):
            return found
        if not self.settings.attention_weights:
            image_weights = uniform_weights(everywhere, regions.dtype)
            report_weights = uniform_weights(said, words.dtype)
        z_i = for_valid(self.local_image, regions, everywhere)
        z_r = for_valid(self.local_report, sentences, said)
        r_to_i, i_to_r = self.cross_attention(z_i, z_r, said)
        grid, tau = batch.organ_masks.shape[2:], self.settings.local_temperature
        near = spatial_targets(
            tuple(grid), self.settings.distance_threshold, self.settings.beta, z_i.dtype, z_i.device
        )
        same = torch.eye(said.shape[1], dtype=z_r.dtype, device=z_r.device)
        w_i, w_r = renormalised(image_weights, everywhere), renormalised(report_weights, said)
        found["local_image"] = local_loss(z_i, r_to_i, near, w_i, tau) + local_loss(
            r_to_i, z_i, near, w_i, tau
        )
        found["local_report"] = local_loss(z_r, i_to_r, same, w_r, tau, said) + local_loss(
            i_to_r, z_r, same, w_r, tau, said
        )
        return found

    def _global_loss(self, image: Tensor, report: Tensor, batch: Batch, paired: Tensor) -> Tensor:
        z_i, z_r = unit(self.global_image(image)), unit(self.global_report(report))
        excluded = same_patient(batch.patients, paired.device)[paired][:, paired]
        return infonce(z_i, z_r, 1 / self.settings.temperature, self.settings.image_share, excluded)

    def image_vectors(self, representations: Representations, batch: Batch) -> Tensor:
        """Projected attention pool of the regions."""
        regions = precise(representations["image_tokens"])
        pooled, _ = self.image_pool(regions, regions.new_ones(regions.shape[:2], dtype=torch.bool))
        return unit(self.global_image(pooled))

    def phrase_vectors(
        self, input_ids: Tensor, attention_mask: Tensor, polarity: int = PRESENT
    ) -> Tensor:
        """Projected attention pool of the only sentence."""
        sentence, said = self._sentence(input_ids, attention_mask, polarity)
        pooled, _ = self.report_pool(sentence, said)
        return unit(self.global_report(pooled))

    def region_vectors(self, representations: Representations, batch: Batch) -> Tensor:
        """z_I of every token."""
        return unit(self.local_image(precise(representations["image_tokens"])))

    def region_phrase_vectors(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """z_R of the only sentence."""
        sentence, _ = self._sentence(input_ids, attention_mask, PRESENT)
        return unit(self.local_report(sentence[:, 0]))

    def _sentence(
        self, input_ids: Tensor, attention_mask: Tensor, polarity: int
    ) -> tuple[Tensor, Tensor]:
        sign = torch.full_like(input_ids[:, 0], polarity)
        words = self.model.text.hidden_states(input_ids, attention_mask, sign)
        return sentence_vectors(precise(words), only_sentence(attention_mask), 1)


def precise(x: Tensor) -> Tensor:
    """In float32 or better."""
    return x if x.dtype == torch.float64 else x.float()


def renormalised(weights: Tensor, valid: Tensor) -> Tensor:
    """Detached, 0 where not ``valid``, rows sum to 1."""
    kept = weights.detach() * valid
    return kept / kept.sum(1, keepdim=True)
