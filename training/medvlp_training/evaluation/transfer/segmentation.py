"""Segmentation: a linear probe of the tokens, and a U-Net-like decoder, frozen or fine-tuned.

Dice loss over the batch (Milletari et al., 3DV 2016, arXiv 1606.04797), 0 for a batch without the
finding, as in LoVT [P]. Masks are of one finding.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from medvlp.errors import MedVLPError
from medvlp_training.evaluation.statistics import Estimate, bootstrap, mean_estimate
from medvlp_training.evaluation.transfer.classification import standardised
from medvlp_training.evaluation.transfer.encoders import FrozenMaps, TrainedMaps
from medvlp_training.evaluation.transfer.fitting import Schedule, fit, seeded
from medvlp_training.evaluation.transfer.split import PatientSplit, Rows, rows_by_part

LINEAR = Schedule(learning_rate=3e-2)
FROZEN = Schedule(learning_rate=3e-4, batch_size=8)
FINE_TUNED = Schedule(learning_rate=1e-4, batch_size=8, warm_up_steps=20)
"""LoVT's for RSNA (linear) and COVID-Rural (decoder) [P]."""


@dataclass(frozen=True, eq=False)
class SegmentationScores:
    """Of the test samples, each ``(n,)``: pixels (voxels) in both masks, predicted, and true.

    ``patients`` has one entry per sample.
    """

    overlap: NDArray[np.int64]
    predicted: NDArray[np.int64]
    true: NDArray[np.int64]
    patients: tuple[str, ...]

    @property
    def dice(self) -> NDArray[np.float64]:
        """Of each sample; NaN where neither mask has a pixel."""
        total = (self.predicted + self.true).astype(float)
        return 2 * self.overlap / np.where(total > 0, total, np.nan)

    def estimate(self) -> Estimate:
        """Dice over the pixels of all samples, so that false alarms count: LoVT's figure [P]."""

        def pooled(rows: NDArray[np.intp]) -> float:
            total = int(self.predicted[rows].sum() + self.true[rows].sum())
            return 2 * int(self.overlap[rows].sum()) / total if total else float("nan")

        return bootstrap(pooled, self.patients)

    def positive_estimate(self) -> Estimate:
        """Mean Dice over the samples with the finding."""
        having = np.flatnonzero(self.true > 0)
        if not len(having):
            return Estimate(float("nan"), float("nan"), float("nan"), 0)
        return mean_estimate([*self.dice[having]], [self.patients[i] for i in having])


def dice_loss(logits: Tensor, masks: Tensor) -> Tensor:
    """1 - Dice of the whole batch, ``(B, *image)``; 0 where no mask has a pixel."""
    probability, truth = logits.sigmoid(), masks.to(logits.dtype)
    dice = 2 * (probability * truth).sum() / (probability.sum() + truth.sum()).clamp(min=1e-7)
    return (1 - dice) * truth.any()


def resized(logits: Tensor, size: Sequence[int]) -> Tensor:
    """``(B, *grid)`` to ``(B, *size)``, linearly."""
    mode = "trilinear" if len(size) == 3 else "bilinear"
    return F.interpolate(logits.unsqueeze(1), tuple(size), mode=mode).squeeze(1)


def linear_segmentation(
    features: Tensor,
    grid: Sequence[int],
    masks: Tensor,
    patients: Sequence[str],
    split: PatientSplit,
    share: float = 1.0,
    seed: int = 0,
    schedule: Schedule = LINEAR,
) -> SegmentationScores:
    """A 1 x 1 convolution of frozen tokens, upsampled linearly to the masks.

    Tokens are standardised by the training samples [R]: encoders differ in scale, the rate does not.

    Parameters
    ----------
    features
        ``(n, N, H)`` of a frozen encoder.
    grid
        Tokens along each axis of the image; their product is N.
    masks
        ``(n, *image)`` bool; the grid covers the image.
    patients
        Of each sample.
    split, share, seed
        See :mod:`~medvlp_training.evaluation.transfer.split`.
    schedule
        See :class:`~medvlp_training.evaluation.transfer.fitting.Schedule`.

    Raises
    ------
    MedVLPError
        If the inputs do not fit together.
    """
    if features.ndim != 3 or features.shape[1] != math.prod(grid) or masks.ndim != 1 + len(grid):
        raise MedVLPError(
            f"Linear segmentation: features of shape {tuple(features.shape)} and masks of shape "
            f"{tuple(masks.shape)} on a grid of {tuple(grid)}; expected (samples, "
            f"{math.prod(grid)}, width) and (samples, {len(grid)} axes)."
        )
    rows = _rows(patients, split, share, seed, masks, features=len(features))
    x = standardised(features, rows.train)
    head = seeded(lambda: nn.Linear(x.shape[-1], 1), seed).to(x.device)

    def logits(samples: Tensor) -> Tensor:
        return resized(head(x[samples]).reshape(len(samples), *grid), masks.shape[1:])

    return _fitted(head, None, logits, masks, patients, rows, schedule, seed)


def decoder_segmentation(
    encoder: nn.Module,
    images: Tensor,
    masks: Tensor,
    patients: Sequence[str],
    split: PatientSplit,
    share: float = 1.0,
    seed: int = 0,
    fine_tune: bool = False,
    schedule: Schedule | None = None,
    width: int = 32,
) -> SegmentationScores:
    """A new U-Net-like decoder on the encoder's maps; the encoder is frozen, or a copy is trained.

    Parameters
    ----------
    encoder
        From images to maps, coarsest first: :class:`~.encoders.Pyramid`.
    images
        ``(n, channels, *image)``, as the encoder takes them.
    masks
        ``(n, *image)`` bool.
    patients, split, share, seed
        As in :func:`linear_segmentation`.
    fine_tune
        Whether the encoder is trained too, after the warm-up.
    schedule
        ``FROZEN`` or ``FINE_TUNED`` if omitted.
    width
        Channels of the decoder, a multiple of 8.

    Raises
    ------
    MedVLPError
        If the inputs do not fit together.
    """
    from medvlp_training.evaluation.transfer.decoder import Decoder

    rows = _rows(patients, split, share, seed, masks, images=len(images))
    encoder, size = copy.deepcopy(encoder), masks.shape[1:]
    maps = TrainedMaps(encoder, images) if fine_tune else FrozenMaps(encoder, images)
    decoder = seeded(lambda: Decoder(len(size), maps.channels, width), seed).to(images.device)
    last = seeded(lambda: nn.Linear(width, 1), seed).to(images.device)

    def logits(samples: Tensor) -> Tensor:
        finest = decoder(maps(samples))[-1]
        return resized(last(finest.movedim(1, -1)).squeeze(-1), size)

    chosen = schedule or (FINE_TUNED if fine_tune else FROZEN)
    head, trained = nn.ModuleList([decoder, last]), encoder if fine_tune else None
    return _fitted(head, trained, logits, masks, patients, rows, chosen, seed)


def _rows(
    patients: Sequence[str],
    split: PatientSplit,
    share: float,
    seed: int,
    masks: Tensor,
    **lengths: int,
) -> Rows:
    present = masks.flatten(1).any(1)
    return rows_by_part(patients, split, share, seed, present, masks=len(masks), **lengths)


def _fitted(
    head: nn.Module,
    encoder: nn.Module | None,
    logits: Callable[[Tensor], Tensor],
    masks: Tensor,
    patients: Sequence[str],
    rows: Rows,
    schedule: Schedule,
    seed: int,
) -> SegmentationScores:
    def loss(samples: Tensor) -> Tensor:
        return dice_loss(logits(samples), masks[samples])

    fit(head, encoder, loss, rows.train, rows.validation, schedule, seed)
    counts = []
    with torch.no_grad():
        for samples in rows.test.split(schedule.batch_size):
            hot, true = logits(samples).flatten(1) > 0, masks[samples].flatten(1).bool()
            counts.append(torch.stack([(hot & true).sum(1), hot.sum(1), true.sum(1)]).cpu())
    overlap, predicted, truth = torch.cat(counts, 1).numpy()
    return SegmentationScores(overlap, predicted, truth, tuple(patients[int(i)] for i in rows.test))
