"""Average precision of boxes, over IoU thresholds from 0.4 to 0.75, with intervals over patients.

Detections are matched to true boxes greedily, best score first, each box once, as COCO does (Lin et
al., ECCV 2014, arXiv 1405.0312) and with MONAI's implementation; precision is made monotone and read
at 101 recalls. The thresholds are LoVT's [P].
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from monai.apps.detection.metrics.matching import matching_batch
from monai.data.box_utils import box_iou
from numpy.typing import NDArray

from medvlp_training.evaluation.statistics import Estimate, bootstrap

IOU_THRESHOLDS = tuple(round(0.4 + 0.05 * i, 2) for i in range(8))
RECALLS = np.linspace(0, 1, 101)
MOST_DETECTIONS = 100


@dataclass(frozen=True, eq=False)
class ImageMatches:
    """Detections of one image.

    Parameters
    ----------
    scores
        ``(D,)``.
    matched
        ``(T, D)`` bool: whether the detection found a box, by IoU threshold.
    boxes
        How many there are.
    """

    scores: NDArray[np.float64]
    matched: NDArray[np.bool_]
    boxes: int


def match(
    predicted: NDArray[np.floating], scores: NDArray[np.floating], true: NDArray[np.floating]
) -> ImageMatches:
    """Match the detections of one image.

    Parameters
    ----------
    predicted, true
        ``(D, 2 axes)`` and ``(G, 2 axes)``: start along each axis, then stop.
    scores
        ``(D,)``.
    """
    if not len(predicted):
        return ImageMatches(np.zeros(0), np.zeros((len(IOU_THRESHOLDS), 0), bool), len(true))
    one = [np.zeros(len(predicted), int)], [np.zeros(len(true), int)]

    def overlap(a: NDArray[np.floating], b: NDArray[np.floating]) -> NDArray[np.floating]:
        return np.asarray(box_iou(a, b))

    found = matching_batch(
        overlap,
        IOU_THRESHOLDS,
        [np.asarray(predicted, float)],
        one[0],
        [np.asarray(scores, float)],
        [np.asarray(true, float).reshape(len(true), predicted.shape[1])],
        one[1],
        max_detections=MOST_DETECTIONS,
    )[0][0]
    return ImageMatches(found["dtScores"], found["dtMatches"].astype(bool), len(true))


def average_precision(
    images: Sequence[ImageMatches], thresholds: Sequence[float] = IOU_THRESHOLDS
) -> float:
    """Mean over the thresholds; NaN if no image has a box."""
    boxes = sum(image.boxes for image in images)
    if not boxes:
        return float("nan")
    order = np.argsort(-np.concatenate([image.scores for image in images]), kind="stable")
    matched = np.concatenate([image.matched for image in images], axis=1)[:, order]
    return float(
        np.mean([_one_threshold(matched[IOU_THRESHOLDS.index(t)], boxes) for t in thresholds])
    )


def _one_threshold(matched: NDArray[np.bool_], boxes: int) -> float:
    """Area under the curve of detections in the order of their scores."""
    hits = np.cumsum(matched)
    precision = hits / np.arange(1, len(matched) + 1)
    highest = np.append(np.maximum.accumulate(precision[::-1])[::-1], 0.0)
    return float(highest[np.searchsorted(hits / boxes, RECALLS)].mean())


@dataclass(frozen=True, eq=False)
class DetectionScores:
    """Of the test samples: ``images`` and ``patients`` have one entry for each."""

    images: tuple[ImageMatches, ...]
    patients: tuple[str, ...]

    def estimate(self, thresholds: Sequence[float] = IOU_THRESHOLDS) -> Estimate:
        """Average precision; :data:`IOU_THRESHOLDS` may be narrowed."""

        def of(rows: NDArray[np.intp]) -> float:
            return average_precision([self.images[i] for i in rows], thresholds)

        return bootstrap(of, self.patients)
