"""Later, and elsewhere: turns of the event loop, and threads."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from PySide6.QtCore import QObject, QThreadPool, QTimer, Signal

from medvlp_viewer.models.background import Then, Work, nothing

_MOST_THREADS = 8
"""Most of them wait for a process to end; what computes is short."""


class Turns:
    """Runs functions one per turn of the event loop, in order.

    Between two of them the loop draws what the first one changed and handles the user's events, so
    that work on many panes blocks no longer than work on one.
    """

    def __init__(self) -> None:
        self._waiting: deque[Callable[[], None]] = deque()

    def __call__(self, function: Callable[[], None]) -> None:
        """Run ``function`` in a later turn."""
        self._waiting.append(function)
        if len(self._waiting) == 1:
            QTimer.singleShot(0, self._next)

    def _next(self) -> None:
        try:
            self._waiting[0]()
        finally:
            self._waiting.popleft()
            if self._waiting:
                QTimer.singleShot(0, self._next)


class Threads(QObject):
    """Runs work in threads and hands its result over in the thread of the windows.

    ``run`` is a :class:`medvlp_viewer.models.background.Background`.
    """

    _done = Signal(object, object)

    def __init__(self) -> None:
        super().__init__()
        self._done.connect(self._hand_over)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(max(_MOST_THREADS, self._pool.maxThreadCount()))
        self._queues: dict[str, QThreadPool] = {}

    def run(self, work: Work, then: Then = nothing, queue: str = "") -> None:
        """Call ``then(work())``; ``work`` must not touch anything of Qt's windows.

        What ``work`` raises is raised in the thread of the windows, and ``then`` is not called.
        """
        pool = self._queue(queue) if queue else self._pool
        pool.start(lambda: self._work(work, then))

    def finish(self) -> None:
        """Wait for what is still being written, as the program ends."""
        for queue in self._queues.values():
            queue.waitForDone()

    def _queue(self, name: str) -> QThreadPool:
        """One thread: Qt starts what waits in the order in which it came."""
        if name not in self._queues:
            self._queues[name] = QThreadPool(self)
            self._queues[name].setMaxThreadCount(1)
        return self._queues[name]

    def _work(self, work: Work, then: Then) -> None:
        try:
            result = work()
        except Exception as error:
            self._finish(_raise, error)
        else:
            self._finish(then, result)

    def _finish(self, then: Then, result: Any) -> None:
        with suppress(RuntimeError):  # the program ended meanwhile, and this object with it
            self._done.emit(then, result)

    def _hand_over(self, then: Then, result: Any) -> None:
        then(result)


def _raise(error: Exception) -> None:
    raise error
