"""Slice hit rate: do the slices that UniMedI reads along with a CT show the lesion?

UniMedI (arXiv 2311.14851) selects slices by attention and never reports this.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from medvlp.errors import MedVLPError
from medvlp_training.comparison.encoded import lesions_on_grid
from medvlp_training.evaluation.statistics import mean_estimate
from medvlp_training.evaluation.tasks.prepared import batches
from medvlp_training.evaluation.tasks.subject import Subject
from medvlp_training.evaluation.tasks.table import Result, cell, figure, markdown, need_rows
from medvlp_training.objectives.shared.slice_selection import (
    DEPTH,
    middle_slice,
    slice_hit_rate,
    uniform_depths,
)
from medvlp_training.objectives.unimedi import UniMedI
from medvlp_training.samples.sample import ImageTextSample

MEASURES = ("slices", "scans")
COLUMNS = ("model", "central slices", "evenly spread", "chance")


def evaluate(subject: Subject) -> Result:
    """Share of selected slices that show a lesion, and of scans with at least one such slice.

    Raises
    ------
    MedVLPError
        If the model is no run of UniMedI, or there is no CT to ask about.
    """
    objective = subject.run.objective
    if not isinstance(objective, UniMedI):
        raise MedVLPError(
            "Task 'slices' takes a pre-training run of UniMedI, which selects slices; found "
            f"{subject.identity}, which does not."
        )
    if "CT" not in subject.kinds:
        raise MedVLPError(
            f"Task 'slices' needs CT: {subject.identity} and the test split share "
            f"{', '.join(subject.kinds)} alone. Name a run that was trained on CT, and shards with CT."
        )
    rates, patients = [], []
    for sample in subject.samples("CT"):
        found = _scan_rates(subject, objective, sample)
        if found is not None:
            rates.append(found)
            patients.append(sample.patient)
    need_rows(rates, "slices", "test CT with masks of lesions")
    values = np.array(rates)
    rows, figures = [], dict[str, object]()
    for number, name in enumerate(MEASURES):
        estimates = [
            mean_estimate(values[:, column, number].tolist(), patients)
            for column in range(len(COLUMNS))
        ]
        rows.append([f"{name} with a lesion", str(len(rates)), *map(cell, estimates)])
        figures[name] = {c: figure(e) for c, e in zip(COLUMNS, estimates, strict=True)}
    return markdown(["measure", "scans", *COLUMNS], rows), {"slices": figures}


@torch.no_grad()
def _scan_rates(
    subject: Subject, objective: UniMedI, sample: ImageTextSample
) -> NDArray[np.float64] | None:
    """``(columns, measures)`` of one scan; None if no lesion of it is encoded."""
    lesions, _ = lesions_on_grid(subject.run, sample)
    if not lesions:
        return None
    shown = torch.from_numpy(np.any(list(lesions.values()), axis=0))[None]
    batch = next(batches(subject.run, [sample]))
    selected = objective.selected_slices(batch)
    depths, k = batch.images.shape[2] // DEPTH, selected.shape[1]
    evenly = middle_slice(uniform_depths(1, depths, k, selected.device))
    rates = [slice_hit_rate(s, shown) for s in (selected, central_slices(depths, k), evenly)]
    chance = (rates[0].slices_by_chance, rates[0].scans_by_chance)
    return np.array([*((rate.slices, rate.scans) for rate in rates), chance])


def central_slices(depths: int, k: int) -> Tensor:
    """The ``k`` candidates nearest to the middle of a scan, ``(1, k)``, from low to high."""
    first = (depths - k) // 2
    return middle_slice(torch.arange(first, first + k))[None]
