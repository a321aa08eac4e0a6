"""Coded terms for organs, findings and free text.

SNOMED CT codes are those of DICOM's own tables (PS3.16), looked up by their meaning: a term that is
not there word for word, or there with several codes, gets a code of the private scheme 99MEDVLP with
the plain name as its meaning.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from medvlp.export.dicom_equipment import as_long_string
from medvlp.export.names import slug
from medvlp.grounding.lexicon import Concept, load_lexicon

if TYPE_CHECKING:
    from highdicom.sr import CodedConcept
    from pydicom.sr.coding import Code

    from medvlp.grounding.query import Query

PRIVATE_SCHEME = "99MEDVLP"
_SIDES = ("left", "right")


def query_code(query: Query) -> CodedConcept:
    """What a query is about; for "no ..." the denial itself, never the finding that is denied."""
    if query.polarity == "absent" or query.concept is None:
        return private_code(query.text)
    return concept_code(query.concept)


def named_code(name: str) -> CodedConcept:
    """Of an organ or finding by the lexicon's name, or of a name that the lexicon does not know."""
    concept = load_lexicon().concepts.get(name)
    return private_code(name.replace("_", " ")) if concept is None else concept_code(concept)


def concept_code(concept: Concept) -> CodedConcept:
    """SNOMED CT where DICOM has the term, else private; the side is told by :func:`side_code`."""
    from highdicom.sr import CodedConcept

    for words in _names(concept):
        found = _by_meaning().get(words, frozenset())
        if len(found) == 1:
            (code,) = found
            return CodedConcept(code.value, code.scheme_designator, as_long_string(code.meaning))
    return private_code(concept.display, concept.name)


def side_code(name: str) -> Code | None:
    """Left or right (PS3.16 CID 244), for an organ that the lexicon has on one side only."""
    concept = load_lexicon().concepts.get(name)
    side = None if concept is None else concept.laterality
    return None if side is None else side_named(side)


def side_named(side: Literal["left", "right"]) -> Code:
    """The code of a side (PS3.16 CID 244)."""
    from pydicom.sr.codedict import codes

    return {"left": codes.SCT.Left, "right": codes.SCT.Right}[side]


def category_code(concept: Concept | None) -> Code:
    """Segmentation property category (PS3.16 CID 7150); a text that is no concept is a place."""
    from pydicom.sr.codedict import codes

    if concept is None:
        return codes.SCT.SpatialAndRelationalConcept
    return {
        "organ": codes.SCT.AnatomicalStructure,
        "finding": codes.SCT.MorphologicallyAbnormalStructure,
        "device": codes.SCT.PhysicalObject,
    }[concept.kind]


def private_code(meaning: str, value: str = "") -> CodedConcept:
    """A code of our own scheme; its meaning is the plain words."""
    from highdicom.sr import CodedConcept

    return CodedConcept(value or slug(meaning), PRIVATE_SCHEME, as_long_string(meaning) or "query")


def _names(concept: Concept) -> list[str]:
    """Words that name just this concept; sides are coded apart from the organ."""
    names = []
    for words in (concept.display, concept.preferred):
        name = words.lower()
        if concept.laterality is not None:
            name = " ".join(w for w in name.split() if w not in _SIDES)
        names += [name, name.removesuffix("s")]
    return names


@lru_cache(maxsize=1)
def _by_meaning() -> dict[str, frozenset[Code]]:
    """SNOMED CT codes by meaning, without the tag of its hierarchy: "Aorta (body structure)"."""
    from pydicom.sr.codedict import codes

    found: dict[str, dict[str, Code]] = {}
    for code in codes.SCT.concepts.values():
        meaning = code.meaning.lower().partition(" (")[0].removesuffix(", device")
        kept = found.setdefault(meaning, {})
        if code.value not in kept or len(code.meaning) < len(kept[code.value].meaning):
            kept[code.value] = code
    return {meaning: frozenset(kept.values()) for meaning, kept in found.items()}
