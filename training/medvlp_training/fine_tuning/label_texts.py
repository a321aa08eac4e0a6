"""The findings of a run as the texts that a user's query would be compared with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F
from torch import Tensor

from medvlp.grounding.lexicon import load_lexicon
from medvlp.grounding.query import parse_query
from medvlp.models.text import TextTower, tokenize

if TYPE_CHECKING:
    from tokenizers import Tokenizer


class LabelTexts:
    """Vectors of the findings that the lexicon has; those it lacks cannot be asked for.

    Parameters
    ----------
    labels
        Findings of a batch's labels.

    Attributes
    ----------
    columns
        Their numbers among ``labels``.
    """

    def __init__(self, labels: Sequence[str]) -> None:
        concepts = load_lexicon().concepts
        self.columns = [n for n, label in enumerate(labels) if label in concepts]
        ensembles = [parse_query(concepts[labels[n]].preferred).positives for n in self.columns]
        self.texts = list(dict.fromkeys(text for texts in ensembles for text in texts))
        self.members = torch.zeros(len(ensembles), len(self.texts))
        for row, texts in enumerate(ensembles):
            for text in texts:
                self.members[row, self.texts.index(text)] = 1.0
        self._ids = self._mask = torch.zeros(0, 0, dtype=torch.int64)
        self._frozen: Tensor | None = None

    def use_tokenizer(self, tokenizer: Tokenizer) -> None:
        """Of the text tower, padding batches."""
        if self.texts:
            self._ids, self._mask = tokenize(tokenizer, self.texts)

    def vectors(self, tower: TextTower) -> Tensor:
        """Unit vectors ``(findings, D)``: of each the normalised mean over its texts.

        As :func:`medvlp.grounding.similarity.ensemble_vectors`, with gradients where the tower has some.
        """
        device = tower.prompts.device
        if not self.texts:
            return torch.zeros(0, tower.config.dim, device=device)
        if self._frozen is not None and self._frozen.device == device:
            return self._frozen
        vectors = tower(self._ids.to(device), self._mask.to(device))
        means = F.normalize(self.members.to(device) @ vectors, dim=-1)
        if not any(parameter.requires_grad for parameter in tower.parameters()):
            self._frozen = means  # always of these texts alone: a resumed run finds the same
        return means
