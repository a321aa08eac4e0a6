"""Any model of the protocol asked about samples: whole scans, its own vectors and heat maps.

medvlp's own models are asked in the form of a pre-training run
(:mod:`medvlp_training.evaluation.tasks.shipped`); this is for all others, such as the published ones.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from medvlp.errors import MedVLPError
from medvlp.models.encoding import Encoding
from medvlp.models.folder import model_info
from medvlp.models.protocol import GroundingModel
from medvlp.models.text import PRESENT
from medvlp_training.evaluation.asking import ask
from medvlp_training.evaluation.tasks.calibration import as_scan
from medvlp_training.evaluation.tasks.progress import tracked
from medvlp_training.evaluation.tasks.subject import display, read_samples, test_kinds
from medvlp_training.objectives.batch import Vocabulary
from medvlp_training.pretraining.source import Kind
from medvlp_training.pretraining.vocabulary import build_vocabulary
from medvlp_training.samples.sample import ImageTextSample
from medvlp_training.samples.shard_set import ShardSet
from medvlp_training.samples.splits import Split

UNIFIED = "medvlp-unified"
"""``model_type`` of medvlp's own models."""
REFUSED = {
    "slices": "takes a pre-training run of UniMedI, which selects slices",
    "transfer": "trains decoders on the maps of medvlp's own image encoder at three resolutions, which "
    "another network has not; 'probe' and 'pointing' measure its frozen vectors and its maps",
}
"""Tasks on shards that make no sense for every model, and why."""


@dataclass(frozen=True, eq=False)
class AnyModel:
    """A model of the protocol, and the samples that it is asked about.

    Parameters
    ----------
    model
        Whatever encodes scans and embeds texts.
    vocabulary
        Findings and organs that the shards speak of.
    kinds, shards, most_patients
        As of :class:`~medvlp_training.evaluation.tasks.subject.Subject`.
    """

    model: GroundingModel
    vocabulary: Vocabulary
    kinds: tuple[Kind, ...]
    shards: ShardSet
    most_patients: int | None = None

    @property
    def name(self) -> str:
        """For files."""
        return self.model.name

    @property
    def identity(self) -> str:
        """Name and hash."""
        return self.model.model_id

    @property
    def preparation(self) -> dict[str, object]:
        """For JSON: whole scans, by the transform that is part of the model."""
        return {"transform": "the model's own, of the whole scan"}

    def samples(self, kind: Kind, *splits: Split) -> list[ImageTextSample]:
        """Samples of one kind; of the test split if none is named."""
        return read_samples(self.shards, kind, *splits, most_patients=self.most_patients)

    def encode(self, sample: ImageTextSample) -> Encoding:
        """What the model knows of a sample's whole image."""
        return self.model.encode(as_scan(sample), cache=False)

    def image_vectors(self, samples: Sequence[ImageTextSample]) -> Tensor:
        """Pooled vectors, ``(n, D)`` in double precision."""
        pooled = [self.encode(sample).pooled for sample in tracked(samples, "Encoding: image")]
        return torch.from_numpy(np.array(pooled, np.float64))

    def text_vectors(self, texts: Sequence[str], polarity: int = PRESENT) -> Tensor:
        """``(n, D)`` in double precision; not numbers for absence, which is only said in words here."""
        vectors = torch.from_numpy(self.model.embed_text(texts).astype(np.float64))
        return vectors if polarity == PRESENT else torch.full_like(vectors, torch.nan)

    def heats(
        self, sample: ImageTextSample, findings: Sequence[str]
    ) -> dict[str, NDArray[np.float64]]:
        """By finding, the model's own map in [0, 1] on the sample's pixels or voxels."""
        scan = as_scan(sample)
        texts = [f"There is {display(name)}." for name in findings]
        maps = ask(self.model, self.encode(sample), texts)
        return {n: m.on(scan).astype(np.float64) for n, m in zip(findings, maps, strict=True)}


def refuse(task: str, folder: Path) -> None:
    """Refuse a task that makes no sense for a model, before anything is loaded.

    Raises
    ------
    MedVLPError
        With the reason.
    """
    if task not in REFUSED:
        return
    facts = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    if facts.get("model_type") != UNIFIED:
        raise MedVLPError(f"Task {task!r} {REFUSED[task]}; found {model_info(folder).name!r}.")


def any_model(
    model: GroundingModel, shards: ShardSet, most_patients: int | None = None
) -> AnyModel:
    """A model to be asked about the test samples of shards.

    Raises
    ------
    MedVLPError
        If the shards hold no test sample that it takes.
    """
    kinds = test_kinds(shards, frozenset(model.modalities))
    vocabulary = build_vocabulary(shards.describe(entry) for entry in shards.entries)
    return AnyModel(model, vocabulary, kinds, shards, most_patients)
