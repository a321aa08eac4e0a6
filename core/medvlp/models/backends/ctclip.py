"""CT-CLIP: a 3D transformer in slices and along them, a codebook, and CXR-BERT, for chest CT.

Hamamci et al., "Generalist foundation models from a multimodal dataset for 3D computed tomography", Nature
Biomedical Engineering 2025, arXiv:2403.17834. Written from the description of its parts, under the tensor
names of its published ``CT-CLIP_v2.pt``: CT-ViT (Hamamci et al., arXiv:2305.16037), after C-ViViT of Phenaki
(arXiv:2210.02399), with cosine attention, conditional positions by a depthwise convolution, a continuous bias
of relative positions within a slice, and vector quantisation by cosine (package
``vector-quantize-pytorch`` 1.1.2).

The pooled vector is one linear map over all places within a slice of the mean over the slices. It is a sum
with one term for each cell, and that term is what a cell is given here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from medvlp.models.backends.network import ImageFeatures, ImageTextNetwork

CTCLIP_DENSE = (
    "a cell's own term of the pooled vector, which is the sum of all cells over their slices"
)
SCALE = 8.0
"""Of the cosine attention."""
SLOPE = 0.1
"""Of the leaky rectifier in the bias of positions."""


class ScaledNorm(nn.Module):
    """Layer norm whose offset is stored, but not learned."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(width))
        self.register_buffer("beta", torch.zeros(width))
        self.beta: Tensor

    def forward(self, x: Tensor) -> Tensor:
        """``x (..., width)``."""
        return F.layer_norm(x, x.shape[-1:], self.gamma, self.beta)


class Positions(nn.Module):
    """Depthwise convolution over three axes, padded before the first one alone."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.dsconv = nn.Conv3d(width, width, 3, groups=width)

    def forward(self, x: Tensor, shape: Sequence[int]) -> Tensor:
        """``x (sequences, length, width)``, read as ``(*shape, width)``.

        Along the slices the published code reads sequences so too, without bringing the axes into
        that order first; the weights were trained with it.
        """
        grid = x.reshape(*shape, x.shape[-1]).movedim(-1, 1)
        mixed = self.dsconv(F.pad(grid, (1, 1, 1, 1, 2, 0)))
        return mixed.movedim(1, -1).reshape(x.shape)


class CosineAttention(nn.Module):
    """Attention by the cosine of queries, of the normed tokens, and keys, of the tokens as they are."""

    def __init__(self, width: int, heads: int, head_width: int) -> None:
        super().__init__()
        inner = heads * head_width
        self.heads = heads
        self.norm = ScaledNorm(width)
        self.to_q = nn.Linear(width, inner, bias=False)
        self.to_kv = nn.Linear(width, 2 * inner, bias=False)
        self.q_scale = nn.Parameter(torch.ones(head_width))
        self.k_scale = nn.Parameter(torch.ones(head_width))
        self.to_out = nn.Linear(inner, width, bias=False)

    def forward(self, x: Tensor, bias: Tensor | None) -> Tensor:
        """``x (sequences, length, width)``; ``bias (heads, length, length)``."""
        q, k, v = (
            part.unflatten(-1, (self.heads, -1)).transpose(1, 2)
            for part in (self.to_q(self.norm(x)), *self.to_kv(x).chunk(2, dim=-1))
        )
        q, k = F.normalize(q, dim=-1) * self.q_scale, F.normalize(k, dim=-1) * self.k_scale
        mask = None if bias is None else bias.to(v.dtype)[None]
        mixed = F.scaled_dot_product_attention(
            q.to(v.dtype), k.to(v.dtype), v, attn_mask=mask, scale=SCALE
        )
        return self.to_out(mixed.transpose(1, 2).flatten(2))


class GatedUnit(nn.Module):
    """The first half times the GELU of the second (Shazeer, arXiv:2002.05202)."""

    def forward(self, x: Tensor) -> Tensor:
        """``x (..., 2 * hidden)``."""
        value, gate = x.chunk(2, dim=-1)
        return F.gelu(gate) * value


class Transformer(nn.Module):
    """Positions, attention and feed-forward part, each added to its input."""

    def __init__(self, config: dict[str, Any], depth: int) -> None:
        super().__init__()
        width, hidden = config["width"], config["feed_forward"]
        self.layers = nn.ModuleList()
        for _ in range(depth):
            forward = nn.Sequential(
                nn.LayerNorm(width),
                nn.Linear(width, 2 * hidden, bias=False),
                GatedUnit(),
                nn.Identity(),
                nn.Linear(hidden, width, bias=False),
            )
            attention = CosineAttention(width, config["heads"], config["head_width"])
            # Numbered as published, where 2 is the place of an attention that is not there.
            parts = {"0": Positions(width), "1": attention, "3": forward}
            self.layers.append(nn.ModuleDict(parts))
        self.norm_out = ScaledNorm(width)

    def forward(self, x: Tensor, shape: Sequence[int], bias: Tensor | None = None) -> Tensor:
        """``x (sequences, length, width)``; ``shape`` as :class:`Positions` reads it."""
        for layer in self.layers:
            parts: Any = layer
            x = parts["0"](x, shape) + x
            x = parts["1"](x, bias) + x
            x = parts["3"](x) + x
        return self.norm_out(x)


class RelativeBias(nn.Module):
    """Bias of attention from the logarithm of distances within a slice (arXiv:2111.09883)."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.net = nn.ModuleList(
            [
                nn.Sequential(nn.Linear(2, width), nn.LeakyReLU(SLOPE)),
                nn.Sequential(nn.Linear(width, width), nn.LeakyReLU(SLOPE)),
                nn.Linear(width, heads),
            ]
        )

    def forward(self, side: int) -> Tensor:
        """``(heads, side ** 2, side ** 2)``."""
        steps = torch.arange(side, device=next(self.parameters()).device)
        grid = torch.stack(torch.meshgrid(steps, steps, indexing="ij"), dim=-1).flatten(0, 1)
        apart = (grid[:, None] - grid[None]).float()
        x = torch.sign(apart) * torch.log(apart.abs() + 1)
        for layer in self.net:
            x = layer(x)
        return x.movedim(-1, 0)


class Codebook(nn.Module):
    """The stored vectors."""

    def __init__(self, codes: int, width: int) -> None:
        super().__init__()
        self.register_buffer("embed", torch.zeros(1, codes, width))
        self.embed: Tensor

    def forward(self, x: Tensor) -> Tensor:
        """The vector with the greatest cosine, for each of ``x (..., width)``; in float32."""
        with torch.autocast(x.device.type, enabled=False):
            codes = self.embed[0].float()
            nearest = F.normalize(x.float(), dim=-1) @ F.normalize(codes, dim=-1).T
            return codes[nearest.argmax(dim=-1)]


class CtVit(nn.Module):
    """A box of a CT to quantised cells."""

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__()
        width, self.patch = config["width"], (config["slices"], config["patch"], config["patch"])
        voxels = config["slices"] * config["patch"] ** 2
        # Numbered as published, where 0 cuts the box into patches.
        self.to_patch_emb = nn.ModuleDict(
            {"1": nn.LayerNorm(voxels), "2": nn.Linear(voxels, width), "3": nn.LayerNorm(width)}
        )
        self.spatial_rel_pos_bias = RelativeBias(width, config["heads"])
        self.enc_spatial_transformer = Transformer(config, config["spatial_depth"])
        self.enc_temporal_transformer = Transformer(config, config["temporal_depth"])
        self.vq = nn.ModuleDict({"_codebook": Codebook(config["codes"], width)})

    def forward(self, box: Tensor) -> Tensor:
        """``box (n, 1, S, L, P)`` to ``(n, s, l, p, width)``."""
        x = box[:, 0]
        for axis, size in zip((1, 3, 5), self.patch, strict=True):
            x = x.unflatten(axis, (-1, size))
        tokens = x.permute(0, 1, 3, 5, 2, 4, 6).flatten(4)
        for number in ("1", "2", "3"):
            tokens = self.to_patch_emb[number](tokens)
        n, s, rows, columns, width = tokens.shape
        shape = (n, s, rows, columns)
        bias = self.spatial_rel_pos_bias(rows)
        x = self.enc_spatial_transformer(tokens.reshape(n * s, rows * columns, width), shape, bias)
        x = x.reshape(n, s, rows * columns, width).transpose(1, 2)
        x = self.enc_temporal_transformer(x.reshape(-1, s, width), shape)
        cells = x.reshape(n, rows, columns, s, width).permute(0, 3, 1, 2, 4)
        return self.vq["_codebook"](cells)


class CtClipNetwork(ImageTextNetwork):
    """Both towers, their projections and the learned temperature."""

    def __init__(self, config: dict[str, Any]) -> None:
        from transformers import BertConfig, BertModel

        super().__init__()
        common, places = config["common_width"], config["side"] ** 2
        self.visual_transformer = CtVit(config)
        self.text_transformer = BertModel(BertConfig(**config["text"]), add_pooling_layer=False)
        self.to_visual_latent = nn.Linear(places * config["width"], common, bias=False)
        self.to_text_latent = nn.Linear(config["text"]["hidden_size"], common, bias=False)
        self.temperature = nn.Parameter(torch.ones(()))

    @property
    def steps(self) -> Sequence[nn.Module]:
        """Layers within slices, then along them: their feed-forward parts, which run last."""
        vision = self.visual_transformer
        stacks = (vision.enc_spatial_transformer, vision.enc_temporal_transformer)
        return [layer["3"] for stack in stacks for layer in stack.layers]  # type: ignore[index]

    def encode_images(self, pixels: Tensor) -> ImageFeatures:
        """``pixels (n, 1, S, L, P)`` in [-1, 1]."""
        cells = self.visual_transformer(pixels)
        pooled = self.to_visual_latent(cells.mean(dim=1).flatten(1))
        _, _, rows, columns, width = cells.shape
        weight = self.to_visual_latent.weight.reshape(-1, rows, columns, width)
        return ImageFeatures(torch.einsum("nslpw,olpw->nslpo", cells, weight), pooled)

    def encode_texts(self, ids: Tensor, mask: Tensor) -> Tensor:
        """First state, projected."""
        states = self.text_transformer(input_ids=ids, attention_mask=mask).last_hidden_state
        vectors: Tensor = self.to_text_latent(states[:, 0])
        return vectors

    @property
    def similarity(self) -> tuple[float, float]:
        """Scale; trained with a softmax, so without a bias."""
        return float(self.temperature.detach().exp()), 0.0
