"""medvlp's own models under fine-tuning: what is trained, and what they say."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from medvlp.grounding.scan_score import TOP_AREA_SHARE, TOP_VOLUME_ML
from medvlp.models.unified import UnifiedModel
from medvlp_training.fine_tuning.low_rank import add_low_rank, linear_layers
from medvlp_training.fine_tuning.use import OwnOutputs

if TYPE_CHECKING:
    from medvlp_training.pretraining.config import AdaptationConfig

CELL_VOXELS = 2
"""Voxels of a CT crop along a side of a cell."""


class UnifiedUse:
    """A :class:`~medvlp_training.fine_tuning.use.Use` of a unified model.

    Parameters
    ----------
    model
        That is trained.
    ct_spacing_mm
        Of CT crops: how many cells make a scan-level score.
    """

    negative_weight = 0.0

    def __init__(self, model: UnifiedModel, ct_spacing_mm: float) -> None:
        self.model = model
        self.cell_ml = (CELL_VOXELS * ct_spacing_mm) ** 3 / 1000

    @property
    def texts_change(self) -> bool:
        """Whether the text tower is trained."""
        return any(p.requires_grad for p in self.model.text.parameters())

    def prompt(self, text: str) -> str:
        """As typed."""
        return text

    def outputs(self, images: Tensor) -> OwnOutputs:
        """Cells of the dense decoder, the pooled vector, the domain."""
        output = self.model.vision(images)
        cells = self.model.vision.embed(output.features.flatten(1, -2), images.ndim == 5)
        return OwnOutputs(cells, output.pooled, self.model.domain_logit(output.summary))

    def text_vectors(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Of the text tower."""
        vectors: Tensor = self.model.text(input_ids, attention_mask)
        return vectors

    def dense_logits(self, cosines: Tensor) -> Tensor:
        """By the scale and bias of cells."""
        return self.model.dense_log_scale.exp() * cosines + self.model.dense_bias

    def pooled_logits(self, cosines: Tensor) -> Tensor:
        """By the scale and bias of pooled vectors."""
        return self.model.pooled_log_scale.exp() * cosines + self.model.pooled_bias

    def top_cells(self, count: int, volumetric: bool) -> int:
        """As :func:`medvlp.grounding.scan_score.top_cells`."""
        wanted = TOP_VOLUME_ML / self.cell_ml if volumetric else TOP_AREA_SHARE * count
        return min(max(round(wanted), 1), count)


class StartOutputs:
    """What the model said of images before it was trained further; part of no checkpoint."""

    def __init__(self, model: UnifiedModel) -> None:
        self.vision = copy.deepcopy(model.vision).requires_grad_(False).eval()
        self.domain = copy.deepcopy(model.domain).requires_grad_(False).eval()

    @torch.no_grad()
    def __call__(self, images: Tensor) -> OwnOutputs:
        """As the model would have said."""
        if next(self.domain.parameters()).device != images.device:
            self.vision.to(images.device)
            self.domain.to(images.device)
        output = self.vision(images)
        cells = self.vision.embed(output.features.flatten(1, -2), images.ndim == 5)
        return OwnOutputs(cells, output.pooled, self.domain(output.summary.float())[:, 0])


def choose_trained(model: UnifiedModel, settings: AdaptationConfig, text_frozen: bool) -> None:
    """Freeze what stays as it is; with LoRA, add the differences that are trained.

    The head that knows foreign images stays: a user's table holds none to train it with. A frozen
    text tower keeps its projection, too, so that all texts stay where they were.
    """
    model.domain.requires_grad_(False)
    if text_frozen:
        model.text.projection.requires_grad_(False)
    if settings.method == "full":
        return
    text = [layer for layer in linear_layers(model.text) if layer.weight.requires_grad]
    model.text.bert.requires_grad_(False)
    model.vision.requires_grad_(False)
    add_low_rank([*linear_layers(model.vision), *text], settings.rank, settings.alpha)
