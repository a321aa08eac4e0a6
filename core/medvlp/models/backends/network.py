"""What every published network gives: cells, a pooled vector, and texts in one space."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

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


@dataclass(frozen=True)
class TextFeatures:
    """What a text tower makes of a batch of texts.

    Parameters
    ----------
    states
        ``(n, length, W)``: last states of the tokens.
    summary
        ``(n, W)``: the state, or the mean of states, that is projected.
    pooled
        ``(n, D)``: in the common space, of any length.
    """

    states: Tensor
    summary: Tensor
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


class PlanarNetwork(ImageTextNetwork):
    """A network for pictures, whose text tower can be read token by token.

    Attributes
    ----------
    text_names
        What the names of the text tower's tensors begin with, in :attr:`ImageTextNetwork.holder`.
    """

    text_names: ClassVar[tuple[str, ...]]

    @abstractmethod
    def read_texts(self, ids: Tensor, mask: Tensor) -> TextFeatures:
        """States and vectors of padded tokens ``(n, length)``."""

    def encode_texts(self, ids: Tensor, mask: Tensor) -> Tensor:
        """The pooled vectors."""
        return self.read_texts(ids, mask).pooled

    @property
    @abstractmethod
    def text_layers(self) -> tuple[nn.Module, Sequence[nn.Module]]:
        """The embeddings of the text tower, and its layers, the first one first."""

    @property
    @abstractmethod
    def text_width(self) -> int:
        """W of :class:`TextFeatures`."""
