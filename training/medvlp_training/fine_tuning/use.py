"""A model as it will be used: what it says of images, and of texts as a user types them.

Fine-tuning trains on methods' own heads, which are thrown away. This is what stays, for every kind of
model that is trained further.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from torch import Tensor


@dataclass(frozen=True, eq=False)
class OwnOutputs:
    """What a model says of a batch of images.

    Parameters
    ----------
    cells
        ``(B, N, D)`` unit vectors.
    pooled
        ``(B, D)`` unit vectors.
    domain
        ``(B,)`` log-odds of a known kind of image; None where the model has no head for it.
    """

    cells: Tensor
    pooled: Tensor
    domain: Tensor | None = None


Before = Callable[[Tensor], OwnOutputs]
"""Images to what the model said of them before it was trained further."""


class Use(Protocol):
    """What is asked of a model once it is trained."""

    @property
    def negative_weight(self) -> float:
        """How much of the similarity to a finding's denial is taken off, as in its calibration."""

    @property
    def texts_change(self) -> bool:
        """Whether anything that a text's vector depends on is trained."""

    def prompt(self, text: str) -> str:
        """What the tokenizer is given for a user's text."""

    def outputs(self, images: Tensor) -> OwnOutputs:
        """Of a batch of images."""

    def text_vectors(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Unit vectors ``(T, D)``."""

    def dense_logits(self, cosines: Tensor) -> Tensor:
        """Cosines of cells to logits."""

    def pooled_logits(self, cosines: Tensor) -> Tensor:
        """Cosines of pooled vectors to logits."""

    def top_cells(self, count: int, volumetric: bool) -> int:
        """Of ``count`` cells, how many highest make a scan-level score."""
