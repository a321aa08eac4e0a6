"""How long jobs report progress and learn that they were cancelled."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[float, str], None]
"""``progress(fraction, message)``: fraction in [0, 1]. Raises :class:`medvlp.Cancelled` to stop the job."""


def ignore_progress(fraction: float, message: str) -> None:
    """Progress that goes nowhere."""
