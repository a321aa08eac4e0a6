"""A shipped model asked as a pre-training run is: its vectors, vocabulary and preprocessing.

Cells of its dense head are averaged to the token grid, where regions and organs are compared; the
pointing task reads the finer cells themselves (:meth:`ShippedObjective.dense_vectors`). Scans are turned,
scaled and, beyond :data:`LARGEST_CROP`, cropped at the centre as in pre-training, so figures may differ
slightly from those of the command line, which reads whole scans.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from tokenizers import Tokenizer
from torch import Tensor

from medvlp.models.native import NativeModel
from medvlp.models.network import UnifiedNetwork
from medvlp.models.preprocessing import normalise_xr
from medvlp.models.text import PRESENT
from medvlp.models.vision import TOKEN_STRIDE
from medvlp_training.evaluation.tasks.subject import Subject, read_samples, test_kinds
from medvlp_training.objectives.batch import Batch, Vocabulary
from medvlp_training.objectives.objective import (
    Objective,
    ObjectiveSettings,
    Representations,
    unit,
)
from medvlp_training.objectives.shared.organ_pooling import organ_mean
from medvlp_training.pretraining.collate import Collator
from medvlp_training.pretraining.config import DataConfig, PretrainingConfig
from medvlp_training.pretraining.images import GridImage
from medvlp_training.pretraining.load import TrainedRun
from medvlp_training.pretraining.vocabulary import build_vocabulary
from medvlp_training.samples.sample import ImageTextSample
from medvlp_training.samples.shard_set import ShardSet

LARGEST_CROP = 128
"""Voxels a side of the largest part of a CT that is encoded at once."""


class ShippedObjective(Objective):
    """The vectors of a :class:`UnifiedNetwork`; it is not trained, and has no losses."""

    def __init__(self, model: UnifiedNetwork, vocabulary: Vocabulary) -> None:
        super().__init__(model, ObjectiveSettings(), vocabulary)

    def encode(self, batch: Batch) -> Representations:
        """``pooled (B, D)``, and ``cells (B, N, D)`` on the token grid; one image at a time."""
        pooled, cells = [], []
        for image in batch.images.split(1):
            output = self.model.encode_images(image)
            dense = self.model.vision.embed(output.features, batch.volumetric)
            pool = F.avg_pool3d if batch.volumetric else F.avg_pool2d
            factor = dense.shape[1] // batch.organ_masks.shape[2]
            coarse = pool(dense.movedim(-1, 1), factor)
            cells.append(coarse.flatten(2).transpose(1, 2))
            pooled.append(output.pooled)
        return {"pooled": torch.cat(pooled), "cells": torch.cat(cells)}

    def dense_vectors(self, images: Tensor) -> Tensor:
        """Unit vectors of the dense head's own cells, ``(B, *grid, D)``."""
        features = self.model.encode_images(images).features
        return self.model.vision.embed(features, images.ndim == 5)

    def heat(self, cosines: Tensor) -> Tensor:
        """The model's own probability of cells with such cosines to a phrase."""
        return (self.model.dense_log_scale.exp() * cosines + self.model.dense_bias).sigmoid()

    def image_vectors(self, representations: Representations, batch: Batch) -> Tensor:
        """Pooled vectors."""
        return unit(representations["pooled"])

    def phrase_vectors(
        self, input_ids: Tensor, attention_mask: Tensor, polarity: int = PRESENT
    ) -> Tensor:
        """The text tower's vectors; images and cells share one space."""
        sign = torch.full_like(input_ids[:, 0], polarity)
        vectors: Tensor = self.model.text(input_ids, attention_mask, sign)
        return vectors

    def region_vectors(self, representations: Representations, batch: Batch) -> Tensor:
        """Means of the dense cells of each token."""
        return unit(representations["cells"])

    def organ_vectors(self, representations: Representations, batch: Batch) -> Tensor:
        """Means of the dense cells inside each organ."""
        return unit(organ_mean(representations["cells"], batch.organ_masks.flatten(2)))

    def organ_phrase_vectors(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """As all phrases."""
        return self.phrase_vectors(input_ids, attention_mask)


class ShippedCollator(Collator):
    """X-rays are re-exposed by percentiles, as the model's own preprocessing does."""

    percentiles: tuple[float, float]

    def grid_image(self, sample: ImageTextSample, rng: np.random.Generator) -> GridImage:
        """The sample's image and organs on the grid that the encoder takes."""
        found = super().grid_image(sample, rng)
        if sample.modality == "CT":
            return found
        pixels = torch.full_like(found.pixels, -1)
        exposed = normalise_xr(found.pixels[found.inside].numpy(), self.percentiles)
        pixels[found.inside] = torch.from_numpy(exposed)
        return GridImage(pixels, found.organs, found.inside)


def shipped_subject(
    model: NativeModel, folder: Path, shards: ShardSet, most_patients: int | None = None
) -> Subject:
    """A model folder's model; findings and organs are those that the shards speak of.

    Raises
    ------
    MedVLPError
        If the shards hold no test sample that it takes.
    """
    kinds = test_kinds(shards, frozenset(model.modalities))
    vocabulary = build_vocabulary(shards.describe(entry) for entry in shards.entries)
    settings = model.preprocessing
    scans = read_samples(shards, "CT", most_patients=most_patients) if "CT" in kinds else []
    data = DataConfig(
        shards=(folder,),
        image_size=settings.xr.image_size,
        spacing_mm=settings.ct.spacing_mm,
        crop_voxels=crop_holding(scans, settings.ct.spacing_mm),
        workers=0,
    )
    network = model.network.float().cpu()
    # The collator changes how its tokenizer pads.
    tokenizer = Tokenizer.from_str(model.tokenizer.to_str())
    own = Tokenizer.from_str(model.tokenizer.to_str())
    collator = ShippedCollator(data, network.config.windows, own, vocabulary, None)
    collator.percentiles = settings.xr.percentiles
    # A shipped model has no pre-training configuration; only its data and seed are ever asked for.
    config = PretrainingConfig.model_construct(
        objective="shipped", out=folder, data=data, seed=0, settings={}
    )
    objective = ShippedObjective(network, vocabulary).eval()
    run = TrainedRun(config, objective, vocabulary, tokenizer, collator, step=0)
    return Subject(run, model.name, model.model_id, kinds, shards, most_patients)


def crop_holding(
    scans: Iterable[ImageTextSample], spacing_mm: float, largest: int = LARGEST_CROP
) -> tuple[int, int, int]:
    """Voxels ``(S, P, L)`` of the smallest box of whole tokens that holds each scan, up to a limit."""
    extents = [
        np.abs(scan.affine[:3, :3]) @ np.array(scan.image.shape, float)
        for scan in scans
        if scan.affine is not None
    ]
    stride = TOKEN_STRIDE[3]
    # A float's last digit must not cost a token.
    tokens = np.ceil(
        np.max([np.zeros(3), *extents], axis=0)[::-1] / (spacing_mm * stride) - 1e-6
    ).astype(int)
    first, second, third = (int(n) * stride for n in np.clip(tokens, 1, largest // stride))
    return first, second, third
