"""Work in the background leaves the computer to the work in front."""

from __future__ import annotations

import os

NICENESS = 10
"""Of the eight or so steps that a process gives way by, enough that it yields whenever it must."""

_THREAD_VARIABLES = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")


def background_threads(processors: int) -> int:
    """How many threads work in the background may use: half of the processors."""
    return max(1, processors // 2)


def lower_priority() -> None:
    """Make this process yield to others. Call it before torch is imported, which reads the limits.

    Windows has no such call in Python: there only the number of threads is limited.
    """
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    threads = background_threads(os.cpu_count() or 1)
    for name in _THREAD_VARIABLES:
        os.environ.setdefault(name, str(threads))
