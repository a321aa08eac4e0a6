"""Finding the concept, its side and its place among the words of a query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from medvlp.grounding.clauses import first_clause, places_of, shared_words, subject_range
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
    about
        Positions of the words that are about the concept, where the query names several.
    normal
        Whether the words state that the concept is absent by saying that all is normal.
    """

    words: tuple[str, ...]
    matches: tuple[Match, ...]
    concept: Concept | None
    span: tuple[int, int]
    organs: tuple[Concept, ...]
    used: frozenset[int]
    about: frozenset[int]
    normal: bool = False


def read_words(words: tuple[str, ...], lexicon: Lexicon) -> Reading:
    """Look the words up; a finding is the subject before an organ."""
    stated = _normal_statement(words, lexicon)
    matches = tuple(lexicon.find_all(words))
    used = {i for match in matches for i in range(match.start, match.end)}
    read = [_as_finding(match, lexicon) for match in matches]
    found = [m for m in read if m.concept.kind != "organ"]
    organs = [m for m in read if m.concept.kind == "organ"]
    everything = frozenset(range(len(words)))
    if stated is not None:
        return Reading(words, matches, stated, (0, 0), (), everything, everything, True)
    if found:
        return _read_finding(words, matches, found, organs, lexicon)
    general = generic_word(words, used, organs, lexicon)
    if general is not None:
        concept, at = general
        places = tuple(m.concept for m in organs)
        span = (at, at + 1)
        return Reading(words, matches, concept, span, places, frozenset(used | {at}), everything)
    if organs:
        ends = first_clause(words)
        best = max((m for m in organs if m.start < ends), key=lambda m: (m.length, -m.start))
        span, about = (best.start, best.end), frozenset(range(ends))
        return Reading(words, matches, best.concept, span, (), frozenset(used), about)
    return Reading(words, (), None, (0, 0), (), frozenset(), everything)


def _read_finding(
    words: tuple[str, ...],
    matches: tuple[Match, ...],
    found: Sequence[Match],
    organs: Sequence[Match],
    lexicon: Lexicon,
) -> Reading:
    """The finding with the longest name in the first clause, with the sides and organs of its own."""
    ends = first_clause(words)
    best = max((m for m in found if m.start < ends), key=lambda m: (m.length, -m.start))
    about = {*subject_range(words, best, [m for m in found if m is not best])}
    own = places_of(words, best, [m for m in organs if m.start in about])
    sided = any(words[i] in SIDES for i in about)
    if not own and not sided:
        about |= shared_words(words, found)
        own = places_of(words, best, [m for m in organs if m.start in about])
    places = tuple(m.concept for m in own)
    concept = specific(best.concept, best.phrase, places, lexicon)
    used = frozenset(i for match in matches for i in range(match.start, match.end))
    return Reading(words, matches, concept, (best.start, best.end), places, used, frozenset(about))


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
    sides = stated_sides(reading)
    sides |= {
        m.concept.laterality
        for m in reading.matches
        if m.concept.laterality and m.start in reading.about
    }
    if not sides:
        return None
    if "both" in sides or len(sides) > 1:
        return "both"
    return "left" if "left" in sides else "right"


def stated_sides(reading: Reading) -> set[str]:
    """Sides said of the concept by words of their own ("left", "bilateral")."""
    return {
        SIDES[reading.words[i]] for i in reading.about - reading.used if reading.words[i] in SIDES
    }


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
