"""What every published network gives: cells, a pooled vector, and texts in one space."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from torch import Tensor, nn


@dataclass(frozen=True)
class ImageFeatures:
    """Embeddings of a batch of images, of any length.

    Parameters
    ----------
    dense
        ``(n, *cells, D)``: in the space of ``pooled``.
    pooled
        ``(n, D)``: as the network was trained.
    """

    dense: Tensor
    pooled: Tensor


class ImageTextNetwork(nn.Module):
    """Two towers into one space."""

    @property
    def holder(self) -> nn.Module:
        """The module whose tensors have the published names."""
        return self

    @property
    def steps(self) -> Sequence[nn.Module]:
        """Parts of the image tower that run one after the other: places to report and cancel."""
        return ()

    @abstractmethod
    def encode_images(self, pixels: Tensor) -> ImageFeatures:
        """Embed a batch of prepared images."""

    @abstractmethod
    def encode_texts(self, ids: Tensor, mask: Tensor) -> Tensor:
        """``(n, D)`` of padded tokens ``(n, length)``, of any length."""

    @property
    @abstractmethod
    def similarity(self) -> tuple[float, float]:
        """Scale and bias that turn a cosine into the logit that the network was trained with."""
