"""Scores of every finding in every test image, with every pair of prompts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from medvlp.models.text import ABSENT
from medvlp_training.evaluation.metrics.zero_shot import TEMPLATES, pair_scores
from medvlp_training.evaluation.statistics import auroc
from medvlp_training.evaluation.tasks.any_model import AnyModel
from medvlp_training.evaluation.tasks.subject import FEWEST, Subject, display, known_labels
from medvlp_training.pretraining.source import Kind

LEARNED = "V+ / V-"
FORMS = (*(f"{positive} / {negative}" for positive, negative in TEMPLATES), LEARNED)
"""Names of the pairs of prompts: the templates, and the learned prompts before the finding's name."""


@dataclass(frozen=True, eq=False)
class PromptedScores:
    """Of ``n`` test images of one kind.

    Parameters
    ----------
    labels
        Findings with enough images that have them, and that have not.
    truth
        ``(n, findings)``: 1 present, 0 absent, negative uncertain or unknown.
    scores
        ``(forms, n, findings)`` in the order of :data:`FORMS`.
    patients
        Of each image.
    """

    labels: tuple[str, ...]
    truth: NDArray[np.int8]
    scores: NDArray[np.float64]
    patients: tuple[str, ...]

    def area(self, form: int, finding: int, rows: NDArray[np.intp]) -> float:
        """AUROC among some images, over those where the finding is known; NaN without both kinds."""
        known = rows[self.truth[rows, finding] >= 0]
        if not np.isfinite(self.scores[form, known, finding]).all():
            return float("nan")
        return auroc(self.scores[form, known, finding], self.truth[known, finding] == 1)

    def macro(self, form: int, rows: NDArray[np.intp]) -> float:
        """Mean AUROC over the findings for which there is one."""
        areas = [self.area(form, finding, rows) for finding in range(len(self.labels))]
        known = [area for area in areas if np.isfinite(area)]
        return float(np.mean(known)) if known else float("nan")


def prompted_scores(subject: Subject | AnyModel, kind: Kind) -> PromptedScores:
    """Ask about every finding with enough test images of each kind."""
    samples, findings = subject.samples(kind), subject.vocabulary.labels
    known = known_labels(samples, findings)
    enough = np.minimum((known == 1).sum(0), (known == 0).sum(0)) >= FEWEST
    columns = np.flatnonzero(enough)
    labels = tuple(findings[c] for c in columns)
    scores = np.zeros((len(FORMS), len(samples), len(labels)))
    if labels:
        seen = subject.image_vectors(samples).numpy()
        for form, (positive, negative) in enumerate(_prompt_vectors(subject, labels)):
            pairs = zip(positive.numpy(), negative.numpy(), strict=True)
            scores[form] = np.stack([pair_scores(seen, *pair) for pair in pairs], axis=1)
    patients = tuple(sample.patient for sample in samples)
    return PromptedScores(labels, known[:, columns], scores, patients)


def _prompt_vectors(
    subject: Subject | AnyModel, labels: Sequence[str]
) -> list[tuple[Tensor, Tensor]]:
    """Per form, vectors of the positive and of the negative prompts, ``(findings, D)`` each."""
    vectors = subject.text_vectors
    pairs = [
        (vectors(filled(positive, labels)), vectors(filled(negative, labels)))
        for positive, negative in TEMPLATES
    ]
    names = [display(label) for label in labels]
    return [*pairs, (vectors(names), vectors(names, ABSENT))]


def filled(template: str, labels: Sequence[str]) -> list[str]:
    """The template with the name of each finding."""
    return [template.replace("{x}", display(label)) for label in labels]


def prompt_hash(labels: Sequence[str]) -> str:
    """First 16 digits of the SHA-256 of every prompt that was asked: same hash, same questions."""
    asked = [[filled(p, labels), filled(n, labels)] for p, n in TEMPLATES]
    names = [display(label) for label in labels]
    return hashlib.sha256(json.dumps([asked, LEARNED, names]).encode()).hexdigest()[:16]
