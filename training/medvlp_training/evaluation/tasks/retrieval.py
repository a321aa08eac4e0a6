"""Retrieval of reports by images and of images by reports: recall at 1, 5 and 10."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from medvlp_training.evaluation.metrics.retrieval import own_rank, recall_at, recall_by_chance
from medvlp_training.evaluation.statistics import mean_estimate
from medvlp_training.evaluation.tasks.any_model import AnyModel
from medvlp_training.evaluation.tasks.prepared import batches
from medvlp_training.evaluation.tasks.subject import Subject
from medvlp_training.evaluation.tasks.table import (
    Result,
    cell,
    figure,
    markdown,
    need_rows,
)
from medvlp_training.pretraining.load import TrainedRun
from medvlp_training.pretraining.source import Kind
from medvlp_training.samples.sample import ImageTextSample

CUTS = (1, 5, 10)


def evaluate(subject: Subject | AnyModel) -> Result:
    """Each test image with a report against all test reports of its kind, and the other way round.

    Reports with the same text are each right. Chance is that of a random order.
    """
    rows, figures = [], dict[str, object]()
    for kind in subject.kinds:
        similarity, reports, patients = _similarities(subject, kind)
        found: dict[str, object] = {"samples": len(reports), "distinct": len(set(reports))}
        for way, matrix in (("image to report", similarity), ("report to image", similarity.T)):
            if not reports:
                continue
            ranks = own_rank(matrix, reports, reports)
            hits = [mean_estimate(recall_at(ranks, k).tolist(), patients) for k in CUTS]
            chance = [float(recall_by_chance(reports, reports, k).mean()) for k in CUTS]
            pairs = zip(hits, chance, strict=True)
            shown = [text for hit, by_chance in pairs for text in (cell(hit), cell(by_chance))]
            rows.append([kind, way, str(len(reports)), *shown])
            found[way] = {
                f"recall@{k}": figure(hit) | {"chance": round(by_chance, 4)}
                for k, hit, by_chance in zip(CUTS, hits, chance, strict=True)
            }
        figures[kind] = found
    need_rows(rows, "retrieval", "test images with reports")
    header = ["images", "direction", "n"]
    header += [name for k in CUTS for name in (f"recall@{k}", f"chance@{k}")]
    return markdown(header, rows), {"retrieval": figures}


def _similarities(
    subject: Subject | AnyModel, kind: Kind
) -> tuple[np.ndarray, list[str], list[str]]:
    """``(n, n)`` of images and reports, the reports' texts, and the patients."""
    told = [sample for sample in subject.samples(kind) if sample.sentences]
    if not told:
        return np.zeros((0, 0)), [], []
    if isinstance(subject, Subject):
        images, texts = _pairs_of_run(subject.run, told)
    else:
        images = subject.image_vectors(told)
        texts = subject.text_vectors([" ".join(sample.sentences) for sample in told])
    reports = [" ".join(sample.sentences) for sample in told]
    return (images @ texts.T).numpy(), reports, [sample.patient for sample in told]


@torch.no_grad()
def _pairs_of_run(run: TrainedRun, told: Sequence[ImageTextSample]) -> tuple[Tensor, Tensor]:
    """Images and reports as in training, each image prepared once."""
    images, texts = [], []
    for batch in batches(run, told):
        images.append(run.objective.image_vectors(run.objective.encode(batch), batch))
        texts.append(run.objective.phrase_vectors(batch.input_ids, batch.attention_mask))
    return torch.cat(images).double(), torch.cat(texts).double()
