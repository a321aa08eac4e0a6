"""Which handlers of the event loop took long: for tests, and for those who look for a stutter."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

VARIABLE = "MEDVLP_WATCHDOG"
"""Environment variable: handlers of more milliseconds than its value are logged."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class SlowHandler:
    """One delivery of an event: to which class, of which kind, and its CPU time."""

    receiver: str
    event: str
    milliseconds: float

    def __str__(self) -> str:
        return f"{self.receiver} {self.event}: {self.milliseconds:.0f} ms"


class WatchedApplication(QApplication):
    """Measures every event that is delivered in the thread of the windows.

    CPU time of that thread is taken, not wall time: a busy computer makes no handler slow. Events
    that a handler delivers itself count as part of it.

    Parameters
    ----------
    arguments
        Of the program.
    limit
        Milliseconds above which a handler is kept in ``slow``, and logged.
    """

    def __init__(self, arguments: Sequence[str], limit: float) -> None:
        super().__init__(list(arguments))
        self.limit = limit
        self.slow: list[SlowHandler] = []
        self.longest = SlowHandler("", "", 0.0)
        self._within = False
        self._thread = threading.get_ident()

    def forget(self) -> None:
        """Start to count from here."""
        self.slow.clear()
        self.longest = SlowHandler("", "", 0.0)

    def notify(self, receiver: QObject, event: QEvent) -> bool:
        """Deliver an event, and look at the clock before and after."""
        if self._within or threading.get_ident() != self._thread:
            return bool(super().notify(receiver, event))
        # Both are read first: a receiver may delete itself, and events live on the stack.
        name, kind = receiver.metaObject().className(), event.type().name
        self._within = True
        start = time.thread_time()
        try:
            return bool(super().notify(receiver, event))
        finally:
            self._within = False
            self._note(SlowHandler(name, kind, (time.thread_time() - start) * 1000.0))

    def _note(self, handler: SlowHandler) -> None:
        if handler.milliseconds > self.longest.milliseconds:
            self.longest = handler
        if handler.milliseconds > self.limit:
            self.slow.append(handler)
            _log.warning("slow handler: %s", handler)
