"""A published model with both towers as the objectives take them, and which weights are trained."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from medvlp.grounding.scan_score import TOP_AREA_SHARE, TOP_VOLUME_ML
from medvlp.models.backends.network import PlanarNetwork
from medvlp.models.backends.settings import PlanarPreprocessing, TextSettings, Windows
from medvlp_training.fine_tuning.low_rank import add_low_rank, convolutions, linear_layers
from medvlp_training.fine_tuning.published.text import PublishedText, TextForm, heads_of
from medvlp_training.fine_tuning.published.vision import PublishedVision
from medvlp_training.fine_tuning.use import OwnOutputs
from medvlp_training.pretraining.text_freezing import freeze_text

if TYPE_CHECKING:
    from medvlp_training.pretraining.config import AdaptationConfig, TextConfig

SIMILARITY = ("logit_scale", "logit_bias")
"""Scale and bias of the published loss: they stay, as the scores' meaning does."""
FIELD_MM = 360.0
"""Side of a usual CT slice: how large a cell of a slab is, for a scan-level score."""


@dataclass(frozen=True)
class PictureShape:
    """What methods ask of an encoder's shape."""

    hidden_size: int
    num_attention_heads: int
    windows: Windows


class PublishedTowers(nn.Module):
    """A published network for pictures in the place of a unified model.

    Dropout and batch statistics are those of a network in use: each sample is encoded alone.

    Parameters
    ----------
    network
        Both towers, with their weights.
    preprocessing
        What the image tower is shown.
    form
        How the text tower takes its texts.
    """

    def __init__(
        self, network: PlanarNetwork, preprocessing: PlanarPreprocessing, form: TextForm
    ) -> None:
        super().__init__()
        self.network = network.eval()
        self.vision = PublishedVision(network, preprocessing)
        self.text = PublishedText(network, form)
        width = _common_width(self.text)
        self.config = PictureShape(width, heads_of(width), preprocessing.ct_windows)

    def train(self, mode: bool = True) -> PublishedTowers:
        """The network stays in evaluation mode."""
        super().train(mode)
        self.network.eval()
        return self

    def _of_text(self) -> Iterator[tuple[nn.Module, nn.Parameter]]:
        """Weights of the text tower, and the layers that they belong to."""
        holder = self.network.holder
        for name, parameter in holder.named_parameters():
            if name.startswith(self.network.text_names):
                yield holder.get_submodule(name.rpartition(".")[0]), parameter

    def choose_trained(self, text: TextConfig) -> None:
        """Freeze scale and bias, and of the text tower what the configuration freezes.

        Raises
        ------
        MedVLPError
            If the text tower has fewer layers than are to be frozen.
        """
        self.network.requires_grad_(True)
        for name, parameter in self.network.holder.named_parameters():
            if name.startswith(SIMILARITY):
                parameter.requires_grad_(False)
        if text.freeze == "all":  # its projection, too: all texts stay where they are
            for _, parameter in self._of_text():
                parameter.requires_grad_(False)
        freeze_text(self.text, text.freeze)

    def add_low_rank(self, settings: AdaptationConfig) -> None:
        """Freeze everything, and train differences to what was trained.

        Of linear layers; of convolutions where the image tower has no others (a ResNet).
        """
        texts = {id(layer) for layer, _ in self._of_text()}
        linear = [layer for layer in linear_layers(self.network) if layer.weight.requires_grad]
        chosen: list[nn.Linear | nn.Conv2d] = list(linear)
        if all(id(layer) in texts for layer in linear):
            chosen += convolutions(self.network)
        self.network.requires_grad_(False)
        add_low_rank(chosen, settings.rank, settings.alpha)


class PublishedUse:
    """A :class:`~medvlp_training.fine_tuning.use.Use` of a published model.

    Parameters
    ----------
    towers
        That are trained.
    preprocessing
        Of its pictures.
    texts
        Of its prompts.
    negative_weight
        Of its calibration.
    """

    def __init__(
        self,
        towers: PublishedTowers,
        preprocessing: PlanarPreprocessing,
        texts: TextSettings,
        negative_weight: float,
    ) -> None:
        self.towers = towers
        self.negative_weight = negative_weight
        self._fill = texts.fill
        self._scale, self._bias = towers.network.similarity
        cells = preprocessing.image_size // preprocessing.cell_pixels
        self._cell_ml = preprocessing.slice_mm * (FIELD_MM / cells) ** 2 / 1000

    @property
    def texts_change(self) -> bool:
        """Whether the text tower is trained."""
        return self.towers.text.is_trained

    def prompt(self, text: str) -> str:
        """Set into the published template."""
        return self._fill(text)

    def outputs(self, images: Tensor) -> OwnOutputs:
        """Cells and pooled vectors in the common space."""
        found = self.towers.vision.features(images)
        return OwnOutputs(found.dense.flatten(1, -2), found.pooled)

    def text_vectors(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Of the text tower."""
        vectors: Tensor = self.towers.text(input_ids, attention_mask)
        return vectors

    def dense_logits(self, cosines: Tensor) -> Tensor:
        """By the published scale and bias."""
        return self._scale * cosines + self._bias

    def pooled_logits(self, cosines: Tensor) -> Tensor:
        """The same."""
        return self.dense_logits(cosines)

    def top_cells(self, count: int, volumetric: bool) -> int:
        """As :func:`medvlp.grounding.scan_score.top_cells`, of a slice of the usual size."""
        wanted = TOP_VOLUME_ML / self._cell_ml if volumetric else TOP_AREA_SHARE * count
        return min(max(round(wanted), 1), count)


class StartPictures:
    """What a published model said of images before it was trained further; part of no checkpoint.

    Weights that are not trained are shared with the model.
    """

    def __init__(self, towers: PublishedTowers, preprocessing: PlanarPreprocessing) -> None:
        kept = {id(p): p for p in towers.network.parameters() if not p.requires_grad}
        network = copy.deepcopy(towers.network, kept)  # type: ignore[arg-type]
        self._network = network.requires_grad_(False).eval()
        self._vision = PublishedVision(self._network, preprocessing)

    @torch.no_grad()
    def __call__(self, images: Tensor) -> OwnOutputs:
        """As the model would have said."""
        if self._vision.mean.device != images.device:
            self._network.to(images.device)
            self._vision.to(images.device)
        found = self._vision.features(images)
        return OwnOutputs(found.dense.flatten(1, -2), found.pooled)


@torch.no_grad()
def _common_width(text: PublishedText) -> int:
    """D: the length of any text's vector."""
    ids = torch.zeros(1, 2, dtype=torch.int64)
    return int(text(ids, torch.ones_like(ids)).shape[-1])
