"""Training, validation and test patients: the collection's own division, or a hash."""

from __future__ import annotations

import hashlib
from typing import Literal

from medvlp_training.datasets.splits import ALWAYS_HELD_OUT, HELD_OUT_ONE_IN, is_held_out

Split = Literal["train", "val", "test"]
SPLITS: tuple[Split, ...] = ("train", "val", "test")


def split_of(patient: str) -> Split:
    """Split of a patient of a collection without an official division.

    Patients that :func:`medvlp_training.datasets.splits.is_held_out` keeps back (one in five) are
    divided evenly between validation and test; those held back by name are test. The answer
    depends on the patient alone.
    """
    if not is_held_out(patient):
        return "train"
    if patient in ALWAYS_HELD_OUT:
        return "test"
    digest = int(hashlib.sha256(patient.encode("utf-8")).hexdigest()[:8], 16)
    return "val" if (digest // HELD_OUT_ONE_IN) % 2 else "test"


def train_or_val(patient: str) -> Split:
    """Split of an official training patient of a collection that has no official validation part."""
    return "val" if split_of(patient) == "val" else "train"
