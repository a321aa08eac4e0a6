"""Samples of one kind to a batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from medvlp.errors import MedVLPError
from medvlp.models.network import window_ct
from medvlp_training.objectives.batch import NOTHING_SAID, UNKNOWN, Batch, Vocabulary
from medvlp_training.pretraining.images import Augmentation, GridImage, place_ct, place_xray
from medvlp_training.pretraining.organs import OrganGrid, OrganTokens
from medvlp_training.pretraining.report_text import (
    ReportTokeniser,
    TokenisedReport,
    pad_reports,
    swapped_order,
)
from medvlp_training.reports.abnormality_dictionary import AbnormalityDictionary
from medvlp_training.samples.sample import ImageTextSample

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from medvlp_training.pretraining.config import DataConfig

Windows = Sequence[tuple[float, float]]


@dataclass(frozen=True, eq=False)
class Row:
    """What one sample contributes to a batch; fields are those of a batch without the first axis."""

    pixels: Tensor
    report: TokenisedReport
    labels: Tensor
    organs: OrganGrid
    phrases: Tensor
    patient: str


class Collator:
    """Turns samples into a batch.

    Parameters
    ----------
    data
        Sizes and spacing.
    windows
        HU windows of the model that is trained.
    tokenizer
        Of the text tower.
    vocabulary
        What indices mean.
    augmentation
        None for validation: CT crops are then central, and nothing is changed.
    """

    def __init__(
        self,
        data: DataConfig,
        windows: Windows,
        tokenizer: Tokenizer,
        vocabulary: Vocabulary,
        augmentation: Augmentation | None,
    ) -> None:
        self.data = data
        self.windows = tuple(windows)
        self.vocabulary = vocabulary
        self.augmentation = augmentation
        self.reports = ReportTokeniser(tokenizer, data.max_tokens, vocabulary.concepts)
        self.organs = OrganTokens(vocabulary.organs, data.min_organ_tokens)
        self.phrases = AbnormalityDictionary.of(vocabulary)

    def __call__(
        self, samples: Sequence[ImageTextSample], rngs: Sequence[np.random.Generator]
    ) -> Batch:
        """Batch of samples of one kind, each with the generator of its own random choices."""
        return self.stack([self.prepare(*row) for row in zip(samples, rngs, strict=True)])

    def prepare(self, sample: ImageTextSample, rng: np.random.Generator) -> Row:
        """One row of a batch.

        Raises
        ------
        MedVLPError
            If the sample's image, geometry, mask or labels are not what the format says.
        """
        labels = torch.tensor(self._labels(sample), dtype=torch.int8)
        report = self._report(sample, rng)
        image = self.grid_image(sample, rng)
        ct = sample.modality == "CT"
        return Row(
            pixels=window_ct(image.pixels[None], self.windows)[0] if ct else image.pixels[None],
            report=report,
            labels=labels,
            organs=self.organs(image, sample.organ_names),
            phrases=torch.tensor(self._organ_phrases(sample, rng), dtype=torch.int64),
            patient=sample.patient,
        )

    @staticmethod
    def stack(rows: Sequence[Row]) -> Batch:
        """Rows of one kind as a batch.

        Raises
        ------
        MedVLPError
            If there are none, or images are of several shapes.
        """
        shapes = sorted({tuple(row.pixels.shape) for row in rows})
        if len(shapes) != 1:
            raise MedVLPError(
                f"A batch holds images of one kind and shape, at least one; found {shapes}."
            )
        return Batch(
            images=torch.stack([row.pixels for row in rows]),
            **pad_reports([row.report for row in rows]),
            has_report=torch.tensor([len(row.report.ids) > 2 for row in rows]),
            labels=torch.stack([row.labels for row in rows]),
            organ_masks=torch.stack([row.organs.shares for row in rows]),
            organ_usable=torch.stack([row.organs.usable for row in rows]),
            organ_phrase=torch.stack([row.phrases for row in rows]),
            patients=tuple(row.patient for row in rows),
        )

    def _report(self, sample: ImageTextSample, rng: np.random.Generator) -> TokenisedReport:
        swaps = self.data.augmentation.sentence_swaps if self.augmentation else 0.0
        return self.reports(sample, swapped_order(len(sample.sentences), swaps, rng))

    def grid_image(self, sample: ImageTextSample, rng: np.random.Generator) -> GridImage:
        """The sample's image and organs on the grid that the encoder takes."""
        change = self.augmentation or Augmentation()
        if sample.modality == "XR":
            return place_xray(sample, self.data.image_size, change, rng)
        crop, spacing = self.data.crop_voxels, self.data.spacing_mm
        return place_ct(sample, crop, spacing, change, rng, centred=self.augmentation is None)

    def _labels(self, sample: ImageTextSample) -> list[int]:
        for name, value in sample.labels.items():
            if value not in (-1, 0, 1):
                raise MedVLPError(
                    f"Sample {sample.identity}: label {name!r} is {value}; expected 1 (present), "
                    "0 (absent) or -1 (uncertain), and no entry for a finding not mentioned."
                )
        return [sample.labels.get(name, UNKNOWN) for name in self.vocabulary.labels]

    def _organ_phrases(self, sample: ImageTextSample, rng: np.random.Generator) -> list[int]:
        """Per organ one phrase of the vocabulary: an abnormal one if there is any, drawn in training."""
        chosen = []
        for organ in self.vocabulary.organs:
            said = [s for s in sample.statements if s.organ == organ]
            said = [s for s in said if s.abnormal] or said
            found = [self.phrases.index(statement) for statement in said] or [NOTHING_SAID]
            known = [number for number in found if number >= 0] or found[:1]
            draw = int(rng.integers(len(known))) if len(known) > 1 and self.augmentation else 0
            chosen.append(known[draw])
        return chosen
