"""Settings of MLIP: the figures of METHODS.md A2, and what its ablations turn off."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from medvlp_training.objectives.objective import ObjectiveSettings


class MLIPSettings(ObjectiveSettings):
    """Settings of MLIP. Figures are MGCA's [P: MGCA] unless marked.

    A weight of 0 leaves a term and its modules out: ``local_weight`` for no local alignment,
    ``prototype_weight`` for no prototypes, ``matching_weight`` and ``swapping_weight`` for no proxies.

    Parameters
    ----------
    size, hidden
        Of the common spaces, and of the projections' inner layer.
    temperature, local_temperature, prototype_temperature
        Of the global, the local and the prototypes' softmax; not learned.
    global_weight, local_weight, prototype_weight
        1, 0.7, 0.5.
    divergence_weight, matching_weight, swapping_weight
        0.1, 1, 1 [R].
    divergence
        False: D is the identity and has no term; the global loss is InfoNCE.
    divergence_low, divergence_high, divergence_dropout
        Margins of the divergence term, and the dropout that makes a view [R].
    divergence_detached
        Whether the divergence encoders' gradient stops before the encoders [R].
    knowledge
        False: no entity vectors, no emphasis of entities, no categories.
    entity_emphasis
        kappa: an entity's token weighs 1 + kappa [R].
    category_weight
        lambda_k: weight of the knowledge categories inside the prototype term [R].
    entity_vectors
        ``"names"`` as the text tower reads them, the lexicon's ``"relations"``, or ``"cui_vectors"``.
    mrconso
        UMLS names: further names for ``"names"``, CUIs for ``"cui_vectors"``.
    cui_vectors
        Table of vectors by CUI.
    prototypes, sinkhorn_iterations, sinkhorn_epsilon
        K, and how codes are made.
    patch_limit
        The patch-to-token term takes at most so many patches of an image, evenly spread: it compares
        patches with patches [R].
    """

    size: int = Field(128, gt=0)
    hidden: int = Field(2048, gt=0)
    temperature: float = Field(0.07, gt=0)
    local_temperature: float = Field(0.1, gt=0)
    prototype_temperature: float = Field(0.2, gt=0)
    global_weight: float = Field(1.0, ge=0)
    local_weight: float = Field(0.7, ge=0)
    prototype_weight: float = Field(0.5, ge=0)
    divergence_weight: float = Field(0.1, ge=0)
    matching_weight: float = Field(1.0, ge=0)
    swapping_weight: float = Field(1.0, ge=0)
    divergence: bool = True
    divergence_low: float = Field(0.05, ge=0, le=2)
    divergence_high: float = Field(0.5, ge=0, le=2)
    divergence_dropout: float = Field(0.1, ge=0, lt=1)
    divergence_detached: bool = False
    knowledge: bool = True
    entity_emphasis: float = Field(0.5, ge=0)
    category_weight: float = Field(0.5, ge=0)
    entity_vectors: Literal["names", "relations", "cui_vectors"] = "names"
    mrconso: Path | None = None
    cui_vectors: Path | None = None
    prototypes: int = Field(500, gt=1)
    sinkhorn_iterations: int = Field(3, gt=0)
    sinkhorn_epsilon: float = Field(0.05, gt=0)
    patch_limit: int = Field(512, gt=0)

    @model_validator(mode="after")
    def _consistent(self) -> MLIPSettings:
        if self.divergence_low > self.divergence_high:
            raise ValueError("divergence_low must not be above divergence_high")
        if self.entity_vectors == "cui_vectors" and not (self.mrconso and self.cui_vectors):
            raise ValueError('entity_vectors "cui_vectors" needs the files mrconso and cui_vectors')
        return self

    def weights(self) -> dict[str, float]:
        """Weight of each term that is there."""
        prototype, known = self.prototype_weight, float(self.knowledge)
        every = {
            "global": self.global_weight,
            "divergence": self.divergence_weight * self.divergence,
            "local": self.local_weight,
            "prototype": prototype,
            "category": prototype * self.category_weight * known,
            "matching": self.matching_weight,
            "swapping": self.swapping_weight,
        }
        return {name: weight for name, weight in every.items() if weight}
