"""Is a phrase asserted, denied or doubted by the words around it?

Cue words with a scope inside the clause, in the manner of NegEx (Chapman et al., J Biomed Inform
2001): a cue before the phrase ("no", "without"), or after it ("is not seen", "has resolved").
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from medvlp.grounding.words import BREAK

Assertion = Literal["present", "absent", "uncertain"]

_REACH = 14
_PRE_ABSENT = (
    "no",
    "not",
    "without",
    "absence of",
    "absent",
    "free of",
    "clear of",
    "negative for",
    "lack of",
    "lacks",
    "never",
    "neither",
    "nor",
    "devoid of",
    "resolved",
    "resolution of",
    "excluded",
    "excludes",
    "removal of",
    "instead of",
    "denies",
    "isn't",
    "doesn't",
    "wasn't",
    "cleared",
)
_POST_ABSENT = (
    "not",
    "absent",
    "has resolved",
    "have resolved",
    "had resolved",
    "resolved",
    "has cleared",
    "has disappeared",
    "disappeared",
    "ruled out",
    "excluded",
    "negative",
    "is gone",
    "gone",
    "isn't",
    "wasn't",
    "none",
    "no longer",
    "not seen",
)
_UNCERTAIN = (
    "rule out",
    "exclude",
    "possible",
    "possibly",
    "probable",
    "suspected",
    "suspicious for",
    "suspicion of",
    "may",
    "might",
    "cannot be excluded",
    "cannot be ruled out",
    "can not be excluded",
    "not excluded",
    "not ruled out",
    "cannot exclude",
    "cannot rule out",
    "can not exclude",
    "questionable",
    "equivocal",
    "query",
    "versus",
    "vs",
    "or perhaps",
    "differential",
)
_NOT_A_DENIAL = (
    "no change",
    "no interval change",
    "no significant change",
    "no significant interval change",
    "no increase",
    "no decrease",
    "not changed",
    "not significantly changed",
    "not only",
    "not necessarily",
    "no new",
    "not increased",
    "no improvement",
    "without change",
    "not normal",
    "not clear",
    "not unremarkable",
    "not healthy",
    "not intact",
)
_NOT = frozenset(["not", "never", "isn't", "wasn't", "aren't", "weren't", "hasn't", "haven't"])
"""Before another cue these take it back: "not without effusion", "has not resolved"."""
_NOUN_CUES = frozenset(["absence of", "lack of", "resolution of"])
"""Cues that "no" takes back as well."""
_BETWEEN_CUES = frozenset(
    ["a", "an", "the", "any", "been", "yet", "completely", "fully", "entirely"]
)
_JOINING = frozenset(["and", "or"])
_OF_SEEING = frozenset(
    ["seen", "present", "evident", "visible", "apparent", "found", "shown", "there", "clearly"]
)
_BREAKERS = frozenset(
    [
        BREAK,
        "but",
        "however",
        "although",
        "though",
        "except",
        "despite",
        "yet",
        "whereas",
        "otherwise",
    ]
)
_ASSERTING = frozenset(["with", "shows", "showing", "demonstrates", "reveals"])


def _cue_at(words: Sequence[str], position: int, cues: tuple[str, ...]) -> str | None:
    """Longest cue that starts at ``position``."""
    best = None
    for cue, parts in _by_first_word(cues).get(words[position], ()):
        found = tuple(words[position : position + len(parts)]) == parts
        if found and len(cue) > len(best or ""):
            best = cue
    return best


@lru_cache(maxsize=8)
def _by_first_word(cues: tuple[str, ...]) -> dict[str, list[tuple[str, tuple[str, ...]]]]:
    """Cues and their words, under the first of them."""
    starts: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for cue in cues:
        parts = tuple(cue.split())
        starts.setdefault(parts[0], []).append((cue, parts))
    return starts


def _clause(words: Sequence[str], start: int, end: int) -> tuple[int, int]:
    """Bounds of the clause around the phrase: breakers and reach cut it."""
    first = max(0, start - _REACH)
    for position in range(start - 1, first - 1, -1):
        if words[position] in _BREAKERS:
            first = position + 1
            break
    last = min(len(words), end + _REACH)
    for position in range(end, last):
        if words[position] in _BREAKERS:
            last = position
            break
    return first, last


def cue_positions(words: Sequence[str]) -> set[int]:
    """Positions of the words that deny or doubt: they carry polarity, no content of their own."""
    marked: set[int] = set()
    for position in range(len(words)):
        for cues in (_PRE_ABSENT, _POST_ABSENT, _UNCERTAIN, _NOT_A_DENIAL):
            cue = _cue_at(words, position, cues)
            if cue:
                marked |= set(range(position, position + len(cue.split())))
    return marked | {position for position, word in enumerate(words) if word == "non"}


def is_taken_back(words: Sequence[str], position: int) -> bool:
    """Whether the cue at ``position`` is itself denied: "not without", "no absence of"."""
    before = position - 1
    while before >= 0 and words[before] in _BETWEEN_CUES:
        before -= 1
    if before < 0:
        return False
    noun = _cue_at(words, position, _PRE_ABSENT) in _NOUN_CUES
    return words[before] in _NOT or (noun and words[before] == "no")


def _takes_back(words: Sequence[str], position: int) -> bool:
    """Whether the word at ``position`` denies the cue that follows it."""
    after = position + 1
    while after < len(words) and words[after] in _BETWEEN_CUES:
        after += 1
    return (
        after < len(words)
        and any(_cue_at(words, after, cues) for cues in (_PRE_ABSENT, _POST_ABSENT))
        and is_taken_back(words, after)
    )


def _denies_what_follows(words: Sequence[str], position: int, end: int) -> bool:
    """Whether "not" is about the next phrase: "effusion, not pneumothorax", "liver and not spleen"."""
    if words[position] != "not" or position + 1 >= len(words):
        return False
    after = words[position + 1]
    if after in _OF_SEEING or after.endswith(("ed", "ly")):
        return False
    return position == end or words[position - 1] in _JOINING


def _denied_before(words: Sequence[str], first: int, start: int, end: int) -> bool:
    position = start - 1
    while position >= first:
        if (
            words[position] in _ASSERTING
            and start - position > 1
            and "no" not in words[first:position]
        ):
            return False
        # "non" denies the next word alone: a non-displaced fracture is a fracture.
        if words[position] == "non" and position == start - 1 and end - start == 1:
            return True
        if _cue_at(words, position, _PRE_ABSENT) and not _takes_back(words, position):
            denied = _cue_at(words, position, _NOT_A_DENIAL) is None
            return denied and not is_taken_back(words, position)
        position -= 1
    return False


def _denied_after(words: Sequence[str], end: int, last: int) -> bool:
    return any(
        _cue_at(words, position, _POST_ABSENT)
        and not _cue_at(words, position, _NOT_A_DENIAL)
        and not is_taken_back(words, position)
        and not _takes_back(words, position)
        and not _denies_what_follows(words, position, end)
        for position in range(end, last)
    )


def assertion(words: Sequence[str], start: int, end: int) -> Assertion:
    """Whether ``words[start:end]`` is said to be present, absent or doubtful.

    Parameters
    ----------
    words
        One sentence, as of ``words.tokens``.
    start, end
        The phrase, end exclusive.
    """
    first, last = _clause(words, start, end)
    around = [p for p in range(first, last) if not start <= p < end]
    if any(_cue_at(words, position, _UNCERTAIN) for position in around):
        return "uncertain"
    if _denied_before(words, first, start, end):
        return "absent"
    return "absent" if _denied_after(words, end, last) else "present"
