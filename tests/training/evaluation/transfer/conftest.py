"""Toy images whose features hold the answer, or do not."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
import torch
from torch import Tensor, nn

GRID = (8, 6)
CELL = 4


@dataclass
class Toy:
    """Rectangles of whole cells on a 32 x 24 image, two images a patient."""

    patients: list[str]
    masks: Tensor
    boxes: list[Tensor]
    tokens: Tensor
    noise: Tensor
    images: Tensor


@pytest.fixture
def toy():
    """``toy(n=60, seed=0, empty=0.25)``."""

    def make(n: int = 60, seed: int = 0, empty: float = 0.25) -> Toy:
        generator = torch.Generator().manual_seed(seed)
        cells = torch.zeros(n, *GRID)
        boxes: list[Tensor] = []
        for i in range(n):
            if float(torch.rand((), generator=generator)) < empty:
                boxes.append(torch.zeros(0, 4))
                continue
            top = int(torch.randint(0, 5, (), generator=generator))
            left = int(torch.randint(0, 3, (), generator=generator))
            cells[i, top : top + 3, left : left + 3] = 1
            boxes.append(torch.tensor([[top, left, top + 3, left + 3]]) * float(CELL))
        masks = cells.repeat_interleave(CELL, 1).repeat_interleave(CELL, 2)
        direction = torch.randn(16, generator=generator)
        noise = torch.randn(n, GRID[0] * GRID[1], 16, generator=generator)
        tokens = 0.3 * noise + (2 * cells.flatten(1).unsqueeze(-1) - 1) * direction
        images = masks.unsqueeze(1) + 0.05 * torch.randn(n, 1, 32, 24, generator=generator)
        patients = [f"patient {i // 2}" for i in range(n)]
        return Toy(patients, masks.bool(), boxes, tokens, noise, images)

    return make


class Blocks(nn.Module):
    """Means over blocks of 8, 4 and 2 pixels, behind a convolution that can be trained.

    ``blind``: the encoder's maps are 0 until it is trained.
    """

    def __init__(self, blind: bool = False) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.zeros(4) if blind else torch.ones(4))

    def forward(self, images: Tensor) -> list[Tensor]:
        maps = images * self.scale.reshape(1, -1, 1, 1)
        return [nn.functional.avg_pool2d(maps, size) for size in (8, 4, 2)]


@pytest.fixture
def blocks():
    """``blocks(blind=False)``: an encoder for the toy's images."""
    return Blocks
