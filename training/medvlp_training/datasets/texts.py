"""Phrases of concepts, and their vectors from a trained text tower, each embedded once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from medvlp.grounding.lexicon import Concept, load_lexicon

ORGAN_FORMS = ("{}", "{}", "the {}")
FINDING_FORMS = ("{}", "{}", "there is {}")
NEGATED_FORMS = ("no {}", "without {}", "no evidence of {}")
FEW = 3


def phrase(concept: Concept, rng: np.random.Generator, side: str | None = None) -> str:
    """One way to say a concept, sometimes in a sentence, with a side if asked."""
    words = concept.synonyms[0] if rng.random() < 0.4 else str(rng.choice(concept.synonyms))
    if side is not None:
        words = str(rng.choice(concept.synonyms[:FEW]))
        words = f"{side} {words}" if rng.random() < 0.6 else f"{words} on the {side}"
    forms = ORGAN_FORMS if concept.kind == "organ" else FINDING_FORMS
    return str(rng.choice(forms)).format(words)


def negated(concept: Concept, rng: np.random.Generator) -> str:
    """One way to say that a finding is not there."""
    if concept.normal and rng.random() < 0.3:
        return str(rng.choice(concept.normal))
    return str(rng.choice(NEGATED_FORMS)).format(rng.choice(concept.synonyms[:FEW]))


class TextBank:
    """Vectors of phrases, from the folder of a trained text tower.

    Parameters
    ----------
    folder
        Of the tower.
    device
        Where phrases are embedded, and where their vectors stay.
    """

    def __init__(self, folder: Path, device: torch.device | str = "cpu") -> None:
        from medvlp.models.text import load_tokenizer
        from medvlp_training.text.tower import load_tower

        self.device = torch.device(device)
        self.tower, self.tokenizer = load_tower(folder).to(self.device), load_tokenizer(folder)
        self.vectors: dict[str, Tensor] = {}
        self.lexicon = load_lexicon()

    def embed(self, phrases: Sequence[str]) -> Tensor:
        """``(n, D)`` unit vectors; unknown phrases are embedded and kept."""
        from medvlp.models.text import embed_texts

        new = [p for p in dict.fromkeys(phrases) if p not in self.vectors]
        if new:
            with torch.autocast(self.device.type, enabled=False):
                embedded = torch.from_numpy(embed_texts(self.tower, self.tokenizer, new).copy())
            self.vectors.update(zip(new, embedded.to(self.device), strict=True))
        return torch.stack([self.vectors[p] for p in phrases])
