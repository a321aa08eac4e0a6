"""Held-out patients in two halves: one to calibrate on, one to report on."""

from __future__ import annotations

import hashlib

from medvlp_training.datasets.splits import is_held_out


def _half(patient: str) -> int:
    digest = hashlib.sha256(f"calibration {patient}".encode()).hexdigest()
    return int(digest[:8], 16) % 2


def is_validation(patient: str) -> bool:
    """Held out of training, used to fit the calibration."""
    return is_held_out(patient) and _half(patient) == 0


def is_test(patient: str) -> bool:
    """Held out of training and of calibration."""
    return is_held_out(patient) and _half(patient) == 1
