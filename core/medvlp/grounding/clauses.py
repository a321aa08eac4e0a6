"""Which sides and organs of a query belong to its subject, where it names several things."""

from __future__ import annotations

from collections.abc import Sequence

from medvlp.grounding.lexicon import Match

_JOINING = frozenset(["and", "or", "plus", "but", "also"])
_SEPARATING = _JOINING | {"no", "nor", "not", "without", "versus", "vs", "with"}
_PLACING = frozenset(
    [
        *("in", "of", "at", "on", "to", "from", "into", "within", "inside", "near", "around"),
        *("along", "behind", "above", "below", "over", "under", "beside", "adjacent"),
    ]
)


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
