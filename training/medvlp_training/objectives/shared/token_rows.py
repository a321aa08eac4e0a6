"""Cutting tokens out of padded texts."""

from __future__ import annotations

import torch
from torch import Tensor


def keep_tokens(input_ids: Tensor, keep: Tensor) -> tuple[Tensor, Tensor]:
    """The kept tokens of each row, in their order and without gaps.

    Parameters
    ----------
    input_ids
        ``(B, L)`` int64.
    keep
        ``(B, L)`` bool.

    Returns
    -------
    input_ids, attention_mask
        ``(B, longest)`` int64, padded with 0.
    """
    order = (~keep).long().argsort(dim=1, stable=True)
    counts = keep.sum(1)
    longest = int(counts.max())
    mask = torch.arange(longest, device=keep.device) < counts[:, None]
    return input_ids.gather(1, order[:, :longest]) * mask, mask.long()


def draw_sentence(input_ids: Tensor, sentence_of_token: Tensor, step: Tensor) -> Tensor:
    """A sentence of each text, ``(B,)``: pseudo-random, the same for the same text and step.

    No generator is used, so that a batch that is cut or run again draws the same. 0 for a text without
    sentences.
    """
    count = sentence_of_token.amax(1).clamp(min=0) + 1
    places = torch.arange(1, input_ids.shape[1] + 1, device=input_ids.device)
    # Odd constants of golden-ratio hashing; int64 wraps.
    key = (input_ids * places * 0x9E3779B1).sum(1) + step * 0x85EBCA77
    key = (key ^ (key >> 15)) * 0x2C1B3C6D
    key = (key ^ (key >> 13)) * 0x297A2D39
    return ((key ^ (key >> 16)) & 0x7FFFFFFF) % count
