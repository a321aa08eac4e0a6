"""Finding the concept, its side and its place among the words of a query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from medvlp.grounding.lexicon import Concept, Lexicon, Match
from medvlp.grounding.words import SIDES, STOPWORDS, stem, stems

NORMAL_WORDS = frozenset({"normal", "unremarkable", "healthy", "clear", "intact", "fine", "ok"})
Laterality = Literal["left", "right", "both"]


@dataclass(frozen=True)
class Reading:
    """What was found among the words of a query.

    Parameters
    ----------
    words
        All words.
    matches
        Phrases of the lexicon among them, as written.
    concept
        What is asked for.
    span
        Words of the concept, end exclusive.
    organs
        Organs named as its place.
    used
        Positions of the words that belong to a phrase.
    normal
        Whether the words state that the concept is absent by saying that all is normal.
    """

    words: tuple[str, ...]
    matches: tuple[Match, ...]
    concept: Concept | None
    span: tuple[int, int]
    organs: tuple[Concept, ...]
    used: frozenset[int]
    normal: bool = False


def read_words(words: tuple[str, ...], lexicon: Lexicon) -> Reading:
    """Look the words up; a finding is the subject before an organ."""
    stated = _normal_statement(words, lexicon)
    matches = tuple(lexicon.find_all(words))
    used = {i for match in matches for i in range(match.start, match.end)}
    read = [_as_finding(match, lexicon) for match in matches]
    found = [m for m in read if m.concept.kind != "organ"]
    organs = [m for m in read if m.concept.kind == "organ"]
    if stated is not None:
        return Reading(words, matches, stated, (0, 0), (), frozenset(range(len(words))), True)
    if found:
        best = max(found, key=lambda m: (m.length, -m.start))
        places = tuple(m.concept for m in organs)
        concept = specific(best.concept, best.phrase, places, lexicon)
        return Reading(words, matches, concept, (best.start, best.end), places, frozenset(used))
    general = generic_word(words, used, organs, lexicon)
    if general is not None:
        concept, at = general
        places = tuple(m.concept for m in organs)
        return Reading(words, matches, concept, (at, at + 1), places, frozenset(used | {at}))
    if organs:
        best = max(organs, key=lambda m: (m.length, -m.start))
        return Reading(words, matches, best.concept, (best.start, best.end), (), frozenset(used))
    return Reading(words, (), None, (0, 0), (), frozenset())


def _as_finding(match: Match, lexicon: Lexicon) -> Match:
    """A structure that is a kind of finding, such as a kidney cyst, is asked for as that finding."""
    concept = match.concept
    if concept.kind == "organ" and concept.broader:
        return replace(match, concept=lexicon.concepts[concept.broader[0]])
    return match


def _normal_statement(words: Sequence[str], lexicon: Lexicon) -> Concept | None:
    """Finding whose absence the words state in full ("heart size is normal")."""
    said = tuple(stem(w) for w in words if w not in STOPWORDS)
    return lexicon.normal_statements.get(said)


def specific(concept: Concept, phrase: str, places: Sequence[Concept], lexicon: Lexicon) -> Concept:
    """The finding that a general word means in a named organ: "mass" in the liver."""
    special = _hosted(stems(phrase), places, lexicon)
    if special is None:
        return concept
    fits = any(lexicon.lies_in(p.name, host) for p in places for host in concept.hosts)
    return special if not fits or concept.name in special.broader else concept


def _hosted(word: tuple[str, ...], places: Sequence[Concept], lexicon: Lexicon) -> Concept | None:
    """Finding that ``word`` may mean, in the smallest host that contains a named place."""
    if not places:
        return None
    options: list[tuple[int, int, Concept]] = []
    for rank, concept in enumerate(lexicon.of_kind("finding", "device")):
        if word not in {stems(general) for general in concept.generic}:
            continue
        options += [
            (len(lexicon.leaves(host)), rank, concept)
            for host in concept.hosts
            if any(lexicon.lies_in(place.name, host) for place in places)
        ]
    return min(options, key=lambda option: option[:2])[2] if options else None


def generic_word(
    words: Sequence[str], used: set[int], organs: Sequence[Match], lexicon: Lexicon
) -> tuple[Concept, int] | None:
    """A word outside every phrase that means a finding of a named organ: "stone", "clot"."""
    places = [match.concept for match in organs]
    for position, word in enumerate(words):
        concept = _hosted((stem(word),), places, lexicon) if position not in used else None
        if concept is not None:
            return concept, position
    return None


def laterality(reading: Reading) -> Laterality | None:
    """Side that the words or the named organs give."""
    sides = {SIDES[w] for i, w in enumerate(reading.words) if w in SIDES and i not in reading.used}
    sides |= {m.concept.laterality for m in reading.matches if m.concept.laterality}
    if not sides:
        return None
    if "both" in sides or len(sides) > 1:
        return "both"
    return "left" if "left" in sides else "right"


def with_side(reading: Reading, side: Laterality | None, lexicon: Lexicon) -> Reading:
    """An organ of both sides with a side word is the organ of that side ("kidney, left")."""
    concept = reading.concept
    if concept is None or concept.kind != "organ" or side not in ("left", "right"):
        return reading
    return replace(reading, concept=on_side(concept, side, lexicon))


def on_side(organ: Concept, side: Laterality, lexicon: Lexicon) -> Concept:
    """The part of a group of organs that lies on one side ("lungs" on the left); else the organ."""
    if organ.laterality is not None:
        return organ
    inside = [
        part
        for part in lexicon.of_kind("organ")
        if part.laterality == side and organ.parts and lexicon.lies_in(part.name, organ.name)
    ]
    return max(inside, key=lambda part: len(part.parts), default=organ)
