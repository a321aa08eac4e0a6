"""The words of organs, findings and devices: what a query is matched against.

The data are ``medvlp_resources/lexicon/organs.json`` and ``findings.json``. Organs carry the class
names of TotalSegmentator v2 ("kidney_left") plus groups of them ("lungs"), findings and devices are
sided by composition ("left pleural effusion"), not by enumeration.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib import resources
from typing import Literal

from medvlp.errors import MedVLPError
from medvlp.grounding.words import content_stems, stem, stems, tokens

SCHEMA = "medvlp/lexicon/1"
_MIN_TYPO_LENGTH = 5
_TYPO_RATIO = 0.84

Kind = Literal["organ", "finding", "device"]


@dataclass(frozen=True)
class Concept:
    """One organ, group of organs, finding or device.

    Parameters
    ----------
    name
        Identifier; for organs the TotalSegmentator class name or the name of a group.
    kind
        ``"organ"``, ``"finding"`` or ``"device"``.
    display
        What a person reads.
    synonyms
        Radiologist's and lay words; the first is preferred. Each belongs to one concept only.
    modalities
        Where it can be seen: subset of ``("CT", "XR")``.
    hosts
        Organs in which a finding occurs; for a lung zone the lung it is part of.
    parts
        Leaf organs that a group consists of.
    laterality
        Side of an organ that exists on one side, else None.
    mimics
        Concepts that look alike and are not the same.
    broader
        Concepts of which this one is a kind.
    generic
        Words that mean this concept when one of ``hosts`` is named too ("mass" in the liver).
    normal
        Statements that the finding is absent or its host normal.
    sided
        Whether a side word may be composed with it.
    whole_body
        A finding that can be anywhere.
    """

    name: str
    kind: Kind
    display: str
    synonyms: tuple[str, ...]
    modalities: tuple[str, ...]
    hosts: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    laterality: Literal["left", "right"] | None = None
    mimics: tuple[str, ...] = ()
    broader: tuple[str, ...] = ()
    generic: tuple[str, ...] = ()
    normal: tuple[str, ...] = ()
    sided: bool = True
    whole_body: bool = False

    @property
    def preferred(self) -> str:
        """The first synonym."""
        return self.synonyms[0]


@dataclass(frozen=True)
class KnownWords:
    """Stemmed words of radiology that name no concept.

    Parameters
    ----------
    modifiers
        Sizes, shapes, courses, directions.
    radiology
        Other words of the field.
    """

    modifiers: frozenset[str] = frozenset()
    radiology: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Match:
    """A phrase of the lexicon found in a text: words ``start`` to ``end`` (exclusive)."""

    concept: Concept
    phrase: str
    start: int
    end: int
    corrected: tuple[tuple[str, str], ...] = ()

    @property
    def length(self) -> int:
        """Number of words."""
        return self.end - self.start


class Lexicon:
    """All concepts, and the search for their phrases in a text.

    Raises
    ------
    MedVLPError
        If two concepts share a name or a phrase, or one refers to a concept that does not exist.
    """

    def __init__(self, concepts: Sequence[Concept], words: KnownWords | None = None) -> None:
        self.words = words or KnownWords()
        self.concepts: dict[str, Concept] = {concept.name: concept for concept in concepts}
        if len(self.concepts) != len(concepts):
            raise MedVLPError("The lexicon names a concept twice; names must be unique.")
        self._phrases: dict[tuple[str, ...], tuple[Concept, str]] = {}
        for concept in concepts:
            self._index(concept)
        self._longest = max((len(key) for key in self._phrases), default=0)

    def _index(self, concept: Concept) -> None:
        for name in (*concept.hosts, *concept.parts, *concept.mimics, *concept.broader):
            if name not in self.concepts:
                raise MedVLPError(f"Lexicon concept {concept.name} refers to unknown {name}.")
        for phrase in concept.synonyms:
            owner, _ = self._phrases.setdefault(stems(phrase), (concept, phrase))
            if owner is not concept:
                raise MedVLPError(
                    f"The phrase {phrase!r} belongs to {owner.name} and to {concept.name}; "
                    "a phrase must belong to one concept."
                )

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Every stemmed word of every phrase."""
        return frozenset(word for key in self._phrases for word in key)

    @cached_property
    def _by_initial(self) -> dict[str, list[str]]:
        table: dict[str, list[str]] = {}
        for word in sorted(self.vocabulary):
            if len(word) >= _MIN_TYPO_LENGTH:
                table.setdefault(word[0], []).append(word)
        return table

    def correct(self, word: str) -> str | None:
        """Known word that ``word`` is probably a misspelling of; itself if known, None if neither."""
        stemmed = stem(word)
        if stemmed in self.vocabulary:
            return stemmed
        if len(stemmed) < _MIN_TYPO_LENGTH or stemmed.isdigit():
            return None
        near = [w for w in self._by_initial.get(stemmed[0], ()) if abs(len(w) - len(stemmed)) <= 2]
        found = difflib.get_close_matches(stemmed, near, n=1, cutoff=_TYPO_RATIO)
        return found[0] if found else None

    def find_all(self, words: Sequence[str], forgiving: bool = True) -> list[Match]:
        """Non-overlapping phrases in ``words`` (as of ``words.tokens``), longest first, in order.

        ``forgiving`` reads misspelt words as the known ones they resemble: right for what a person
        types, wrong for reports, where "apical" is no misspelt "apex".
        """
        fixed = [(self.correct(word) if forgiving else None) or stem(word) for word in words]
        free = [True] * len(words)
        matches: list[Match] = []
        for size in range(min(self._longest, len(words)), 0, -1):
            for start in range(len(words) - size + 1):
                hit = self._phrases.get(tuple(fixed[start : start + size]))
                if hit is None or not all(free[start : start + size]):
                    continue
                free[start : start + size] = [False] * size
                matches.append(self._match(hit, words, fixed, start, size))
        return sorted(matches, key=lambda match: match.start)

    @staticmethod
    def _match(
        hit: tuple[Concept, str], words: Sequence[str], fixed: Sequence[str], start: int, size: int
    ) -> Match:
        pairs = zip(words[start : start + size], fixed[start : start + size], strict=True)
        corrected = tuple((word, new) for word, new in pairs if stem(word) != new)
        return Match(hit[0], hit[1], start, start + size, corrected)

    def find(self, text: str) -> Match | None:
        """Best match in ``text``: a finding or device before an organ, then the longest, then the first."""
        matches = self.find_all(tokens(text))
        return min(
            matches,
            key=lambda m: (m.concept.kind == "organ", -m.length, m.start),
            default=None,
        )

    def exact(self, phrase: str) -> Concept | None:
        """The concept that a whole phrase names, spelt right."""
        found = self._phrases.get(stems(phrase))
        return None if found is None else found[0]

    def complete(self, prefix: str, n: int = 8) -> list[str]:
        """Up to ``n`` phrases for a half-typed query: preferred words first, one per concept."""
        wanted = " ".join(tokens(prefix))
        if not wanted:
            return []
        ranked = sorted(
            (rank > 0, not spelled.startswith(wanted), len(phrase), phrase, name)
            for spelled, rank, phrase, name in self._spelled
            if f" {wanted}" in f" {spelled}"
        )
        chosen: dict[str, str] = {}
        for *_, phrase, name in ranked:
            chosen.setdefault(name, phrase)
        return list(chosen.values())[:n]

    @cached_property
    def _spelled(self) -> list[tuple[str, int, str, str]]:
        return [
            (" ".join(tokens(phrase)), rank, phrase, concept.name)
            for concept in self.concepts.values()
            for rank, phrase in enumerate(concept.synonyms)
        ]

    @cached_property
    def normal_statements(self) -> dict[tuple[str, ...], Concept]:
        """Finding whose absence a sentence states in full ("heart size is normal"), by its stems."""
        statements: dict[tuple[str, ...], Concept] = {}
        for concept in self.of_kind("finding", "device"):
            for phrase in concept.normal:
                statements.setdefault(content_stems(phrase), concept)
        return statements

    def of_kind(self, *kinds: Kind) -> list[Concept]:
        """Concepts of the given kinds, in file order."""
        return [concept for concept in self.concepts.values() if concept.kind in kinds]

    def leaves(self, name: str) -> tuple[str, ...]:
        """Leaf organs of a group; the organ itself if it is no group."""
        return self.concepts[name].parts or (name,)

    def lies_in(self, inner: str, outer: str) -> bool:
        """Whether organ ``inner`` is, or is part of, ``outer`` (a lung zone is part of its lung)."""
        if inner == outer:
            return True
        if set(self.leaves(inner)) <= set(self.leaves(outer)):
            return True
        return any(
            self.lies_in(host, outer)
            for host in self.concepts[inner].hosts
            if self.concepts[inner].kind == "organ"
        )


def _concept(record: dict[str, object]) -> Concept:
    return Concept(**{k: tuple(v) if isinstance(v, list) else v for k, v in record.items()})  # type: ignore[arg-type]


def _read(name: str) -> dict[str, list]:
    """One lexicon file of ``medvlp_resources``."""
    try:
        path = resources.files("medvlp_resources") / "lexicon" / name
        content = json.loads(path.read_text(encoding="utf-8"))
        schema = content["schema"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise MedVLPError(
            f"The lexicon file {name} of medvlp_resources cannot be read ({error}); "
            "reinstall medvlp."
        ) from error
    if schema != SCHEMA:
        raise MedVLPError(f"The lexicon file {name} has schema {schema!r}, expected {SCHEMA!r}.")
    return content


@lru_cache(maxsize=1)
def load_lexicon() -> Lexicon:
    """The shipped lexicon, read once.

    Raises
    ------
    MedVLPError
        If a lexicon file is missing or contradicts itself.
    """
    records = [r for name in ("organs.json", "findings.json") for r in _read(name)["concepts"]]
    words = _read("words.json")
    known = KnownWords(
        frozenset(stem(word) for word in words["modifiers"]),
        frozenset(stem(word) for word in words["radiology"]),
    )
    return Lexicon([_concept(record) for record in records], known)
