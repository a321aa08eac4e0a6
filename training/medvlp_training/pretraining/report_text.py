"""Reports as tokens that know their sentence and the concept they name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from medvlp.errors import ModelMismatchError
from medvlp_training.samples.sample import Entity, ImageTextSample

if TYPE_CHECKING:
    from tokenizers import Tokenizer


@dataclass(frozen=True)
class TokenisedReport:
    """A report between ``[CLS]`` and ``[SEP]``.

    ``sentences`` and ``concepts`` are as in :class:`~medvlp_training.objectives.batch.Batch`, of the
    length of ``ids``; ``sentences_left_out`` counts those that did not fit.
    """

    ids: tuple[int, ...]
    sentences: tuple[int, ...]
    concepts: tuple[int, ...]
    sentences_left_out: int = 0


class ReportTokeniser:
    """Joins sentences, whole ones, until the text is full.

    Parameters
    ----------
    tokenizer
        The text tower's; it must put a token before a text and one behind it.
    max_tokens
        Longest text, special tokens included. A first sentence that alone is longer is cut.
    concepts
        Names of the concepts; their order gives the indices.

    Raises
    ------
    ModelMismatchError
        If the tokenizer lacks a special token.
    """

    def __init__(self, tokenizer: Tokenizer, max_tokens: int, concepts: Sequence[str]) -> None:
        self.tokenizer = tokenizer
        self.tokenizer.no_truncation()
        self.tokenizer.no_padding()
        self.max_tokens = max_tokens
        self.concepts: Mapping[str, int] = {name: i for i, name in enumerate(concepts)}
        self.cls, self.sep = ends_of(tokenizer)

    def __call__(
        self, sample: ImageTextSample, order: Sequence[int] | None = None
    ) -> TokenisedReport:
        """The report of a sample, its sentences in ``order`` (default: as they stand)."""
        ids, sentences, concepts = [self.cls], [-1], [-1]
        order = range(len(sample.sentences)) if order is None else order
        room = self.max_tokens - 2
        number = 0
        for position in order:
            encoded = self.tokenizer.encode(sample.sentences[position], add_special_tokens=False)
            if not encoded.ids:
                continue
            if len(ids) - 1 + len(encoded.ids) > room and number > 0:
                break
            kept = encoded.ids[:room]
            ids += kept
            sentences += [number] * len(kept)
            entities = [e for e in sample.entities if e.sentence == position]
            concepts += [self._concept(span, entities) for span in encoded.offsets[: len(kept)]]
            number += 1
        return TokenisedReport(
            (*ids, self.sep), (*sentences, -1), (*concepts, -1), len(order) - number
        )

    def _concept(self, span: tuple[int, int], entities: Sequence[Entity]) -> int:
        """Index of the first known concept that overlaps the token's characters, or -1."""
        for entity in entities:
            if span[0] < entity.end and entity.start < span[1] and entity.concept in self.concepts:
                return self.concepts[entity.concept]
        return -1


def ends_of(tokenizer: Tokenizer) -> tuple[int, int]:
    """Tokens before and behind a text: ``[CLS]`` and ``[SEP]``, or what stands for them.

    Raises
    ------
    ModelMismatchError
        If the tokenizer lacks one of them.
    """
    cls, sep = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
    if cls is not None and sep is not None:
        return cls, sep
    encoded = tokenizer.encode("a")
    special = encoded.special_tokens_mask
    if len(special) < 2 or not (special[0] and special[-1]):
        raise ModelMismatchError(
            "The tokenizer has no [CLS] or no [SEP] token, and puts no others around a text: reports "
            "need both ends."
        )
    return encoded.ids[0], encoded.ids[-1]


def swapped_order(count: int, probability: float, rng: np.random.Generator) -> list[int]:
    """Sentence order after random swaps: as many as a geometric variable fails to stop.

    LoVT [P] swaps with ``p = 0.4``. ``probability`` 0 leaves the order as it is.
    """
    order = list(range(count))
    if probability > 0 and count > 1:
        for _ in range(int(rng.geometric(probability)) - 1):
            a, b = rng.choice(count, 2, replace=False)
            order[a], order[b] = order[b], order[a]
    return order


def pad_reports(reports: Sequence[TokenisedReport]) -> dict[str, Tensor]:
    """Fields of a batch, ``(B, longest)`` int64."""
    longest = max(len(report.ids) for report in reports)

    def padded(rows: Sequence[tuple[int, ...]], fill: int) -> Tensor:
        return torch.tensor([[*row, *[fill] * (longest - len(row))] for row in rows])

    return {
        "input_ids": padded([r.ids for r in reports], 0),
        "attention_mask": padded([(1,) * len(r.ids) for r in reports], 0),
        "sentence_of_token": padded([r.sentences for r in reports], -1),
        "concept_of_token": padded([r.concepts for r in reports], -1),
    }
