"""Merlin: an inflated ResNet-152 and Clinical-Longformer, for CT of the abdomen.

Blankemeier et al., "Merlin: a computed tomography vision-language foundation model and dataset", Nature 2026,
arXiv:2406.06512, package ``merlin-vlm`` 0.0.7. The image tower is a two-dimensional ResNet (bottlenecks with
the stride in their 3 x 3 convolution) whose kernels were inflated along the patient (Carreira and Zisserman,
CVPR 2017): 3 deep where they are wider than 1, and strided there, too.

The pooled vector is a linear map of the mean over all cells, so it is the mean of that map of each cell, which
is what a cell is given here.

The text tower is run as the RoBERTa that Longformer is for texts that are no longer than half of its window:
every token then attends to every other, and its global attention is not asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from torch import Tensor, nn
from torch.nn import functional as F

from medvlp.models.backends.network import ImageFeatures, ImageTextNetwork

MERLIN_DENSE = "a cell's own contrastive features: the pooled vector is their mean"
COPIES = 3
"""Of the grey volume, as the colours that the two-dimensional network had."""


class Bottleneck(nn.Module):
    """1, 3 and 1 voxels wide, and the identity, with batch norms."""

    def __init__(self, inputs: int, width: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv3d(inputs, width, 1, bias=False)
        self.bn1 = nn.BatchNorm3d(width)
        self.conv2 = nn.Conv3d(width, width, 3, stride=stride, padding=1, bias=False)
        self.bn2 = nn.BatchNorm3d(width)
        self.conv3 = nn.Conv3d(width, outputs, 1, bias=False)
        self.bn3 = nn.BatchNorm3d(outputs)
        self.downsample: nn.Module | None = None
        if stride != 1 or inputs != outputs:
            convolution = nn.Conv3d(inputs, outputs, 1, stride=stride, bias=False)
            self.downsample = nn.Sequential(convolution, nn.BatchNorm3d(outputs))

    def forward(self, x: Tensor) -> Tensor:
        """``x (n, channels, S, R, A)``."""
        inner = F.relu(self.bn1(self.conv1(x)))
        inner = F.relu(self.bn2(self.conv2(inner)))
        inner = self.bn3(self.conv3(inner))
        return F.relu(inner + (x if self.downsample is None else self.downsample(x)))


class InflatedResNet(nn.Module):
    """A box of a CT to contrastive features of its cells."""

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__()
        stem, common = config["stem"], config["common_width"]
        self.conv1 = nn.Conv3d(
            COPIES, stem, (3, 7, 7), stride=(1, 2, 2), padding=(1, 3, 3), bias=False
        )
        self.bn1 = nn.BatchNorm3d(stem)
        inputs = stem
        for number, (blocks, width, outputs) in enumerate(config["levels"], start=1):
            stride = 1 if number == 1 else 2
            first = Bottleneck(inputs, width, outputs, stride)
            rest = (Bottleneck(outputs, width, outputs, 1) for _ in range(blocks - 1))
            self.add_module(f"layer{number}", nn.Sequential(first, *rest))
            inputs = outputs
        self.contrastive_head = nn.Conv3d(inputs, common, 1)

    @property
    def levels(self) -> Sequence[nn.Sequential]:
        """The four stacks of blocks."""
        return [self.get_submodule(f"layer{number}") for number in (1, 2, 3, 4)]  # type: ignore[misc]

    def forward(self, box: Tensor) -> Tensor:
        """``box (n, 1, R, A, S)`` in [0, 1] to ``(n, r, a, s, D)``."""
        x = box.permute(0, 1, 4, 2, 3).expand(-1, COPIES, -1, -1, -1)
        x = F.max_pool3d(F.relu(self.bn1(self.conv1(x))), 3, stride=2, padding=1)
        for level in self.levels:
            x = level(x)
        cells: Tensor = self.contrastive_head(x)
        return cells.permute(0, 3, 4, 2, 1)


class ImageTower(nn.Module):
    """The network under the name it was published with."""

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__()
        self.i3_resnet = InflatedResNet(config)


class TextTower(nn.Module):
    """Clinical-Longformer and its projection, under the names they were published with."""

    def __init__(self, config: dict[str, Any]) -> None:
        from transformers import RobertaConfig, RobertaModel

        super().__init__()
        self.text_encoder = RobertaModel(RobertaConfig(**config["text"]), add_pooling_layer=False)
        self.linear_layer = nn.Linear(config["text"]["hidden_size"], config["common_width"])


class MerlinNetwork(ImageTextNetwork):
    """Both towers and the learned scale."""

    def __init__(self, config: dict[str, Any]) -> None:
        import torch

        super().__init__()
        self.encode_image = ImageTower(config)
        self.encode_text = TextTower(config)
        self.logit_scale = nn.Parameter(torch.ones(()))

    @property
    def steps(self) -> Sequence[nn.Module]:
        """Blocks of the image tower."""
        return [block for level in self.encode_image.i3_resnet.levels for block in level]

    def encode_images(self, pixels: Tensor) -> ImageFeatures:
        """``pixels (n, 1, R, A, S)`` in [-1, 1]; the network was trained on [0, 1]."""
        cells = self.encode_image.i3_resnet((pixels + 1) / 2)
        return ImageFeatures(cells, cells.mean(dim=(1, 2, 3)))

    def encode_texts(self, ids: Tensor, mask: Tensor) -> Tensor:
        """First state, projected."""
        tower = self.encode_text
        states = tower.text_encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        vectors: Tensor = tower.linear_layer(states[:, 0])
        return vectors

    @property
    def similarity(self) -> tuple[float, float]:
        """Scale; trained with a softmax, so without a bias.

        The published code holds the number and does not use it: it is read as CLIP's, a logarithm.
        """
        return float(self.logit_scale.detach().exp()), 0.0
