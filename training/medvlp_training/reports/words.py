"""Words of a sentence with their places: the lexicon's normal form, and where it stands in the text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from medvlp.grounding.words import tokens

_WORD = re.compile(r"[A-Za-z0-9]+(?:['’][A-Za-z]+)?|[^\W\d_]+", re.UNICODE)


@dataclass(frozen=True)
class Word:
    """A word in the lexicon's normal form; characters ``start`` to ``end`` of its sentence."""

    text: str
    start: int
    end: int


def words_of(text: str) -> tuple[Word, ...]:
    """Words as of :func:`medvlp.grounding.words.tokens`, with their characters.

    Words are found before they are put in lower case, which may change a text's length.
    """
    return tuple(
        Word(normal, match.start(), match.end())
        for match in _WORD.finditer(text)
        for normal in tokens(match.group())[:1]
    )
