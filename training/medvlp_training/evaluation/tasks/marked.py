"""Samples of all splits with the masks and boxes of one lesion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from medvlp_training.comparison.encoded import lesions_on_grid
from medvlp_training.evaluation.tasks.labelled import Labelled, labelled
from medvlp_training.evaluation.tasks.pointing import boxes_as_masks
from medvlp_training.evaluation.tasks.subject import Subject
from medvlp_training.evaluation.transfer.targets import lesion_boxes
from medvlp_training.pretraining.source import Kind


@dataclass(frozen=True, eq=False)
class Marked:
    """Labelled samples with one lesion's masks ``(n, *image)`` and boxes ``(G, 2 axes)``."""

    data: Labelled
    lesion: str
    masks: Tensor
    boxes: tuple[Tensor, ...]


def marked_samples(subject: Subject, kind: Kind) -> Marked | None:
    """Samples with the lesion that most training patients have; None if no test patient has one."""
    data = labelled(subject, kind)
    placed = [dict(lesions_on_grid(subject.run, boxes_as_masks(s))[0]) for s in data.samples]
    lesion = commonest(data, [set(lesions) for lesions in placed])
    if lesion is None:
        return None
    empty = np.zeros(data.batch.images.shape[2:], bool)
    masks = [lesions.get(lesion, empty) for lesions in placed]
    boxes = tuple(
        torch.from_numpy(lesion_boxes(replace(sample, lesions={lesion: mask}, boxes=()), lesion))
        for sample, mask in zip(data.samples, masks, strict=True)
    )
    return Marked(data, lesion, torch.from_numpy(np.stack(masks)), boxes)


def commonest(data: Labelled, lesions: Sequence[set[str]]) -> str | None:
    """The lesion of most training patients among those that test patients have; ties by name."""

    def patients(name: str, part: Sequence[str]) -> set[str]:
        pairs = zip(data.patients, lesions, strict=True)
        return {patient for patient, own in pairs if name in own} & set(part)

    split = data.split
    names = [n for n in sorted(set().union(*lesions)) if patients(n, split.test)]
    names = [n for n in names if patients(n, split.train)]
    return max(names, key=lambda n: len(patients(n, split.train)), default=None)
