"""Sentences of a report: abbreviations, decimals, list numbers and removed names are no sentence ends."""

from __future__ import annotations

import itertools
import re

_REMOVED = re.compile(r"\[\*\*.*?\*\*\]|\S*X{3,}[^\s.,;:]*|_{2,}")
_LINE_END = re.compile(r"[ \t]*\r?\n[ \t]*")
_MARKER = r"(?:\(?\d{1,2}[.)](?!\d)|[-*•·–](?=\s))"
_LIST_ITEM = re.compile(rf"\s*{_MARKER}\s*")
_END = re.compile(
    r"(?P<stop>[.!?]+[\"”')]*\s+|;\s+|(?<=[a-z)])\.(?=[A-Z][a-z])|\n+|[•·]|\s[\"“”](?=\s))"
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|eg|ie|dr|mr|mrs|ms|prof|assoc|vs|cf|approx|ca|fig|st|etc|a\.m|p\.m|no|ser|im)"
    r"|\b[A-Z])\.$",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(?:^|\s)\(?\d{1,2}\.$")
_WRAPPED_SHARE = 0.6
"""A line at least this share of the longest one was cut by the page's width, not by its author."""


def without_removed(text: str) -> str:
    """The text without the marks that stand for removed names and dates (XXXX, ___, [**...**])."""
    kept = _REMOVED.sub("", text)
    return re.sub(r"[ \t]+([.,;:])", r"\1", re.sub(r"[ \t]{2,}", " ", kept))


def split_sentences(text: str, fewest_words: int = 1) -> tuple[str, ...]:
    """Sentences in order, without list numbers, bullets and marks of removed names.

    Parameters
    ----------
    text
        A report or a section of one; lines may be wrapped.
    fewest_words
        Shorter sentences are left out.
    """
    flat = _unwrapped(without_removed(text))
    sentences: list[str] = []
    start = 0
    for match in _END.finditer(flat):
        if not _ends_sentence(flat, start, match):
            continue
        sentences.append(flat[start : match.end()])
        start = match.end()
    sentences.append(flat[start:])
    cleaned = (_cleaned(sentence) for sentence in sentences)
    return tuple(s for s in cleaned if re.search(r"\w", s) and len(s.split()) >= fewest_words)


def _ends_sentence(text: str, start: int, match: re.Match[str]) -> bool:
    """Whether a full stop ends a sentence rather than an abbreviation or a list number."""
    before = text[start : match.start() + 1]
    if not match.group().startswith("."):
        # A question mark in brackets doubts what stands there: "(cyst? metastasis?)".
        return match.group()[0] not in "!?" or before.count("(") <= before.count(")")
    if re.search(r"\d\.$", before) and text[match.end() : match.end() + 1].islower():
        return False
    if _ABBREVIATION.search(before) and not re.search(r"\bno\.$", before):
        return bool(
            re.search(r"\betc\.$", before) and text[match.end() : match.end() + 1].isupper()
        )
    if re.search(r"\bno\.$", before, re.IGNORECASE):
        return not text[match.end() : match.end() + 1].isdigit()
    return not (_NUMBERED.search(before) and not before[:-1].strip(" (").rstrip("0123456789"))


def _unwrapped(text: str) -> str:
    """The text with wrapped lines joined; a line end that remains is a sentence's end."""
    lines = _LINE_END.split(text.strip())
    longest = max(map(len, lines), default=0)
    joined = lines[:1]
    for previous, line in itertools.pairwise(lines):
        wrapped = previous and line and len(previous) >= _WRAPPED_SHARE * longest
        follows = wrapped and not _LIST_ITEM.match(line)
        joined += [" " if follows or (line and line[0].islower()) else "\n", line]
    return "".join(joined)


def _cleaned(sentence: str) -> str:
    bare = re.sub(r"\s+", " ", sentence).strip().strip('"“”•·; ')
    return re.sub(rf"^{_MARKER}\s*", "", bare).strip()
