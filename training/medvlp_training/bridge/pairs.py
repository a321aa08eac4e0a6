"""Images and what is said of them, as vectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from medvlp.errors import MedVLPError
from medvlp.models.protocol import GroundingModel
from medvlp_training.evaluation.tasks.calibration import as_scan
from medvlp_training.evaluation.tasks.progress import tracked
from medvlp_training.evaluation.tasks.subject import display
from medvlp_training.samples.sample import ABSENT, PRESENT, ImageTextSample

FEWEST = 8
"""Images with a text, of the training and of the validation patients."""


@dataclass(frozen=True, eq=False)
class Pairs:
    """Images with at least one text each.

    Parameters
    ----------
    features
        ``(n, D)``: the mean of an image's unit patch tokens.
    texts
        For each image, everything that is true of it.
    patients
        How many there are.
    """

    features: Tensor
    texts: tuple[tuple[str, ...], ...]
    patients: int


def texts_of(sample: ImageTextSample) -> tuple[str, ...]:
    """Sentences of the report, and one for each finding whose label is present or absent."""
    stated = [
        f"there is {display(name)}" if value == PRESENT else f"no {display(name)}"
        for name, value in sorted(sample.labels.items())
        if value in (PRESENT, ABSENT)
    ]
    return tuple(dict.fromkeys((*sample.sentences, *stated)))


def encode_pairs(model: GroundingModel, samples: Sequence[ImageTextSample], split: str) -> Pairs:
    """Encode what has a text.

    Raises
    ------
    MedVLPError
        If too few images have one.
    """
    told = [(sample, texts) for sample in samples if (texts := texts_of(sample))]
    if len(told) < FEWEST:
        raise MedVLPError(
            f"A bridge needs {FEWEST} X-rays with a report or labels in the {split} split; found "
            f"{len(told)} of {len(samples)} images. Name shards that hold more of them."
        )
    features = []
    for sample, _ in tracked(told, f"Encoding {split} image"):
        grid = model.encode(as_scan(sample), cache=False).grid
        features.append(grid.reshape(-1, grid.shape[-1]).astype(np.float32).mean(axis=0))
    patients = len({sample.patient for sample, _ in told})
    return Pairs(torch.from_numpy(np.stack(features)), tuple(t for _, t in told), patients)
