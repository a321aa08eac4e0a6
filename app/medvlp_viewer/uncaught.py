"""Errors that nothing caught become reports without identifiers."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from types import TracebackType


def catch_errors(
    tell: Callable[[BaseException], str],
    in_main_thread: Callable[[Callable[[], object], Callable[[object], object]], None],
) -> Callable[[], None]:
    """Let ``tell`` report every uncaught exception; what it returns goes to stderr.

    Python's own hooks would print the message of the error, which may name a patient or a folder.

    Parameters
    ----------
    tell
        Called in the main thread.
    in_main_thread
        ``in_main_thread(work, then)`` calls ``then(work())``, ``then`` in the main thread.

    Returns
    -------
    function
        Puts Python's hooks back.
    """
    before = sys.excepthook, threading.excepthook
    report = _reporter(tell)

    def on_error(
        kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            before[0](kind, error, trace)
        else:
            report(error)

    def on_thread_error(arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            in_main_thread(lambda: arguments.exc_value, report)

    def put_back() -> None:
        sys.excepthook, threading.excepthook = before

    sys.excepthook, threading.excepthook = on_error, on_thread_error
    return put_back


def _reporter(tell: Callable[[BaseException], str]) -> Callable[[object], None]:
    def report(error: object) -> None:
        assert isinstance(error, BaseException)
        sys.stderr.write(tell(error))

    return report
