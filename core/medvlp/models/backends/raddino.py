"""RAD-DINO: an image encoder of chest X-rays without a text tower, and a learned bridge from ours.

Perez-Garcia et al., "Exploring scalable medical image encoders beyond text supervision", Nature Machine
Intelligence 2025, arXiv:2401.10815; the layout is that of DINOv2 in transformers. A text goes through our
text tower, and then through a small map into the space of RAD-DINO's patch tokens. That text can be aligned
with a frozen DINOv2 through patch tokens and their mean is shown by Jose et al., "DINOv2 Meets Text",
CVPR 2025, arXiv:2412.16334; the bridge here is a small relative of theirs: the image tower is left as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from medvlp.models.backends.dual import as_grid
from medvlp.models.backends.network import ImageFeatures, PlanarNetwork, TextFeatures
from medvlp.models.text import TextConfig, TextTower, mean_state

RADDINO_DENSE = (
    "none needed: patch tokens of length 1, less their mean over the images of the bridge; the pooled "
    "vector is the mean of the cells, and the bridge was fitted to it"
)


def text_bridge(text_width: int, hidden: int, image_width: int) -> nn.Sequential:
    """A map of text vectors into the space of cells: linear, or of two layers where ``hidden`` > 0."""
    if not hidden:
        return nn.Sequential(nn.Linear(text_width, image_width))
    return nn.Sequential(nn.Linear(text_width, hidden), nn.GELU(), nn.Linear(hidden, image_width))


class RadDinoNetwork(PlanarNetwork):
    """DINOv2 of transformers, our text tower, and the bridge between them."""

    text_names = ("text.", "bridge.")

    def __init__(self, config: dict[str, Any]) -> None:
        from transformers import Dinov2Config, Dinov2Model

        super().__init__()
        width = int(config["image"]["hidden_size"])
        text = TextConfig.from_dict(config["text"])
        self.image: Any = Dinov2Model(Dinov2Config.from_dict(config["image"]))
        self.text = TextTower(text)
        self.bridge = text_bridge(text.dim, int(config["bridge"]["hidden"]), width)
        self.register_buffer("image_mean", torch.zeros(width))
        self.image_mean: Tensor
        self.logit_scale = nn.Parameter(torch.zeros(()))

    @property
    def steps(self) -> Sequence[nn.Module]:
        """Blocks of the image tower."""
        return list(self.image.encoder.layer)

    def encode_images(self, pixels: Tensor) -> ImageFeatures:
        """``pixels (n, 3, size, size)``."""
        tokens = self.image(pixel_values=pixels).last_hidden_state[:, 1:]
        cells = F.normalize(tokens.float(), dim=-1) - self.image_mean
        return ImageFeatures(as_grid(cells), cells.mean(dim=1))

    def read_texts(self, ids: Tensor, mask: Tensor) -> TextFeatures:
        """Our vector of each text, through the bridge."""
        states = self.text.hidden_states(ids, mask)
        mean = mean_state(states, mask)
        vectors = F.normalize(self.text.projection(mean).float(), dim=-1)
        return TextFeatures(states, mean, self.bridge(vectors))

    @property
    def text_layers(self) -> tuple[nn.Module, Sequence[nn.Module]]:
        """Of our text tower."""
        bert: Any = self.text.bert
        return bert.embeddings, list(bert.encoder.layer)

    @property
    def text_width(self) -> int:
        """Of our text tower's states."""
        return self.text.config.hidden_size

    @property
    def similarity(self) -> tuple[float, float]:
        """Scale of the bridge's loss; fitted with a softmax, so without a bias."""
        return float(self.logit_scale.detach().exp()), 0.0
