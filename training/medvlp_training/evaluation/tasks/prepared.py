"""Samples on the encoder's grid, as for validation: nothing is changed, CT is cropped centrally."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from medvlp_training.evaluation.tasks.progress import tracked
from medvlp_training.objectives.batch import Batch
from medvlp_training.pretraining.load import TrainedRun
from medvlp_training.samples.sample import ImageTextSample

ROWS = 16


def batches(run: TrainedRun, samples: Sequence[ImageTextSample]) -> Iterator[Batch]:
    """Batches of samples of one kind, in their order."""
    for start in tracked(range(0, len(samples), ROWS), "Encoding: batch"):
        part = samples[start : start + ROWS]
        yield run.collator(part, [np.random.default_rng(0) for _ in part])
