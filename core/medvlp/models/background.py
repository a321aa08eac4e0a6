"""Which tokens of a CT hold nothing but the air around the patient."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

PLAIN_AIR_HU = -900.0
"""A token with one voxel above this is no plain air: skin, clothes, a table, noise of a low dose."""


def tokens_to_read(hu: NDArray[np.float32], stride: int) -> NDArray[np.int64] | None:
    """Numbers of the tokens that hold more than air around the patient.

    Air in the lungs, the bowel or a pneumothorax is read: only air that is connected, token by token, to
    the border of the slices (not to the first or the last slice, which cut through lungs) is left out.

    Parameters
    ----------
    hu
        ``(S, P, L)``, each size a multiple of ``stride``.
    stride
        Voxels a side of one token.

    Returns
    -------
    numpy.ndarray or None
        Ascending, in the order of the flattened token grid; None if all are to be read.
    """
    import torch
    from scipy.ndimage import label

    highest = torch.nn.functional.max_pool3d(torch.from_numpy(hu)[None], stride)[0].numpy()
    air = highest < PLAIN_AIR_HU
    # A rim of air around the slices joins all that touches their border.
    parts, _ = label(np.pad(air, ((0, 0), (1, 1), (1, 1)), constant_values=True))
    around = (parts == parts[0, 0, 0])[:, 1:-1, 1:-1]
    if not around.any() or around.all():
        return None
    return np.flatnonzero(~around)
