"""Detection: boxes of one finding on the decoder's maps, with a frozen or a fine-tuned encoder."""

from __future__ import annotations

import copy
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from medvlp.errors import MedVLPError
from medvlp_training.evaluation.transfer.average_precision import DetectionScores, match
from medvlp_training.evaluation.transfer.box_head import BoxHead, detections
from medvlp_training.evaluation.transfer.decoder import Decoder
from medvlp_training.evaluation.transfer.encoders import FrozenMaps, TrainedMaps
from medvlp_training.evaluation.transfer.fitting import Schedule, fit, seeded
from medvlp_training.evaluation.transfer.split import PatientSplit, rows_by_part

FROZEN = Schedule(learning_rate=1e-3)
FINE_TUNED = Schedule(learning_rate=3e-4, warm_up_steps=100)
"""LoVT's for RSNA [P]."""


def detection(
    encoder: nn.Module,
    images: Tensor,
    boxes: Sequence[Tensor],
    patients: Sequence[str],
    split: PatientSplit,
    share: float = 1.0,
    seed: int = 0,
    fine_tune: bool = False,
    schedule: Schedule | None = None,
    width: int = 64,
    levels: int | None = None,
) -> DetectionScores:
    """Train a decoder with a box head; detections of the test samples are matched to their boxes.

    Parameters
    ----------
    encoder
        From images to maps, coarsest first: :class:`~.encoders.Pyramid`.
    images
        ``(n, channels, *image)``, as the encoder takes them.
    boxes
        Per sample, ``(G, 2 axes)`` float: start along each axis, then stop, in pixels of ``images``.
    patients
        Of each sample.
    split, share, seed
        See :mod:`~medvlp_training.evaluation.transfer.split`.
    fine_tune
        Whether the encoder is trained too, after the warm-up.
    schedule
        ``FROZEN`` or ``FINE_TUNED`` if omitted.
    width
        Channels of the decoder, a multiple of 8.
    levels
        How many of the maps have boxes, from the coarsest; if omitted all of an X-ray's and two of a
        CT's, whose finest has a hundred thousand cells.

    Raises
    ------
    MedVLPError
        If the inputs do not fit together, or a box is empty.
    """
    size = images.shape[2:]
    _check(boxes, len(size))
    present = torch.tensor([len(b) > 0 for b in boxes])
    rows = rows_by_part(patients, split, share, seed, present, images=len(images), boxes=len(boxes))
    encoder = copy.deepcopy(encoder)
    maps = TrainedMaps(encoder, images) if fine_tune else FrozenMaps(encoder, images)
    used = levels or (2 if len(size) == 3 else len(maps.channels))
    decoder = seeded(lambda: Decoder(len(size), maps.channels[:used], width), seed)
    box_head = seeded(lambda: BoxHead(len(size), width), seed)
    both = nn.ModuleList([decoder, box_head]).to(images.device)
    grids = [tuple(level.shape[2:]) for level in maps.first[:used]]
    true = [b.to(images.device, torch.float32) for b in boxes]

    def loss(samples: Tensor) -> Tensor:
        found = box_head(decoder(maps(samples)[:used]), size)
        return box_head.loss(found, [true[int(i)] for i in samples], grids, size)

    chosen = schedule or (FINE_TUNED if fine_tune else FROZEN)
    trained = encoder if fine_tune else None
    fit(both, trained, loss, rows.train, rows.validation, chosen, seed)
    matches = []
    with torch.no_grad():
        for samples in rows.test.split(chosen.batch_size):
            found = box_head(decoder(maps(samples)[:used]), size)
            for row, sample in enumerate(samples.tolist()):
                places, scores = detections(found, row)
                matches.append(
                    match(places.cpu().numpy(), scores.cpu().numpy(), true[sample].cpu().numpy())
                )
    return DetectionScores(tuple(matches), tuple(patients[int(i)] for i in rows.test))


def _check(boxes: Sequence[Tensor], ndim: int) -> None:
    for number, box in enumerate(boxes):
        if box.ndim != 2 or box.shape[1] != 2 * ndim or (box[:, :ndim] >= box[:, ndim:]).any():
            raise MedVLPError(
                f"Detection: boxes of sample {number} have the shape {tuple(box.shape)} or no "
                f"extent; expected (boxes, {2 * ndim}): {ndim} starts, then {ndim} larger stops."
            )
