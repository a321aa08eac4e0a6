"""Any model of the protocol asked about organs: the mean of its cells inside each organ's mask."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from medvlp.errors import MedVLPError
from medvlp.grounding.label_maps import LabelMap
from medvlp.grounding.lexicon import load_lexicon
from medvlp.grounding.organ_masks import label_map_masks
from medvlp.grounding.regions import scan_geometry_of
from medvlp.models.encoding import Encoding
from medvlp_training.evaluation.organ_scoring import (
    OrganAnswers,
    OrganPrompt,
    Reading,
    organ_texts,
    scored,
)
from medvlp_training.evaluation.tasks.any_model import AnyModel
from medvlp_training.evaluation.tasks.progress import tracked
from medvlp_training.evaluation.tasks.subject import known_labels
from medvlp_training.pretraining.source import Kind
from medvlp_training.samples.sample import ImageTextSample


def answers_of_model(subject: AnyModel, kind: Kind, prompts: Sequence[OrganPrompt]) -> OrganAnswers:
    """The same questions as of a pre-training run.

    Raises
    ------
    MedVLPError
        If there is no sample of that kind.
    """
    samples, organs = subject.samples(kind), subject.vocabulary.organs
    if not samples:
        raise MedVLPError(f"No {kind} to ask about organs: expected at least one test sample.")
    asked = organ_texts(organs, prompts, kind == "CT")
    texts = torch.from_numpy(subject.model.embed_text(asked))
    usable, rows = [], []
    for sample in tracked(samples, "Encoding: image"):
        encoding = subject.encode(sample)
        vectors, held = organ_vectors(encoding, sample, organs)
        whole = torch.from_numpy(encoding.pooled).float()[None]
        given = torch.from_numpy(vectors)[None]
        usable.append(held)
        rows.append(scored(given, texts, whole, texts, organs, prompts))
    recognised, by_organ, by_image = (
        torch.cat(column).numpy() for column in zip(*rows, strict=True)
    )
    found: dict[Reading, NDArray[np.float64]] = {"organ": by_organ, "image": by_image}
    labels = known_labels(samples, subject.vocabulary.labels)
    patients = tuple(sample.patient for sample in samples)
    return OrganAnswers(
        subject.vocabulary, tuple(prompts), patients, np.array(usable), recognised, found, labels
    )


def organ_vectors(
    encoding: Encoding, sample: ImageTextSample, organs: Sequence[str]
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """``(O, D)`` unit vectors, each cell weighed by how much of it the organ fills, and which there are.

    An organ that consists of others (lungs, of lobes) is the union of its labelled parts, as in training.
    """
    dim, lexicon = encoding.grid.shape[-1], load_lexicon()
    totals = np.zeros((len(organs), dim), np.float32)
    if sample.organs is None:
        return totals, np.zeros(len(organs), bool)
    labels = LabelMap(sample.organs, dict(sample.organ_names))
    for mask in label_map_masks(labels, encoding.geometry, scan_geometry_of(encoding)):
        total = mask.weights.ravel() @ encoding.matrix
        for number, organ in enumerate(organs):
            known = {organ, mask.organ} <= set(lexicon.concepts)
            if organ == mask.organ or (known and lexicon.lies_in(mask.organ, organ)):
                totals[number] += total
    lengths = np.linalg.norm(totals, axis=1)
    return totals / np.maximum(lengths, 1e-6)[:, None], lengths > 0
