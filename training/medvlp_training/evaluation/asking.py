"""Questions as a user types them, answered without abstaining, so that ranking can be measured."""

from __future__ import annotations

from collections.abc import Sequence

from medvlp.grounding.ground import ground
from medvlp.grounding.heatmap import Heatmap
from medvlp.grounding.lexicon import load_lexicon
from medvlp.models.encoding import Encoding
from medvlp.models.protocol import GroundingModel


def query_text(concept: str) -> str:
    """What a user would type for a concept: its preferred words."""
    return load_lexicon().concepts[concept].preferred


class Unguarded:
    """A model whose thresholds of abstention are zero; everything else is the model's own."""

    def __init__(self, model: GroundingModel) -> None:
        self._model = model
        none = {
            "in_domain": 0.0,
            "in_domain_by_modality": {},
            "understood": 0.0,
            "organ_present": 0.0,
        }
        self.calibration = model.calibration.model_copy(update=none)

    def __getattr__(self, name: str) -> object:
        return getattr(self._model, name)


def ask(model: GroundingModel, encoding: Encoding, texts: Sequence[str]) -> list[Heatmap]:
    """Heatmaps with scores for every text, whatever the model's thresholds."""
    return ground(Unguarded(model), encoding, texts)  # type: ignore[arg-type]
