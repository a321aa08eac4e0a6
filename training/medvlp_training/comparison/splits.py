"""Which patients the comparison trains on and which it keeps for testing."""

from __future__ import annotations

import hashlib

from medvlp_training.samples.splits import Split

TEST_ONE_IN = 3


def comparison_split(patient: str) -> Split:
    """``"test"`` for one patient in three, ``"val"`` for one in eighteen, ``"train"`` otherwise."""
    digest = int(hashlib.sha256(patient.encode("utf-8")).hexdigest()[:8], 16)
    if digest % TEST_ONE_IN == 0:
        return "test"
    return "val" if (digest // TEST_ONE_IN) % 12 == 0 else "train"
