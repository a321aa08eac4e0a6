r"""COLIPRI: a 3D transformer for chest CT, and CXR-BERT, in one space.

Wald et al., "Comprehensive language-image pre-training for 3D medical image understanding",
arXiv:2510.15042. Written from the description of its parts, under the tensor names of its published
``model.safetensors``: Primus (arXiv:2503.01835), an EVA-02 transformer (arXiv:2303.11331) with rotary
positions in three axes, SwiGLU with a norm, a norm inside the attention and scaled residuals.
``benchmarks/colipri/reference.py`` compares it with the package ``colipri``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from medvlp.models.backends.network import ImageFeatures, ImageTextNetwork

COLIPRI_DENSE = "value and output projection of the pooling attention, as colipri's to_dense"
ROTARY_BASE = 10000.0


def rotary_table(side: int, head_width: int) -> Tensor:
    """``(2, side ** 3, head_width)``: sine and cosine of each cell's position in each axis.

    A third of a head's width belongs to each axis, in pairs of equal frequency.
    """
    bands = head_width // 6
    frequencies = ROTARY_BASE ** -(torch.arange(bands, dtype=torch.float32) / bands)
    steps = torch.arange(side, dtype=torch.float32)
    positions = torch.stack(torch.meshgrid(steps, steps, steps, indexing="ij"), dim=-1)
    angles = (positions[..., None] * frequencies).reshape(side**3, -1)
    return torch.stack([angles.sin(), angles.cos()]).repeat_interleave(2, dim=-1)


def rotate(x: Tensor, table: Tensor) -> Tensor:
    """Rotary embedding of ``(n, heads, cells, head width)``, neighbours in pairs."""
    sine, cosine = table.to(x.dtype)
    turned = torch.stack([-x[..., 1::2], x[..., ::2]], dim=-1).flatten(-2)
    return x * cosine + turned * sine


class Attention(nn.Module):
    """Self-attention with rotary positions and a norm before the output projection."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.q_proj = nn.Linear(width, width)
        self.k_proj = nn.Linear(width, width, bias=False)
        self.v_proj = nn.Linear(width, width)
        self.norm = nn.LayerNorm(width)
        self.proj = nn.Linear(width, width)

    def forward(self, x: Tensor, table: Tensor) -> Tensor:
        """``x (n, cells, width)``."""
        q, k, v = (
            layer(x).unflatten(-1, (self.heads, -1)).transpose(1, 2)
            for layer in (self.q_proj, self.k_proj, self.v_proj)
        )
        q, k = rotate(q, table).to(v.dtype), rotate(k, table).to(v.dtype)
        mixed = F.scaled_dot_product_attention(q, k, v)
        return self.proj(self.norm(mixed.transpose(1, 2).flatten(2)))


class GatedFeedForward(nn.Module):
    """SwiGLU with a norm (Shazeer, arXiv:2002.05202)."""

    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.fc1_g = nn.Linear(width, hidden)
        self.fc1_x = nn.Linear(width, hidden)
        self.norm = nn.LayerNorm(hidden)
        self.fc2 = nn.Linear(hidden, width)

    def forward(self, x: Tensor) -> Tensor:
        """``x (n, cells, width)``."""
        return self.fc2(self.norm(F.silu(self.fc1_g(x)) * self.fc1_x(x)))


class Block(nn.Module):
    """Pre-norm block with learned scales of its residuals."""

    def __init__(self, width: int, heads: int, hidden: int) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(width)
        self.attn = Attention(width, heads)
        self.gamma_1 = nn.Parameter(torch.ones(width))
        self.norm2 = nn.LayerNorm(width)
        self.mlp = GatedFeedForward(width, hidden)
        self.gamma_2 = nn.Parameter(torch.ones(width))

    def forward(self, x: Tensor, table: Tensor) -> Tensor:
        """``x (n, cells, width)``."""
        x = x + self.gamma_1 * self.attn(self.norm1(x), table)
        return x + self.gamma_2 * self.mlp(self.norm2(x))


class AttentionPool(nn.Module):
    """Attention of the mean token over all tokens."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.attn = nn.MultiheadAttention(width, heads, batch_first=True)

    def forward(self, tokens: Tensor, mask: Tensor | None = None) -> Tensor:
        """``tokens (n, length, width)``, ``mask (n, length)`` 1 where there is a token."""
        if mask is None:
            mask = tokens.new_ones(tokens.shape[:2])
        weights = mask[..., None].to(tokens.dtype)
        mean = (tokens * weights).sum(1, keepdim=True) / weights.sum(1, keepdim=True)
        pooled, _ = self.attn(mean, tokens, tokens, key_padding_mask=mask == 0, need_weights=False)
        return pooled[:, 0]

    def alone(self, tokens: Tensor) -> Tensor:
        """What each token would be pooled to if it were the only one, ``(..., width)``."""
        width = tokens.shape[-1]
        weight = self.attn.in_proj_weight[2 * width :]
        return self.attn.out_proj(F.linear(tokens, weight, self.attn.in_proj_bias[2 * width :]))


class ImageTower(nn.Module):
    """Cubes of a CT to cells."""

    def __init__(self, width: int, heads: int, hidden: int, depth: int, patch: int) -> None:
        super().__init__()
        self.down_projection = nn.ModuleDict({"proj": nn.Conv3d(1, width, patch, patch)})
        blocks = nn.ModuleList(Block(width, heads, hidden) for _ in range(depth))
        self.eva = nn.ModuleDict({"blocks": blocks, "norm": nn.LayerNorm(width)})
        self.register_buffer("mask_token", torch.zeros(1, 1, width))
        self.head_width = width // heads

    def forward(self, cubes: Tensor) -> Tensor:
        """``cubes (n, 1, side, side, side)`` to ``(n, cells, width)``, the last axis fastest."""
        tokens: Any = self.down_projection["proj"](cubes)
        table = rotary_table(tokens.shape[-1], self.head_width).to(cubes.device)
        tokens = tokens.flatten(2).transpose(1, 2)
        blocks: Any = self.eva["blocks"]
        for block in blocks:
            tokens = block(tokens, table)
        return self.eva["norm"](tokens)


class ImageEncoder(nn.Module):
    """Cells projected to the common space."""

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__()
        width, common = config["width"], config["common_width"]
        sizes = (config["heads"], config["feed_forward"], config["depth"], config["patch"])
        self.backbone = ImageTower(width, *sizes)
        self.projector = nn.Conv3d(width, common, 1)
        self.pooler = AttentionPool(common, config["pool_heads"])

    def forward(self, cubes: Tensor) -> ImageFeatures:
        """``cubes (n, 1, side, side, side)``."""
        tokens = self.backbone(cubes)
        projected = F.linear(tokens, self.projector.weight.flatten(1), self.projector.bias)
        side = round(tokens.shape[1] ** (1 / 3))
        dense = self.pooler.alone(projected).unflatten(1, (side, side, side))
        return ImageFeatures(dense, self.pooler(projected))


class TextEncoder(nn.Module):
    """CXR-BERT with the same pooling."""

    def __init__(self, config: dict[str, Any]) -> None:
        from transformers import BertConfig, BertModel

        super().__init__()
        self.backbone = BertModel(BertConfig(**config["text"]), add_pooling_layer=False)
        self.pooler = AttentionPool(config["text"]["hidden_size"], config["pool_heads"])

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """``(n, length)`` tokens."""
        states = self.backbone(input_ids=ids, attention_mask=mask).last_hidden_state
        return self.pooler(states, mask)


class ColipriNetwork(ImageTextNetwork):
    """Both towers and the learned temperature."""

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__()
        self.image_encoder = ImageEncoder(config)
        self.text_encoder = TextEncoder(config)
        self.register_buffer("softmax_temperature", torch.tensor(1.0))
        self.softmax_temperature: Tensor

    @property
    def steps(self) -> Sequence[nn.Module]:
        """Blocks of the image tower."""
        blocks: Any = self.image_encoder.backbone.eva["blocks"]
        return list(blocks)

    def encode_images(self, pixels: Tensor) -> ImageFeatures:
        """``pixels (n, 1, side, side, side)`` in [-1, 1]."""
        features: ImageFeatures = self.image_encoder(pixels)
        return features

    def encode_texts(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Attention-pooled states."""
        vectors: Tensor = self.text_encoder(ids, mask)
        return vectors

    @property
    def similarity(self) -> tuple[float, float]:
        """Inverse temperature; trained with a softmax, so without a bias."""
        return 1.0 / float(self.softmax_temperature), 0.0
