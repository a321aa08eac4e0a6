"""A text tower that is not trained says the same of a text each time: it is asked once per text."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from types import MethodType
from weakref import WeakKeyDictionary

import torch
from torch import Tensor

from medvlp.models.text import TextTower

CAPACITY = 4096
"""Texts kept; those asked least recently go first."""

Compute = Callable[[Tensor, Tensor, Tensor], Tensor]
"""Token ids, attention mask and polarity of some texts to what is wanted of each token."""


class TextMemory:
    """Answers by text.

    An answer must not depend on the other texts of its batch, nor on how far they were padded. Values
    at padding are 0, whatever the tower would have put there.

    Parameters
    ----------
    capacity
        Texts kept.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._known: OrderedDict[tuple[str, str, bytes], Tensor] = OrderedDict()
        self._state: tuple[int, ...] = ()

    def holds_for(self, tower: TextTower) -> bool:
        """Whether the tower says the same each time; what it said with other weights is forgotten."""
        hidden = [*tower.bert.parameters(), tower.prompts]
        if tower.config.dropout or any(parameter.requires_grad for parameter in hidden):
            return False
        state = tuple(parameter._version for parameter in hidden)  # changed in place, as by loading
        if state != self._state:
            self._known.clear()
            self._state = state
        return True

    @torch.no_grad()
    def __call__(
        self, question: str, compute: Compute, ids: Tensor, mask: Tensor, polarity: Tensor | None
    ) -> Tensor:
        """``compute`` of every row, ``(batch, length, ...)``; only unknown rows are computed.

        Parameters
        ----------
        question
            What ``compute`` computes.
        ids, mask
            ``(batch, length)``.
        polarity
            ``(batch,)``; present if omitted.
        """
        signs = torch.zeros_like(ids[:, 0]) if polarity is None else polarity
        lengths, precision = mask.sum(1).tolist(), _precision(ids.device.type)
        # The text's own tokens come first: padding stands at the end.
        keys = [
            (question, precision, row[:length].cpu().numpy().tobytes() + bytes([int(sign)]))
            for row, length, sign in zip(ids, lengths, signs, strict=True)
        ]
        found = {key: self._known[key] for key in keys if key in self._known}
        new = {key: number for number, key in enumerate(keys) if key not in found}
        if new:
            rows = torch.tensor(list(new.values()), device=ids.device)
            longest = max(lengths[number] for number in new.values())
            answers = compute(ids[rows, :longest], mask[rows, :longest], signs[rows])
            for (key, number), answer in zip(new.items(), answers, strict=True):
                found[key] = answer[: lengths[number]].clone()
        for key in keys:
            self._known[key] = found[key]
            self._known.move_to_end(key)
        while len(self._known) > self._capacity:
            self._known.popitem(last=False)
        first = found[keys[0]]
        filled = first.new_zeros((*ids.shape, *first.shape[1:]))
        for number, (key, length) in enumerate(zip(keys, lengths, strict=True)):
            filled[number, :length] = found[key]
        return filled


_MEMORIES: WeakKeyDictionary[TextTower, TextMemory] = WeakKeyDictionary()


def memory_of(tower: TextTower) -> TextMemory | None:
    """The tower's memory, if it has one that holds now."""
    memory = _MEMORIES.get(tower)
    return memory if memory is not None and memory.holds_for(tower) else None


def remember_texts(tower: TextTower) -> None:
    """Let a tower remember what it said, for as long as it is frozen and has no dropout.

    The projection may be trained. Texts behind prompts of somebody else's are computed each time.
    """
    _MEMORIES[tower] = TextMemory()
    # The instance's own attribute: found before the class's method by everyone who asks this tower.
    # Bound, so that a copy of the tower asks itself; it has no memory.
    tower.hidden_states = MethodType(_hidden_states, tower)  # type: ignore[method-assign]


def _hidden_states(
    tower: TextTower,
    input_ids: Tensor,
    attention_mask: Tensor,
    polarity: Tensor | None = None,
    prompts: Tensor | None = None,
) -> Tensor:
    memory = memory_of(tower)
    if memory is None or prompts is not None:
        return TextTower.hidden_states(tower, input_ids, attention_mask, polarity, prompts)

    def compute(ids: Tensor, mask: Tensor, signs: Tensor) -> Tensor:
        return TextTower.hidden_states(tower, ids, mask, signs)

    return memory("hidden", compute, input_ids, attention_mask, polarity)


def _precision(device: str) -> str:
    """Answers in two precisions are not the same."""
    on = torch.is_autocast_enabled(device)
    return str(torch.get_autocast_dtype(device)) if on else "as stored"
