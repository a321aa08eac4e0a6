"""Weights that two environments make alike, so that none has to be stored."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch


def seeded_state(template: Mapping[str, Any]) -> dict[str, torch.Tensor]:
    """A value for every tensor of a state dict, from its name and shape alone.

    Norms are near 1, variances positive, everything else small: a network of such weights uses each
    of them and overflows nowhere.
    """
    state = {}
    for name, tensor in template.items():
        if not tensor.dtype.is_floating_point:
            state[name] = torch.zeros(tensor.shape, dtype=tensor.dtype)
            continue
        random = np.random.RandomState(zlib.crc32(name.encode()))
        values: np.ndarray = random.standard_normal(tuple(tensor.shape)).astype(np.float32)
        fan_in = max(int(np.prod(tensor.shape[1:])), 1)
        values *= np.float32(min(0.2, fan_in**-0.5))
        if name.endswith("running_var"):
            values = np.abs(values) + 0.5
        elif tensor.ndim == 1 and name.endswith("weight"):
            values += 1.0
        state[name] = torch.from_numpy(np.asarray(values))
    return state
