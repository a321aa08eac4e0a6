"""Refusing, from the header alone, a volume that the computer's memory would not hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from math import prod

from medvlp.errors import ScanTooLargeError

BYTES_PER_VOXEL = 2
FACTOR = 3.0
"""Peak over the int16 volume, to open it and to encode it (:mod:`benchmarks`)."""

OVERHEAD_BYTES = 2**30

_limit: ContextVar[int | None] = ContextVar("memory_limit", default=None)


def bytes_needed(shape: Sequence[int]) -> int:
    """Memory that opening and encoding a volume of ``shape`` takes at its peak, in bytes."""
    return int(FACTOR * BYTES_PER_VOXEL * prod(int(n) for n in shape)) + OVERHEAD_BYTES


@contextmanager
def memory_limit(available: int | None) -> Iterator[None]:
    """Within it, volumes that need more than ``available`` bytes are refused; None allows all."""
    token = _limit.set(available)
    try:
        yield
    finally:
        _limit.reset(token)


def check_memory(shape: Sequence[int]) -> None:
    """Called by the readers once a header is read, before anything is allocated.

    Raises
    ------
    ScanTooLargeError
        If ``shape`` needs more than the limit in force.
    """
    available = _limit.get()
    needed = bytes_needed(shape)
    if available is not None and needed > available:
        raise ScanTooLargeError(
            f"This scan of {' × '.join(str(n) for n in shape)} voxels needs about "
            f"{needed / 1e9:.1f} GB of memory, and {available / 1e9:.1f} GB are free. Close other "
            "programs, or open it anyway: the computer may become slow, or end the program."
        )
