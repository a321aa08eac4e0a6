"""What a text can mean, and how alike two meanings are: the soft targets of the text tower."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from medvlp.grounding.lexicon import Concept, Lexicon

State = Literal["present", "absent", "normal"]
LOBES = (
    "lung_upper_lobe_left",
    "lung_lower_lobe_left",
    "lung_upper_lobe_right",
    "lung_middle_lobe_right",
    "lung_lower_lobe_right",
)
ZONES = tuple(f"{z}_zone_{s}" for z in ("upper", "mid", "lower") for s in ("left", "right"))
SIDES = ("left", "right", "both")
MAX_SHARED = 1.0  # the neighbours of a meaning weigh together at most as much as the meaning itself


@dataclass(frozen=True)
class Meaning:
    """A concept, where it is, and whether it is there.

    ``place`` is None, a side ("left", "right", "both") or the name of a lobe or lung zone.
    """

    concept: str
    place: str | None = None
    state: State = "present"

    @property
    def side(self) -> str | None:
        """Side of the place."""
        if self.place is None or self.place in SIDES:
            return self.place
        return "left" if self.place.endswith("left") else "right"


def _meanings_of(concept: Concept) -> Iterable[Meaning]:
    yield Meaning(concept.name)
    yield Meaning(concept.name, state="absent")
    if concept.kind == "organ":
        yield Meaning(concept.name, state="normal")
        return
    if concept.sided:
        yield from (Meaning(concept.name, side) for side in SIDES)
    if "lungs" in concept.hosts:
        yield from (Meaning(concept.name, place) for place in (*LOBES, *ZONES))


class MeaningSpace:
    """All meanings of a lexicon, numbered, with their similarity.

    Attributes
    ----------
    meanings
        ``K`` meanings.
    index
        Number of each.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.meanings = [m for c in lexicon.concepts.values() for m in _meanings_of(c)]
        self.index = {meaning: number for number, meaning in enumerate(self.meanings)}

    @cached_property
    def similarity(self) -> NDArray[np.float32]:
        """``(K, K)``: 1 on the diagonal; off it, each row sums to at most ``MAX_SHARED``."""
        matrix = np.eye(len(self.meanings), dtype=np.float32)
        for i, a in enumerate(self.meanings):
            for j in range(i):
                matrix[i, j] = matrix[j, i] = self._pair(a, self.meanings[j])
        shared = matrix.sum(1, keepdims=True) - 1.0
        scale = np.minimum(1.0, MAX_SHARED / np.maximum(shared, 1e-6))
        diagonal = np.eye(len(matrix), dtype=bool)
        return np.where(diagonal, 1.0, matrix * scale).astype(np.float32)

    def _pair(self, a: Meaning, b: Meaning) -> float:
        states = {a.state, b.state}
        if states == {"present"}:
            related = self._concepts(a.concept, b.concept)
            return related * _places(a, b) if related else 0.0
        if len(states) == 1:
            return 0.15 if self._share_host(a.concept, b.concept) else 0.02
        if states == {"normal", "absent"}:
            return 0.15 if self._share_host(a.concept, b.concept) else 0.0
        if states == {"normal", "present"} and a.concept == b.concept:
            return 0.2
        return 0.0

    def _concepts(self, a: str, b: str) -> float:
        if a == b:
            return 1.0
        first, second = self.lexicon.concepts[a], self.lexicon.concepts[b]
        if b in first.broader or a in second.broader:
            return 0.35
        small, large = sorted((first, second), key=lambda c: len(c.parts))
        if large.parts and set(small.parts or (small.name,)) <= set(large.parts):
            return 0.35 if len(large.parts) <= 6 else 0.15
        return 0.0

    def _share_host(self, a: str, b: str) -> bool:
        first = self.lexicon.concepts[a]
        second = self.lexicon.concepts[b]
        return bool({a, *first.hosts} & {b, *second.hosts})


def _places(a: Meaning, b: Meaning) -> float:
    if a.place == b.place:
        return 1.0
    if a.place is None or b.place is None:
        return 0.5
    if "both" in (a.side, b.side):
        return 0.4
    if a.side != b.side:
        return 0.0
    coarse = a.place in SIDES or b.place in SIDES
    return 0.5 if coarse else 0.05
