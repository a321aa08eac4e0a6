"""Which dense cells each concept of the lexicon covers, given partial organ labels."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import numpy as np
from numpy.typing import NDArray

from medvlp.grounding.lexicon import Concept, load_lexicon
from medvlp_training.datasets.augment_ct import OUTSIDE

POSITIVE, NEGATIVE, UNKNOWN = 1, 0, -1


@cache
def leaves(name: str) -> frozenset[str]:
    """Organs without parts that make up an organ or group; itself if it has none."""
    concept = load_lexicon().concepts.get(name)
    if concept is None or not concept.parts:
        return frozenset({name})
    return frozenset().union(*(leaves(part) for part in concept.parts)) | {name}


def organ_row(concept: str, names: dict[int, str], annotated: Iterable[str]) -> NDArray[np.int8]:
    """For each label 0..255: does the concept cover it (1), not (0), or is it unknown (-1)?

    Unlabelled voxels are negative only if every part of the concept is annotated.
    """
    members = leaves(concept)
    known: set[str] = set()
    for organ in annotated:
        known |= leaves(organ)
    row = np.full(256, UNKNOWN, dtype=np.int8)
    parts = members - {concept} or members
    row[0] = NEGATIVE if concept in known or parts <= known else UNKNOWN
    row[OUTSIDE] = NEGATIVE
    for label, name in names.items():
        own = leaves(name)
        if name in members or own <= members:
            row[label] = POSITIVE
        elif own & members:
            row[label] = UNKNOWN
        else:
            row[label] = NEGATIVE
    return row


@cache
def broader(finding: str) -> frozenset[str]:
    """A finding and everything it is a kind of: consolidation is a lung opacity."""
    concept: Concept | None = load_lexicon().concepts.get(finding)
    above = getattr(concept, "broader", ()) if concept else ()
    return frozenset({finding}).union(*(broader(name) for name in above))
