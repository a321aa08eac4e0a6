"""Clauses: the stretches of a sentence inside which a negation or a doubt holds."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from medvlp_training.reports.words import Word, words_of

_VERBS = frozenset(
    [
        "is",
        "are",
        "was",
        "were",
        "has",
        "have",
        "had",
        "shows",
        "show",
        "showed",
        "demonstrates",
        "demonstrate",
        "demonstrated",
        "reveals",
        "reveal",
        "revealed",
        "appears",
        "appear",
        "remains",
        "remain",
        "contains",
        "contain",
        "there",
    ]
)
_RELATIVE = frozenset(["that", "which", "who", "whose"])
_BREAKERS = frozenset(["but", "however", "although", "though", "whereas", "while", "yet"])
_FRESH = frozenset(
    [
        "possible",
        "possibly",
        "probable",
        "probably",
        "likely",
        "suspected",
        "stable",
        "unchanged",
        "persistent",
    ]
)
"""Words that begin something new after a comma: "no effusion, possible pneumonia"."""
_QUESTION = re.compile(r"\?")
_OPENS_DOUBT = re.compile(r"[(,;.]")


@dataclass(frozen=True)
class Clause:
    """Consecutive words of a sentence.

    Parameters
    ----------
    words
        With their characters in the sentence.
    doubted
        Positions of words that a question mark follows: "(pneumonia?)".
    """

    words: tuple[Word, ...]
    doubted: frozenset[int] = frozenset()

    @cached_property
    def text(self) -> str:
        """The words in normal form, one space between two: what rules are matched against."""
        return " ".join(word.text for word in self.words)

    @cached_property
    def _starts(self) -> list[int]:
        starts, place = [], 0
        for word in self.words:
            starts.append(place)
            place += len(word.text) + 1
        return starts

    def positions(self, start: int, end: int) -> tuple[int, int]:
        """First and one past the last word of characters ``start`` to ``end`` of ``text``."""
        return bisect_right(self._starts, start) - 1, bisect_right(self._starts, end - 1)

    def characters(self, first: int, last: int) -> tuple[int, int]:
        """Characters of ``text`` that words ``first`` to ``last`` (exclusive) take."""
        end = self._starts[last - 1] + len(self.words[last - 1].text) if last > first else 0
        return self._starts[first] if first < len(self.words) else len(self.text), end


def split_clauses(sentence: str) -> tuple[Clause, ...]:
    """Clauses of a sentence, in order.

    A sentence is cut at "but" and its like, and at a comma or an "and" between two stretches that
    both have a verb, or before a fresh start: "effusion is seen and no nodule was detected" says two things, "effusion,
    nodule and mass were not detected" says one.
    """
    words = words_of(sentence)
    doubted = _doubted(sentence, words)
    cuts = [0, *_cuts(sentence, words), len(words)]
    return tuple(
        Clause(words[a:b], frozenset(i - a for i in doubted if a <= i < b))
        for a, b in itertools.pairwise(cuts)
        if b > a
    )


def _cuts(sentence: str, words: Sequence[Word]) -> Iterator[int]:
    last = 0
    for position in range(1, len(words)):
        gap = sentence[words[position - 1].end : words[position].start]
        word = words[position].text
        if word in _BREAKERS or ";" in gap or ":" in gap or ("," in gap and word in _FRESH):
            yield (last := position)
        elif "," in gap or word == "and":
            after = position + (word == "and")
            if _has_verb(words[last:position]) and _says_more(sentence, words, after):
                yield (last := position)


def _has_verb(words: Sequence[Word]) -> bool:
    texts = [word.text for word in words]
    return any(
        text in _VERBS and (i == 0 or texts[i - 1] not in _RELATIVE) for i, text in enumerate(texts)
    )


def _says_more(sentence: str, words: Sequence[Word], start: int) -> bool:
    """Whether a subject and its verb follow before the next comma that has a verb before it."""
    if start >= len(words) or words[start].text in (_VERBS - {"there"}) | _RELATIVE | {"not"}:
        return False
    return _has_verb(words[start:])


def _doubted(sentence: str, words: Sequence[Word]) -> set[int]:
    """Words between a question mark and the bracket or comma before it."""
    doubted: set[int] = set()
    for mark in _QUESTION.finditer(sentence):
        opening = [m.end() for m in _OPENS_DOUBT.finditer(sentence, 0, mark.start())]
        start = opening[-1] if opening else 0
        doubted |= {i for i, word in enumerate(words) if start <= word.start < mark.start()}
    return doubted
