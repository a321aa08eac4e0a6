"""Numbered work in one process or several, in order, and how fast it went."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from time import perf_counter
from typing import TypeVar

_LOG = logging.getLogger(__name__)
_AHEAD = 16  # items for each process: what is finished waits in memory for those before it
Result = TypeVar("Result")


def in_order(
    work: Callable[[int], Result], numbers: Sequence[int], workers: int = 1
) -> Iterator[Result]:
    """What ``work`` returns for each number, in the order of the numbers.

    The processes are started afresh, so ``work`` must be importable; one worker stays here.
    """
    if workers <= 1:
        yield from map(work, numbers)
        return
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"))
    left = iter(numbers)
    try:
        waiting = deque(pool.submit(work, n) for n in islice(left, _AHEAD * workers))
        while waiting:
            yield waiting.popleft().result()
            waiting.extend(pool.submit(work, n) for n in islice(left, 1))
    finally:
        pool.shutdown(cancel_futures=True)


def timed(results: Iterator[Result], what: str, workers: int) -> Iterator[Result]:
    """The same; at the end the number and the rate are logged."""
    start, count = perf_counter(), 0
    for result in results:
        count += 1
        yield result
    seconds = perf_counter() - start
    _LOG.info(
        "%d %s in %.1f s with %d processes: %.2f a second",
        count, what, seconds, max(workers, 1), count / max(seconds, 1e-9),
    )  # fmt: skip
