"""BioViL-T and BioViL: a ResNet-50 for chest X-rays and CXR-BERT, trained cell by cell.

Bannur et al., "Learning to Exploit Temporal Structure for Biomedical Vision-Language Processing",
CVPR 2023, arXiv:2301.04558; the layout is that of ``hi-ml-multimodal``. One image is given: as there,
a learned vector stands for the missing earlier one, and the transformer that would compare the two is
not used. Cells need no detour: the model was trained with every cell projected, then averaged.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from medvlp.models.backends.network import ImageFeatures, PlanarNetwork, TextFeatures

BIOVIL_DENSE = "none needed: the projected cells, whose mean is the pooled vector"
EXPANSION = 4
"""Channels of a bottleneck's output per inner channel (He et al., arXiv:1512.03385)."""
STRIDE = 32
LAYER_NORM_EPSILON = 1e-12
"""Of CXR-BERT's projection head."""


class Bottleneck(nn.Module):
    """Residual block; the stride is in the middle convolution, as in torchvision."""

    def __init__(self, channels: int, inner: int, stride: int) -> None:
        super().__init__()
        outer = EXPANSION * inner
        self.conv1 = nn.Conv2d(channels, inner, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(inner)
        self.conv2 = nn.Conv2d(inner, inner, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(inner)
        self.conv3 = nn.Conv2d(inner, outer, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(outer)
        self.downsample = None
        if stride != 1 or channels != outer:
            self.downsample = nn.Sequential(
                nn.Conv2d(channels, outer, 1, stride, bias=False), nn.BatchNorm2d(outer)
            )

    def forward(self, x: Tensor) -> Tensor:
        """``x (n, channels, rows, columns)``."""
        shortcut = x if self.downsample is None else self.downsample(x)
        x = F.relu(self.bn1(self.conv1(x)))
        x = F.relu(self.bn2(self.conv2(x)))
        return F.relu(self.bn3(self.conv3(x)) + shortcut)


class ResNet(nn.Module):
    """Feature map of a ResNet, 1/32 of the image."""

    def __init__(self, stem: int, depths: Sequence[int]) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, stem, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(stem)
        channels = stem
        for level, depth in enumerate(depths):
            inner, blocks = stem * 2**level, []
            for number in range(depth):
                stride = 2 if number == 0 and level > 0 else 1
                blocks.append(Bottleneck(channels, inner, stride))
                channels = EXPANSION * inner
            self.add_module(f"layer{level + 1}", nn.Sequential(*blocks))
        self.layers = len(depths)

    def forward(self, x: Tensor) -> Tensor:
        """``x (n, 3, rows, columns)``."""
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), 3, 2, 1)
        for level in range(self.layers):
            x = self.get_submodule(f"layer{level + 1}")(x)
        return x


class ImageEncoder(nn.Module):
    """ResNet; for BioViL-T with the vector that stands for a missing earlier image."""

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__()
        self.encoder = ResNet(config["stem"], config["depths"])
        self.temporal = config["half_width"]
        if self.temporal:
            channels = EXPANSION * config["stem"] * 2 ** (len(config["depths"]) - 1)
            self.backbone_to_vit = nn.Conv2d(channels, self.temporal, 1, bias=False)
            self.missing_previous_emb = nn.Parameter(torch.zeros(1, self.temporal, 1, 1))

    def forward(self, pixels: Tensor) -> Tensor:
        """``pixels (n, 3, size, size)`` to ``(n, channels, rows, columns)``."""
        features: Tensor = self.encoder(pixels)
        if not self.temporal:
            return features
        features = self.backbone_to_vit(features)
        missing = self.missing_previous_emb.to(features.dtype).expand_as(features)
        return torch.cat([features, missing], dim=1)


class ImageModel(nn.Module):
    """Encoder and projection of every cell."""

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__()
        self.encoder = ImageEncoder(config)
        width, common = config["width"], config["common_width"]
        self.projector = nn.ModuleDict(
            {
                "model": nn.Sequential(
                    nn.Conv2d(width, common, 1, bias=False),
                    nn.BatchNorm2d(common),
                    nn.ReLU(),
                    nn.Conv2d(common, common, 1),
                )
            }
        )

    def forward(self, pixels: Tensor) -> ImageFeatures:
        """``pixels (n, 3, size, size)``."""
        cells = self.projector["model"](self.encoder(pixels))
        return ImageFeatures(cells.permute(0, 2, 3, 1), cells.mean(dim=(2, 3)))


class CxrBert(nn.Module):
    """A BERT whose first state is projected into the common space."""

    def __init__(self, config: dict[str, Any]) -> None:
        from transformers import BertConfig, BertModel

        super().__init__()
        self.bert = BertModel(BertConfig(**config["text"]), add_pooling_layer=False)
        width, common = config["text"]["hidden_size"], config["common_width"]
        self.cls_projection_head = nn.ModuleDict(
            {
                "dense_to_hidden": nn.Linear(width, common),
                "LayerNorm": nn.LayerNorm(common, eps=LAYER_NORM_EPSILON),
                "dense_to_output": nn.Linear(common, common),
            }
        )

    def forward(self, ids: Tensor, mask: Tensor) -> TextFeatures:
        """``(n, length)`` tokens."""
        head = self.cls_projection_head
        states = self.bert(input_ids=ids, attention_mask=mask).last_hidden_state
        first = states[:, 0]
        hidden = head["LayerNorm"](F.gelu(head["dense_to_hidden"](first)))
        return TextFeatures(states, first, head["dense_to_output"](hidden))


class BiovilNetwork(PlanarNetwork):
    """Both models; the scale is that of the loss, which the checkpoint does not hold."""

    text_names = ("text.",)

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__()
        self.image = ImageModel(config)
        self.text = CxrBert(config)
        self.scale = float(config["logit_scale"])

    @property
    def steps(self) -> Sequence[nn.Module]:
        """Levels of the ResNet."""
        resnet = self.image.encoder.encoder
        return [resnet.get_submodule(f"layer{n + 1}") for n in range(resnet.layers)]

    def encode_images(self, pixels: Tensor) -> ImageFeatures:
        """``pixels (n, 3, size, size)``."""
        features: ImageFeatures = self.image(pixels)
        return features

    def read_texts(self, ids: Tensor, mask: Tensor) -> TextFeatures:
        """Of CXR-BERT."""
        features: TextFeatures = self.text(ids, mask)
        return features

    @property
    def text_layers(self) -> tuple[nn.Module, Sequence[nn.Module]]:
        """Of CXR-BERT."""
        return self.text.bert.embeddings, list(self.text.bert.encoder.layer)

    @property
    def text_width(self) -> int:
        """Of CXR-BERT's states."""
        return int(self.text.bert.config.hidden_size)

    @property
    def similarity(self) -> tuple[float, float]:
        """Inverse temperature of the training loss; trained with a softmax, so without a bias."""
        return self.scale, 0.0
