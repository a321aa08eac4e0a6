"""Later, and elsewhere: turns of the event loop, and threads."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from PySide6.QtCore import QObject, QThreadPool, QTimer, Signal


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
    """Runs work in a thread and hands its result over in the thread of the windows."""

    _done = Signal(object, object)

    def __init__(self) -> None:
        super().__init__()
        self._done.connect(self._hand_over)

    def run(self, work: Callable[[], Any], then: Callable[[Any], object]) -> None:
        """Call ``then(work())``; ``work`` must not touch anything of Qt.

        What ``work`` raises is raised in the thread of the windows, and ``then`` is not called.
        """
        QThreadPool.globalInstance().start(lambda: self._work(work, then))

    def _work(self, work: Callable[[], Any], then: Callable[[Any], object]) -> None:
        try:
            result = work()
        except Exception as error:
            self._finish(_raise, error)
        else:
            self._finish(then, result)

    def _finish(self, then: Callable[[Any], object], result: Any) -> None:
        with suppress(RuntimeError):  # the program ended meanwhile, and this object with it
            self._done.emit(then, result)

    def _hand_over(self, then: Callable[[Any], object], result: Any) -> None:
        then(result)


def _raise(error: Exception) -> None:
    raise error
