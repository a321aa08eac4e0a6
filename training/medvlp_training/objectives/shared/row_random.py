"""Random numbers that belong to a sample, not to its place in a batch.

Gradient caching encodes the same rows twice and cuts batches in parts; both must draw alike.
"""

from __future__ import annotations

import zlib

import torch
from torch import Tensor

SAMPLED_VALUES = 4096
"""Values of a row that its seed is made from."""


def row_uniform(rows: Tensor, count: int, salt: int) -> Tensor:
    """Uniform numbers in [0, 1), ``(B, count)`` float32 on the rows' device.

    They depend on the row's own values and on ``salt`` alone.

    Parameters
    ----------
    rows
        ``(B, ...)``: inputs that are the same bits whenever the sample comes.
    salt
        Of the step and the purpose, so that a sample does not always draw the same.
    """
    flat = rows.detach().flatten(1)
    stride = max(flat.shape[1] // SAMPLED_VALUES, 1)
    drawn = []
    for row in flat[:, ::stride].float().cpu():
        seed = zlib.crc32(row.contiguous().numpy().tobytes(), salt & 0xFFFFFFFF)
        drawn.append(torch.rand(count, generator=torch.Generator().manual_seed(seed)))
    return torch.stack(drawn).to(rows.device)
