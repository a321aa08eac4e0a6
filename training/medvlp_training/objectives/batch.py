"""One batch schema for every objective."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import torch
from torch import Tensor

UNKNOWN = -2
"""Label of a finding that nothing is known of; 1, 0 and -1 are present, absent and uncertain."""
NOTHING_SAID, UNSEEN_PHRASE = -1, -2
"""Entries of ``Batch.organ_phrase``: the report does not speak of the organ, or calls it abnormal in words
that the vocabulary does not hold."""


@dataclass(frozen=True)
class Vocabulary:
    """What the indices of a batch mean; fixed for a run.

    Parameters
    ----------
    labels
        Findings of ``Batch.labels``.
    organs
        Organs of ``Batch.organ_masks``.
    concepts
        Concepts of ``Batch.concept_of_token``.
    phrases
        Every statement about an organ in the training reports, once.
    phrase_organs
        Per phrase, its organ.
    phrase_abnormal
        Per phrase, whether it states something abnormal.
    phrase_counts
        Per phrase, how often it was said.
    """

    labels: tuple[str, ...] = ()
    organs: tuple[str, ...] = ()
    concepts: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    phrase_organs: tuple[str, ...] = ()
    phrase_abnormal: tuple[bool, ...] = ()
    phrase_counts: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False)
class Batch:
    """Images of one kind and shape, with what is known of them. Rows are samples.

    Parameters
    ----------
    images
        X-rays in [-1, 1] ``(B, 1, H, W)`` or windowed CT ``(B, windows, S, P, L)``.
    input_ids, attention_mask
        ``(B, L)`` int64: the report's sentences joined, between ``[CLS]`` and ``[SEP]``.
    sentence_of_token
        ``(B, L)`` int64: number of the sentence in its report; -1 for special tokens and padding.
    concept_of_token
        ``(B, L)`` int64: index into ``Vocabulary.concepts``, -1 where no concept is named.
    has_report
        ``(B,)`` bool; False for label-only data, whose text is a lone ``[CLS] [SEP]``.
    labels
        ``(B, C)`` int8 of 1, 0, -1 (uncertain), ``UNKNOWN``.
    organ_masks
        ``(B, O, *token grid)`` float32: share of each token's cell that the organ fills.
    organ_usable
        ``(B, O)`` bool: the organ is there, is large enough and is not cut by the image's border.
    organ_phrase
        ``(B, O)`` int64: index into ``Vocabulary.phrases``, ``NOTHING_SAID`` or ``UNSEEN_PHRASE``.
    patients
        Per sample; no two samples of a batch count as each other's negatives if they share one.
    """

    images: Tensor
    input_ids: Tensor
    attention_mask: Tensor
    sentence_of_token: Tensor
    concept_of_token: Tensor
    has_report: Tensor
    labels: Tensor
    organ_masks: Tensor
    organ_usable: Tensor
    organ_phrase: Tensor
    patients: tuple[str, ...]

    def __len__(self) -> int:
        return self.images.shape[0]

    @property
    def volumetric(self) -> bool:
        """Whether the images are CT."""
        return self.images.ndim == 5

    @property
    def sentence_count(self) -> int:
        """Largest number of sentences in a report of the batch, at least 1."""
        return max(int(self.sentence_of_token.max()) + 1, 1)

    def part(self, rows: slice) -> Batch:
        """Some of the samples."""
        chosen = {f.name: getattr(self, f.name)[rows] for f in fields(self)}
        return Batch(**chosen)

    def to(self, device: torch.device | str) -> Batch:
        """The same on another device."""
        moved: dict[str, Any] = {
            f.name: value.to(device)
            for f in fields(self)
            if isinstance(value := getattr(self, f.name), Tensor)
        }
        return replace(self, **moved)


def join(batches: Sequence[Batch]) -> Batch:
    """Batches of one kind, one after the other; texts are padded to the longest."""
    longest = max(batch.input_ids.shape[1] for batch in batches)
    fill = {"sentence_of_token": -1, "concept_of_token": -1}
    joined: dict[str, Tensor] = {}
    for f in fields(Batch):
        if f.name == "patients":
            continue
        values = [getattr(batch, f.name) for batch in batches]
        if f.name in ("input_ids", "attention_mask", *fill):
            values = [
                torch.nn.functional.pad(v, (0, longest - v.shape[1]), value=fill.get(f.name, 0))
                for v in values
            ]
        joined[f.name] = torch.cat(values)
    patients = tuple(p for batch in batches for p in batch.patients)
    return Batch(**joined, patients=patients)
