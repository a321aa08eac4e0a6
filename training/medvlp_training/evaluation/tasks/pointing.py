"""Where is the finding? Pointing game, contrast, overlap of the map of each lesion's name.

The map is the similarity of each region to "There is {finding}.", interpolated to the image. For mIoU and
Dice a run's similarities are scaled to [0, 1] within the image, from the least to the greatest [R]; a
shipped model gives its own probabilities. A model of another kind is shown the whole scan, and its map lies
on the scan's own pixels or voxels.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from medvlp.models.text import tokenize
from medvlp_training.comparison.encoded import lesions_on_grid
from medvlp_training.evaluation.metrics.localisation import (
    centre_prior,
    contrast_to_noise,
    dice,
    mean_iou,
    pointing_hit,
    random_hit_chance,
)
from medvlp_training.evaluation.statistics import Estimate, bootstrap
from medvlp_training.evaluation.tasks.any_model import AnyModel
from medvlp_training.evaluation.tasks.prepared import batches
from medvlp_training.evaluation.tasks.shipped import ShippedObjective
from medvlp_training.evaluation.tasks.subject import Subject, display
from medvlp_training.evaluation.tasks.table import (
    Figures,
    Result,
    cell,
    figure,
    markdown,
    need_rows,
)
from medvlp_training.pretraining.load import TrainedRun
from medvlp_training.pretraining.source import Kind
from medvlp_training.samples.sample import ImageTextSample

THRESHOLDS = tuple(round(0.05 * i, 2) for i in range(1, 20))
MAPS = ("model", "centre prior", "random")
MEASURES = ("pointing", "contrast", "mIoU", "Dice at 0.5", "Dice at best threshold (upper bound)")


Heats = Callable[[str, NDArray[np.bool_]], NDArray[np.float64]]
"""From a finding's name, and what is image, to its map."""


@dataclass(frozen=True, eq=False)
class Place:
    """One lesion of one sample.

    Parameters
    ----------
    measured
        Per map of :data:`MAPS`, the first four of :data:`MEASURES`.
    overlaps
        Per map, Dice at each of :data:`THRESHOLDS`.
    """

    finding: str
    patient: str
    measured: NDArray[np.float64]
    overlaps: NDArray[np.float64]


def evaluate(subject: Subject | AnyModel) -> Result:
    """Per finding and measure, the model beside a centre prior and a random map."""
    rows, figures, skipped = [], dict[str, object](), []
    for kind in subject.kinds:
        places = list(pointed(subject, kind))
        names = sorted({place.finding for place in places})
        found: Figures = {}
        for name in [*names, "all"] if names else []:
            own = [p for p in places if name in (p.finding, "all")]
            found[name] = {}
            for measure in range(len(MEASURES)):
                estimates = [_estimate(own, number, measure) for number in range(len(MAPS))]
                lesions = [kind, name, str(len(own)), MEASURES[measure]]
                rows.append([*lesions, *(cell(e) for e, _ in estimates)])
                found[name][MEASURES[measure]] = {  # type: ignore[index]
                    on: figure(e) | ({} if threshold is None else {"threshold": threshold})
                    for on, (e, threshold) in zip(MAPS, estimates, strict=True)
                }
        figures[kind] = found
        skipped.append(f"{kind}: {len(places)} lesions in the part of the image that is encoded.")
    need_rows(rows, "pointing", "test images with masks or boxes of lesions")
    table = markdown(["images", "finding", "lesions", "measure", *MAPS], rows)
    note = "The best threshold is chosen on these very lesions, so its Dice is an upper bound."
    return "\n\n".join([table, note, *skipped]), {"pointing": figures}


def pointed(subject: Subject | AnyModel, kind: Kind) -> Iterator[Place]:
    """Every lesion of the test samples, by mask or else by box."""
    for number, sample in enumerate(subject.samples(kind)):
        marked = boxes_as_masks(sample)
        if not marked.lesions:
            continue
        lesions, inside, heats = _placed(subject, marked)
        random = np.random.default_rng(number)
        for name, truth in lesions.items():
            maps = (heats(name, inside), centre_prior(truth.shape), random.random(truth.shape))
            measured = np.array([_measured(heat, truth, inside) for heat in maps])
            measured[-1, 0] = random_hit_chance(truth, inside)  # exact, not one draw
            overlaps = [[dice(h, truth, t, inside) for t in THRESHOLDS] for h in maps]
            yield Place(name, sample.patient, measured, np.array(overlaps))


def _placed(
    subject: Subject | AnyModel, marked: ImageTextSample
) -> tuple[dict[str, NDArray[np.bool_]], NDArray[np.bool_], Heats]:
    """Lesions, what is image, and the model's maps, all on one grid; no lesion where none is encoded."""
    if isinstance(subject, AnyModel):
        maps = subject.heats(marked, sorted(marked.lesions))
        everywhere: NDArray[np.bool_] = np.ones(marked.image.shape, dtype=np.bool_)
        return dict(marked.lesions), everywhere, lambda name, _: maps[name]
    lesions, inside = lesions_on_grid(subject.run, marked)
    if not lesions:
        return {}, inside, lambda name, _: np.zeros(inside.shape)
    return lesions, inside, lesion_heats(subject.run, marked, sorted(lesions))


def boxes_as_masks(sample: ImageTextSample) -> ImageTextSample:
    """Findings that have boxes but no mask get the boxes' insides as their mask."""
    filled: dict[str, NDArray[np.bool_]] = {}
    for box in sample.boxes:
        if box.concept not in sample.lesions:
            mask = filled.setdefault(box.concept, np.zeros(sample.image.shape, bool))
            mask[tuple(slice(a, b) for a, b in zip(box.start, box.stop, strict=True))] = True
    return replace(sample, lesions={**sample.lesions, **filled})


@torch.no_grad()
def lesion_heats(run: TrainedRun, sample: ImageTextSample, names: list[str]) -> Heats:
    """Maps in [0, 1] on the encoder's pixels or voxels, by the finding's name and what is image."""
    ids, mask = tokenize(run.tokenizer, [f"There is {display(name)}." for name in names])
    phrases = run.objective.region_phrase_vectors(ids, mask).float()
    batch = next(batches(run, [sample]))
    if isinstance(run.objective, ShippedObjective):
        cells = run.objective.dense_vectors(batch.images)[0]
        grid, regions = cells.shape[:-1], cells.flatten(0, -2)
    else:
        found = run.objective.region_vectors(run.objective.encode(batch), batch)
        grid, regions = batch.organ_masks.shape[2:], found[0].float()
    shape = batch.images.shape[2:]

    def heat(name: str, inside: NDArray[np.bool_]) -> NDArray[np.float64]:
        similarity = regions @ phrases[names.index(name)]
        mode = "trilinear" if len(shape) == 3 else "bilinear"
        fine = F.interpolate(similarity.reshape(1, 1, *grid), shape, mode=mode)[0, 0].double()
        if isinstance(run.objective, ShippedObjective):
            return run.objective.heat(fine).detach().numpy()
        return scaled(fine, torch.from_numpy(inside)).numpy()

    return heat


def scaled(values: Tensor, inside: Tensor) -> Tensor:
    """To [0, 1] from the least to the greatest value inside; all 0 where they are equal."""
    low, high = values[inside].min(), values[inside].max()
    width = high - low
    return ((values - low) / width).clamp(0, 1) if width > 0 else torch.zeros_like(values)


def _measured(
    heat: NDArray[np.float64], truth: NDArray[np.bool_], inside: NDArray[np.bool_]
) -> tuple[float, ...]:
    return (
        float(pointing_hit(heat, truth, inside)),
        contrast_to_noise(heat, truth, inside),
        mean_iou(heat, truth, inside),
        dice(heat, truth, 0.5, inside),
    )


def _estimate(places: list[Place], on: int, measure: int) -> tuple[Estimate, float | None]:
    """Mean over lesions, and the common threshold where it was chosen."""
    threshold = None
    if measure < len(MEASURES) - 1:
        values = np.array([place.measured[on, measure] for place in places])
    else:
        overlaps = np.array([place.overlaps[on] for place in places])
        best = int(overlaps.mean(0).argmax())
        values, threshold = overlaps[:, best], THRESHOLDS[best]

    def mean(rows: NDArray[np.intp]) -> float:
        known = values[rows][np.isfinite(values[rows])]
        return float(known.mean()) if len(known) else float("nan")

    return bootstrap(mean, [place.patient for place in places]), threshold
