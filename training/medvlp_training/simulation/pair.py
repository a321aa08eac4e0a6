"""One simulated patient as two image-text samples with one report: the CT and its projection.

The film is projected from the volume of the CT, so it is a supine film: fluid lies at the back and
air in front in both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from medvlp.geometry import Geometry
from medvlp.grounding.lexicon import load_lexicon
from medvlp_training.reports.entities import find_entities
from medvlp_training.reports.sentences import split_sentences
from medvlp_training.reports.statements import organ_statements
from medvlp_training.samples.sample import ABSENT, PRESENT, Box, ImageTextSample
from medvlp_training.simulation.case import Lesion, Mask, SimulatedCase, SimulationError
from medvlp_training.simulation.fields import Array
from medvlp_training.simulation.hosts import DEVICES, Host
from medvlp_training.simulation.organ_masks import OrganMasks
from medvlp_training.simulation.patient import Patient
from medvlp_training.simulation.radiograph.project import Projection
from medvlp_training.simulation.radiograph.view import (
    ORGANS,
    SMALLEST_CONTRAST,
    Frame,
    collimate,
    contrast,
    covered,
    frame,
    heavy_parts,
    project_supine,
    whole_lungs,
)
from medvlp_training.simulation.report import DENIED

DENIED_ON_FILM = (
    "pleural_effusion", "pneumothorax", "lung_nodule", "lung_mass", "consolidation",
    "atelectasis", "cardiomegaly",
)  # fmt: skip
"""Findings that a frontal film can be called free of."""
NAMED_ON_FILM = (*DENIED_ON_FILM, "ground_glass_opacity", "emphysema", "lymphadenopathy",
                 "rib_fracture", *DEVICES)  # fmt: skip
"""Findings that a frontal film can show for what they are, where their contrast allows it.

Fluid around the heart is one shadow with the heart, and a sunken endplate is a matter of the lateral
film.
"""
SIZE = 384


@dataclass(frozen=True, eq=False)
class Film:
    """The projection of a case.

    Parameters
    ----------
    image
        uint8 ``(rows, columns)``, dense tissue bright, the patient's left on the right.
    affine
        ``(4, 4)`` from pixels to the CT's millimetres, in the plane of the detector.
    masks
        Organ name to mask.
    shown
        Lesions that can be seen, by their place in ``case.placed``, with their masks.
    """

    image: NDArray[np.uint8]
    affine: NDArray[np.float64]
    masks: dict[str, Mask]
    shown: dict[int, Mask]


def pair(
    patient: Patient, identity: str, rng: np.random.Generator
) -> tuple[ImageTextSample, ImageTextSample]:
    """CT sample and X-ray sample of one simulated case.

    Both have the patient, the sentences and the findings of the case. The film lacks what it cannot
    show: lesions whose contrast in it is below
    :data:`~medvlp_training.simulation.radiograph.view.SMALLEST_CONTRAST`, their sentences and
    labels, and normal statements that no frontal film allows.

    Parameters
    ----------
    patient
        The CT is ``patient.scanned``; the film, a picture of its own, is projected from
        ``patient.case``.
    identity
        Of the pair; ``/ct`` and ``/xr`` are appended.
    rng
        Draws the film's field and noise.

    Raises
    ------
    SimulationError
        If the scan does not hold both lungs.
    """
    host, case = patient.host, patient.case
    film = make_film(host, case, rng)
    return (
        _ct_sample(host, patient.scanned, patient.absent, f"{identity}/ct"),
        _film_sample(host, case, film, patient.absent, f"{identity}/xr"),
    )


def _ct_sample(
    host: Host, case: SimulatedCase, absent: list[str], identity: str
) -> ImageTextSample:
    labels, names = OrganMasks.of(case.organs).label_map()
    geometry = Geometry.axial(case.volume.shape, host.spacing)
    boxes = tuple(_box(p.finding, p.mask, p.sentence) for p in case.placed)
    return _with_text(split_sentences(case.report), ImageTextSample(
        identity=identity, patient=host.patient, modality="CT", image=case.volume,
        affine=np.array(geometry.affine), labels=_labels(list(case.lesions), absent),
        organs=labels, organ_names={int(value): name for value, name in names.items()},
        lesions=case.lesions, boxes=boxes, source="simulated/CT",
    ))  # fmt: skip


def _film_sample(
    host: Host, case: SimulatedCase, film: Film, absent: list[str], identity: str
) -> ImageTextSample:
    seen = [case.placed[k] for k in film.shown]
    lesions: dict[str, Mask] = {}
    for k, mask in film.shown.items():
        name = case.placed[k].finding
        lesions[name] = lesions[name] | mask if name in lesions else mask
    organs, names = _stacked(film.masks)
    boxes = tuple(
        _box(case.placed[k].finding, mask, case.placed[k].sentence)
        for k, mask in film.shown.items()
    )
    hidden = [lesion for lesion in case.placed if lesion not in seen]
    denied = [name for name in absent if name in DENIED_ON_FILM]
    return _with_text(film_sentences(case, hidden), ImageTextSample(
        identity=identity, patient=host.patient, modality="XR", image=film.image,
        affine=film.affine, labels=_labels(list(lesions), denied), organs=organs,
        organ_names=names, lesions=lesions, boxes=boxes, source="simulated/AP",
    ))  # fmt: skip


def film_sentences(case: SimulatedCase, hidden: list[Lesion]) -> tuple[str, ...]:
    """Sentences of the report without those of hidden lesions and of what no film denies."""
    dropped = {s for lesion in hidden for s in split_sentences(lesion.sentence)}
    dropped -= {
        s for lesion in case.placed if lesion not in hidden
        for s in split_sentences(lesion.sentence)
    }  # fmt: skip
    return tuple(
        sentence
        for sentence in split_sentences(case.report)
        if sentence not in dropped
        and (sentence not in DENIED or set(DENIED[sentence]) & set(DENIED_ON_FILM))
    )


def make_film(host: Host, case: SimulatedCase, rng: np.random.Generator) -> Film:
    """Project a case, and the host without lesions beside it to see what they change.

    Raises
    ------
    SimulationError
        If the scan does not hold both lungs.
    """
    organs = {n: case.organs[n] for n in ORGANS if n in case.organs} | whole_lungs(case.organs)
    lesions = {f"lesion.{k}": lesion.mask for k, lesion in enumerate(case.placed)}
    cone = bool(rng.random() < 0.8)
    heavy = heavy_parts(host.volume, case)
    full = project_supine(case.volume, host.spacing, organs | lesions, cone, heavy)
    lungs = np.maximum(full.masks["lung_left"], full.masks["lung_right"])
    if not (full.masks["lung_left"].any() and full.masks["lung_right"].any()):
        raise SimulationError("A lung of the host is empty: it cannot be a chest film.")
    view = frame(full, collimate(lungs, full.spacing_mm, rng), SIZE)
    image = view.show(full.image)
    shown = _seen(host, case, full, view, image, cone)
    noise = rng.uniform(0.002, 0.02) * rng.standard_normal(image.shape)
    depth = (case.volume.shape[1] - 1) * host.spacing[1]
    masks = {name: view.show(full.masks[name]) > 0.5 for name in organs}
    return Film(
        np.clip(np.round(255 * (image + noise)), 0, 255).astype(np.uint8),
        view.affine(host.spacing, case.volume.shape[0], depth),
        {name: mask for name, mask in masks.items() if mask.any()},
        shown,
    )


def _seen(
    host: Host, case: SimulatedCase, full: Projection, view: Frame, image: Array, cone: bool
) -> dict[int, Mask]:
    """Masks of the lesions that a film can show and that change this one enough."""
    if not case.placed:
        return {}
    without = view.show(project_supine(host.volume, host.spacing, {}, cone).image)
    seen = {}
    for k, lesion in enumerate(case.placed):
        crossed = view.show(full.masks[f"lesion.{k}"])
        inside = covered(crossed, lesion.finding)
        enough = contrast(image, without, crossed, inside) >= SMALLEST_CONTRAST
        if enough and lesion.finding in NAMED_ON_FILM:
            seen[k] = inside
    return seen


def _stacked(masks: Mapping[str, Mask]) -> tuple[NDArray[np.uint8], dict[int, str]]:
    """Label map of projected organs: where they overlap, the one of fewer pixels is on top."""
    order = sorted(masks, key=lambda name: -int(masks[name].sum()))
    labels = np.zeros(next(iter(masks.values())).shape, np.uint8)
    for value, name in enumerate(order, start=1):
        labels[masks[name]] = value
    return labels, dict(enumerate(order, start=1))


def _labels(present: list[str], absent: list[str]) -> dict[str, int]:
    return dict.fromkeys(sorted(absent), ABSENT) | dict.fromkeys(sorted(present), PRESENT)


def _box(finding: str, mask: Mask, sentence: str) -> Box:
    index = np.argwhere(mask)
    start, stop = index.min(axis=0), index.max(axis=0) + 1
    return Box(finding, tuple(map(int, start)), tuple(map(int, stop)), sentence)


def _with_text(sentences: tuple[str, ...], sample: ImageTextSample) -> ImageTextSample:
    """Sample with its report, and what the report's words say of findings and organs."""
    lexicon = load_lexicon()
    return replace(
        sample,
        sentences=sentences,
        entities=find_entities(sentences, lexicon),
        statements=organ_statements(sentences, lexicon),
    )
