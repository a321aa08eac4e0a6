"""Samples of all splits with the masks and boxes of one lesion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, zip_longest

import numpy as np
import torch
from torch import Tensor

from medvlp_training.comparison.encoded import lesions_on_grid
from medvlp_training.evaluation.tasks.labelled import Labelled, Parts, labelled
from medvlp_training.evaluation.tasks.pointing import boxes_as_masks
from medvlp_training.evaluation.tasks.subject import Subject, in_drawn_order, read_samples
from medvlp_training.evaluation.transfer.targets import lesion_boxes
from medvlp_training.pretraining.source import Kind
from medvlp_training.samples.sample import ABSENT, ImageTextSample
from medvlp_training.samples.splits import SPLITS


@dataclass(frozen=True, eq=False)
class Marked:
    """Labelled samples with one lesion's masks ``(n, *image)`` and boxes ``(G, 2 axes)``."""

    data: Labelled
    lesion: str
    masks: Tensor
    boxes: tuple[Tensor, ...]


def marked_samples(subject: Subject, kind: Kind) -> Marked | None:
    """Samples with the lesion that most training patients have; None if no test patient has one.

    A sample in which the lesion is not marked counts as one without it only if its label says so: a
    lesion that is named and not marked, or not spoken of, is no background.
    """
    read = {split: read_samples(subject.shards, kind, split) for split in SPLITS}
    everything = {
        split: [boxes_as_masks(sample) for sample in part] for split, part in read.items()
    }
    lesion = commonest(everything)
    if lesion is None:
        return None
    parts = {
        split: chosen(part, lesion, subject.most_patients) for split, part in everything.items()
    }
    data = labelled(subject, kind, parts)
    empty = np.zeros(data.batch.images.shape[2:], bool)
    masks = []
    for sample in data.samples:
        own = {lesion: sample.lesions[lesion]} if lesion in sample.lesions else {}
        placed = lesions_on_grid(subject.run, replace(sample, lesions=own))[0] if own else {}
        masks.append(placed.get(lesion, empty))
    boxes = tuple(
        torch.from_numpy(lesion_boxes(replace(sample, lesions={lesion: mask}, boxes=()), lesion))
        for sample, mask in zip(data.samples, masks, strict=True)
    )
    seen = {p for p, mask in zip(data.patients, masks, strict=True) if mask.any()}
    if not all(seen.intersection(part) for part in (data.split.train, data.split.test)):
        return None
    return Marked(data, lesion, torch.from_numpy(np.stack(masks)), boxes)


def chosen(
    samples: Sequence[ImageTextSample], lesion: str, most_patients: int | None
) -> list[ImageTextSample]:
    """Samples with the lesion's mask or known to be without it, of so many patients.

    Where patients are left out, those with the lesion and those without take turns.
    """
    ill = {s.patient for s in samples if _has(s, lesion)}
    usable = [s for s in samples if _has(s, lesion) or s.labels.get(lesion) == ABSENT]
    well = {s.patient for s in usable} - ill
    turns = chain.from_iterable(zip_longest(in_drawn_order(ill), in_drawn_order(well)))
    kept = set([p for p in turns if p is not None][:most_patients])
    return [s for s in usable if s.patient in kept]


def _has(sample: ImageTextSample, lesion: str) -> bool:
    return lesion in sample.lesions and bool(sample.lesions[lesion].any())


def commonest(parts: Parts) -> str | None:
    """The lesion of most training patients among those that test patients have; ties by name."""
    patients: dict[str, dict[str, set[str]]] = {"train": {}, "test": {}}
    for split, having in patients.items():
        for sample in parts[split]:  # type: ignore[index]
            for name in filter(partial(_has, sample), sample.lesions):
                having.setdefault(name, set()).add(sample.patient)
    names = sorted(patients["train"].keys() & patients["test"].keys())
    return max(names, key=lambda n: len(patients["train"][n]), default=None)
