"""Work beside the event loop: what computes, and what waits for the disk."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Any, Generic, Protocol, TypeVar

Work = Callable[[], Any]
Then = Callable[[Any], object]
Content = TypeVar("Content")

FILES = "files"
"""Queue of what is written to files: the last content that was given wins."""
WORKLIST = "worklist"
"""Queue of opening and closing the files of worklists."""


def nothing(result: object) -> None:
    """The result is not needed."""


class Background(Protocol):
    """Runs ``work`` elsewhere, and ``then(result)`` here, later.

    Works of the same ``queue`` run one after another, in the order in which they were given; those
    without one run in any order.
    """

    def __call__(self, work: Work, then: Then = nothing, queue: str = "") -> None:
        """Hand work over."""


def run_at_once(work: Work, then: Then = nothing, queue: str = "") -> None:
    """A background for tests and for hosts without an event loop."""
    then(work())


def attempt(work: Work) -> Work:
    """``work`` for a job that must end: an exception is returned instead of raised."""

    def attempted() -> Any:
        try:
            return work()
        except Exception as error:
            return error

    return attempted


class LatestContent(Generic[Content]):
    """A small file that changes often: contents that a newer one has overtaken are not written.

    Parameters
    ----------
    write
        Writes a content; runs beside the event loop.
    background
        Runs it.
    failed
        Told of an :class:`OSError` of ``write``.
    """

    def __init__(
        self,
        write: Callable[[Content], object],
        background: Background,
        failed: Callable[[OSError], object] = nothing,
    ) -> None:
        self._write, self._background, self._failed = write, background, failed
        self._waiting: list[Content] = []
        self._lock = Lock()

    def put(self, content: Content) -> None:
        """Write this, unless something newer comes first."""
        with self._lock:
            self._waiting.append(content)
            first = len(self._waiting) == 1
        if first:
            self._background(self._work, self._done, FILES)

    def _work(self) -> OSError | None:
        with self._lock:
            newest, self._waiting = self._waiting[-1], []
        try:
            self._write(newest)
        except OSError as error:
            return error
        return None

    def _done(self, error: OSError | None) -> None:
        if error is not None:
            self._failed(error)
