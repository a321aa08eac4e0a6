"""Work in this process that would block the window: in a thread of napari's.

The model runs in a child process. What is left is reading a layer's voxels (they may be computed or
on disk), turning organ probabilities into labels, and adding models.
"""

from __future__ import annotations

from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Any

from medvlp.errors import Cancelled, MedVLPError
from medvlp.progress import Progress
from medvlp_widgets.models.progress import ProgressModel

Work = Callable[[Progress], Any]
Start = Callable[[Callable[[], None]], object]


def in_thread(task: Callable[[], None]) -> None:
    """Start a task with napari's ``thread_worker``, which napari waits for when it closes."""
    from napari.qt.threading import create_worker

    create_worker(task, _start_thread=True)


class Background:
    """Runs work away from the main thread and brings its outcome back there.

    Parameters
    ----------
    progress
        Shows what is under way.
    start
        Runs a function, in a thread or, in tests and scripts, at once.
    """

    def __init__(self, progress: ProgressModel, start: Start = in_thread) -> None:
        self._progress, self._start = progress, start
        self._outcomes: SimpleQueue[tuple[int, Any, Exception | None]] = SimpleQueue()
        self._reports: dict[int, tuple[float, str]] = {}
        self._waiting: dict[int, tuple[Callable[[Any], object], Callable[[str], object]]] = {}
        self._number = 0

    def __len__(self) -> int:
        return len(self._waiting)

    def run(
        self, title: str, work: Work, done: Callable[[Any], object], failed: Callable[[str], object]
    ) -> None:
        """Start ``work(progress)``; one of the other two is called by :meth:`poll`.

        Parameters
        ----------
        title
            What is being done, for people.
        work
            Touches no widget and no layer list. ``progress`` raises once the work is cancelled.
        done, failed
            Called in the main thread with the result, or with a sentence.
        """
        self._number += 1
        number = self._number
        self._waiting[number] = (done, failed)
        if not self._progress.running:
            self._progress.start(title)

        def report(fraction: float, message: str) -> None:
            if number not in self._waiting:
                raise Cancelled("Cancelled.")
            self._reports[number] = (fraction, message)

        def task() -> None:
            try:
                self._outcomes.put((number, work(report), None))
            except Exception as error:
                self._outcomes.put((number, None, error))

        self._start(task)
        self.poll()

    def cancel_all(self) -> None:
        """Wait for nothing any more; what still runs ends when it next reports progress."""
        waiting = list(self._waiting.values())
        self._waiting.clear()
        for _, failed in waiting:
            failed("Cancelled.")
        if waiting:
            self._progress.finish("Cancelled.")

    def poll(self) -> None:
        """Show progress and hand over outcomes. Call from the main thread; never blocks."""
        for number in tuple(self._reports):
            fraction, message = self._reports.pop(number)
            if number in self._waiting:
                self._progress.update(fraction, message)
        while True:
            try:
                number, value, error = self._outcomes.get_nowait()
            except Empty:
                return
            if number in self._waiting:
                self._hand_over(number, value, error)

    def _hand_over(self, number: int, value: Any, error: Exception | None) -> None:
        done, failed = self._waiting.pop(number)
        if error is None:
            if not self._waiting:
                self._progress.finish()
            done(value)
            return
        message = str(error)
        if isinstance(error, MemoryError):
            message = "There was not enough memory. Close other programs or layers."
        elif not isinstance(error, MedVLPError):
            message = f"Unexpected {type(error).__name__}: {error}"
        self._progress.fail(message)
        failed(message)
