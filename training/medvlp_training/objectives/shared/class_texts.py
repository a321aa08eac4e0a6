"""The classes' names as token ids, alone and one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from medvlp.models.text import tokenize
from medvlp_training.objectives.shared.token_rows import keep_tokens

if TYPE_CHECKING:
    from tokenizers import Tokenizer


@dataclass(frozen=True, eq=False)
class ClassTexts:
    """Names of C classes, tokenised once.

    Parameters
    ----------
    input_ids, attention_mask
        ``(C, L)`` int64: each name between ``[CLS]`` and ``[SEP]``.
    separator
        Id that stands between two names.
    """

    input_ids: Tensor
    attention_mask: Tensor
    separator: int

    @classmethod
    def of(cls, names: Sequence[str], tokenizer: Tokenizer) -> ClassTexts:
        """Tokenise ``names``, underscores being spaces."""
        texts = [name.replace("_", " ") for name in names]
        ids, mask = tokenize(tokenizer, texts) if texts else 2 * (torch.zeros(0, 2).long(),)
        # Some tokenizers (SigLIP's) drop punctuation.
        between = (tokenizer.encode(mark, add_special_tokens=False).ids for mark in (",", "and"))
        return cls(ids, mask, next(found[0] for found in between if found))

    def to(self, device: torch.device) -> ClassTexts:
        """The same on another device."""
        return replace(
            self,
            input_ids=self.input_ids.to(device),
            attention_mask=self.attention_mask.to(device),
        )

    def listed(self, chosen: Tensor) -> tuple[Tensor, Tensor]:
        """``[CLS] name, name, name [SEP]`` of the chosen classes of each row.

        Parameters
        ----------
        chosen
            ``(B, C)`` bool, one class or more in each row.

        Returns
        -------
        input_ids, attention_mask
            ``(B, longest)`` int64.
        """
        rows = len(chosen)
        length = self.attention_mask.sum(1)
        places = torch.arange(self.input_ids.shape[1], device=chosen.device)
        is_name = (places > 0) & (places < length[:, None] - 1)
        followed = chosen.flip(1).cumsum(1).flip(1) > chosen.long()
        # Per class: its tokens, then a separator if another class follows.
        keep = torch.cat([chosen[..., None] & is_name, (chosen & followed)[..., None]], dim=2)
        block = torch.nn.functional.pad(self.input_ids, (0, 1), value=self.separator)
        ends = keep.new_ones(rows, 1)
        first, last = self.input_ids[0, 0], self.input_ids[0, length[0] - 1]
        ids = torch.cat([first[None], block.flatten(), last[None]]).expand(rows, -1)
        return keep_tokens(ids, torch.cat([ends, keep.flatten(1), ends], dim=1))
