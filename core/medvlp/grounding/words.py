"""Words of a query: normal form, plural, spelling, side. Pure functions, no lexicon."""

from __future__ import annotations

import re
from functools import lru_cache

_TOKEN = re.compile(r"[a-z0-9]+(?:'[a-z]+)?|[^\W\d_]+", re.UNICODE)
_BRITISH = (
    ("haem", "hem"),
    ("oedem", "edem"),
    ("oesoph", "esoph"),
    ("tumour", "tumor"),
    ("centre", "center"),
    ("calibre", "caliber"),
    ("goitre", "goiter"),
    ("metre", "meter"),
    ("orthopaed", "orthoped"),
    ("anaesth", "anesth"),
)
# More than the lexicon has phrases: they are compared with every query.
_REMEMBERED = 16384
_KEPT_S = {"mets", "ards", "pus", "gas", "covid19", "always"}

BREAK = ";"
"""Stands among the words of a query where one clause ends and the next begins."""

SIDES = {
    "left": "left",
    "lt": "left",
    "right": "right",
    "rt": "right",
    "bilateral": "both",
    "bilaterally": "both",
    "both": "both",
}
"""Words that name a side."""

STOPWORDS = frozenset(
    [
        "a",
        "an",
        "and",
        "any",
        "are",
        "as",
        "at",
        "be",
        "been",
        "by",
        "can",
        "could",
        "do",
        "does",
        "for",
        "from",
        "had",
        "has",
        "have",
        "if",
        "in",
        "into",
        "is",
        "it",
        "its",
        "of",
        "on",
        "or",
        "patient",
        "please",
        "scan",
        "seen",
        "see",
        "show",
        "shows",
        "shown",
        "showing",
        "side",
        "sided",
        "that",
        "the",
        "their",
        "there",
        "these",
        "this",
        "those",
        "to",
        "was",
        "were",
        "what",
        "where",
        "which",
        "with",
        "would",
        "image",
        "ct",
        "xray",
        "x",
        "ray",
        "radiograph",
        "film",
        "find",
        "finding",
        "findings",
        "locate",
        "highlight",
        "identify",
        "present",
        "presence",
        "evidence",
        "sign",
        "signs",
        "study",
        "chest",
        "thorax",
        "abdomen",
        "abdominal",
        "thoracic",
        "within",
        "near",
        "around",
        "along",
        "me",
        "you",
        "i",
        "s",
        BREAK,
    ]
)
"""Words that carry no finding or organ of their own."""


def tokens(text: str) -> list[str]:
    """Lower-case words of ``text`` in American spelling; punctuation and hyphens separate words."""
    lowered = text.lower().replace("’", "'")
    for british, american in _BRITISH:
        lowered = lowered.replace(british, american)
    return [re.sub(r"'s?$", "", word) for word in _TOKEN.findall(lowered)]


def stem(word: str) -> str:
    """Singular of a plural English or Latin word; other words unchanged.

    A light rule, applied to lexicon and query alike: it need not be a dictionary form.
    """
    if len(word) <= 3 or word in _KEPT_S:
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("sses", "ches", "shes", "xes")):
        return word[:-2]
    if word.endswith("ae"):
        return word[:-1]
    if word.endswith("s") and not word.endswith(("ss", "is", "us")):
        return word[:-1]
    return word


@lru_cache(maxsize=_REMEMBERED)
def stems(text: str) -> tuple[str, ...]:
    """Stemmed words of ``text``: the key under which phrases are compared."""
    return tuple(stem(word) for word in tokens(text))


@lru_cache(maxsize=_REMEMBERED)
def content_stems(text: str) -> tuple[str, ...]:
    """Stemmed words of ``text`` without those that carry no finding or organ."""
    return tuple(stem(word) for word in tokens(text) if word not in STOPWORDS)
