"""Shards on disk as one set: counted, verified, and drawn in an order that can be taken up again."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from medvlp_training.samples.errors import ShardError
from medvlp_training.samples.member import decode_header, decode_member
from medvlp_training.samples.sample import ImageTextSample
from medvlp_training.samples.shard_index import (
    SET_FILE,
    SET_FORMAT,
    Entry,
    parse_json,
    read_index,
)
from medvlp_training.samples.skips import Skips
from medvlp_training.samples.splits import SPLITS

SHARDS_MIXED = 8
"""Shards whose samples are shuffled together: how far a shuffled read strays on disk."""


class ShardSet:
    """Samples of one or several folders, none of them in memory.

    Parameters
    ----------
    entries
        All members, in the order of the folders, shards and members.
    skips
        Counts what cannot be read; with ``strict`` the first damage is raised.

    Raises
    ------
    ShardError
        If a patient is in two splits.
    """

    def __init__(self, entries: tuple[Entry, ...], skips: Skips) -> None:
        self.entries = entries
        self.skips = skips
        splits: dict[str, Entry] = {}
        for entry in entries:
            other = splits.setdefault(entry.patient, entry)
            if other.split != entry.split:
                raise ShardError(
                    f"One patient is in two splits: {other.split} ({other.place}) and "
                    f"{entry.split} ({entry.place}). Convert the collections again with one split "
                    "for each patient."
                )

    def __len__(self) -> int:
        return len(self.entries)

    def patients(self, split: str | None = None) -> frozenset[str]:
        """Patients of a split, or all."""
        return frozenset(e.patient for e in self.entries if split in (None, e.split))

    def counts(self) -> dict[str, int]:
        """Number of samples of each split."""
        found = Counter(entry.split for entry in self.entries)
        return {split: found[split] for split in SPLITS}

    def verify(self) -> list[str]:
        """Read and decode every member; one sentence for each that is missing or damaged."""
        problems = []
        for entry in self.entries:
            try:
                self.read(entry)
            except ShardError as error:
                problems.append(str(error))
        return problems

    def read(self, entry: Entry) -> ImageTextSample:
        """One sample, checked against its SHA-256.

        Raises
        ------
        ShardError
            If the shard or the member is missing or damaged.
        """
        return decode_member(_bytes(entry, entry.size, entry.sha256), entry.place)

    def describe(self, entry: Entry) -> ImageTextSample:
        """One sample without its arrays, from the member's header alone.

        Raises
        ------
        ShardError
            If the shard is missing or the header is damaged.
        """
        return decode_header(_bytes(entry, entry.header_size, entry.header_sha256), entry.place)

    def order(self, split: str, seed: int, epoch: int, modality: str | None = None) -> list[Entry]:
        """Members of a split in the order of an epoch; it depends on the arguments alone.

        Shards are shuffled, and then the members of :data:`SHARDS_MIXED` shards at a time
        together, so that reading stays near one place of the disk.

        Raises
        ------
        ShardError
            If there is no such split.
        """
        if split not in SPLITS:
            raise ShardError(f"split: found {split!r}; expected one of {', '.join(SPLITS)}.")
        by_shard: dict[Path, list[Entry]] = {}
        for entry in self.entries:
            if entry.split == split and modality in (None, entry.modality):
                by_shard.setdefault(entry.shard, []).append(entry)
        shards = list(by_shard.values())
        rng = np.random.default_rng([seed, epoch])
        mixed = rng.permutation(len(shards))
        order: list[Entry] = []
        for first in range(0, len(shards), SHARDS_MIXED):
            part = [e for i in mixed[first : first + SHARDS_MIXED] for e in shards[i]]
            order += [part[i] for i in rng.permutation(len(part))]
        return order

    def iterate(
        self,
        split: str,
        seed: int = 0,
        epoch: int = 0,
        worker: int = 0,
        workers: int = 1,
        start: int = 0,
        modality: str | None = None,
    ) -> Iterator[tuple[int, ImageTextSample]]:
        """Samples of an epoch with their positions in its order.

        Position ``p`` goes to worker ``p % workers``, whatever ``start`` is; a damaged sample is
        counted, logged and leaves its position out. To take an interrupted epoch up again, give
        ``start`` the position after the last that was used.

        Parameters
        ----------
        split
            ``"train"``, ``"val"`` or ``"test"``.
        seed, epoch
            What the order depends on, and nothing else.
        worker, workers
            This process's share.
        start
            First position that is read; those before it cost nothing.
        modality
            Only ``"CT"`` or only ``"XR"``; positions count within these.

        Raises
        ------
        ShardError
            If an argument is out of range; with strict skips, at the first damage.
        """
        if not 0 <= worker < workers or start < 0:
            raise ShardError(
                f"worker {worker} of {workers}, start {start}: expected 0 <= worker < workers and "
                "start >= 0."
            )
        return self._iterate(self.order(split, seed, epoch, modality), worker, workers, start)

    def _iterate(
        self, order: list[Entry], worker: int, workers: int, start: int
    ) -> Iterator[tuple[int, ImageTextSample]]:
        for position in range(start, len(order)):
            if position % workers != worker:
                continue
            entry = order[position]
            try:
                sample = self.read(entry)
            except ShardError as error:
                self.skips.skip(entry.place, "damaged or missing member", error)
                continue
            yield position, sample
        if self.skips.skipped:
            self.skips.log_summary("Reading shards")


def _bytes(entry: Entry, size: int, sha256: str) -> bytes:
    """First bytes of a member, checked."""
    try:
        with open(entry.shard, "rb") as file:
            file.seek(entry.offset)
            data = file.read(size)
    except OSError as error:
        raise ShardError(
            f"{entry.shard} cannot be read ({error.strerror}). Copy the set again."
        ) from None
    if hashlib.sha256(data).hexdigest() != sha256:
        raise ShardError(
            f"{entry.shard}: member {entry.name} is damaged: its SHA-256 is not the one in the "
            "shard's index. Copy the shard again."
        )
    return data


def open_shards(folder: Path | str, *more: Path | str, strict: bool = False) -> ShardSet:
    """Open one or several folders written by ``write_shards``; only the indices are read.

    Parameters
    ----------
    folder, more
        Each with a ``shards.json``.
    strict
        Raise at the first damage, now and while reading, instead of counting it.

    Raises
    ------
    ShardError
        If a folder is no complete set, a patient is in two splits, or, with ``strict``, an index
        is damaged.
    """
    skips = Skips(strict)
    entries: list[Entry] = []
    for each in (folder, *more):
        entries += _entries(Path(each), skips)
    return ShardSet(tuple(entries), skips)


def _entries(folder: Path, skips: Skips) -> list[Entry]:
    path = folder / SET_FILE
    if not path.is_file():
        state = "an interrupted conversion" if any(folder.glob("shard-*")) else "no shards"
        raise ShardError(
            f"{folder} holds {state}: expected {SET_FILE}, which is written last. Convert the "
            "collection again into a new folder."
        )
    entries: list[Entry] = []
    for shard in parse_json(path.read_bytes(), path, SET_FORMAT)["shards"]:
        try:
            entries += read_index(folder / shard["name"], shard["index_sha256"])
        except ShardError as error:
            skips.skip(shard["name"], "damaged index of a shard", error, int(shard["samples"]))
    return entries
