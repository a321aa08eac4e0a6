"""What evaluation asks of an objective that knows organs."""

from __future__ import annotations

from typing import Any, Protocol, TypeGuard, runtime_checkable

from torch import Tensor

from medvlp_training.objectives.batch import Batch
from medvlp_training.objectives.objective import Representations


@runtime_checkable
class AnswersForOrgans(Protocol):
    """An objective with a vector for each organ of each image."""

    def organ_vectors(self, representations: Representations, batch: Batch) -> Tensor:
        """Unit vectors ``(B, O, D)`` of the vocabulary's organs."""

    def organ_phrase_vectors(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Unit vectors ``(T, D)`` of texts to compare them with."""


def knows_organs(objective: Any) -> TypeGuard[AnswersForOrgans]:
    """Whether an objective has vectors of organs; a flagship has them only of a part it names."""
    named = getattr(getattr(objective, "settings", None), "organ_vectors_of", "")
    return isinstance(objective, AnswersForOrgans) and named is not None
