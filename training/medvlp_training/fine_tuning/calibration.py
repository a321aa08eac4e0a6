"""Probabilities of a model that was trained further: fitted anew, never those of the old one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from medvlp.grounding.calibration import Calibration, Platt
from medvlp.grounding.lexicon import load_lexicon
from medvlp.models.protocol import GroundingModel
from medvlp_training.datasets.concepts import broader
from medvlp_training.evaluation.calibrate import FEWEST, finding_entries
from medvlp_training.evaluation.statistics import auroc
from medvlp_training.evaluation.tasks.calibration import sample_answers
from medvlp_training.evaluation.tasks.subject import KINDS, read_samples
from medvlp_training.evaluation.whether import Answer
from medvlp_training.pretraining.source import Kind
from medvlp_training.samples.sample import PRESENT
from medvlp_training.samples.shard_set import ShardSet

MOST_PATIENTS = 300
"""Held-out patients of each kind of image that are asked about."""


Answers = Mapping[Kind, Sequence[Answer]]
"""By kind of image."""


def uncalibrated(start: Calibration, shards: ShardSet) -> Calibration:
    """The thresholds of the model that was started from, and none of its probabilities.

    Scores are taken as logits, as of every model that was never calibrated. What the training images
    show at least once is known from now on, besides what was known before.
    """
    trained = {
        modality: tuple(sorted({*known, *_shown(shards, modality)}))
        for modality, known in start.trained.items()
    }
    return start.model_copy(update={"default": Platt(), "concepts": {}, "trained": trained})


def _shown(shards: ShardSet, modality: str) -> set[str]:
    concepts = load_lexicon().concepts
    found: set[str] = set()
    for entry in shards.entries:
        if (entry.split, entry.modality) == ("train", modality):
            labels = shards.describe(entry).labels
            found.update(*(broader(name) for name, value in labels.items() if value == PRESENT))
    return {name for name in found if name in concepts}


def validation_answers(model: GroundingModel, shards: ShardSet) -> Answers:
    """What a model says of the findings that the held-out images' labels know."""
    held = {(entry.modality, entry.split) for entry in shards.entries}
    return {
        kind: sample_answers(model, read_samples(shards, kind, "val", most_patients=MOST_PATIENTS))
        for kind in KINDS
        if (kind, "val") in held and kind in model.modalities
    }


def fit(calibration: Calibration, answers: Answers) -> Calibration:
    """Curves where the validation share holds enough images with a finding, and without.

    Parameters
    ----------
    calibration
        As :func:`uncalibrated` gives it.
    answers
        Of the new model. A finding with :data:`FEWEST` of both has a curve of its own, the others of
        its kind of image share one, if all together have as many.
    """
    entries: dict[str, Platt] = {}
    for kind, own in answers.items():
        present = sum(a.truth for a in own)
        if min(present, len(own) - present) >= FEWEST:
            entries |= finding_entries(own, kind, calibration.pooled_weight)
    return calibration.model_copy(update={"concepts": entries})


def mean_auroc(answers: Sequence[Answer]) -> float | None:
    """Mean over the findings that enough images have, and have not; None without one."""
    values = []
    for name in sorted({a.concept for a in answers}):
        own = [a for a in answers if a.concept == name]
        truth = np.array([a.truth for a in own])
        if min(truth.sum(), (~truth).sum()) >= FEWEST:
            values.append(auroc(np.array([a.score for a in own]), truth))
    return float(np.mean(values)) if values else None
