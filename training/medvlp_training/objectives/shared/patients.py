"""Who of a batch is the same person."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor


def same_patient(patients: Sequence[str], device: torch.device | str = "cpu") -> Tensor:
    """``(B, B)`` bool: two different samples of one patient; False on the diagonal."""
    numbers = {patient: n for n, patient in enumerate(dict.fromkeys(patients))}
    who = torch.tensor([numbers[patient] for patient in patients], device=device)
    same = who[:, None] == who
    return same & ~torch.eye(len(who), dtype=torch.bool, device=device)
