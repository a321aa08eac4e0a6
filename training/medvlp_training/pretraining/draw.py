"""Which samples make up which step: a function of the seed and of numbers, not of any state.

A resumed run therefore sees the batches that an uninterrupted one would have seen, and several
processes that share a batch see the rows that one process would have seen.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from torch.utils.data import DataLoader, Dataset

from medvlp.errors import MedVLPError
from medvlp_training.objectives.batch import Batch
from medvlp_training.pretraining.collate import Collator, Row
from medvlp_training.pretraining.source import KINDS, Kind, SampleSource

_LOG = logging.getLogger(__name__)

ORDER, ROW = 0, 1
"""What a random generator is for: part of its seed."""


def schedule_kinds(shares: Mapping[Kind, float], steps: int) -> list[tuple[Kind, int]]:
    """Kind of each step's batch, and how many batches of that kind came before it.

    Kinds alternate so that after any number of steps each is within one batch of its share.
    """
    kinds = [kind for kind in KINDS if shares.get(kind, 0) > 0]
    total = sum(shares[kind] for kind in kinds)
    counts = dict.fromkeys(kinds, 0)
    scheduled: list[tuple[Kind, int]] = []
    for number in range(steps):
        behind = {kind: shares[kind] / total * (number + 1) - counts[kind] for kind in kinds}
        chosen = max(kinds, key=lambda kind: behind[kind])
        scheduled.append((chosen, counts[chosen]))
        counts[chosen] += 1
    return scheduled


def shuffled(numbers: Sequence[int], seed: int, kind: Kind, draw: int) -> int:
    """Sample of draw number ``draw``: each pass visits every sample once, in an order of its own."""
    epoch, position = divmod(draw, len(numbers))
    return numbers[int(_order(len(numbers), seed, kind, epoch)[position])]


@lru_cache(maxsize=4)
def _order(count: int, seed: int, kind: Kind, epoch: int) -> NDArray[np.int64]:
    return np.random.default_rng([seed, ORDER, KINDS.index(kind), epoch]).permutation(count)


@dataclass(frozen=True, eq=False)
class Drawn:
    """A step's rows for one process, and why samples had to be replaced."""

    batch: Batch
    skipped: tuple[str, ...] = ()


class TrainingBatches(Dataset[Drawn]):
    """Batch of each step, for one process.

    Parameters
    ----------
    numbers
        Training samples by kind.
    batch_size
        Over all processes; a multiple of ``processes``.
    kinds
        As :func:`schedule_kinds` gives them.
    """

    def __init__(
        self, source: SampleSource, numbers: Mapping[Kind, Sequence[int]], collator: Collator,
        kinds: Sequence[tuple[Kind, int]], batch_size: int, seed: int, process: int = 0, processes: int = 1,
    ) -> None:  # fmt: skip
        if batch_size % processes:
            raise MedVLPError(
                f"optimisation.batch_size is {batch_size}, which {processes} processes cannot share "
                f"evenly. Use a multiple of {processes}."
            )
        self.source, self.numbers, self.collator, self.kinds = source, numbers, collator, kinds
        self.batch_size, self.seed = batch_size, seed
        share = batch_size // processes
        self.rows = range(process * share, (process + 1) * share)

    def __len__(self) -> int:
        return len(self.kinds)

    def __getitem__(self, step: int) -> Drawn:
        """Rows of the step.

        Raises
        ------
        MedVLPError
            If no sample of the kind can be read.
        """
        kind, before = self.kinds[step]
        skipped: list[str] = []
        rows = [self._row(kind, before * self.batch_size + row, skipped) for row in self.rows]
        return Drawn(self.collator.stack(rows), tuple(skipped))

    def _row(self, kind: Kind, draw: int, skipped: list[str]) -> Row:
        """The sample of a draw; if it cannot be used, the next that can in the draw's own order."""
        numbers = self.numbers[kind]
        for attempt in range(len(numbers)):
            index = shuffled(numbers, self.seed, kind, draw)
            if attempt:
                rng = np.random.default_rng([self.seed, ORDER, KINDS.index(kind), draw, attempt])
                index = numbers[int(rng.integers(len(numbers)))]
            rng = np.random.default_rng([self.seed, ROW, KINDS.index(kind), draw, attempt])
            try:
                return self.collator.prepare(self.source.read(index), rng)
            except MedVLPError as error:
                skipped.append(f"sample {index} ({kind}): {error}")
        raise MedVLPError(
            f"None of {len(numbers)} {kind} samples can be used; the last: {skipped[-1]}"
        )


def stream(batches: TrainingBatches, start: int, workers: int) -> Iterator[Drawn]:
    """Steps from ``start`` to the last, read ahead by worker processes."""
    loader = DataLoader(
        batches,
        batch_size=None,
        sampler=range(start, len(batches)),
        num_workers=workers,
        prefetch_factor=2 if workers else None,
    )
    yield from loader


def validation_batches(
    source: SampleSource, numbers: Mapping[Kind, Sequence[int]], collator: Collator,
    shares: Mapping[Kind, float], batch_size: int, count: int, process: int, processes: int,
) -> list[Batch]:  # fmt: skip
    """Up to ``count`` batches of held-out samples, the same each time; unusable ones are left out.

    A kind with fewer samples than ``batch_size`` gives one smaller batch.
    """
    drawn: list[Batch] = []
    kinds = {kind: numbers[kind] for kind in KINDS if numbers.get(kind) and shares.get(kind)}
    for held_out in kinds.values():
        rows: list[Row] = []
        for index in held_out[: max(count // len(kinds), 1) * batch_size]:
            try:
                rows.append(collator.prepare(source.read(index), np.random.default_rng(index)))
            except MedVLPError as error:
                _LOG.warning("Validation sample %d is left out: %s", index, error)
        for start in range(0, len(rows), batch_size):
            chosen = rows[start : start + batch_size]
            share = len(chosen) // processes
            full = start == 0 or len(chosen) == batch_size
            if share and full and len(drawn) < count:
                drawn.append(collator.stack(chosen[process * share : (process + 1) * share]))
    return drawn
