"""Samples of all splits as transfer needs them: images, labels and who trains, validates and is tested."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import torch

from medvlp.errors import MedVLPError
from medvlp.models.config import UnifiedConfig
from medvlp.models.vision import UnifiedVisionEncoder
from medvlp_training.evaluation.tasks.prepared import ROWS, batches
from medvlp_training.evaluation.tasks.shipped import ShippedObjective
from medvlp_training.evaluation.tasks.subject import Subject
from medvlp_training.evaluation.transfer.encoders import FrozenFeatures
from medvlp_training.evaluation.transfer.fitting import seeded
from medvlp_training.evaluation.transfer.split import PatientSplit
from medvlp_training.objectives.batch import Batch, join
from medvlp_training.pretraining.load import TrainedRun
from medvlp_training.pretraining.source import Kind
from medvlp_training.samples.sample import ImageTextSample
from medvlp_training.samples.splits import SPLITS, Split

VALIDATION_ONE_IN = 5
ENCODERS = ("model", "random weights")
Parts = dict[Split, list[ImageTextSample]]


@dataclass(frozen=True, eq=False)
class Labelled:
    """Samples of one kind in all splits.

    Parameters
    ----------
    samples, batch
        In one order; the images are as the encoder takes them.
    split
        Of their patients: that of the shards.
    """

    samples: tuple[ImageTextSample, ...]
    batch: Batch
    split: PatientSplit

    @property
    def patients(self) -> tuple[str, ...]:
        """Of each sample."""
        return self.batch.patients


def labelled(subject: Subject, kind: Kind, parts: Parts | None = None) -> Labelled:
    """Training, validation and test samples.

    Without validation patients in the shards, one in five of the training patients validates.

    Parameters
    ----------
    parts
        Samples of each split; all that the subject has if omitted.

    Raises
    ------
    MedVLPError
        If there are too few training patients.
    """
    if parts is None:
        parts = {split: subject.samples(kind, split) for split in SPLITS}
    split = who_trains(parts, kind)
    samples = tuple(sample for part in parts.values() for sample in part)
    return Labelled(samples, join(list(batches(subject.run, samples))), split)


def who_trains(parts: Parts, kind: Kind) -> PatientSplit:
    """Patients to train, validate and test; one in five of the training ones validates if nobody does.

    Raises
    ------
    MedVLPError
        If there are too few training patients.
    """
    names = {split: sorted({s.patient for s in part}) for split, part in parts.items()}
    train, validation = names["train"], names["val"]
    if not validation:
        validation = train[::VALIDATION_ONE_IN]
        train = [patient for patient in train if patient not in set(validation)]
    if not train or not validation:
        raise MedVLPError(
            f"Too few labelled {kind} patients: found {len(names['train'])} to train and "
            f"{len(names['val'])} to validate; expected one of each, or two to train. Name shards "
            "that hold the training split, too, or ask about the other kind alone (--images)."
        )
    return PatientSplit(tuple(train), tuple(validation), tuple(names["test"]))


@torch.no_grad()
def own_features(run: TrainedRun, batch: Batch) -> FrozenFeatures:
    """What the frozen encoder gives, as its method encodes images."""
    tokens, summary = [], []
    for start in range(0, len(batch), ROWS):
        part = batch.part(slice(start, start + ROWS))
        # A shipped model's vectors are not asked for here, and cost a pass of their own.
        shipped = isinstance(run.objective, ShippedObjective)
        given = {} if shipped else run.objective.encode(part)
        if "image_tokens" not in given:
            seen = run.objective.model.vision.encode_tokens(part.images)
            given = {"image_tokens": seen.tokens, "image_summary": seen.summary}
        tokens.append(given["image_tokens"].float())
        summary.append(given["image_summary"].float())
    return FrozenFeatures(torch.cat(tokens), torch.cat(summary), tuple(batch.organ_masks.shape[2:]))


def untrained_encoder(run: TrainedRun) -> UnifiedVisionEncoder:
    """An encoder of the same size with random weights: what is learned without pre-training."""
    config = cast(UnifiedConfig, run.objective.model.config)
    return seeded(lambda: UnifiedVisionEncoder(config), run.config.seed).eval()
