"""What the tokenisers and decoders are built of: norm, convolution, residual block, space to depth."""

from __future__ import annotations

from itertools import product

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from medvlp.models.fused import apply


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
        inner = apply(self.expand, self.norm(x), gelu=True)
        return apply(self.contract, inner, residual=x)


def space_to_depth(x: Tensor, factor: int) -> Tensor:
    """Move blocks of ``factor`` voxels a side into channels: nothing is lost, the grid is coarser."""
    batch, channels, *sizes = x.shape
    axes = len(sizes)
    # Channels last in memory, as the convolutions take them. One strided copy for each place in a block
    # is many times faster than one permutation whose longest run is a block's side.
    coarse = [n // factor for n in sizes]
    blocks = x.new_empty(batch, *coarse, channels, *[factor] * axes)
    everything = (slice(None), slice(None))
    for place in product(range(factor), repeat=axes):
        part = x[everything + tuple(slice(first, None, factor) for first in place)]
        blocks[(slice(None),) * (axes + 2) + place] = part.movedim(1, -1)
    return blocks.flatten(axes + 1).movedim(-1, 1)
