"""A sample is checked once, before it is written: what is on disk is whole."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

import numpy as np

from medvlp.errors import GeometryError
from medvlp.geometry import Geometry
from medvlp.grounding.lexicon import load_lexicon
from medvlp_training.reports.label_sets import CHEXPERT
from medvlp_training.samples.errors import SampleError
from medvlp_training.samples.sample import ABSENT, PRESENT, UNCERTAIN, ImageTextSample
from medvlp_training.samples.splits import SPLITS

STATES = (PRESENT, ABSENT, UNCERTAIN)
_IMAGES = {"CT": (np.int16, 3), "XR": (np.uint8, 2)}


def check_sample(sample: ImageTextSample) -> None:
    """Check everything that the format promises.

    Raises
    ------
    SampleError
        With the field, what was found and what was expected.
    """
    _check_names(sample)
    _check_image(sample)
    _check_labels(sample)
    _check_masks(sample)
    _check_boxes(sample)
    _check_text(sample)


def check_concepts(names: Iterable[str], what: str) -> None:
    """Check that names are findings or devices of the lexicon, or of CheXpert's own.

    Raises
    ------
    SampleError
        With the nearest name that is one.
    """
    known = {c.name for c in load_lexicon().of_kind("finding", "device")} | {*CHEXPERT.values()}
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            raise SampleError(
                f"{what}: {name!r} is no finding or device of the lexicon "
                f"(medvlp_resources/lexicon/findings.json).{hint}"
            )


def _require(holds: bool, message: str) -> None:
    if not holds:
        raise SampleError(message)


def _check_names(sample: ImageTextSample) -> None:
    _require(bool(sample.identity), "identity: empty; expected a name unique in the collection.")
    _require(bool(sample.patient), "patient: empty; splits go by it.")
    _require(
        sample.split in ("", *SPLITS),
        f"split: found {sample.split!r}; expected one of {', '.join(SPLITS)}, or empty.",
    )


def _check_image(sample: ImageTextSample) -> None:
    _require(sample.modality in _IMAGES, f"modality: found {sample.modality!r}; expected CT or XR.")
    dtype, ndim = _IMAGES[sample.modality]
    image = sample.image
    _require(
        image.dtype == dtype and image.ndim == ndim and image.size > 0,
        f"image: a {sample.modality} is {np.dtype(dtype).name} with {ndim} axes, none of them "
        f"empty; found {image.dtype} of shape {image.shape}.",
    )
    if sample.affine is None:
        _require(sample.modality == "XR", "affine: missing; a CT has a place in millimetres.")
        return
    try:
        Geometry(image.shape, sample.affine)
    except GeometryError as error:
        raise SampleError(f"affine: {error}") from error


def _check_labels(sample: ImageTextSample) -> None:
    check_concepts(sample.labels, "labels")
    for name, value in sample.labels.items():
        _require(
            value in STATES,
            f"labels[{name!r}]: {value!r} is out of range; expected 1 (present), 0 (absent) or "
            "-1 (uncertain). Leave out what is not known.",
        )


def _check_masks(sample: ImageTextSample) -> None:
    check_concepts(sample.lesions, "lesions")
    shape = sample.image.shape
    for name, mask in sample.lesions.items():
        _require(
            mask.dtype == np.bool_ and mask.shape == shape,
            f"lesions[{name!r}]: expected bool of the image's shape {shape}; found {mask.dtype} "
            f"of shape {mask.shape}.",
        )
    if sample.organs is None:
        _require(not sample.organ_names, "organ_names: given without organs.")
        return
    _require(
        sample.organs.dtype == np.uint8 and sample.organs.shape == shape,
        f"organs: expected uint8 of the image's shape {shape}; found {sample.organs.dtype} of "
        f"shape {sample.organs.shape}.",
    )
    values = np.flatnonzero(np.bincount(sample.organs.ravel(), minlength=256))
    unnamed = [int(v) for v in values if v and int(v) not in sample.organ_names]
    _require(not unnamed, f"organ_names: no name for the values {unnamed} of organs.")


def _check_boxes(sample: ImageTextSample) -> None:
    check_concepts((box.concept for box in sample.boxes), "boxes")
    shape = sample.image.shape
    for box in sample.boxes:
        fits = len(box.start) == len(box.stop) == len(shape) and all(
            0 <= a < b <= n for a, b, n in zip(box.start, box.stop, shape, strict=False)
        )
        _require(
            fits,
            f"boxes: {box.start} to {box.stop} does not lie in the image of shape {shape}, or is "
            "empty.",
        )


def _check_text(sample: ImageTextSample) -> None:
    _require(
        all(sentence.strip() for sentence in sample.sentences), "sentences: one of them is empty."
    )
    for entity in sample.entities:
        inside = 0 <= entity.sentence < len(sample.sentences) and (
            0 <= entity.start < entity.end <= len(sample.sentences[entity.sentence])
        )
        _require(
            inside and entity.state in STATES,
            f"entities: {entity.concept!r} at {entity.start}-{entity.end} of sentence "
            f"{entity.sentence} with state {entity.state} is not in the report, or has no such "
            "state.",
        )
    _require(
        all(statement.text.strip() for statement in sample.statements),
        "statements: one of them has no text.",
    )
