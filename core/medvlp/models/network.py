"""The whole model: image encoder, text tower, and the scales that turn cosines into logits."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from medvlp.models.shape import UnifiedShape
from medvlp.models.text import TextConfig, TextTower
from medvlp.models.vision import UnifiedVisionEncoder, VisionOutput

if TYPE_CHECKING:
    from medvlp.models.config import UnifiedConfig

INITIAL_SCALE = 16.0
INITIAL_BIAS = -8.0


def window_ct(hu: Tensor, windows: Sequence[tuple[float, float]]) -> Tensor:
    """HU ``(batch, S, P, L)`` to ``(batch, windows, S, P, L)``: each ``(low, high)`` to [-1, 1]."""
    images = hu.new_empty(hu.shape[0], len(windows), *hu.shape[1:])
    for channel, (low, high) in enumerate(windows):
        scale = 2 / (high - low)
        torch.mul(hu, scale, out=images[:, channel]).sub_(1 + low * scale).clamp_(-1, 1)
    return images


class UnifiedNetwork(nn.Module):
    """A 2D/3D image encoder and a text tower that meet in one space.

    ``logit = exp(log_scale) * cosine + bias``, as in SigLIP (Zhai et al., ICCV 2023,
    arXiv 2303.15343), once for dense cells and once for pooled vectors.
    """

    def __init__(self, config: UnifiedShape) -> None:
        super().__init__()
        self.config: UnifiedShape | UnifiedConfig = config
        self.build(config)

    def build(self, config: UnifiedShape | UnifiedConfig) -> None:
        """Make the parts."""
        self.vision = UnifiedVisionEncoder(config)
        text = {"dim": config.embedding_size, "n_prompts": config.prompt_length} | config.text
        self.text = TextTower(TextConfig.from_dict(text))
        self.domain = nn.Linear(config.hidden_size, 1)
        self.dense_log_scale = nn.Parameter(torch.tensor(math.log(INITIAL_SCALE)))
        self.dense_bias = nn.Parameter(torch.tensor(INITIAL_BIAS))
        self.pooled_log_scale = nn.Parameter(torch.tensor(math.log(INITIAL_SCALE)))
        self.pooled_bias = nn.Parameter(torch.tensor(INITIAL_BIAS / 2))

    def encode_images(self, images: Tensor) -> VisionOutput:
        """X-rays ``(batch, 1, H, W)`` or windowed CT ``(batch, windows, S, P, L)``."""
        return self.vision(images)

    def window_ct(self, hu: Tensor) -> Tensor:
        """HU ``(batch, S, P, L)`` to one channel per window, each in [-1, 1]."""
        return window_ct(hu, self.config.windows)

    def domain_logit(self, summary: Tensor) -> Tensor:
        """Log-odds that an image is of a kind seen in training. ``(batch,)``."""
        return self.domain(summary.float())[:, 0]
