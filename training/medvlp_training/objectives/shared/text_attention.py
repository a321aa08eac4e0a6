"""How much the text tower's [CLS] attends to each token in its last layer.

Computed beside the tower from the last layer's own queries and keys, so that the tower may run any
implementation of attention.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from medvlp.models.text import TextTower
from medvlp_training.objectives.shared.frozen_text import memory_of


@contextmanager
def record_queries_and_keys(tower: TextTower) -> Iterator[dict[str, Tensor]]:
    """``query`` and ``key`` ``(B, prompts + L, hidden)`` of the last layer, filled by the tower's run.

    Nothing for a tower that answers for its attention itself.
    """
    if own_attention(tower) is not None:
        yield {}
        return
    attention = tower.bert.get_submodule(f"encoder.layer.{tower.config.layers - 1}.attention.self")
    found: dict[str, Tensor] = {}

    def keep(name: str) -> torch.utils.hooks.RemovableHandle:
        layer: nn.Linear = getattr(attention, name)
        return layer.register_forward_hook(lambda _, __, out: found.update({name: out.detach()}))

    handles = [keep("query"), keep("key")]
    try:
        yield found
    finally:
        for handle in handles:
            handle.remove()


@torch.no_grad()
def summary_attention(
    tower: TextTower, found: dict[str, Tensor], input_ids: Tensor, attention_mask: Tensor
) -> Tensor:
    """Attention of [CLS] to the text's own tokens, ``(B, L)``, averaged over heads, without gradient.

    Rows sum to 1 less what the prompt vectors get.

    Parameters
    ----------
    tower
        That ran.
    found
        Of :func:`record_queries_and_keys`. Empty where the tower's answer was remembered from another
        objective (:mod:`.encode_once`): then the tower runs again. A tower that remembers texts
        (:mod:`.frozen_text`) is asked once per text.
    input_ids, attention_mask
        ``(B, L)`` that the tower was given.
    """
    own = own_attention(tower)
    if own is not None:
        return own(input_ids, attention_mask)
    memory = memory_of(tower)
    if memory is not None:

        def compute(ids: Tensor, mask: Tensor, _: Tensor) -> Tensor:
            return _attention(tower, _run(tower, ids, mask), mask)

        return memory("summary attention", compute, input_ids, attention_mask, None)
    return _attention(tower, found or _run(tower, input_ids, attention_mask), attention_mask)


def own_attention(tower: nn.Module) -> Callable[[Tensor, Tensor], Tensor] | None:
    """The method ``summary_attention`` of a tower that is not medvlp's own, None for that one."""
    found: Callable[[Tensor, Tensor], Tensor] | None = getattr(tower, "summary_attention", None)
    return found


def _run(tower: TextTower, input_ids: Tensor, attention_mask: Tensor) -> dict[str, Tensor]:
    with record_queries_and_keys(tower) as found:
        # The class's own method: what others put in its place may not run the tower.
        TextTower.hidden_states(tower, input_ids, attention_mask)
    return found


def _attention(tower: TextTower, found: dict[str, Tensor], attention_mask: Tensor) -> Tensor:
    query, key = found["query"][:, 0], found["key"]
    if query.dtype != torch.float64:
        query, key = query.float(), key.float()
    heads, prompts = tower.config.heads, tower.config.n_prompts
    query, key = query.unflatten(-1, (heads, -1)), key.unflatten(-1, (heads, -1))
    with torch.autocast(query.device.type, enabled=False):
        scores = torch.einsum("bhd,blhd->bhl", query, key) / query.shape[-1] ** 0.5
    own = attention_mask.bool()
    seen = torch.cat([own[:, :1], own.new_ones(len(own), prompts), own[:, 1:]], 1)
    scores = scores.masked_fill(~seen[:, None], torch.finfo(scores.dtype).min)
    attention = scores.softmax(-1).mean(1)
    return torch.cat([attention[:, :1], attention[:, 1 + prompts :]], 1)
