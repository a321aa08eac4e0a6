"""BiomedCLIP: a vision transformer under timm's names and PubMedBERT, without timm or torchvision.

Zhang et al., arXiv:2303.00915; the layout is that of ``open_clip`` with a timm image tower and a
Hugging Face text tower. Cells come into the space of the pooled vector as in
:mod:`medvlp.models.backends.dual`, by the value path of the last block.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from medvlp.models.backends.dual import as_grid
from medvlp.models.backends.network import ImageFeatures, PlanarNetwork, TextFeatures

EPSILON = 1e-6
"""Of timm's vision transformers."""


class Attention(nn.Module):
    """Self-attention with one projection for query, key and value."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        """``x (n, tokens, width)``."""
        q, k, v = self.qkv(x).unflatten(-1, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)
        return self.proj(F.scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(2))

    def values(self, x: Tensor) -> Tensor:
        """What each token gives when it attends to itself alone."""
        width = x.shape[-1]
        return self.proj(F.linear(x, self.qkv.weight[2 * width :], self.qkv.bias[2 * width :]))


class Block(nn.Module):
    """Pre-norm block."""

    def __init__(self, width: int, heads: int, hidden: int) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(width, eps=EPSILON)
        self.attn = Attention(width, heads)
        self.norm2 = nn.LayerNorm(width, eps=EPSILON)
        self.mlp = nn.ModuleDict({"fc1": nn.Linear(width, hidden), "fc2": nn.Linear(hidden, width)})

    def forward(self, x: Tensor) -> Tensor:
        """``x (n, tokens, width)``."""
        return self._feed_forward(x + self.attn(self.norm1(x)))

    def value_path(self, x: Tensor) -> Tensor:
        """The block with every token attending to itself alone."""
        return self._feed_forward(x + self.attn.values(self.norm1(x)))

    def _feed_forward(self, x: Tensor) -> Tensor:
        return x + self.mlp["fc2"](F.gelu(self.mlp["fc1"](self.norm2(x))))


class Trunk(nn.Module):
    """Patches, a class token, blocks, a norm."""

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__()
        width, patch = config["width"], config["patch"]
        cells = (config["image_size"] // patch) ** 2
        self.cls_token = nn.Parameter(torch.zeros(1, 1, width))
        self.pos_embed = nn.Parameter(torch.zeros(1, cells + 1, width))
        self.patch_embed = nn.ModuleDict({"proj": nn.Conv2d(3, width, patch, patch)})
        sizes = (config["heads"], config["feed_forward"])
        self.blocks = nn.ModuleList(Block(width, *sizes) for _ in range(config["depth"]))
        self.norm = nn.LayerNorm(width, eps=EPSILON)

    def forward(self, pixels: Tensor) -> tuple[Tensor, Tensor]:
        """Cells ``(n, cells, width)`` and class token ``(n, width)``, after the norm."""
        patches = self.patch_embed["proj"](pixels).flatten(2).transpose(1, 2)
        first = self.cls_token.expand(len(patches), -1, -1)
        tokens = torch.cat([first, patches], dim=1) + self.pos_embed
        *blocks, last = self.blocks
        for block in blocks:
            tokens = block(tokens)
        cells: Any = last
        return self.norm(cells.value_path(tokens[:, 1:])), self.norm(last(tokens)[:, 0])


class ImageTower(nn.Module):
    """Trunk and projection."""

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__()
        self.trunk = Trunk(config)
        self.head = nn.ModuleDict(
            {"proj": nn.Linear(config["width"], config["common_width"], bias=False)}
        )

    def forward(self, pixels: Tensor) -> ImageFeatures:
        """``pixels (n, 3, size, size)``."""
        cells, pooled = self.trunk(pixels)
        project = self.head["proj"]
        return ImageFeatures(as_grid(project(cells)), project(pooled))


class TextTower(nn.Module):
    """A BERT; its first state goes through a small network."""

    def __init__(self, config: dict[str, Any]) -> None:
        from transformers import BertConfig, BertModel

        super().__init__()
        self.transformer = BertModel(BertConfig(**config["text"]), add_pooling_layer=False)
        width, common = config["text"]["hidden_size"], config["common_width"]
        hidden = (width + common) // 2
        self.proj = nn.Sequential(
            nn.Linear(width, hidden, bias=False),
            nn.GELU(),
            nn.Linear(hidden, common, bias=False),
        )

    def forward(self, ids: Tensor, mask: Tensor) -> TextFeatures:
        """``(n, length)`` tokens; the first state is projected."""
        states = self.transformer(input_ids=ids, attention_mask=mask).last_hidden_state
        return TextFeatures(states, states[:, 0], self.proj(states[:, 0]))


class BiomedClipNetwork(PlanarNetwork):
    """Both towers and the learned temperature."""

    text_names = ("text.",)

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__()
        self.visual = ImageTower(config)
        self.text = TextTower(config)
        self.logit_scale = nn.Parameter(torch.zeros(()))

    @property
    def steps(self) -> Sequence[nn.Module]:
        """Blocks of the image tower."""
        return list(self.visual.trunk.blocks)

    def encode_images(self, pixels: Tensor) -> ImageFeatures:
        """``pixels (n, 3, size, size)``."""
        features: ImageFeatures = self.visual(pixels)
        return features

    def read_texts(self, ids: Tensor, mask: Tensor) -> TextFeatures:
        """Of PubMedBERT."""
        features: TextFeatures = self.text(ids, mask)
        return features

    @property
    def text_layers(self) -> tuple[nn.Module, Sequence[nn.Module]]:
        """Of PubMedBERT."""
        bert = self.text.transformer
        return bert.embeddings, list(bert.encoder.layer)

    @property
    def text_width(self) -> int:
        """Of PubMedBERT's states."""
        return int(self.text.transformer.config.hidden_size)

    @property
    def similarity(self) -> tuple[float, float]:
        """Scale; trained with a softmax, so without a bias."""
        return float(self.logit_scale.detach().exp()), 0.0
