"""A set of shards by number: what training asks of its samples."""

from __future__ import annotations

from medvlp_training.samples.sample import ImageTextSample
from medvlp_training.samples.shard_set import ShardSet

_TRAINING_NAMES = {"train": "train", "val": "validation", "test": "test"}


class ShardSource:
    """Samples of a set by number (:class:`medvlp_training.pretraining.source.SampleSource`).

    Parameters
    ----------
    shards
        The set.
    modality
        Only ``"CT"`` or only ``"XR"``.
    """

    def __init__(self, shards: ShardSet, modality: str | None = None) -> None:
        self.shards = shards
        self.entries = tuple(e for e in shards.entries if modality in (None, e.modality))

    def __len__(self) -> int:
        return len(self.entries)

    def read(self, index: int) -> ImageTextSample:
        """One sample, checked against its SHA-256.

        Raises
        ------
        ShardError
            If it is missing or damaged.
        """
        return self.shards.read(self.entries[index])

    def describe(self, index: int) -> ImageTextSample:
        """The same with an empty image and no masks; reads only the member's header.

        Raises
        ------
        ShardError
            If it is missing or damaged.
        """
        return self.shards.describe(self.entries[index])

    def split(self, index: int) -> str:
        """``"train"``, ``"validation"`` or ``"test"``."""
        return _TRAINING_NAMES[self.entries[index].split]
