"""Concepts in texts that are known as tokens only."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from medvlp.grounding.lexicon import Lexicon, load_lexicon
from medvlp.grounding.words import tokens as words_of

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_CONTINUES = "##"
_REMEMBERED = 4096


class EntityLinker:
    """Finds the lexicon's phrases in WordPiece tokens, as the lexicon finds them in words.

    Parameters
    ----------
    tokenizer
        WordPiece: a token that continues a word begins with ``##``.
    concepts
        Those to report, by index.
    lexicon
        The shipped one if omitted.
    """

    def __init__(
        self, tokenizer: Tokenizer, concepts: Sequence[str], lexicon: Lexicon | None = None
    ) -> None:
        self._tokenizer = tokenizer
        self._lexicon = lexicon or load_lexicon()
        self._index = {name: n for n, name in enumerate(concepts)}
        self._link = lru_cache(_REMEMBERED)(self._link_one)

    def link(self, input_ids: Tensor, inner: Tensor) -> Tensor:
        """Index of the concept that each token names, ``(T, L)`` int64; -1 for none.

        Parameters
        ----------
        input_ids
            ``(T, L)`` int64.
        inner
            ``(T, L)`` bool: tokens of the text, without special tokens and padding.
        """
        found = torch.full_like(input_ids, -1)
        for row, own in enumerate(inner):
            places = own.nonzero()[:, 0]
            linked = self._link(tuple(input_ids[row, places].tolist()))
            found[row, places] = torch.tensor(linked, dtype=found.dtype, device=found.device)
        return found

    def _link_one(self, ids: tuple[int, ...]) -> list[int]:
        words: list[str] = []
        places: list[list[int]] = []
        for place, piece in enumerate(self._tokenizer.id_to_token(n) or "" for n in ids):
            if piece.startswith(_CONTINUES) and places:
                words[-1] += piece.removeprefix(_CONTINUES)
                places[-1].append(place)
            else:
                words.append(piece)
                places.append([place])
        spoken = [n for n, word in enumerate(words) if words_of(word)]
        linked = [-1] * len(ids)
        for match in self._lexicon.find_all([words_of(words[n])[0] for n in spoken]):
            for n in spoken[match.start : match.end]:
                for place in places[n]:
                    linked[place] = self._index.get(match.concept.name, -1)
        return linked
