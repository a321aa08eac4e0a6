"""Progress of one job and how long it will still take."""

from __future__ import annotations

import time
from collections.abc import Callable

from psygnal import Signal

MINIMUM_ELAPSED_SECONDS = 0.5
MINIMUM_FRACTION = 0.02


def format_time_left(seconds: float | None) -> str:
    """Words for a duration, rounded so that it does not flicker; ``""`` for None."""
    if seconds is None:
        return ""
    if seconds < 1.5:
        return "about a second left"
    if seconds < 90:
        step = 1 if seconds < 10 else 5
        return f"about {step * round(seconds / step):.0f} s left"
    return f"about {seconds / 60:.0f} min left"


class ProgressModel:
    """One running job: title, fraction, message, time left.

    ``changed`` is emitted without arguments at each change.

    Parameters
    ----------
    clock
        Monotonic seconds; replaced in tests.
    """

    changed = Signal()

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._started = 0.0
        self.title = ""
        self.message = ""
        self.fraction = 0.0
        self.running = False
        self.failed = False
        self.cancelling = False

    def start(self, title: str) -> None:
        """Begin a job; the time left is counted from here."""
        self._started = self._clock()
        self.title, self.message, self.fraction = title, "", 0.0
        self.running, self.failed, self.cancelling = True, False, False
        self.changed.emit()

    def update(self, fraction: float, message: str = "") -> None:
        """Report progress. A fraction never runs backwards; after the end it is ignored."""
        if self.running:
            self.fraction = max(self.fraction, min(1.0, max(0.0, float(fraction))))
            self.message = message or self.message
            self.changed.emit()

    def request_cancel(self) -> None:
        """Remember that the user wants the job to stop."""
        if self.running:
            self.cancelling = True
            self.message = "cancelling…"
            self.changed.emit()

    def finish(self, message: str = "") -> None:
        """The job ended well, or was cancelled."""
        self._end(message, failed=False)

    def fail(self, message: str) -> None:
        """The job ended with an error, which stays readable."""
        self._end(message, failed=True)

    @property
    def seconds_left(self) -> float | None:
        """Estimate from the mean speed so far; None while it would be a guess."""
        elapsed = self._clock() - self._started
        if (
            not self.running
            or self.fraction < MINIMUM_FRACTION
            or elapsed < MINIMUM_ELAPSED_SECONDS
        ):
            return None
        return elapsed * (1.0 - self.fraction) / self.fraction

    def _end(self, message: str, *, failed: bool) -> None:
        self.running, self.failed, self.cancelling = False, failed, False
        self.message = message
        self.changed.emit()
