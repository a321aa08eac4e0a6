r"""CLIP and SigLIP of transformers, with features for every patch.

Both were trained on one vector per image. A patch is brought into the space of that vector by the
path that the vector itself took, with the patch attending to nothing but itself:

* CLIP pools by the class token, which gathers the patches' *values* in the last block. As in MaskCLIP
  (Zhou, Loy, Dai, "Extract Free Dense Labels from CLIP", ECCV 2022, arXiv:2112.01071, section 3.2 and
  its published code), the last block's attention is replaced by its value and output projections;
  residual, feed-forward, final norm and projection stay.
* SigLIP pools by an attention head with a learned query (Zhai et al., arXiv:2303.15343). Over a single
  patch the softmax of that head is 1, whatever the query: what remains is its value and output
  projection, norm and feed-forward. The same holds for the last block, so both are applied to each
  patch alone.

``benchmarks/dense_features.py`` compares both with the alternatives: for SigLIP the head alone, behind
an unchanged last block, places things worse on average.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from torch import Tensor, nn
from torch.nn import functional as F

from medvlp.models.backends.network import ImageFeatures, PlanarNetwork, TextFeatures

if TYPE_CHECKING:
    from transformers import CLIPModel, SiglipModel

CLIP_DENSE = "maskclip: value and output projection of the last block, residual, feed-forward"
SIGLIP_DENSE = "value path of the last block, then the attention-pooling head on each patch alone"


def value_path(block: Any, tokens: Tensor) -> Tensor:
    """A transformers CLIP block in which every token attends to itself alone, ``(n, tokens, D)``."""
    attention = block.self_attn
    tokens = tokens + attention.out_proj(attention.v_proj(block.layer_norm1(tokens)))
    return tokens + block.mlp(block.layer_norm2(tokens))


def as_grid(tokens: Tensor) -> Tensor:
    """``(n, side * side, D)`` row by row to ``(n, side, side, D)``."""
    side = math.isqrt(tokens.shape[1])
    return tokens.unflatten(1, (side, side))


class DualNetwork(PlanarNetwork):
    """A model of transformers, under its own names."""

    text_names = ("text_model.", "text_projection.")

    def __init__(self, model: CLIPModel | SiglipModel) -> None:
        super().__init__()
        self.model: Any = model

    @property
    def holder(self) -> nn.Module:
        """The model itself."""
        model: nn.Module = self.model
        return model

    @property
    def steps(self) -> Sequence[nn.Module]:
        """Blocks of the image tower."""
        return list(self.model.vision_model.encoder.layers)

    @property
    def text_layers(self) -> tuple[nn.Module, Sequence[nn.Module]]:
        """Of the text model."""
        text = self.model.text_model
        return text.embeddings, list(text.encoder.layers)

    @property
    def text_width(self) -> int:
        """Of the text model's states."""
        return int(self.model.config.text_config.hidden_size)


class ClipNetwork(DualNetwork):
    """A CLIP of transformers (Radford et al., arXiv:2103.00020)."""

    def encode_images(self, pixels: Tensor) -> ImageFeatures:
        """``pixels (n, 3, size, size)``."""
        vision = self.model.vision_model
        hidden = vision.pre_layrnorm(vision.embeddings(pixels))
        *blocks, last = vision.encoder.layers
        for block in blocks:
            hidden = block(hidden, None)
        cells = value_path(last, hidden[:, 1:])
        pooled = last(hidden, None)[:, 0]
        project = self.model.visual_projection
        return ImageFeatures(
            dense=as_grid(project(vision.post_layernorm(cells))),
            pooled=project(vision.post_layernorm(pooled)),
        )

    def read_texts(self, ids: Tensor, mask: Tensor) -> TextFeatures:
        """The state of the end token is projected."""
        output = self.model.text_model(input_ids=ids, attention_mask=mask)
        projected = self.model.text_projection(output.pooler_output)
        return TextFeatures(output.last_hidden_state, output.pooler_output, projected)

    @property
    def similarity(self) -> tuple[float, float]:
        """Scale; CLIP was trained with a softmax and has no bias."""
        return float(self.model.logit_scale.detach().exp()), 0.0


class SiglipNetwork(DualNetwork):
    """A SigLIP of transformers."""

    def encode_images(self, pixels: Tensor) -> ImageFeatures:
        """``pixels (n, 3, size, size)``."""
        vision = self.model.vision_model
        hidden = vision.embeddings(pixels)
        *blocks, last = vision.encoder.layers
        for block in blocks:
            hidden = block(hidden, None)
        cells = vision.post_layernorm(value_path(last, hidden))
        pooled = vision.head(vision.post_layernorm(last(hidden, None)))
        return ImageFeatures(dense=as_grid(head_alone(vision.head, cells)), pooled=pooled)

    def read_texts(self, ids: Tensor, mask: Tensor) -> TextFeatures:
        """The last position is projected, padding included: SigLIP was trained so, without a mask."""
        del mask
        output = self.model.text_model(input_ids=ids)
        states = output.last_hidden_state
        return TextFeatures(states, states[:, -1], output.pooler_output)

    @property
    def similarity(self) -> tuple[float, float]:
        """Scale and bias of the sigmoid loss."""
        scale, bias = self.model.logit_scale.detach(), self.model.logit_bias.detach()
        return float(scale.exp()), float(bias)


def head_alone(head: Any, tokens: Tensor) -> Tensor:
    """SigLIP's attention-pooling head on every token by itself, ``(n, tokens, D)``."""
    attention = head.attention
    width = tokens.shape[-1]
    weight, bias = attention.in_proj_weight[2 * width :], attention.in_proj_bias[2 * width :]
    pooled = attention.out_proj(F.linear(tokens, weight, bias))
    return pooled + head.mlp(head.layernorm(pooled))
