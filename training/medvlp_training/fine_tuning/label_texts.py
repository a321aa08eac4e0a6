"""The findings of a run as the texts that a user's query would be compared with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F
from torch import Tensor

from medvlp.grounding.lexicon import load_lexicon
from medvlp.grounding.query import parse_query
from medvlp.models.text import tokenize
from medvlp_training.fine_tuning.use import Use

if TYPE_CHECKING:
    from tokenizers import Tokenizer


class LabelTexts:
    """Vectors of the findings that the lexicon has; those it lacks cannot be asked for.

    Parameters
    ----------
    labels
        Findings of a batch's labels.
    use
        The model that reads them.

    Attributes
    ----------
    columns
        Their numbers among ``labels``.
    """

    def __init__(self, labels: Sequence[str], use: Use) -> None:
        concepts = load_lexicon().concepts
        self.columns = [n for n, label in enumerate(labels) if label in concepts]
        self._use = use
        queries = [parse_query(concepts[labels[n]].preferred) for n in self.columns]
        weight = use.negative_weight
        ensembles = [*(q.positives for q in queries), *(q.negatives for q in queries if weight)]
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
            prompts = [self._use.prompt(text) for text in self.texts]
            self._ids, self._mask = tokenize(tokenizer, prompts)

    def vectors(self, device: torch.device) -> Tensor:
        """Vectors ``(findings, D)``: of each the normalised mean over its texts.

        Less its denial's, where the model weighs that. As
        :func:`medvlp.grounding.similarity.similarities`, with gradients where the texts are trained.
        """
        if self._frozen is not None and self._frozen.device == device:
            return self._frozen
        vectors = self._use.text_vectors(self._ids.to(device), self._mask.to(device))
        means = F.normalize(self.members.to(device) @ vectors, dim=-1)
        count = len(self.columns)
        found = means[:count]
        if len(means) > count:
            found = found - self._use.negative_weight * means[count:]
        if not self._use.texts_change:
            self._frozen = found  # always of these texts alone: a resumed run finds the same
        return found
