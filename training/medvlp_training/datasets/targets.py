"""What is true of each dense cell of a training sample: texts times cells."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from medvlp.grounding.lexicon import load_lexicon
from medvlp_training.datasets.concepts import NEGATIVE, POSITIVE, UNKNOWN, broader, organ_row
from medvlp_training.datasets.texts import negated, phrase

OTHER_SIDE = {"left": "right", "right": "left"}


@dataclass(frozen=True, eq=False)
class CellTargets:
    """Texts and what is known of them.

    Parameters
    ----------
    phrases
        ``C`` texts.
    concepts
        Concept of each text; negated and wrong-sided texts carry a ``"!"`` before it.
    targets
        int8 ``(C, cells)``: 1, 0, or -1 where unknown.
    """

    phrases: list[str]
    concepts: list[str]
    targets: Tensor

    def scan_level(self) -> Tensor:
        """Per text: 1 if true of any cell, 0 if known false everywhere, else -1."""
        present = (self.targets == POSITIVE).any(dim=1)
        unknown = (self.targets == UNKNOWN).any(dim=1)
        return torch.where(present, 1, torch.where(unknown, -1, 0))


class TargetBuilder:
    """Draws texts for a sample and fills in their targets."""

    def __init__(self, max_texts: int) -> None:
        self.max_texts = max_texts
        self.lexicon = load_lexicon()
        concepts = self.lexicon.concepts.values()
        self.organs = {
            m: [c.name for c in concepts if c.kind == "organ" and m in c.modalities]
            for m in ("CT", "XR")
        }
        self._rows: dict[tuple[object, ...], dict[str, NDArray[np.int8]]] = {}

    def organ_rows(
        self, names: dict[int, str], annotated: frozenset[str], modality: str
    ) -> dict[str, NDArray[np.int8]]:
        """Label tables of every organ concept that these labels can say anything about."""
        key = (tuple(sorted(names.items())), annotated, modality)
        if key not in self._rows:
            rows = {n: organ_row(n, names, annotated) for n in self.organs[modality]}
            self._rows[key] = {
                n: r for n, r in rows.items() if (r == POSITIVE).any() or r[0] == NEGATIVE
            }
        return self._rows[key]

    def build(
        self,
        labels: Tensor,
        rows: dict[str, NDArray[np.int8]],
        lesions: dict[str, Tensor],
        sides: dict[str, str | None],
        absent: frozenset[str],
        modality: str,
        rng: np.random.Generator,
    ) -> CellTargets:
        """Texts and targets for flat cells.

        Parameters
        ----------
        labels
            int64 ``(cells,)``; for X-rays, where organs overlap, give zeros and put organs into
            ``lesions``.
        """
        phrases: list[str] = []
        concepts: list[str] = []
        table: list[Tensor] = []

        def add(text: str, concept: str, target: Tensor) -> None:
            phrases.append(text)
            concepts.append(concept)
            table.append(target.to(torch.int8))

        found = self._findings(lesions)
        for name in self._draw_organs(rows, labels, rng):
            target = torch.from_numpy(rows[name])[labels]
            add(phrase(self.lexicon.concepts[name], rng), name, target)
        nothing = torch.zeros(labels.shape, dtype=torch.int8)
        for name, mask in found.items():
            concept = self.lexicon.concepts[name]
            rest = NEGATIVE if name in absent or concept.kind == "organ" else UNKNOWN
            target = torch.where(mask, POSITIVE, rest)
            add(phrase(concept, rng), name, target)
            side = sides.get(name)
            if side in OTHER_SIDE:
                add(phrase(concept, rng, side), name, target)
                add(phrase(concept, rng, OTHER_SIDE[side]), "!" + name, nothing)
            if concept.kind != "organ":
                add(negated(concept, rng), "!" + name, nothing)
        for name in self._draw_absent(absent - set(found), modality, rng):
            add(phrase(self.lexicon.concepts[name], rng), name, nothing)
        stacked = torch.stack(table) if table else nothing.new_zeros((0, len(nothing)))
        return CellTargets(phrases, concepts, stacked)

    def _findings(self, lesions: dict[str, Tensor]) -> dict[str, Tensor]:
        """Masks of the findings and of everything they are a kind of."""
        found: dict[str, Tensor] = {}
        for name, mask in lesions.items():
            if name not in self.lexicon.concepts:
                continue
            for above in broader(name):
                found[above] = found[above] | mask if above in found else mask
        return found

    def _draw_organs(
        self, rows: dict[str, NDArray[np.int8]], labels: Tensor, rng: np.random.Generator
    ) -> list[str]:
        here = np.unique(labels.numpy())
        present = [n for n, row in rows.items() if (row[here] == POSITIVE).any()]
        missing = [n for n in rows if n not in set(present)]
        rng.shuffle(present)
        rng.shuffle(missing)
        room = max(self.max_texts - len(present), 0)
        return present[: self.max_texts] + missing[: min(room, 25)]

    def _draw_absent(
        self, absent: frozenset[str], modality: str, rng: np.random.Generator
    ) -> list[str]:
        concepts = self.lexicon.concepts
        usable = sorted(n for n in absent if n in concepts and modality in concepts[n].modalities)
        rng.shuffle(usable)
        return usable[:12]
