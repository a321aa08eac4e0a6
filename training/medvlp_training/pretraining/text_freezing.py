"""Which part of a text tower stays as it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from torch import nn

from medvlp.errors import MedVLPError


class Layered(Protocol):
    """A text tower whose first layers can be frozen."""

    @property
    def layers(self) -> Sequence[nn.Module]:
        """The first one first."""

    def freeze_layers(self, count: int) -> None:
        """Freeze the embeddings and the first layers."""


def freeze_text(tower: Layered, freeze: str | int) -> None:
    """Freeze nothing, the embeddings and the first layers, or the embeddings and all layers.

    Raises
    ------
    MedVLPError
        If the tower has fewer layers than are to be frozen.
    """
    if freeze == "none":
        return
    count = len(tower.layers)
    if freeze != "all" and int(freeze) > count:
        raise MedVLPError(
            f"text.freeze is {freeze}, but the text tower has {count} layers. "
            "Name as many or fewer, or 'all'."
        )
    tower.freeze_layers(count if freeze == "all" else int(freeze))
