"""What an organ is called elsewhere, and what it is called here.

Segmentations come from many programs: ``kidney_left`` (TotalSegmentator), ``Left Kidney`` (3D Slicer),
``Kidney_L`` (AAPM TG-263, the names of radiotherapy), a SNOMED CT code with a side (DICOM). A name that is
not recognised for certain is kept as it is; a side is never dropped and never guessed.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from medvlp.grounding.lexicon import Concept, load_lexicon
from medvlp.grounding.words import stem, stems, tokens

Side = Literal["left", "right"]

_SIDES: dict[str, Side] = {
    "l": "left", "lt": "left", "left": "left", "sinister": "left", "sinistra": "left",
    "r": "right", "rt": "right", "right": "right", "dexter": "right", "dextra": "right",
}  # fmt: skip
_FILLERS = frozenset(
    {"structure", "entire", "whole", "of", "the", "segment", "mask", "roi", "organ"}
)
"""Words that say nothing about which organ: "Entire liver", "Structure of left kidney"."""
_LONG = {"glnd": "gland", "vb": "vertebra"}
"""Abbreviations of TG-263 (Mayo et al., Int J Radiat Oncol Biol Phys 2018)."""
_PARTS = {
    "head", "neck", "shaft", "tail", "body", "cortex", "wall", "lumen", "arch", "ascending", "descending",
    "thoracic", "abdominal", "proximal", "distal", "canal", "apex", "base", "chamber", "first", "manubrium",
    "terminal", "isthmus", "and",
}  # fmt: skip
"""A mask of the femoral head is not one of the femur: words of parts count where the organ's own name has
them, too."""
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def find_organ(name: str, side: Side | None = None) -> str | None:
    """Name of the lexicon's organ that somebody else's name means; None if none is certain.

    Parameters
    ----------
    name
        As found in a file.
    side
        Where the file says it apart from the name, as DICOM does.
    """
    return _organ(name.strip(), side)


@lru_cache(maxsize=4096)
def _organ(name: str, side: Side | None) -> str | None:
    known = _by_name().get(re.sub(r"[\s-]+", "_", name.lower()))
    if known is not None:
        return _on_side(known, side)
    words = [_LONG.get(w, w) for w in tokens(_CAMEL.sub(" ", name.replace("_", " ")))]
    words = [w for w in words if w and w not in _FILLERS]
    said = {_SIDES[w] for w in words if w in _SIDES} | ({side} if side else set())
    if len(said) > 1:
        return None
    rest = [w for w in words if w not in _SIDES]
    if not said:
        plain = _phrase(rest)
        return None if plain is None else plain.name
    chosen: Side = said.pop()
    sided = _phrase([chosen, *rest]) or _phrase([chosen, *rest[::-1]])
    if sided is not None:
        return _on_side(sided, chosen)
    plain = _phrase(rest)
    return None if plain is None else _on_side(plain, chosen)


@lru_cache(maxsize=1)
def _by_name() -> dict[str, Concept]:
    return {c.name.lower(): c for c in load_lexicon().of_kind("organ")}


def _phrase(words: list[str]) -> Concept | None:
    """The whole organ that words mean, in their order or reversed ("Bowel_Small")."""
    for order in (words, words[::-1]):
        found = load_lexicon().exact(" ".join(order))
        if found is not None and found.kind == "organ":
            own = set(stems(found.preferred))
            return found if own & _PARTS == set(map(stem, words)) & _PARTS else None
    return None


def _on_side(concept: Concept, side: Side | None) -> str | None:
    """The organ on that side; None if the lexicon has none, so that the side is not lost."""
    if side is None or concept.laterality == side:
        return concept.name
    if concept.laterality is not None:
        return None
    parts = [load_lexicon().concepts[part] for part in concept.parts]
    on_side = [part for part in parts if part.laterality == side and not part.parts]
    sided = load_lexicon().concepts.get(f"{concept.name}_{side}")
    if sided is not None:
        return sided.name
    return on_side[0].name if len(on_side) == 1 and len(parts) == 2 else None
