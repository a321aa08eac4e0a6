"""Which patients are never trained on."""

from __future__ import annotations

import hashlib

HELD_OUT_ONE_IN = 5

# Patients with annotations that evaluation depends on, kept back by name.
ALWAYS_HELD_OUT = frozenset(
    {"LUNG1-001", "113_HM10395", "IBSI lung patient 1", "imlab id003", "A0001", "P001", "cap001", "tptbox"}
)  # fmt: skip


def is_held_out(patient: str) -> bool:
    """Whether a patient is kept back for evaluation.

    True for the few named in :data:`ALWAYS_HELD_OUT`, and for one patient in five otherwise: the
    first 8 hexadecimal digits of ``sha256(patient)``, read as an integer, are divisible by 5. The
    answer depends neither on which other patients are present nor on their order.
    """
    if patient in ALWAYS_HELD_OUT:
        return True
    digest = hashlib.sha256(patient.encode("utf-8")).hexdigest()
    return int(digest[:8], 16) % HELD_OUT_ONE_IN == 0
