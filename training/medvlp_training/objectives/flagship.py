r"""The flagship: parts of the five methods on one model, composed by configuration.

.. math:: L = \sum_p w_p \sum_t w_{p,t} L_{p,t}

over the parts :math:`p` and the terms :math:`t` of each; terms are named ``part/term``. The parts share
the encoders and have heads and temperatures of their own. By default the global alignment is UMCL's
(soft targets from labels), the local one LoVT's without its global loss, and organs are CT-GLIP's [R]:
no paper proposes this. UniMedI's self-distillation is one more part::

    - objective: unimedi
      weight: 0.5
      settings: {contrastive_weight: 0.0}

A part's after_step and use_tokenizer are called as if it were alone. What evaluation asks is answered
by the parts that ``image_vectors_of``, ``region_vectors_of`` and ``organ_vectors_of`` name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import Field, field_validator, model_validator
from torch import Tensor, nn

from medvlp.errors import MedVLPError
from medvlp.models.text import PRESENT
from medvlp.models.unified import UnifiedModel
from medvlp_training.objectives.batch import Batch, Vocabulary
from medvlp_training.objectives.objective import (
    Objective,
    ObjectiveSettings,
    Representations,
)
from medvlp_training.objectives.registry import objective_class
from medvlp_training.objectives.shared.borrowed_model import borrow_model
from medvlp_training.objectives.shared.encode_once import encode_once
from medvlp_training.objectives.shared.organ_answers import AnswersForOrgans

if TYPE_CHECKING:
    from tokenizers import Tokenizer

BASE = ("image_tokens", "image_summary", "text_tokens")
"""What :meth:`Objective.encode` returns; parts that return the very same tensor share it."""


class Part(ObjectiveSettings):
    """One method's share of the flagship.

    Parameters
    ----------
    objective
        Name in the registry.
    name
        Of the part, and prefix of its terms; the objective's by default.
    weight
        Of all its terms.
    terms
        Further weight of single terms; 0 leaves one out.
    settings
        The objective's own.
    """

    objective: str
    name: str = Field("", pattern=r"^([a-z][a-z0-9_]*)?$")
    weight: float = Field(1.0, ge=0)
    terms: dict[str, float] = Field(default_factory=dict)
    settings: dict[str, Any] = Field(default_factory=dict)

    @field_validator("objective")
    @classmethod
    def _can_be_a_part(cls, value: str) -> str:
        if value == "flagship":
            raise ValueError("the flagship cannot be a part of itself")
        try:
            objective_class(value)
        except MedVLPError as error:
            raise ValueError(str(error)) from error
        return value

    @model_validator(mode="after")
    def _settings_fit(self) -> Part:
        objective_class(self.objective).Settings.model_validate(self.settings)
        return self

    @property
    def title(self) -> str:
        """Name, or the objective's."""
        return self.name or self.objective


def _of_part(representations: Representations, name: str) -> Representations:
    """What is common, and what part ``name`` returned beside it."""
    prefix = f"{name}/"
    own = {k.removeprefix(prefix): v for k, v in representations.items() if k.startswith(prefix)}
    return {k: v for k, v in representations.items() if k in BASE} | own


DEFAULT_PARTS = (
    Part(objective="umcl"),
    # The text tower is everyone's: none of it is frozen for LoVT.
    Part(objective="lovt", settings={"global_weight": 0.0, "frozen_text_share": None}),
    Part(objective="ct_glip"),
)


class FlagshipSettings(ObjectiveSettings):
    """Settings of the flagship.

    Parameters
    ----------
    parts
        At least one, of different names.
    image_vectors_of, region_vectors_of, organ_vectors_of
        Part that answers for whole images and their phrases, for regions and theirs, and for organs;
        None: nobody.
    """

    parts: tuple[Part, ...] = Field(DEFAULT_PARTS, min_length=1)
    image_vectors_of: str | None = "umcl"
    region_vectors_of: str | None = "lovt"
    organ_vectors_of: str | None = "ct_glip"

    @model_validator(mode="after")
    def _names_fit(self) -> FlagshipSettings:
        titles = [part.title for part in self.parts]
        if len(set(titles)) != len(titles):
            raise ValueError(f"parts must have different names, found {', '.join(titles)}")
        for key in ("image_vectors_of", "region_vectors_of", "organ_vectors_of"):
            asked = getattr(self, key)
            if asked is not None and asked not in titles:
                raise ValueError(f"{key} names {asked!r}: expected one of {', '.join(titles)}")
        return self


class Flagship(Objective):
    """Several objectives on one model."""

    Settings = FlagshipSettings
    settings: FlagshipSettings

    def __init__(
        self, model: UnifiedModel, settings: FlagshipSettings, vocabulary: Vocabulary
    ) -> None:
        super().__init__(model, settings, vocabulary)
        self.parts = nn.ModuleDict()
        for part in settings.parts:
            kind = objective_class(part.objective)
            chosen = kind.Settings.model_validate(part.settings)
            self.parts[part.title] = borrow_model(kind(model, chosen, vocabulary))

    def part(self, name: str) -> Objective:
        """The objective of a part."""
        found = self.parts[name]
        assert isinstance(found, Objective)
        return found

    def use_tokenizer(self, tokenizer: Tokenizer) -> None:
        """Pass it on to every part."""
        for name in self.parts:
            self.part(name).use_tokenizer(tokenizer)

    def encode(self, batch: Batch) -> Representations:
        """What the parts encode; each step of the shared encoders runs once.

        Returns
        -------
        dict
            The ``BASE`` of the first part that has it, and as ``part/key`` whatever else a part
            returns.
        """
        found: Representations = {}
        with encode_once(self.model):
            for name in self.parts:
                for key, value in self.part(name).encode(batch).items():
                    common = key in BASE and found.setdefault(key, value) is value
                    if not common:
                        found[f"{name}/{key}"] = value
        return found

    def forward(self, representations: Representations, batch: Batch) -> dict[str, Tensor]:
        """Weighted terms of all parts, ``part/term``.

        Raises
        ------
        MedVLPError
            If ``terms`` of a part names a term that it does not have, or nothing has a weight.
        """
        terms: dict[str, Tensor] = {}
        for chosen in self.settings.parts:
            name = chosen.title
            found = self.part(name)(_of_part(representations, name), batch)
            if unknown := sorted(set(chosen.terms) - set(found)):
                raise MedVLPError(
                    f"Part {name} of the flagship has no term {', '.join(unknown)}: its terms are "
                    f"{', '.join(found)}. Correct the part's terms."
                )
            weights = {term: chosen.weight * chosen.terms.get(term, 1.0) for term in found}
            terms |= {f"{name}/{t}": weights[t] * found[t] for t in found if weights[t]}
        if not terms:
            raise MedVLPError(
                "Every term of the flagship weighs 0: give a part or a term a weight."
            )
        return terms

    def after_step(self, progress: float) -> None:
        """Pass it on to every part."""
        for name in self.parts:
            self.part(name).after_step(progress)

    def image_vectors(self, representations: Representations, batch: Batch) -> Tensor:
        """Of the part that answers for whole images."""
        name = self._answering("image_vectors_of")
        return self.part(name).image_vectors(_of_part(representations, name), batch)

    def phrase_vectors(
        self, input_ids: Tensor, attention_mask: Tensor, polarity: int = PRESENT
    ) -> Tensor:
        """Of the part that answers for whole images."""
        part = self.part(self._answering("image_vectors_of"))
        return part.phrase_vectors(input_ids, attention_mask, polarity)

    def region_vectors(self, representations: Representations, batch: Batch) -> Tensor:
        """Of the part that answers for regions."""
        name = self._answering("region_vectors_of")
        return self.part(name).region_vectors(_of_part(representations, name), batch)

    def region_phrase_vectors(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Of the part that answers for regions."""
        part = self.part(self._answering("region_vectors_of"))
        return part.region_phrase_vectors(input_ids, attention_mask)

    def organ_vectors(self, representations: Representations, batch: Batch) -> Tensor:
        """Of the part that answers for organs, as :meth:`CTGLIP.organ_vectors`."""
        name = self._answering("organ_vectors_of")
        return self._knowing_organs(name).organ_vectors(_of_part(representations, name), batch)

    def organ_phrase_vectors(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Of the part that answers for organs."""
        part = self._knowing_organs(self._answering("organ_vectors_of"))
        return part.organ_phrase_vectors(input_ids, attention_mask)

    def _knowing_organs(self, name: str) -> AnswersForOrgans:
        part = self.part(name)
        if not isinstance(part, AnswersForOrgans):
            raise MedVLPError(
                f"organ_vectors_of names {name}, which has no vectors of organs: expected a part of "
                "ct_glip."
            )
        return part

    def _answering(self, key: str) -> str:
        name: str | None = getattr(self.settings, key)
        if name is None:
            raise MedVLPError(
                f"No part of the flagship answers: {key} is not set. Name one of "
                f"{', '.join(self.parts)}."
            )
        return name
