"""Work in threads: results and errors come back to the thread of the windows; queues keep order."""

import sys
import threading
import time

import pytest

from medvlp_viewer.views.qt.turns import Threads


@pytest.fixture
def threads(qt_application) -> Threads:
    return Threads()


def test_an_error_in_a_thread_is_raised_in_that_of_the_windows_and_later_work_goes_on(
    threads, wait_until, monkeypatch
):
    told, done = [], []
    monkeypatch.setattr(
        sys, "excepthook", lambda kind, error, _: told.append((kind, threading.current_thread()))
    )
    threads.run(lambda: 1 / 0, done.append)
    threads.run(lambda: 7, done.append)
    wait_until(lambda: done and told)
    assert told == [(ZeroDivisionError, threading.main_thread())]
    assert done == [7]


def test_works_of_a_queue_run_in_order_even_when_the_first_takes_longest(threads):
    written = []

    def work(number: int) -> None:
        time.sleep(0.05 if number == 0 else 0.0)
        written.append(number)

    for number in range(20):
        threads.run(lambda number=number: work(number), queue="files")
    threads.finish()
    assert written == list(range(20))


def test_a_queue_does_not_wait_for_another_one(threads, wait_until):
    held, done = threading.Event(), []
    threads.run(lambda: held.wait(20), queue="files")
    threads.run(lambda: done.append("opened"), queue="worklist")
    wait_until(lambda: done == ["opened"])
    held.set()
    threads.finish()
