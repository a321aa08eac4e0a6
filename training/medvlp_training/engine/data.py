"""Endless streams of training samples, drawn by seed and position so that a run can be resumed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from glob import glob
from pathlib import Path
from typing import Any, Generic, TypeVar

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from medvlp.errors import MedVLPError
from medvlp_training.datasets.augment_ct import random_crop
from medvlp_training.datasets.case import FORMAT as CT_FORMAT
from medvlp_training.datasets.case import CTCase, read_case
from medvlp_training.datasets.case_file import case_facts
from medvlp_training.datasets.foreign import foreign_image, foreign_volume
from medvlp_training.datasets.splits import is_held_out
from medvlp_training.datasets.targets import CellTargets, TargetBuilder
from medvlp_training.datasets.xray import FORMAT as XR_FORMAT
from medvlp_training.datasets.xray import XRCase, augment_xr, expose, read_xr
from medvlp_training.engine.config import TrainingConfig

Case = TypeVar("Case")
CELL = 8
ORGAN_SHARE, LESION_SHARE = 0.4, 0.15


@dataclass(frozen=True, eq=False)
class Sample:
    """One image and what is known of it.

    Parameters
    ----------
    image
        HU ``(S, P, L)`` or an X-ray in [-1, 1] ``(size, size)``.
    cells
        Flat indices of the chosen cells: ``uniform`` ones first.
    uniform
        How many of them were drawn uniformly.
    texts
        Texts and targets of the chosen cells; None for foreign images.
    scan_level
        Per text over the whole image: 1, 0, or -1.
    """

    image: Tensor
    cells: Tensor
    uniform: int
    texts: CellTargets | None
    scan_level: Tensor


class Mixture(Generic[Case]):
    """Cases of several collections, each collection with its share of the draws.

    Only their paths are held: a case is read when it is drawn, and the system's file cache keeps what
    fits in memory.

    Parameters
    ----------
    patterns
        Glob of cases to the share of the draws.
    read
        One case from its file.
    kind
        Format of the files that are no simulated shards.
    keep
        Whether a case of these facts may be drawn; all of them without it.

    Raises
    ------
    UnreadableScanError
        If a file is no case of this kind: at once, not when it is drawn.
    MedVLPError
        If no case is left.
    """

    def __init__(
        self,
        patterns: dict[str, float],
        read: Callable[[Path], Case],
        kind: str,
        keep: Callable[[dict[str, Any]], bool] = lambda facts: True,
    ) -> None:
        self.groups: list[list[Path]] = []
        self._read = read
        shares = []
        for pattern, share in patterns.items():
            paths = map(Path, sorted(glob(pattern)))
            kept = [path for path in paths if keep(case_facts(path, kind))]
            if kept:
                self.groups.append(kept)
                shares.append(share)
        if not self.groups:
            raise MedVLPError(
                f"No training case matches {', '.join(patterns)}. Prepare the data first."
            )
        self.shares = np.array(shares) / sum(shares)

    def draw(self, rng: np.random.Generator) -> Case:
        """One case: first the collection, then a case of it."""
        group = self.groups[rng.choice(len(self.groups), p=self.shares)]
        return self._read(group[rng.integers(len(group))])


class SampleStream(IterableDataset[Sample]):
    """Samples ``worker, worker + workers, ...`` from ``start`` on; sample ``i`` depends on the seed and ``i``."""

    def __init__(self, config: TrainingConfig, kind: str, start: int) -> None:
        self.config, self.kind, self.start = config, kind, start

    def __iter__(self) -> Iterator[Sample]:
        torch.set_num_threads(1)
        info = get_worker_info()
        worker, workers = (info.id, info.num_workers) if info else (0, 1)
        draw = CTDraw(self.config) if self.kind == "ct" else XRDraw(self.config)
        number = self.start + worker
        while True:
            rng = np.random.default_rng((self.config.seed, int(self.kind == "ct"), number))
            yield draw(rng)
            number += workers


def pick_cells(
    targets: Tensor, config: TrainingConfig, rng: np.random.Generator
) -> tuple[Tensor, int]:
    """Uniform cells, then up to ``cells_per_label`` positives of each text."""
    total = targets.shape[1]
    count = min(config.uniform_cells, total)
    uniform = torch.from_numpy(rng.choice(total, count, replace=False))
    balanced = []
    for row in targets:
        hits = torch.nonzero(row == 1)[:, 0]
        if len(hits):
            chosen = rng.choice(len(hits), min(config.cells_per_label, len(hits)), replace=False)
            balanced.append(hits[torch.from_numpy(chosen)])
    extra = torch.cat(balanced) if balanced else uniform[:1]
    return torch.cat([uniform, extra]), count


class CTDraw:
    """Draws CT samples; hosts and simulated cases alike."""

    def __init__(self, config: TrainingConfig) -> None:
        self.config = config
        self.cases: Mixture[CTCase] = Mixture(config.ct_cases, read_case, CT_FORMAT)
        self.builder = TargetBuilder(config.max_texts)

    def __call__(self, rng: np.random.Generator) -> Sample:
        """One crop."""
        case = self.cases.draw(rng)
        crop = random_crop(case, rng)
        if rng.random() < 1 / self.config.foreign_one_in:
            return _foreign(foreign_volume(crop.hu, rng))
        rows = self.builder.organ_rows(case.names, case.annotated, "CT")
        lesions = {k: v.flatten() for k, v in crop.lesions.items()}
        texts = self.builder.build(
            crop.labels.flatten(), rows, lesions, case.sides, case.absent | set(lesions), "CT", rng
        )
        return _sample(crop.hu, texts, self.config, rng)


class XRDraw:
    """Draws X-ray samples of patients who are not held out."""

    def __init__(self, config: TrainingConfig) -> None:
        self.config = config
        self.cases: Mixture[XRCase] = Mixture(
            config.xr_cases,
            read_xr,
            XR_FORMAT,
            lambda facts: not is_held_out(str(facts["patient"])),
        )
        self.builder = TargetBuilder(config.max_texts)

    def __call__(self, rng: np.random.Generator) -> Sample:
        """One X-ray."""
        case = self.cases.draw(rng)
        if rng.random() < 1 / self.config.foreign_one_in:
            return _foreign(expose(foreign_image(case.image.shape[0], rng) / 2 + 0.5, rng))
        image, masks = augment_xr(case, rng)
        concepts = self.builder.lexicon.concepts
        cells = {}
        for name, mask in masks.items():
            share = LESION_SHARE if concepts[name].kind != "organ" else ORGAN_SHARE
            pooled = torch.nn.functional.avg_pool2d(mask[None].float(), CELL)[0]
            limit = min(share, float(pooled.max()) * 0.5) if share == LESION_SHARE else share
            cells[name] = (pooled > max(limit, 1e-3)).flatten()
        if {"lung_left", "lung_right"} <= set(cells):
            cells["lungs"] = cells["lung_left"] | cells["lung_right"]
        somewhere = {n: _unknown(n, image) for n in case.present - set(cells) if n in concepts}
        known = case.absent | {n for n in cells if concepts[n].kind == "organ"}
        labels = torch.zeros((image.shape[0] // CELL) ** 2, dtype=torch.long)
        texts = self.builder.build(labels, {}, cells, case.sides, known, "XR", rng)
        return _with_unplaced(image, texts, sorted(somewhere), self, rng)


def _unknown(name: str, image: Tensor) -> Tensor:
    return torch.full(((image.shape[0] // CELL) ** 2,), -1, dtype=torch.int8)


def _with_unplaced(
    image: Tensor, texts: CellTargets, present: list[str], draw: XRDraw, rng: np.random.Generator
) -> Sample:
    """Add findings that are somewhere in the image: unknown in every cell, present in the scan."""
    from medvlp_training.datasets.texts import phrase

    concepts = draw.builder.lexicon.concepts
    unknown = [_unknown(name, image) for name in present]
    merged = CellTargets(
        texts.phrases + [phrase(concepts[n], rng) for n in present],
        texts.concepts + present,
        torch.cat([texts.targets, torch.stack(unknown)]) if unknown else texts.targets,
    )
    sample = _sample(image, merged, draw.config, rng)
    level = sample.scan_level
    level[len(texts.phrases) :] = 1
    return Sample(sample.image, sample.cells, sample.uniform, sample.texts, level)


def _sample(
    image: Tensor, texts: CellTargets, config: TrainingConfig, rng: np.random.Generator
) -> Sample:
    cells, uniform = pick_cells(texts.targets, config, rng)
    chosen = CellTargets(texts.phrases, texts.concepts, texts.targets[:, cells])
    return Sample(image, cells, uniform, chosen, texts.scan_level())


def _foreign(image: Tensor) -> Sample:
    none = torch.zeros(0, dtype=torch.long)
    return Sample(image, none, 0, None, none)


def stream(config: TrainingConfig, kind: str, start: int) -> Iterator[Sample]:
    """Samples of ``"ct"`` or ``"xr"`` from number ``start`` on, made in worker processes."""
    loader = DataLoader(
        SampleStream(config, kind, start),
        batch_size=None,
        num_workers=config.workers,
        prefetch_factor=4 if config.workers else None,
    )
    return iter(loader)
