"""Which sides and organs of a query belong to its subject, where it names several things."""

from __future__ import annotations

import re
from collections.abc import Sequence

from medvlp.grounding.lexicon import Lexicon, Match
from medvlp.grounding.words import BREAK, SIDES, tokens

_PUNCTUATION = re.compile(r"[,;\n\r]+")

_JOINING = frozenset(["and", "or", "plus", "but", "also"])
_SEPARATING = _JOINING | {BREAK, "no", "nor", "not", "without", "versus", "vs", "with"}
_PLACING = frozenset(
    [
        *("in", "of", "at", "on", "to", "from", "into", "within", "inside", "near", "around"),
        *("along", "behind", "above", "below", "over", "under", "beside", "adjacent"),
    ]
)


def query_words(text: str, lexicon: Lexicon) -> tuple[str, ...]:
    """Words of a query, with :data:`~medvlp.grounding.words.BREAK` between its clauses.

    A comma, a semicolon or a new line parts two clauses where something to look for stands on both
    sides: a finding, or where there is none an organ. "effusion, left" and "nodule, no change" are one.
    """
    parts = [_both_sides(tokens(part)) for part in _PUNCTUATION.split(text)]
    if len(parts) == 1:
        return tuple(parts[0])
    kinds = [{m.concept.kind == "organ" for m in lexicon.find_all(part)} for part in parts]
    organs_only = not any(False in kind for kind in kinds)
    words: list[str] = []
    begun = False
    for part, kind in zip(parts, kinds, strict=True):
        subject = organs_only in kind
        words += [BREAK, *part] if begun and subject else part
        begun = begun or subject
    return tuple(words)


def _both_sides(words: Sequence[str]) -> list[str]:
    """Words in which both sides of one thing are one word: "left and right kidney"; "or" leaves either."""
    said: list[str] = []
    rest = list(words)
    while rest:
        pair = rest[:3] if rest[1:2] and rest[1] in _JOINING else rest[:2]
        if {SIDES.get(word) for word in pair if word not in _JOINING} == {"left", "right"}:
            said += [] if "or" in pair else ["both"]
            del rest[: len(pair)]
        else:
            said.append(rest.pop(0))
    return said or list(words)


def first_clause(words: Sequence[str]) -> int:
    """How many words come before the second clause."""
    return words.index(BREAK) if BREAK in words else len(words)


def contradicting(subject: tuple[int, int], organs: Sequence[Match]) -> tuple[Match, Match] | None:
    """A place before the subject and one after it, on opposite sides of the patient.

    "right kidney stone in the left kidney", not "stone in the right kidney and the left kidney".
    """
    opposite = {("left", "right"), ("right", "left")}
    pairs = (
        (before, after)
        for before in organs
        for after in organs
        if before.end <= subject[0] and after.start >= subject[1]
        if (before.concept.laterality, after.concept.laterality) in opposite
    )
    return next(pairs, None)


def subject_range(words: Sequence[str], subject: Match, others: Sequence[Match]) -> range:
    """Positions of the words about ``subject``: up to the clauses of the other findings.

    "left effusion and right pneumothorax" has one clause for each.
    """
    first, last = 0, len(words)
    for other in others:
        if other.end <= subject.start:
            first = max(first, _cut(words, other.end, subject.start))
        elif other.start >= subject.end:
            last = min(last, _cut(words, subject.end, other.start))
    return range(first, last)


def shared_words(words: Sequence[str], findings: Sequence[Match]) -> set[int]:
    """Positions before the first finding and after the last: what a list has in common.

    "effusion and pneumothorax on the left" is about the left for both.
    """
    if not findings:
        return set(range(len(words)))
    first = min(match.start for match in findings)
    last = max(match.end for match in findings)
    return {*range(first), *range(last, len(words))}


def places_of(words: Sequence[str], subject: Match, organs: Sequence[Match]) -> list[Match]:
    """Those of ``organs`` that are a place of ``subject``, in order.

    An organ that is only joined to it ("effusion and liver") is a subject of its own.
    """
    before = [m for m in reversed(organs) if m.end <= subject.start]
    after = [m for m in organs if m.start >= subject.end]
    kept: list[Match] = []
    if before and not _joined(words[before[0].end : subject.start]):
        kept += before
    if after and not _joined(words[subject.end : after[0].start]):
        kept += after
    return sorted(kept, key=lambda match: match.start)


def _cut(words: Sequence[str], first: int, last: int) -> int:
    return next((i for i in range(first, last) if words[i] in _SEPARATING), first)


def _joined(between: Sequence[str]) -> bool:
    return bool(_JOINING & {*between}) and not _PLACING & {*between}
