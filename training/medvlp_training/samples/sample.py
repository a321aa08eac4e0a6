"""The nouns of the sample format: what is known of one image of one patient."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

PRESENT, ABSENT, UNCERTAIN = 1, 0, -1
"""Values of a label. A finding without an entry is not mentioned: unknown."""


@dataclass(frozen=True)
class Entity:
    """A concept of the lexicon in a sentence.

    Parameters
    ----------
    sentence
        Index of the sentence.
    start, end
        Characters of the sentence, end exclusive.
    concept
        Name of the lexicon's concept.
    state
        ``PRESENT``, ``ABSENT`` or ``UNCERTAIN``.
    """

    sentence: int
    start: int
    end: int
    concept: str
    state: int


@dataclass(frozen=True)
class Box:
    """A finding's bounding box in array indices, ``start`` inclusive and ``stop`` exclusive.

    ``sentence`` is what was said of it, where the collection says so (MS-CXR).
    """

    concept: str
    start: tuple[int, ...]
    stop: tuple[int, ...]
    sentence: str = ""


@dataclass(frozen=True)
class OrganStatement:
    """What a report says of one organ; ``abnormal`` is False for a normal statement."""

    organ: str
    text: str
    abnormal: bool


@dataclass(frozen=True, eq=False)
class ImageTextSample:
    """One image and what is known of it.

    Parameters
    ----------
    identity
        Unique in its collection; carries no name or identifier of a person.
    patient
        What splits go by; never written to logs.
    modality
        ``"CT"`` or ``"XR"``.
    image
        CT: int16 HU ``(slices, rows, columns)``. X-ray: uint8 ``(rows, columns)``, dense tissue
        bright, the patient's left on the right of the image.
    affine
        ``(4, 4)`` from array indices to LPS millimetres, as in :class:`medvlp.geometry.Geometry`;
        None where the image has no physical size (an X-ray without pixel spacing).
    sentences
        Of the report, in order; empty for label-only data.
    labels
        Concept name to ``PRESENT``, ``ABSENT`` or ``UNCERTAIN``.
    organs
        uint8 label map of the image's shape, or None.
    organ_names
        Value of ``organs`` to the lexicon's organ name.
    lesions
        Concept name to bool mask of the image's shape.
    boxes, entities, statements
        See their classes.
    source
        Collection, and view of an X-ray, for reports by group: ``"nih/PA"``.
    split
        Of the collection's official division of its patients; empty where it has none, and the
        patient's hash decides (:func:`medvlp_training.samples.splits.split_of`).
    """

    identity: str
    patient: str
    modality: Literal["CT", "XR"]
    image: NDArray[Any]
    affine: NDArray[np.float64] | None = None
    sentences: tuple[str, ...] = ()
    labels: Mapping[str, int] = field(default_factory=dict)
    organs: NDArray[np.uint8] | None = None
    organ_names: Mapping[int, str] = field(default_factory=dict)
    lesions: Mapping[str, NDArray[np.bool_]] = field(default_factory=dict)
    boxes: tuple[Box, ...] = ()
    entities: tuple[Entity, ...] = ()
    statements: tuple[OrganStatement, ...] = ()
    source: str = ""
    split: Literal["", "train", "val", "test"] = ""
