"""What transfer asks of a pre-trained encoder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from medvlp.models.vision import UnifiedVisionEncoder

CACHE_BYTES = 2 << 30
"""Maps of a frozen encoder are kept in memory up to this size, and made anew above it."""


class Pyramid(nn.Module):
    """The unified encoder as a decoder sees it: maps of three resolutions, coarsest first.

    Any module from images to a sequence of maps ``(batch, channels, *sizes)``, each twice as fine as
    the one before, can take its place.
    """

    def __init__(self, vision: UnifiedVisionEncoder) -> None:
        super().__init__()
        self.vision = vision

    def forward(self, images: Tensor) -> tuple[Tensor, ...]:
        """See :meth:`medvlp.models.vision.UnifiedVisionEncoder.pyramid`."""
        return self.vision.pyramid(images)


@dataclass(frozen=True, eq=False)
class FrozenFeatures:
    """What a frozen encoder gives.

    Parameters
    ----------
    tokens
        ``(n, N, H)`` float32 in the order of ``grid``.
    summary
        ``(n, H)`` float32.
    grid
        Tokens along each axis of the image.
    """

    tokens: Tensor
    summary: Tensor
    grid: tuple[int, ...]


@torch.no_grad()
def frozen_features(
    vision: UnifiedVisionEncoder, images: Tensor, batch_size: int = 16
) -> FrozenFeatures:
    """Encode images of one kind and shape in evaluation mode; the encoder's mode is put back."""
    training = vision.training
    vision.eval()
    try:
        parts = [vision.encode_tokens(part) for part in images.split(batch_size)]
    finally:
        vision.train(training)
    tokens = torch.cat([part.tokens.float() for part in parts])
    return FrozenFeatures(tokens, torch.cat([p.summary.float() for p in parts]), parts[0].grid)


class TrainedMaps:
    """Maps of an encoder that is trained, by sample; put into evaluation mode to begin with.

    Parameters
    ----------
    encoder
        From images to maps, coarsest first.
    images
        ``(n, channels, *sizes)``.

    Attributes
    ----------
    channels
        Of each map.
    """

    def __init__(self, encoder: nn.Module, images: Tensor) -> None:
        self.encoder = encoder.eval()
        self.images = images
        with torch.no_grad():
            self.first: Sequence[Tensor] = encoder(images[:1])
        self.channels = [level.shape[1] for level in self.first]

    def __call__(self, rows: Tensor) -> Sequence[Tensor]:
        """Maps of the samples, coarsest first."""
        maps: Sequence[Tensor] = self.encoder(self.images[rows])
        return maps


class FrozenMaps(TrainedMaps):
    """The same of a frozen encoder: made once where they fit into memory."""

    @torch.no_grad()
    def __init__(self, encoder: nn.Module, images: Tensor) -> None:
        super().__init__(encoder, images)
        self.kept: list[Tensor] | None = None
        size = sum(m.numel() * m.element_size() for m in self.first) * len(images)
        if size <= CACHE_BYTES:
            parts = [self.encoder(part) for part in images.split(16)]
            self.kept = [torch.cat(level) for level in zip(*parts, strict=True)]

    @torch.no_grad()
    def __call__(self, rows: Tensor) -> Sequence[Tensor]:
        """Maps of the samples, coarsest first, without gradients."""
        if self.kept is None:
            return super().__call__(rows)
        return [level[rows] for level in self.kept]
