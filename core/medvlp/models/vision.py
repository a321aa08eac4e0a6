"""The unified image encoder: two convolutional tokenisers, one shared transformer, light decoders.

The idea of one transformer for X-ray and CT tokens is UniMedI's (He et al., ECCV 2024,
arXiv 2311.14851); the convolutional tokenisers and decoders that make its output dense are ours.

Every normalisation acts on one position at a time (over channels), so that what the network says of
a place does not depend on how much else is in the field of view.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from medvlp.models.config import UnifiedConfig

ROTARY_BASE = 100.0


class ChannelNorm(nn.Module):
    """Layer normalisation over the channels of ``(batch, channels, *spatial)``."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))

    def forward(self, x: Tensor) -> Tensor:
        """Normalise each position."""
        y = F.layer_norm(x.movedim(1, -1), self.weight.shape, self.weight, self.bias)
        return y.movedim(-1, 1)


def convolution(
    ndim: int, inputs: int, outputs: int, kernel: int = 3, stride: int = 1
) -> nn.Module:
    """2D or 3D convolution that keeps the size (divided by the stride)."""
    layer = nn.Conv3d if ndim == 3 else nn.Conv2d
    return layer(inputs, outputs, kernel, stride=stride, padding=kernel // 2 if stride == 1 else 0)


class ResidualBlock(nn.Module):
    """Norm, convolution, GELU, convolution, and the identity."""

    def __init__(self, ndim: int, channels: int) -> None:
        super().__init__()
        self.norm = ChannelNorm(channels)
        self.expand = convolution(ndim, channels, channels)
        self.contract = convolution(ndim, channels, channels)

    def forward(self, x: Tensor) -> Tensor:
        """Same shape out as in."""
        return x + self.contract(F.gelu(self.expand(self.norm(x))))


def space_to_depth(x: Tensor, factor: int) -> Tensor:
    """Move blocks of ``factor`` voxels a side into channels: nothing is lost, the grid is coarser."""
    batch, channels, *sizes = x.shape
    split = [part for n in sizes for part in (n // factor, factor)]
    ndim = len(sizes)
    x = x.reshape(batch, channels, *split)
    outer = [2 + 2 * i for i in range(ndim)]
    inner = [3 + 2 * i for i in range(ndim)]
    x = x.permute(0, 1, *inner, *outer)
    return x.reshape(batch, channels * factor**ndim, *(n // factor for n in sizes))


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
        fine = self.fine(self.stem(space_to_depth(x, self.block)))
        coarse = self.coarse(self.down(fine))
        return self.to_tokens(coarse), coarse, fine


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
        x = self.coarse(self._up(self.from_tokens(tokens)) + coarse)
        x = self.fine(self._up(self.from_coarse(x)) + fine)
        return x.movedim(1, -1)

    def embed(self, features: Tensor) -> Tensor:
        """Features ``(..., channels)`` of any positions to unit vectors ``(..., D)``."""
        return F.normalize(self.head(features).float(), dim=-1)


def rotary_angles(grid: Sequence[int], head_size: int, device: torch.device) -> Tensor:
    """Axial rotary angles ``(tokens, head_size // 2)``; an image is a volume of depth one.

    Each of the three axes turns a third of the pairs; left-over pairs are not turned.
    """
    sizes = [1] * (3 - len(grid)) + list(grid)
    pairs = head_size // 2
    per_axis = pairs // 3
    frequencies = ROTARY_BASE ** (-torch.arange(per_axis, device=device) / max(per_axis, 1))
    axes = torch.meshgrid(*(torch.arange(n, device=device) for n in sizes), indexing="ij")
    angles = [axis.reshape(-1, 1) * frequencies for axis in axes]
    rest = torch.zeros(angles[0].shape[0], pairs - 3 * per_axis, device=device)
    return torch.cat([*angles, rest], dim=1)


def rotate(x: Tensor, angles: Tensor) -> Tensor:
    """Turn feature pairs of ``(batch, heads, tokens, head_size)`` by the angles of each token."""
    first, second = x.chunk(2, dim=-1)
    cosine, sine = angles.cos().to(x.dtype), angles.sin().to(x.dtype)
    return torch.cat([first * cosine - second * sine, first * sine + second * cosine], dim=-1)


class TransformerLayer(nn.Module):
    """Pre-norm attention with rotary positions, and an MLP."""

    def __init__(self, config: UnifiedConfig) -> None:
        super().__init__()
        size, inner = config.hidden_size, int(config.hidden_size * config.mlp_ratio)
        self.heads = config.num_attention_heads
        self.attention_norm = nn.LayerNorm(size)
        self.qkv = nn.Linear(size, 3 * size)
        self.out = nn.Linear(size, size)
        self.mlp_norm = nn.LayerNorm(size)
        self.mlp = nn.Sequential(nn.Linear(size, inner), nn.GELU(), nn.Linear(inner, size))

    def forward(self, x: Tensor, angles: Tensor) -> Tensor:
        """``(batch, tokens, hidden)`` to the same."""
        batch, tokens, size = x.shape
        qkv = self.qkv(self.attention_norm(x)).reshape(batch, tokens, 3, self.heads, -1)
        query, key, value = qkv.permute(2, 0, 3, 1, 4)
        attended = F.scaled_dot_product_attention(rotate(query, angles), rotate(key, angles), value)
        x = x + self.out(attended.transpose(1, 2).reshape(batch, tokens, size))
        return x + self.mlp(self.mlp_norm(x))


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

    def __init__(self, config: UnifiedConfig) -> None:
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

    def forward(self, images: Tensor) -> VisionOutput:
        """Encode a batch of one kind: 4 axes are X-rays, 5 are CT."""
        volumetric = images.ndim == 5
        tokens, coarse, fine = self.tokenise(images)
        sequence, summary = self._transform(tokens, int(volumetric))
        features = sequence.transpose(1, 2).reshape(tokens.shape)
        decoder = self.decoder_3d if volumetric else self.decoder_2d
        pooled = F.normalize(self.pool(summary).float(), dim=-1)
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
        sequence, summary = self._transform(tokens, int(images.ndim == 5))
        return TokenOutput(sequence, summary, tuple(tokens.shape[2:]))

    def embed(self, features: Tensor, volumetric: bool) -> Tensor:
        """Dense features ``(..., channels)`` to unit vectors ``(..., D)``."""
        decoder = self.decoder_3d if volumetric else self.decoder_2d
        return decoder.embed(features)

    def _transform(self, tokens: Tensor, kind: int) -> tuple[Tensor, Tensor]:
        batch, size, *grid = tokens.shape
        sequence = tokens.flatten(2).transpose(1, 2) + self.modality[kind]
        summary = self.summary_token[kind].expand(batch, 1, size)
        sequence = torch.cat([summary, sequence], dim=1)
        angles = rotary_angles(grid, self.head_size, tokens.device)
        angles = torch.cat([torch.zeros_like(angles[:1]), angles])
        for layer in self.layers:
            sequence = layer(sequence, angles)
        sequence = self.norm(sequence)
        return sequence[:, 1:], sequence[:, 0]
