"""Are the probabilities of a model folder what they say? Calibration error and reliability."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from medvlp.errors import RefusedScanError
from medvlp.geometry import Geometry
from medvlp.grounding.lexicon import load_lexicon
from medvlp.models.protocol import GroundingModel
from medvlp.scan import Scan
from medvlp_training.evaluation.metrics.reliability import reliability
from medvlp_training.evaluation.statistics import (
    Estimate,
    bootstrap,
    expected_calibration_error,
)
from medvlp_training.evaluation.tasks.subject import FEWEST, read_samples, test_kinds
from medvlp_training.evaluation.tasks.table import (
    Figures,
    Result,
    cell,
    figure,
    markdown,
    need_rows,
)
from medvlp_training.evaluation.whether import Answer, answers_for
from medvlp_training.samples.sample import ABSENT, PRESENT, ImageTextSample
from medvlp_training.samples.shard_set import ShardSet

HEADER = ("images", "finding", "with", "without", "ECE", "always 0.5", "random probabilities")
BINS = ("images", "probability", "answers", "mean probability", "share with the finding")


def evaluate(model: GroundingModel, shards: ShardSet, most_patients: int | None = None) -> Result:
    """Expected calibration error per finding and over all answers, and the reliability of all.

    Findings that a label calls present or absent are asked for as a user would, without abstaining.
    """
    rows: list[list[str]] = []
    bins: list[list[str]] = []
    figures: Figures = {}
    for kind in test_kinds(shards, frozenset(model.modalities)):
        answers = sample_answers(model, read_samples(shards, kind, most_patients=most_patients))
        found: Figures = {}
        for name in [*sorted({a.concept for a in answers}), "all"] if answers else []:
            own = [a for a in answers if name in (a.concept, "all")]
            present = sum(a.truth for a in own)
            if name != "all" and min(present, len(own) - present) < FEWEST:
                continue
            errors = calibration_errors(own)
            counts = [str(present), str(len(own) - present)]
            rows.append([kind, name, *counts, *map(cell, errors.values())])
            found[name] = {of: figure(error) for of, error in errors.items()}
        curve = reliability([a.probability for a in answers], [a.truth for a in answers])
        bins += [
            [kind, f"{b.low:.1f} - {b.high:.1f}", str(b.count), cell(b.probability), cell(b.frequency)]
            for b in curve
        ]  # fmt: skip
        figures[kind] = {"error": found, "reliability": [vars(b) for b in curve]}
    need_rows(
        rows, "calibration", "a finding that 5 test images have and 5 have not, by their labels"
    )
    return markdown(HEADER, rows) + "\n\n" + markdown(BINS, bins), {"calibration": figures}


def sample_answers(model: GroundingModel, samples: Sequence[ImageTextSample]) -> list[Answer]:
    """The model's answers to every finding of the lexicon whose label is present or absent."""
    known, answers = load_lexicon().concepts, []
    for sample in samples:
        certain = {c: v for c, v in sample.labels.items() if v in (PRESENT, ABSENT) and c in known}
        if certain:
            answers += answers_for(
                model,
                model.encode(as_scan(sample), cache=False),
                {concept: value == PRESENT for concept, value in certain.items()},
                patient=sample.patient,
                seen=False,
                source=sample.source,
                view="",
            )
    return answers


def as_scan(sample: ImageTextSample) -> Scan:
    """The sample as a scan that was read from a file.

    Raises
    ------
    RefusedScanError
        If it is a CT without an affine.
    """
    shape: tuple[int, ...] = sample.image.shape
    if sample.modality == "CT":
        if sample.affine is None:
            raise RefusedScanError(
                f"Sample {sample.identity} is a CT without an affine: its voxels have no size. "
                "Write the sample again with the geometry of its scan."
            )
        return Scan(sample.image.astype(np.int16), Geometry(shape, sample.affine), "CT", "HU")
    array = sample.image.astype(np.float32) / 255
    plain = Geometry.radiograph(shape)  # type: ignore[arg-type]
    geometry = plain if sample.affine is None else Geometry(shape, sample.affine)
    return Scan(array, geometry, "XR", "normalised")


def calibration_errors(answers: Sequence[Answer]) -> dict[str, Estimate]:
    """Of the model, of an answer that is always 0.5, and of uniformly random probabilities."""
    truth = np.array([a.truth for a in answers])
    patients = [a.patient for a in answers]
    said = {
        "model": np.array([a.probability for a in answers]),
        "always 0.5": np.full(len(answers), 0.5),
        "random": np.random.default_rng(0).random(len(answers)),
    }

    def error(probabilities: NDArray[np.float64]) -> Estimate:
        return bootstrap(
            lambda rows: expected_calibration_error([*probabilities[rows]], [*truth[rows]]),
            patients,
        )

    return {of: error(probabilities) for of, probabilities in said.items()}
