"""Frozen vectors of the lexicon's concepts: the entity vectors e_c of MLIP (arXiv 2402.02045).

The paper takes entities from UMLS [P]. Here [R]: by default the concept's names as the text tower reads
them, or the concept's relations in the lexicon, both without any licence; UMLS is
:mod:`medvlp_training.text.entities.umls`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

import torch
from torch import Tensor

from medvlp.errors import MedVLPError
from medvlp.grounding.lexicon import Concept, Lexicon, load_lexicon
from medvlp.models.text import TextTower, tokenize

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_BATCH = 64


class EntityVectors(Protocol):
    """Anything that has a vector for a concept."""

    @property
    def size(self) -> int:
        """Length of a vector."""
        ...

    def vectors(self, concepts: Sequence[str]) -> Tensor:
        """``(len(concepts), size)`` float32: unit vectors, or 0 for a concept that has none."""
        ...


def lexicon_concepts(names: Sequence[str], lexicon: Lexicon | None = None) -> list[Concept]:
    """Concepts by name.

    Raises
    ------
    MedVLPError
        If the lexicon lacks one.
    """
    known = (lexicon or load_lexicon()).concepts
    missing = [name for name in names if name not in known]
    if missing:
        raise MedVLPError(
            f"No lexicon concept is named {', '.join(missing[:5])}: the vocabulary of the batches "
            "was made with another lexicon; build it again."
        )
    return [known[name] for name in names]


class NameVectors:
    """Mean of what the text tower makes of each of a concept's names.

    Parameters
    ----------
    tower, tokenizer
        That read the names.
    more_names
        Concept to further names, of UMLS for instance.
    """

    def __init__(
        self,
        tower: TextTower,
        tokenizer: Tokenizer,
        more_names: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self.tower = tower
        self.tokenizer = tokenizer
        self.more_names = more_names or {}

    @property
    def size(self) -> int:
        """Width of the tower."""
        return self.tower.config.hidden_size

    @torch.no_grad()
    def vectors(self, concepts: Sequence[str]) -> Tensor:
        """Unit vectors on the CPU; the tower is left in its mode."""
        names = [
            [*concept.synonyms, *self.more_names.get(concept.name, ())]
            for concept in lexicon_concepts(concepts)
        ]
        training = self.tower.training
        self.tower.eval()
        try:
            read = self._read([name for of_concept in names for name in of_concept])
        finally:
            self.tower.train(training)
        means = [part.mean(0) for part in read.split([len(of_concept) for of_concept in names])]
        return torch.nn.functional.normalize(torch.stack(means), dim=1) if means else read

    def _read(self, texts: Sequence[str]) -> Tensor:
        device = self.tower.device
        parts = [torch.zeros(0, self.size)]
        for start in range(0, len(texts), _BATCH):
            ids, mask = tokenize(self.tokenizer, texts[start : start + _BATCH])
            pooled = self.tower.pool(ids.to(device), mask.to(device)).float().cpu()
            parts.append(torch.nn.functional.normalize(pooled, dim=1))
        return torch.cat(parts)


class RelationVectors:
    """A concept as the set of concepts it is related to: itself, its hosts, parts, broader concepts.

    Related concepts share entries. Mimics are left out: they look alike and are not the same.
    """

    def __init__(self, lexicon: Lexicon | None = None) -> None:
        self.lexicon = lexicon or load_lexicon()
        self._place = {name: n for n, name in enumerate(self.lexicon.concepts)}

    @property
    def size(self) -> int:
        """Number of the lexicon's concepts."""
        return len(self._place)

    def vectors(self, concepts: Sequence[str]) -> Tensor:
        """Unit vectors, each entry 0 or the same."""
        table = torch.zeros(len(concepts), self.size)
        for row, concept in zip(table, lexicon_concepts(concepts, self.lexicon), strict=True):
            related = {concept.name, *concept.hosts, *concept.parts, *concept.broader}
            row[[self._place[name] for name in related]] = 1
        return torch.nn.functional.normalize(table, dim=1)
