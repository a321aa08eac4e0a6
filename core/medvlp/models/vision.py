"""The unified image encoder: two convolutional tokenisers, one shared transformer, light decoders.

The idea of one transformer for X-ray and CT tokens is UniMedI's (He et al., ECCV 2024,
arXiv 2311.14851); the convolutional tokenisers and decoders that make its output dense are ours.

Every normalisation acts on one position at a time (over channels), so that what the network says of
a place does not depend on how much else is in the field of view.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from medvlp.models.blocks import ResidualBlock, convolution, space_to_depth
from medvlp.models.fused import apply
from medvlp.models.shape import UnifiedShape
from medvlp.models.transformer import (
    TokenSequence,
    TransformerLayer,
    TransformerStack,
    grid_positions,
    sequence_turns,
)

if TYPE_CHECKING:
    from medvlp.models.config import UnifiedConfig


class Tokeniser(nn.Module):
    """Image to tokens, by three stages that each halve the grid; the first two are kept as skips."""

    def __init__(
        self, ndim: int, inputs: int, block: int, channels: Sequence[int], hidden_size: int
    ) -> None:
        super().__init__()
        first, second = channels
        self.block = block
        self.stem = convolution(ndim, inputs * block**ndim, first)
        self.fine = ResidualBlock(ndim, first)
        self.down = convolution(ndim, first, second, kernel=2, stride=2)
        self.coarse = ResidualBlock(ndim, second)
        self.to_tokens = convolution(ndim, second, hidden_size, kernel=2, stride=2)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Tokens ``(batch, hidden, *grid / 4)`` and the skips at ``grid`` and ``grid / 2``."""
        fine = self.fine(apply(self.stem, space_to_depth(x, self.block)))
        coarse = self.coarse(apply(self.down, fine))
        return apply(self.to_tokens, coarse), coarse, fine


class ImageDetail(nn.Module):
    """Fine stages of an X-ray: pixels to a grid eight times coarser, without losing small nodules."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        half = channels // 2
        self.at_half = nn.Sequential(convolution(2, 4, half), ResidualBlock(2, half))
        self.at_quarter = nn.Sequential(
            convolution(2, half, channels, kernel=2, stride=2), ResidualBlock(2, channels)
        )
        self.to_eighth = convolution(2, channels, channels, kernel=2, stride=2)

    def forward(self, x: Tensor) -> Tensor:
        """``(batch, 1, H, W)`` to ``(batch, channels, H / 8, W / 8)``."""
        return self.to_eighth(self.at_quarter(self.at_half(space_to_depth(x, 2))))


class Decoder(nn.Module):
    """Tokens and skips back to the dense grid of joint embeddings."""

    def __init__(
        self, ndim: int, channels: Sequence[int], hidden_size: int, embedding_size: int
    ) -> None:
        super().__init__()
        first, second = channels
        self.from_tokens = convolution(ndim, hidden_size, second, kernel=1)
        self.coarse = ResidualBlock(ndim, second)
        self.from_coarse = convolution(ndim, second, first, kernel=1)
        self.fine = ResidualBlock(ndim, first)
        self.head = nn.Sequential(
            nn.LayerNorm(first),
            nn.Linear(first, 2 * embedding_size),
            nn.GELU(),
            nn.Linear(2 * embedding_size, embedding_size),
        )
        self.mode = "trilinear" if ndim == 3 else "bilinear"

    def _up(self, x: Tensor) -> Tensor:
        return F.interpolate(x, scale_factor=2, mode=self.mode, align_corners=False)

    def features(self, tokens: Tensor, coarse: Tensor, fine: Tensor) -> Tensor:
        """``(batch, *grid, channels)``: what the head reads, one position at a time."""
        x = self.coarse(self._up(apply(self.from_tokens, tokens)).add_(coarse))
        x = self.fine(self._up(apply(self.from_coarse, x)).add_(fine))
        return x.movedim(1, -1)

    def embed(self, features: Tensor) -> Tensor:
        """Features ``(..., channels)`` of any positions to unit vectors ``(..., D)``."""
        norm, widen, _, narrow = self.head
        inner = apply(widen, norm(features), gelu=True)
        return F.normalize(apply(narrow, inner).float(), dim=-1)


@dataclass
class VisionOutput:
    """What the image encoder returns.

    Parameters
    ----------
    features
        ``(batch, *grid, channels)``: the decoder's :meth:`Decoder.embed` makes unit vectors of them.
    pooled
        ``(batch, D)`` unit vectors.
    summary
        ``(batch, hidden)``: the class token, before projection.
    """

    features: Tensor
    pooled: Tensor
    summary: Tensor


@dataclass
class TokenOutput:
    """What the transformer makes of an image, before any decoder.

    Parameters
    ----------
    tokens
        ``(batch, tokens, hidden)`` in the order of ``grid``.
    summary
        ``(batch, hidden)``: the class token.
    grid
        Tokens along each axis of the image.
    """

    tokens: Tensor
    summary: Tensor
    grid: tuple[int, ...]


TOKEN_STRIDE = {2: 32, 3: 8}
"""Pixels or voxels a side of one token, by the number of the image's axes."""


class UnifiedVisionEncoder(nn.Module):
    """X-rays ``(batch, 1, H, W)`` and CT ``(batch, windows, S, P, L)`` through one transformer.

    CT sizes are multiples of 8 voxels, X-ray sizes multiples of 32 pixels.
    """

    def __init__(self, config: UnifiedShape | UnifiedConfig) -> None:
        super().__init__()
        stem, flat_stem = config.stem_channels, config.image_stem_channels
        size, width = config.hidden_size, config.embedding_size
        self.tokeniser_3d = Tokeniser(3, len(config.windows), 2, stem, size)
        self.detail_2d = ImageDetail(flat_stem[0])
        self.tokeniser_2d = Tokeniser(2, flat_stem[0], 1, flat_stem, size)
        self.modality = nn.Parameter(torch.zeros(2, size))
        self.summary_token = nn.Parameter(torch.zeros(2, 1, size))
        self.head_size = config.hidden_size // config.num_attention_heads
        self.layers = nn.ModuleList(
            TransformerLayer(config) for _ in range(config.num_hidden_layers)
        )
        self.norm = nn.LayerNorm(size)
        self.decoder_3d = Decoder(3, stem, size, width)
        self.decoder_2d = Decoder(2, flat_stem, size, width)
        self.pool = nn.Linear(size, width)

    def forward(self, images: Tensor, chosen: Tensor | None = None) -> VisionOutput:
        """Encode a batch of one kind: 4 axes are X-rays, 5 are CT.

        ``chosen (batch, n)`` numbers the tokens that the transformer reads, where not all: the others go
        past its layers to the decoder, and nothing attends to them.
        """
        volumetric = images.ndim == 5
        tokens, coarse, fine = self.tokenise(images)
        sequence, summary = self._transform_chosen(self._sequence(tokens), chosen)
        features = sequence.transpose(1, 2).reshape(tokens.shape)
        decoder = self.decoder_3d if volumetric else self.decoder_2d
        pooled = F.normalize(apply(self.pool, summary).float(), dim=-1)
        return VisionOutput(decoder.features(features, coarse, fine), pooled, summary)

    def tokenise(self, images: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Tokens ``(batch, hidden, *grid)`` of either kind, and the two skips of the decoder."""
        found: tuple[Tensor, Tensor, Tensor]
        if images.ndim == 5:
            found = self.tokeniser_3d(images)
        else:
            found = self.tokeniser_2d(self.detail_2d(images))
        return found

    def encode_tokens(self, images: Tensor) -> TokenOutput:
        """Tokens of a batch of one kind, without the dense decoder."""
        tokens, _, _ = self.tokenise(images)
        sequence, summary = self.transform(self._sequence(tokens))
        return TokenOutput(sequence, summary, tuple(tokens.shape[2:]))

    def pyramid(self, images: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Maps ``(batch, channels, *sizes)``, coarsest first: the tokens, and the decoder's two skips."""
        tokens, coarse, fine = self.tokenise(images)
        sequence, _ = self.transform(self._sequence(tokens))
        return sequence.transpose(1, 2).reshape(tokens.shape), coarse, fine

    def sequence(self, images: Tensor) -> TokenSequence:
        """What the transformer reads of a batch of one kind, in the order of the token grid."""
        return self._sequence(self.tokenise(images)[0])

    def transform(
        self, sequence: TokenSequence, stack: TransformerStack | None = None
    ) -> tuple[Tensor, Tensor]:
        """Tokens ``(batch, tokens, hidden)`` and class token ``(batch, hidden)`` after the layers.

        ``sequence`` may join several images per row; ``stack`` takes the place of the shared layers.
        """
        used = self if stack is None else stack
        x, turns = self._with_summary(sequence)
        for layer in used.layers:
            x = layer(x, turns)
        x = used.norm(x)
        return x[:, 1:], x[:, 0]

    def transform_with_attention(
        self, sequence: TokenSequence, stack: TransformerStack | None = None
    ) -> tuple[Tensor, Tensor, Tensor]:
        r"""As :meth:`transform`, and what the class token attends to in all layers and heads.

        The third value is :math:`v = \frac{1}{HL} \sum_l \sum_h \mathrm{softmax}(q_{lh}(\mathrm{CLS})
        \cdot K_{lh}(\mathrm{patch})^T / \sqrt{C})`, ``(batch, tokens)`` with rows that sum to 1
        (UniMedI, He et al., ECCV 2024, arXiv 2311.14851 [P]).
        """
        used = self if stack is None else stack
        x, turns = self._with_summary(sequence)
        attention = []
        for layer in used.layers:
            assert isinstance(layer, TransformerLayer)
            x, of_layer = layer.with_summary_attention(x, turns)
            attention.append(of_layer)
        x = used.norm(x)
        return x[:, 1:], x[:, 0], torch.stack(attention).mean(dim=0)

    def embed(self, features: Tensor, volumetric: bool) -> Tensor:
        """Dense features ``(..., channels)`` to unit vectors ``(..., D)``."""
        decoder = self.decoder_3d if volumetric else self.decoder_2d
        return decoder.embed(features)

    def _sequence(self, tokens: Tensor) -> TokenSequence:
        kind = int(tokens.ndim == 5)
        flat = tokens.flatten(2).transpose(1, 2) + self.modality[kind]
        return TokenSequence(flat, grid_positions(tokens.shape[2:], tokens.device), kind)

    def _transform_chosen(
        self, sequence: TokenSequence, chosen: Tensor | None
    ) -> tuple[Tensor, Tensor]:
        if chosen is None:
            return self.transform(sequence)
        read, summary = self.transform(sequence.only(chosen))
        places = chosen.unsqueeze(-1).expand_as(read)
        return self.norm(sequence.tokens).scatter(1, places, read), summary

    def _with_summary(self, sequence: TokenSequence) -> tuple[Tensor, Tensor]:
        """The sequence behind its class token, and the turns of both."""
        summary = self.summary_token[sequence.kind].expand(len(sequence.tokens), 1, -1)
        x = torch.cat([summary, sequence.tokens], dim=1)
        return x, sequence_turns(sequence.positions, self.head_size)
