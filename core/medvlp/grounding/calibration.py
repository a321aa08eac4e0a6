"""From scan-level scores to probabilities, and the thresholds below which nothing is claimed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from medvlp.errors import ModelMismatchError


class Platt(BaseModel):
    """``p = sigmoid(scale * score + offset)`` (Platt, "Probabilistic outputs for SVMs", 1999)."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    scale: float = 1.0
    offset: float = 0.0

    def probability(self, score: float) -> float:
        """Probability in [0, 1] of a scan-level score in logits."""
        logit = float(np.clip(self.scale * score + self.offset, -60.0, 60.0))
        return float(1.0 / (1.0 + np.exp(-logit)))


class Calibration(BaseModel):
    """What a model learned about its own scores: ``calibration.json`` of a model folder.

    Parameters
    ----------
    default
        For concepts without an entry, and for free text.
    concepts
        Entries by ``"concept/modality"`` or ``"concept"``; ``"default/modality"`` may stand for
        every concept of a modality. The most specific one wins.
    in_domain
        A scan whose ``Encoding.in_domain`` lies below is not answered about.
    in_domain_by_modality
        The same for one kind of image, where it was fitted on its own patients.
    understood
        A query whose ``Query.understood`` lies below is not answered.
    organ_present
        An organ counts as seen where the organ head is at least this sure of its surest 1 ml.
    pooled_weight
        Share of the pooled similarity in the scan-level score
        (:func:`medvlp.grounding.scan_score.scan_score`).
    negative_weight
        How much of the similarity to a query's negative texts is taken off the dense similarity.
    trained
        Concepts that the model saw examples of, by modality. A concept of the lexicon that is not
        among them is not answered about; a modality without an entry is not restricted.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    format: Literal["medvlp/calibration/1"] = "medvlp/calibration/1"
    default: Platt = Platt()
    concepts: dict[str, Platt] = Field(default_factory=dict)
    in_domain: float = Field(default=0.5, ge=0.0, le=1.0)
    in_domain_by_modality: dict[str, Annotated[float, Field(ge=0.0, le=1.0)]] = Field(
        default_factory=dict
    )
    understood: float = Field(default=0.5, ge=0.0, le=1.0)
    organ_present: float = Field(default=0.5, ge=0.0, le=1.0)
    pooled_weight: float = Field(default=0.25, ge=0.0, le=1.0)
    negative_weight: float = Field(default=0.0, ge=0.0, le=1.0)
    trained: dict[str, tuple[str, ...]] = Field(default_factory=dict)

    @classmethod
    def identity(cls) -> Calibration:
        """Scores are taken as logits: for models that were never calibrated."""
        return cls()

    def least_in_domain(self, modality: str) -> float:
        """How sure of its domain the model must be of a scan of this modality to be answered about."""
        return self.in_domain_by_modality.get(modality, self.in_domain)

    def knows(self, concept: str, modality: str) -> bool:
        """Whether a concept of the lexicon was among what the model was trained on."""
        return modality not in self.trained or concept in self.trained[modality]

    def entry(self, concept: str | None, modality: str | None = None) -> Platt:
        """The most specific entry for a concept name (None: free text) on a modality."""
        names = [concept] if concept else []
        for name in [*names, "default"]:
            for key in (f"{name}/{modality}", name):
                if key in self.concepts:
                    return self.concepts[key]
        return self.default

    def probability(self, concept: str | None, score: float, modality: str | None = None) -> float:
        """Probability that ``concept`` is in a scan with this scan-level score."""
        return self.entry(concept, modality).probability(score)

    @classmethod
    def load(cls, path: Path) -> Calibration:
        """Read ``calibration.json``.

        Raises
        ------
        ModelMismatchError
            If the file is missing or is not a calibration of this format.
        """
        try:
            return cls.model_validate_json(Path(path).read_bytes())
        except (OSError, ValidationError) as error:
            raise ModelMismatchError(
                f"{path} is not a usable calibration: expected JSON of format medvlp/calibration/1; {error}"
            ) from error

    def save(self, path: Path) -> None:
        """Write ``calibration.json``, atomically."""
        from medvlp.store.atomic import write_bytes_atomically

        write_bytes_atomically(Path(path), (self.model_dump_json(indent=2) + "\n").encode())
