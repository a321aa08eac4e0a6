"""Segmentation and detection of one lesion in LoVT's protocol (arXiv 2112.02889).

Linear segmentation, and a decoder on the frozen or fine-tuned encoder, each with 1, 10 and 100 % of the
labelled training patients; see :mod:`medvlp_training.evaluation.transfer`. The lesion is the one that
most training patients have. Beside the model stand the same encoder with random weights, and a prior
that never looks at the image: where and how large the lesion was in the training patients.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from medvlp.errors import MedVLPError
from medvlp.models.vision import UnifiedVisionEncoder
from medvlp_training.evaluation.statistics import Estimate
from medvlp_training.evaluation.tasks.labelled import (
    ENCODERS,
    own_features,
    untrained_encoder,
)
from medvlp_training.evaluation.tasks.marked import Marked, marked_samples
from medvlp_training.evaluation.tasks.place_prior import box_prior, mask_prior
from medvlp_training.evaluation.tasks.progress import tracked
from medvlp_training.evaluation.tasks.subject import Subject
from medvlp_training.evaluation.tasks.table import Figures, Result, cell, figure, markdown
from medvlp_training.evaluation.transfer import detection as detecting
from medvlp_training.evaluation.transfer import segmentation as segmenting
from medvlp_training.evaluation.transfer.encoders import (
    FrozenFeatures,
    Pyramid,
    frozen_features,
)
from medvlp_training.evaluation.transfer.fitting import Schedule
from medvlp_training.evaluation.transfer.split import SHARES
from medvlp_training.pretraining.source import Kind

PROTOCOLS = {
    "segmentation, linear": segmenting.LINEAR,
    "segmentation, decoder, frozen": segmenting.FROZEN,
    "segmentation, decoder, fine-tuned": segmenting.FINE_TUNED,
    "detection, frozen": detecting.FROZEN,
    "detection, fine-tuned": detecting.FINE_TUNED,
}
"""Each with its schedule. Segmentation gives Dice over all pixels, detection average precision."""


def evaluate(
    subject: Subject,
    shares: Sequence[float] = SHARES,
    protocols: Sequence[str] = tuple(PROTOCOLS),
    epochs: int | None = None,
) -> Result:
    """One row per protocol and share of labels.

    Parameters
    ----------
    subject
        See its class; the shards need a training split with lesion masks or boxes.
    shares, protocols
        Some of :data:`SHARES` and :data:`PROTOCOLS`.
    epochs
        The most of each fit; the schedule's own if omitted.

    Raises
    ------
    MedVLPError
        If no kind of image has a lesion in training and test patients.
    """
    rows: list[list[str]] = []
    figures: Figures = {}
    for kind in subject.kinds:
        marked = marked_samples(subject, kind)
        if marked is None:
            continue
        figures[kind] = found = dict[str, object](lesion=marked.lesion)
        vision = _shared_encoder(subject, kind)
        encoders = (vision, untrained_encoder(subject.run))
        features = (
            own_features(subject.run, marked.data.batch),
            frozen_features(encoders[1], marked.data.batch.images),
        )
        prior = {"segmentation": mask_prior(marked), "detection": box_prior(marked)}
        for protocol in protocols:
            schedule = PROTOCOLS[protocol]
            schedule = schedule if epochs is None else replace(schedule, epochs=epochs)
            baseline = prior[protocol.split(",")[0]]
            for share in shares:
                fitted = _fitted(marked, protocol, schedule, share, subject.run.config.seed)
                pairs = list(zip(encoders, features, strict=True))
                doing = f"{kind}, {protocol}, {share:.0%} of the labels: encoder"
                estimates = [fitted(*pair) for pair in tracked(pairs, doing)]
                shown = map(cell, (*estimates, baseline))
                rows.append([kind, marked.lesion, protocol, f"{share:.0%}", *shown])
                found[f"{protocol}, {share:g}"] = {
                    on: figure(e)
                    for on, e in zip((*ENCODERS, "prior"), (*estimates, baseline), strict=True)
                }
    if not figures:
        raise MedVLPError(
            "Task 'transfer' needs a lesion with masks or boxes in training and in test patients of "
            f"{' or '.join(subject.kinds)}; found none. Name shards with such samples."
        )
    header = ["images", "lesion", "protocol", "labels used", *ENCODERS, "place prior"]
    return markdown(header, rows), {"transfer": figures}


def _shared_encoder(subject: Subject, kind: Kind) -> UnifiedVisionEncoder:
    """The encoder whose maps a decoder reads.

    Raises
    ------
    MedVLPError
        If the run encodes this kind by layers outside of it.
    """
    if kind == "XR" and getattr(subject.run.objective.settings, "two_encoders", False):
        raise MedVLPError(
            "Task 'transfer' reads the shared encoder, but this run encodes X-rays by layers of their "
            "own (settings.two_encoders). Use 'probe' for it, or a run with one encoder."
        )
    return subject.run.objective.model.vision


Fitted = Callable[[UnifiedVisionEncoder, FrozenFeatures], Estimate]


def _fitted(
    marked: Marked, protocol: str, schedule: Schedule, share: float, seed: int
) -> Fitted:  # fmt: skip
    """The protocol's figure for an encoder and its frozen features."""
    data = marked.data
    common = (data.patients, data.split, share, seed)
    images, masks, tuned = data.batch.images, marked.masks, protocol.endswith("fine-tuned")

    def of(encoder: UnifiedVisionEncoder, features: FrozenFeatures) -> Estimate:
        if protocol == "segmentation, linear":
            return segmenting.linear_segmentation(
                features.tokens, features.grid, masks, *common, schedule
            ).estimate()
        if protocol.startswith("segmentation"):
            return segmenting.decoder_segmentation(
                Pyramid(encoder), images, masks, *common, tuned, schedule
            ).estimate()
        return detecting.detection(
            Pyramid(encoder), images, marked.boxes, *common, tuned, schedule
        ).estimate()

    return of
