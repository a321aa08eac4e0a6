"""Sentences from tokens."""

from __future__ import annotations

import math

import torch
from torch import Tensor


def only_sentence(attention_mask: Tensor) -> Tensor:
    """``sentence_of_token`` of texts that are one sentence each: all but ``[CLS]`` and ``[SEP]``.

    Parameters
    ----------
    attention_mask
        ``(T, L)`` int64; padding follows the text.

    Returns
    -------
    Tensor
        ``(T, L)`` int64: 0 for the text's own tokens, -1 elsewhere.
    """
    inner = torch.zeros_like(attention_mask)
    inner[:, 1:-1] = attention_mask[:, 2:]  # a token is inside where another one follows
    return inner - 1


def sentence_vectors(
    tokens: Tensor, sentence_of_token: Tensor, count: int
) -> tuple[Tensor, Tensor]:
    """Maximum over the tokens of each sentence.

    Parameters
    ----------
    tokens
        ``(B, L, H)``.
    sentence_of_token
        ``(B, L)`` int64; -1 belongs to none.
    count
        M, more than the largest of them.

    Returns
    -------
    vectors : Tensor
        ``(B, M, H)``; 0 where there is no such sentence.
    said : Tensor
        ``(B, M)`` bool: the sentence is there.
    """
    batch, _, width = tokens.shape
    slot = torch.where(sentence_of_token < 0, count, sentence_of_token).unsqueeze(-1)
    lowest = tokens.new_full((batch, count + 1, width), -math.inf)
    highest = lowest.scatter_reduce(1, slot.expand_as(tokens), tokens, "amax")[:, :count]
    said = (sentence_of_token.unsqueeze(-1) == torch.arange(count, device=tokens.device)).any(1)
    return torch.where(said.unsqueeze(-1), highest, 0), said
