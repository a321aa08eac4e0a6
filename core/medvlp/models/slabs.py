"""Long CT in overlapping slabs: bounded memory, progress, a place to cancel."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray


def slab_starts(length: int, slab: int, overlap: int, multiple: int) -> list[int]:
    """First slices of slabs of ``slab`` slices that cover ``length``, at multiples of ``multiple``."""
    if length <= slab:
        return [0]
    step = max((slab - overlap) // multiple * multiple, multiple)
    starts = list(range(0, length - slab, step))
    return [*starts, (length - slab) // multiple * multiple]


def blend_weights(length: int, ramp: int, first: bool, last: bool) -> NDArray[np.float32]:
    """Weights of a slab's cells along the axis: ramps where it overlaps a neighbour."""
    weights = np.ones(length, dtype=np.float32)
    rising = (np.arange(1, ramp + 1, dtype=np.float32)) / (ramp + 1)
    if ramp and not first:
        weights[:ramp] = rising
    if ramp and not last:
        weights[length - ramp :] = rising[::-1]
    return weights


def iterate_slabs(
    length: int, slab: int, overlap: int, multiple: int
) -> Iterator[tuple[slice, bool, bool]]:
    """Slices of each slab, and whether it is the first or the last."""
    starts = slab_starts(length, slab, overlap, multiple)
    for number, start in enumerate(starts):
        stop = min(start + slab, length)
        yield slice(start, stop), number == 0, number == len(starts) - 1
