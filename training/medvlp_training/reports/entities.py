"""Concepts of the lexicon in a report's sentences: where they stand and whether they are there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from medvlp.grounding.lexicon import Concept, Lexicon, Match
from medvlp.grounding.reading import generic_word, specific
from medvlp_training.reports.assertion import state_of
from medvlp_training.reports.clauses import Clause, split_clauses
from medvlp_training.samples.sample import PRESENT, Entity


@dataclass(frozen=True)
class Mention:
    """A concept named by words ``first`` to ``last`` (exclusive) of a clause."""

    concept: Concept
    first: int
    last: int
    state: int


def mentions_in(clause: Clause, lexicon: Lexicon) -> tuple[Mention, ...]:
    """Concepts that a clause names, in order.

    An organ is ``PRESENT`` wherever it is named: "no nodule in the liver" denies the nodule. A
    general word takes its meaning from the organ named beside it: "mass" in the liver, and, where
    the clause names no finding, "stone" in the kidney.
    """
    words = [word.text for word in clause.words]
    found = lexicon.find_all(words, forgiving=False)
    matches = [_as_finding(match, lexicon) for match in found]
    organs = [match for match in matches if match.concept.kind == "organ"]
    mentions = [_mention(match, clause, organs, lexicon) for match in matches]
    if len(organs) == len(matches):
        used = {i for match in matches for i in range(match.start, match.end)}
        general = generic_word(words, used, organs, lexicon)
        if general is not None:
            concept, at = general
            mentions.append(Mention(concept, at, at + 1, state_of(clause, at, at + 1)))
    return tuple(sorted(mentions, key=lambda mention: mention.first))


def _as_finding(match: Match, lexicon: Lexicon) -> Match:
    """A structure that is a kind of finding, such as a cyst of the left kidney, is that finding."""
    if match.concept.kind != "organ" or not match.concept.broader:
        return match
    return replace(match, concept=lexicon.concepts[match.concept.broader[0]])


def _mention(match: Match, clause: Clause, organs: Sequence[Match], lexicon: Lexicon) -> Mention:
    if match.concept.kind == "organ":
        return Mention(match.concept, match.start, match.end, PRESENT)
    places = [organ.concept for organ in organs]
    concept = specific(match.concept, match.phrase, places, lexicon)
    return Mention(concept, match.start, match.end, state_of(clause, match.start, match.end))


def find_entities(sentences: Sequence[str], lexicon: Lexicon) -> tuple[Entity, ...]:
    """Entities of all sentences, in order; ``sentences[e.sentence][e.start:e.end]`` are the words."""
    return tuple(
        Entity(
            sentence=index,
            start=clause.words[mention.first].start,
            end=clause.words[mention.last - 1].end,
            concept=mention.concept.name,
            state=mention.state,
        )
        for index, sentence in enumerate(sentences)
        for clause in split_clauses(sentence)
        for mention in mentions_in(clause, lexicon)
    )
