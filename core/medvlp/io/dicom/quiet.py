"""Keep third-party parsers from printing what they read: their warnings quote names and UIDs."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_lock = threading.Lock()
_depth = 0
_filters: Any = None


@contextmanager
def quiet_parsers() -> Iterator[None]:
    """Silence ``warnings`` for the length of a ``with`` block; may be entered by several threads.

    ``warnings.catch_warnings`` alone is not safe there: it swaps a list of the whole process, so
    only the first thread in and the last one out may touch it.
    """
    global _depth, _filters
    with _lock:
        _depth += 1
        if _depth == 1:
            _filters = warnings.catch_warnings()
            _filters.__enter__()
            warnings.simplefilter("ignore")
    try:
        yield
    finally:
        with _lock:
            _depth -= 1
            if _depth == 0:
                _filters.__exit__(None, None, None)
