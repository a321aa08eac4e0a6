"""Organ label maps as shares of tokens, and which organs of an image can be used."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from medvlp.grounding.lexicon import load_lexicon
from medvlp.models.vision import TOKEN_STRIDE
from medvlp_training.pretraining.images import GridImage

LABELS = 256
"""Values that a uint8 label map can have."""
STRIDES = {ndim: (side,) * ndim for ndim, side in TOKEN_STRIDE.items()}
"""Of medvlp's own encoder."""


@dataclass(frozen=True, eq=False)
class OrganGrid:
    """Organs of one image.

    Parameters
    ----------
    shares
        ``(O, *token grid)`` float32: share of each token's cell that the organ fills.
    usable
        ``(O,)`` bool: there, large enough, and cut neither by the crop nor by the scan's border.
    """

    shares: Tensor
    usable: Tensor


class OrganTokens:
    """Downsamples label maps to the token grid by area.

    Parameters
    ----------
    organs
        Names of the axis ``O``. One that consists of others
        (lungs, of lobes) is the union of its labelled parts.
    min_tokens
        Smallest usable organ, in tokens that it would fill.
    strides
        Sides of a token in pixels or voxels, by the number of the image's axes.
    """

    def __init__(
        self,
        organs: Sequence[str],
        min_tokens: float,
        strides: Mapping[int, tuple[int, ...]] = STRIDES,
    ) -> None:
        self.organs = tuple(organs)
        self.min_tokens = min_tokens
        self.strides = strides
        self._known: dict[str, list[bool]] = {}

    def _members(self, name: str) -> list[bool]:
        """Which organs a labelled structure is, or is part of."""
        lexicon = load_lexicon()
        if name not in self._known:
            known = name in lexicon.concepts
            self._known[name] = [
                organ == name
                or (known and organ in lexicon.concepts and lexicon.lies_in(name, organ))
                for organ in self.organs
            ]
        return self._known[name]

    def __call__(self, image: GridImage, names: Mapping[int, str]) -> OrganGrid:
        """Shares and flags of an image whose labels mean ``names``."""
        stride = self.strides[image.pixels.ndim]
        grid = tuple(n // side for n, side in zip(image.pixels.shape, stride, strict=True))
        count = int(np.prod(grid))
        if not self.organs:
            return OrganGrid(torch.zeros(0, *grid), torch.zeros(0, dtype=torch.bool))
        # Per cell, how many pixels have each label: one pass, however many organs there are.
        pairs = _cells(image.pixels.shape, stride) * LABELS + image.organs.flatten()
        cells = torch.bincount(pairs, minlength=count * LABELS).view(count, LABELS)
        means = torch.zeros(LABELS, len(self.organs))
        for value, name in names.items():
            means[value] = torch.tensor(self._members(name), dtype=torch.float32)
        shares = cells.float() @ means / math.prod(stride)
        touching = torch.bincount(image.organs[_border(image.inside)], minlength=LABELS) > 0
        cut = (touching.float() @ means) > 0
        usable = (shares.sum(0) >= self.min_tokens) & ~cut
        return OrganGrid(shares.T.reshape(-1, *grid).contiguous(), usable)


def _cells(shape: Sequence[int], stride: Sequence[int]) -> Tensor:
    """Number of the token that each pixel belongs to, flat."""
    cell = torch.zeros(1, dtype=torch.int64)
    for n, side in zip(shape, stride, strict=True):
        along = torch.arange(n) // side
        cell = (cell[:, None] * (n // side) + along).flatten()
    return cell


def _border(inside: Tensor) -> Tensor:
    """Pixels next to where there is no image: the crop's faces, and the scan's border within it."""
    near = F.pad(~inside, (1, 1) * inside.ndim, value=True)
    for axis in range(inside.ndim):
        length = near.shape[axis] - 2
        parts = [near.narrow(axis, first, length) for first in range(3)]
        near = parts[0] | parts[1] | parts[2]
    return near
