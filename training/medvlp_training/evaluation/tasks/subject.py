"""Who is asked, and about which samples."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from medvlp.errors import MedVLPError
from medvlp.grounding.lexicon import load_lexicon
from medvlp.models.text import PRESENT, tokenize
from medvlp_training.evaluation.tasks.prepared import batches
from medvlp_training.objectives.batch import UNKNOWN, Vocabulary
from medvlp_training.pretraining.folder import CHECKPOINTS, CONFIG
from medvlp_training.pretraining.load import TrainedRun, load_run
from medvlp_training.pretraining.source import Kind
from medvlp_training.samples.sample import ImageTextSample
from medvlp_training.samples.shard_set import ShardSet
from medvlp_training.samples.splits import Split

KINDS: tuple[Kind, ...] = ("CT", "XR")
FEWEST = 5
"""Test samples with a finding, and without, for it to be asked about."""


@dataclass(frozen=True, eq=False)
class Subject:
    """A model as evaluation asks it, and the samples that it is asked about.

    Parameters
    ----------
    run
        A pre-training run, or a shipped model in its form.
    name, identity
        For files, and with what tells one checkpoint from another.
    kinds
        Images that it takes and of which there are test samples.
    shards
        All splits; figures are of the test split alone.
    most_patients
        Of each split and kind; all if None.
    """

    run: TrainedRun
    name: str
    identity: str
    kinds: tuple[Kind, ...]
    shards: ShardSet
    most_patients: int | None = None

    @property
    def vocabulary(self) -> Vocabulary:
        """Findings and organs that are asked about."""
        return self.run.vocabulary

    @torch.no_grad()
    def image_vectors(self, samples: Sequence[ImageTextSample]) -> Tensor:
        """Of whole images, ``(n, D)`` in double precision."""
        objective = self.run.objective
        asked = batches(self.run, samples)
        return torch.cat([objective.image_vectors(objective.encode(b), b).double() for b in asked])

    @torch.no_grad()
    def text_vectors(self, texts: Sequence[str], polarity: int = PRESENT) -> Tensor:
        """Of texts as they stand, ``(n, D)`` in double precision."""
        ids, mask = tokenize(self.run.tokenizer, texts)
        return self.run.objective.phrase_vectors(ids, mask, polarity).double()

    def samples(self, kind: Kind, *splits: Split) -> list[ImageTextSample]:
        """Samples of one kind, of the test split if none is named; damaged ones are counted, logged."""
        return read_samples(self.shards, kind, *splits, most_patients=self.most_patients)

    @property
    def preparation(self) -> dict[str, object]:
        """For JSON: how images were made ready."""
        data = self.run.config.data
        return {
            "image_size": data.image_size,
            "crop_voxels": list(data.crop_voxels),
            "spacing_mm": data.spacing_mm,
        }


def read_samples(
    shards: ShardSet, kind: Kind, *splits: Split, most_patients: int | None = None
) -> list[ImageTextSample]:
    """Samples of one kind; of the test split if none is named, and of no more patients than asked for."""
    wanted: tuple[Split, ...] = splits or ("test",)
    read = []
    for split in wanted:
        held = {e.patient for e in shards.entries if (e.split, e.modality) == (split, kind)}
        chosen = set(in_drawn_order(held)[:most_patients])
        entries = tuple(e for e in shards.entries if e.split == split and e.patient in chosen)
        fewer = ShardSet(entries, shards.skips)
        read += [sample for _, sample in fewer.iterate(split, modality=kind)]
    return read


def known_labels(samples: Sequence[ImageTextSample], findings: Sequence[str]) -> NDArray[np.int8]:
    """``(n, C)``: 1 present, 0 absent, negative uncertain or unknown."""
    rows = [[sample.labels.get(name, UNKNOWN) for name in findings] for sample in samples]
    return np.array(rows, np.int8).reshape(len(samples), len(findings))


def in_drawn_order(patients: Iterable[str]) -> list[str]:
    """Patients in an order that depends on nobody else: that of their hashes."""
    return sorted(patients, key=lambda p: hashlib.sha256(f"evaluation {p}".encode()).digest())


def test_kinds(shards: ShardSet, known: frozenset[str]) -> tuple[Kind, ...]:
    """Kinds of the test samples that a model knows.

    Raises
    ------
    MedVLPError
        If there is none.
    """
    held = {entry.modality for entry in shards.entries if entry.split == "test"}
    kinds = tuple(kind for kind in KINDS if kind in held and kind in known)
    if not kinds:
        raise MedVLPError(
            f"The test split of the shards holds {', '.join(sorted(held)) or 'no sample'}; expected "
            f"some of what the model takes: {', '.join(sorted(known))}. Convert the collection with "
            "test patients of such images."
        )
    return kinds


def is_run(folder: Path) -> bool:
    """Whether a folder is that of a pre-training run."""
    return (folder / CHECKPOINTS).is_dir() and (folder / CONFIG).is_file()


def run_subject(folder: Path, shards: ShardSet, most_patients: int | None = None) -> Subject:
    """A pre-training run with its last checkpoint.

    Raises
    ------
    MedVLPError
        If it cannot be read, or the shards hold no test sample that it takes.
    """
    run = load_run(folder)
    identity = f"{run.config.objective}@{run.config.digest()[:16]} step {run.step}"
    kinds = test_kinds(shards, frozenset(run.config.data.shares))
    return Subject(run, folder.resolve().name, identity, kinds, shards, most_patients)


def display(concept: str) -> str:
    """A concept in a radiologist's words; CheXpert's own findings that the lexicon lacks, as named."""
    known = load_lexicon().concepts.get(concept)
    return concept.replace("_", " ") if known is None else known.display
