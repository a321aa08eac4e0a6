"""What an objective knows of the lexicon's concepts: a frozen vector of each, and where texts name them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import torch
from torch import Tensor, nn

from medvlp.errors import MedVLPError
from medvlp.models.text import TextTower
from medvlp_training.text.entities.linking import EntityLinker
from medvlp_training.text.entities.umls import CuiVectors, concept_cuis, cui_names
from medvlp_training.text.entities.vectors import EntityVectors, NameVectors, RelationVectors

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Source = Literal["names", "relations", "cui_vectors"]
"""Names as the text tower reads them, the lexicon's relations, or a table by UMLS concept."""


class Knowledge(nn.Module):
    """Vectors of the concepts of a vocabulary: saved with the model, never trained.

    Parameters
    ----------
    concepts
        Of the vocabulary, in its order.
    source
        Of the vectors. ``"names"`` are read in :meth:`use_tokenizer`.
    text_width
        Of the text tower.
    mrconso
        UMLS names: further names for ``"names"``, CUIs for ``"cui_vectors"``.
    cui_vectors
        Table of vectors by CUI.

    Attributes
    ----------
    table
        ``(C + 1, d)``. The last row stays 0: it is what index -1, no concept, finds.
    """

    table: Tensor

    def __init__(
        self,
        concepts: Sequence[str],
        source: Source,
        text_width: int,
        mrconso: Path | None = None,
        cui_vectors: Path | None = None,
    ) -> None:
        super().__init__()
        self.concepts = tuple(concepts)
        self._mrconso = mrconso
        self._linker: EntityLinker | None = None
        self._seen_filled = not self.concepts
        known: EntityVectors | None = None
        if source == "relations":
            known = RelationVectors()
        elif source == "cui_vectors" and mrconso and cui_vectors:
            known = CuiVectors(cui_vectors, concept_cuis(mrconso, concepts))
        self.size = known.size if known else text_width
        self.register_buffer("table", torch.zeros(len(self.concepts) + 1, self.size))
        if known:
            self.fill(known)

    @property
    def filled(self) -> bool:
        """Whether the vectors are there, from a source or from a saved state."""
        self._seen_filled = self._seen_filled or bool(self.table.any())
        return self._seen_filled

    @torch.no_grad()
    def fill(self, source: EntityVectors) -> None:
        """Take the vectors of every concept."""
        self.table[:-1] = source.vectors(self.concepts).to(self.table)

    def use_tokenizer(self, tower: TextTower, tokenizer: Tokenizer) -> None:
        """Link texts from now on, and read the concepts' names unless their vectors are there."""
        self._linker = EntityLinker(tokenizer, self.concepts)
        if self.filled:
            return
        more: dict[str, tuple[str, ...]] = {}
        if self._mrconso:
            cuis = concept_cuis(self._mrconso, self.concepts)
            names = cui_names(self._mrconso, set(cuis.values()))
            more = {concept: names[cui] for concept, cui in cuis.items()}
        self.fill(NameVectors(tower, tokenizer, more))

    def link(self, input_ids: Tensor, inner: Tensor) -> Tensor:
        """Concept of each token of a text outside a batch, ``(T, L)``; -1 for none or no tokenizer."""
        if self._linker is None:
            return torch.full_like(input_ids, -1)
        return self._linker.link(input_ids, inner)

    def vectors(self) -> Tensor:
        """``(C + 1, size)``: one row per concept, and 0.

        Raises
        ------
        MedVLPError
            If nothing was filled in.
        """
        if not self.filled:
            raise MedVLPError(
                f"The vectors of {len(self.concepts)} entities are not there: call use_tokenizer, or "
                "load a trained state, before the first step."
            )
        return self.table

    def forward(self, concepts: Tensor) -> Tensor:
        """Vectors ``(..., size)`` of concepts ``(...)`` int64; 0 for -1."""
        return self.vectors()[concepts]
