"""What a trained run says of the samples of one kind: vectors, and truth on the same grid."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from medvlp_training.objectives.batch import Batch
from medvlp_training.objectives.objective import Objective
from medvlp_training.pretraining.load import TrainedRun
from medvlp_training.samples.sample import ImageTextSample

ROWS = 16


@dataclass(frozen=True, eq=False)
class Encoded:
    """Of ``n`` samples, each encoded once.

    Parameters
    ----------
    patients, reports
        Of each sample; a report is its sentences joined.
    labels
        ``(n, C)`` int8 as in a batch.
    images, texts
        ``(n, D)`` global unit vectors of images and of whole reports.
    regions
        ``(n, N, D')`` local unit vectors.
    summary, tokens
        ``(n, H)`` and ``(n, N, H)``: the encoder's output, for probes.
    grid, shape
        Tokens, and pixels or voxels, along each axis.
    lesions
        Per sample, finding to bool mask of ``shape``.
    inside
        ``(n, *shape)`` bool: where the image has data.
    """

    patients: tuple[str, ...]
    reports: tuple[str, ...]
    labels: NDArray[np.int8]
    images: Tensor
    texts: Tensor
    regions: Tensor
    summary: Tensor
    tokens: Tensor
    grid: tuple[int, ...]
    shape: tuple[int, ...]
    lesions: tuple[dict[str, NDArray[np.bool_]], ...]
    inside: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Prepared:
    """Samples of one kind on the encoder's grid, as for validation: nothing is changed, CT is cropped
    centrally. Runs that share data settings and vocabulary can share it.
    """

    patients: tuple[str, ...]
    reports: tuple[str, ...]
    batches: tuple[Batch, ...]
    lesions: tuple[dict[str, NDArray[np.bool_]], ...]
    inside: NDArray[np.bool_]


def batches(run: TrainedRun, samples: Sequence[ImageTextSample]) -> Iterator[Batch]:
    """Samples as the run prepares them for validation."""
    for start in range(0, len(samples), ROWS):
        part = samples[start : start + ROWS]
        yield run.collator(part, [np.random.default_rng(0) for _ in part])


def prepare(run: TrainedRun, samples: Sequence[ImageTextSample]) -> Prepared:
    """Prepare samples of one kind."""
    placed = [lesions_on_grid(run, sample) for sample in samples]
    return Prepared(
        patients=tuple(s.patient for s in samples),
        reports=tuple(" ".join(s.sentences) for s in samples),
        batches=tuple(batches(run, samples)),
        lesions=tuple(lesions for lesions, _ in placed),
        inside=np.stack([inside for _, inside in placed]),
    )


@torch.no_grad()
def encode_samples(run: TrainedRun, prepared: Prepared) -> Encoded:
    """Encode prepared samples, in the precision that the run was trained in."""
    objective = run.objective.eval()
    lower = run.config.optimisation.precision == "bf16"
    found: list[tuple[Tensor, ...]] = []
    shape: tuple[int, ...] = ()
    grid: tuple[int, ...] = ()
    for batch in prepared.batches:
        shape, grid = tuple(batch.images.shape[2:]), tuple(batch.organ_masks.shape[2:])
        with torch.autocast(batch.images.device.type, torch.bfloat16, enabled=lower):
            row = _row(objective, batch)
        found.append(tuple(value.float() if value.is_floating_point() else value for value in row))
    labels, images, texts, regions, summary, tokens = (
        torch.cat(column) for column in zip(*found, strict=True)
    )
    return Encoded(
        patients=prepared.patients,
        reports=prepared.reports,
        labels=labels.numpy(),
        images=images,
        texts=texts,
        regions=regions,
        summary=summary,
        tokens=tokens,
        grid=grid,
        shape=shape,
        lesions=prepared.lesions,
        inside=prepared.inside,
    )


def _row(objective: Objective, batch: Batch) -> tuple[Tensor, ...]:
    """Labels, global vectors of images and reports, vectors of regions, summary and tokens."""
    given = objective.encode(batch)
    if "image_tokens" not in given:
        seen = objective.model.vision.encode_tokens(batch.images)
        given |= {"image_tokens": seen.tokens, "image_summary": seen.summary}
    return (
        batch.labels,
        objective.image_vectors(given, batch),
        objective.phrase_vectors(batch.input_ids, batch.attention_mask),
        objective.region_vectors(given, batch),
        given["image_summary"],
        given["image_tokens"],
    )


def lesions_on_grid(
    run: TrainedRun, sample: ImageTextSample
) -> tuple[dict[str, NDArray[np.bool_]], NDArray[np.bool_]]:
    """A sample's lesions where the encoder sees them: placed as its organs are, one at a time."""
    lesions, rng = {}, np.random.default_rng(0)
    inside = run.collator.grid_image(replace(sample, organs=None), rng).inside.numpy()
    for name, mask in sample.lesions.items():
        only = replace(sample, organs=mask.astype(np.uint8), organ_names={1: name})
        placed = run.collator.grid_image(only, rng).organs.numpy() == 1
        if placed.any():
            lesions[name] = placed
    return lesions, inside
