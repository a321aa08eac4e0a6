"""Several methods encode with one model; what they have in common is computed once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import nn

SHARED = {
    "vision": ("tokenise", "_sequence", "transform", "features"),
    "text": ("hidden_states",),
}
"""Steps of the model's encoders, of those that it has: the dense decoder, the transformer's tokens and
the joint sequence of CT and slices start with the same ones."""


@contextmanager
def encode_once(model: nn.Module) -> Iterator[None]:
    """Within it, an encoder step that is called again with the same objects returns what it returned.

    The same objects, not equal ones: a masked or augmented copy is encoded for itself. Copies of the
    model (teachers) are not affected.
    """
    changed: list[tuple[nn.Module, str, Any]] = []
    try:
        for part, steps in SHARED.items():
            module = model.get_submodule(part)
            for step in (name for name in steps if hasattr(module, name)):
                # The module's own, such as of a tower that remembers texts; None if its class's.
                changed.append((module, step, vars(module).get(step)))
                setattr(module, step, _remembering(getattr(module, step)))
        yield
    finally:
        for module, step, own in changed:
            delattr(module, step)
            if own is not None:
                setattr(module, step, own)


def _remembering(call: Callable[..., Any]) -> Callable[..., Any]:
    # Arguments are kept with the answer: an id is nobody else's as long as its object lives.
    known: dict[tuple[object, ...], tuple[object, ...]] = {}

    def once(*arguments: object, **named: object) -> Any:
        values = (*arguments, *named.values())
        key = (torch.is_grad_enabled(), len(arguments), *named, *map(id, values))
        if key not in known:
            known[key] = (call(*arguments, **named), values)
        return known[key][0]

    return once
