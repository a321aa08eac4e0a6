"""Baselines of transfer that never look at an image: where the lesion was in the training patients."""

from __future__ import annotations

import numpy as np
import torch

from medvlp_training.evaluation.statistics import Estimate
from medvlp_training.evaluation.tasks.marked import Marked
from medvlp_training.evaluation.transfer.average_precision import DetectionScores, match
from medvlp_training.evaluation.transfer.segmentation import SegmentationScores
from medvlp_training.evaluation.transfer.split import rows_of

LEVELS = np.linspace(0, 1, 21)[:-1]


def mask_prior(marked: Marked) -> Estimate:
    """Dice of one mask for every image: the mean training mask, cut where it fits the training best."""
    data, masks = marked.data, marked.masks
    train = masks[rows_of(data.patients, data.split.train)].double()
    share = train.mean(0)
    overlaps = [
        float(2 * train[:, hot].sum() / (train.sum() + hot.sum() * len(train)))
        for hot in (share > level for level in LEVELS)
    ]
    hot = share > LEVELS[int(np.argmax(overlaps))]
    test = rows_of(data.patients, data.split.test)
    true = masks[test].flatten(1).bool()
    overlap = (true & hot.flatten()).sum(1)
    predicted = torch.full_like(overlap, int(hot.sum()))
    counts = (overlap.numpy(), predicted.numpy(), true.sum(1).numpy())
    return SegmentationScores(*counts, tuple(data.patients[int(i)] for i in test)).estimate()


def box_prior(marked: Marked) -> Estimate:
    """Average precision of one box for every image: the median of the training boxes' sides."""
    data = marked.data
    train = rows_of(data.patients, data.split.train).tolist()
    median = np.median(np.concatenate([marked.boxes[i].numpy() for i in train]), axis=0)
    test = rows_of(data.patients, data.split.test).tolist()
    matches = [match(median[None], np.ones(1), marked.boxes[i].numpy()) for i in test]
    return DetectionScores(tuple(matches), tuple(data.patients[i] for i in test)).estimate()
