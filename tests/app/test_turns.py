"""Work in threads: results and errors come back to the thread of the windows."""

import sys
import threading

from PySide6.QtCore import QThreadPool
from PySide6.QtWidgets import QApplication

from medvlp_viewer.views.qt.turns import Threads


def test_an_error_in_a_thread_is_raised_in_that_of_the_windows_and_later_work_goes_on(
    qt_application, monkeypatch
):
    told, done = [], []
    monkeypatch.setattr(
        sys, "excepthook", lambda kind, error, _: told.append((kind, threading.current_thread()))
    )
    threads = Threads()
    threads.run(lambda: 1 / 0, done.append)
    threads.run(lambda: 7, done.append)
    QThreadPool.globalInstance().waitForDone()
    QApplication.processEvents()
    assert told == [(ZeroDivisionError, threading.main_thread())]
    assert done == [7]
