"""Where samples come from: anything that has a length and can read the sample of a number."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from medvlp.errors import MedVLPError
from medvlp_training.samples.sample import ImageTextSample

Kind = Literal["CT", "XR"]
KINDS: tuple[Kind, ...] = ("CT", "XR")

_LOG = logging.getLogger(__name__)


class SampleSource(Protocol):
    """Samples by number; reading the same number twice gives the same sample."""

    def __len__(self) -> int:
        """Number of samples."""

    def read(self, index: int) -> ImageTextSample:
        """One sample.

        Raises
        ------
        MedVLPError
            If it cannot be read; training counts it and goes on without it.
        """

    def describe(self, index: int) -> ImageTextSample:
        """The same without pixels (arrays may be empty): what splits and vocabularies need."""

    def split(self, index: int) -> str | None:
        """``"train"``, ``"validation"`` or another split that the source prescribes; None if none."""


@dataclass(frozen=True)
class MemorySource:
    """Samples in a list."""

    samples: Sequence[ImageTextSample]

    def __len__(self) -> int:
        return len(self.samples)

    def read(self, index: int) -> ImageTextSample:
        """The sample of that number."""
        return self.samples[index]

    def describe(self, index: int) -> ImageTextSample:
        """The sample of that number."""
        return self.samples[index]

    def split(self, index: int) -> str | None:
        """Nothing is prescribed."""
        return None


@dataclass(frozen=True)
class JoinedSources:
    """Several sources, numbered one after the other."""

    sources: tuple[SampleSource, ...]

    def __len__(self) -> int:
        return sum(len(source) for source in self.sources)

    def _find(self, index: int) -> tuple[SampleSource, int]:
        for source in self.sources:
            if index < len(source):
                return source, index
            index -= len(source)
        raise IndexError(index)

    def read(self, index: int) -> ImageTextSample:
        """From the source that holds the number."""
        source, own = self._find(index)
        return source.read(own)

    def describe(self, index: int) -> ImageTextSample:
        """From the source that holds the number."""
        source, own = self._find(index)
        return source.describe(own)

    def split(self, index: int) -> str | None:
        """What the source that holds the number prescribes."""
        source, own = self._find(index)
        return source.split(own)


@dataclass(frozen=True, eq=False)
class Catalogue:
    """Numbers of the samples to train on and to validate on, by kind; patients are in one of them.

    ``unreadable`` counts samples that could not even be described.
    """

    train: dict[Kind, tuple[int, ...]]
    validation: dict[Kind, tuple[int, ...]]
    described: dict[int, ImageTextSample] = field(repr=False)
    unreadable: int = 0

    def training_samples(self) -> list[ImageTextSample]:
        """Descriptions of the training samples, in order."""
        numbers = sorted(n for kind in KINDS for n in self.train.get(kind, ()))
        return [self.described[n] for n in numbers]


def _described(source: SampleSource) -> tuple[dict[int, ImageTextSample], int]:
    found: dict[int, ImageTextSample] = {}
    unreadable = 0
    for index in range(len(source)):
        try:
            found[index] = source.describe(index)
        except MedVLPError as error:
            unreadable += 1
            _LOG.warning("Sample %d is left out: it cannot be read (%s).", index, error)
    return found, unreadable


def catalogue(source: SampleSource, validation_share: float, kinds: Sequence[Kind]) -> Catalogue:
    """Sort a source's samples by kind and split.

    The source's own split counts; otherwise a patient is validated on if the first 8 digits of
    ``sha256(patient)`` are below ``validation_share`` of their range, whatever else is present.

    Raises
    ------
    MedVLPError
        If no sample is left to train on for one of the ``kinds``, or a patient is in both splits.
    """
    described, unreadable = _described(source)
    train: dict[Kind, list[int]] = {}
    validation: dict[Kind, list[int]] = {}
    sides: dict[str, str] = {}
    for index, sample in described.items():
        if sample.modality not in kinds:
            continue
        side = source.split(index) or _drawn_split(sample.patient, validation_share)
        if side not in ("train", "validation"):
            continue
        if sides.setdefault(sample.patient, side) != side:
            raise MedVLPError(
                f"Sample {index}: its patient is both in the training and in the validation split. "
                "Split the collection by patient."
            )
        chosen = train if side == "train" else validation
        chosen.setdefault(sample.modality, []).append(index)
    for kind in kinds:
        if not train.get(kind):
            raise MedVLPError(
                f"There is no {kind} sample to train on: {len(source)} samples in the source, "
                f"{unreadable} unreadable. Check the paths under 'data' and its 'shares'."
            )
    return Catalogue(
        {kind: tuple(numbers) for kind, numbers in train.items()},
        {kind: tuple(numbers) for kind, numbers in validation.items()},
        described,
        unreadable,
    )


def _drawn_split(patient: str, validation_share: float) -> str:
    from hashlib import sha256

    digest = int(sha256(patient.encode("utf-8")).hexdigest()[:8], 16)
    return "validation" if digest < validation_share * 16**8 else "train"
