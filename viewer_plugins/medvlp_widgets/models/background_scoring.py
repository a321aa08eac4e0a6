"""Scans are examined one after another by a second process, without any GUI."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, Protocol

from psygnal import Signal

from medvlp_widgets.models.progress import ProgressModel

HANDED_OVER = 2
"""Requests that the process holds at most: one to work on, one so that it need not wait."""

MOST_DEATHS = 3
"""After so many deaths of the process in a row something is wrong that waiting does not mend."""


class ScoringWorker(Protocol):
    """The part of :class:`medvlp.worker.Worker` that is used here. Nothing of it blocks."""

    def submit(self, kind: Any, **arguments: Any) -> int:
        """Hand a request over; its number."""

    def poll(self) -> Sequence[Any]:
        """Events since the last call."""

    def cancel(self, request: int) -> None:
        """Stop a request."""

    def close(self) -> None:
        """End the process."""


class ScoringJob(NamedTuple):
    """One scan to examine; the arguments are those of :func:`medvlp.worker.examine.examine`.

    A tuple, since thousands are made at once.
    """

    key: str
    source: str
    series: str | None
    texts: tuple[str, ...]
    scan_id: str = ""


class _Clock:
    """Seconds that do not count while paused, so that the time left stays right."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lost = 0.0
        self._since: float | None = None

    def __call__(self) -> float:
        return (self._clock() if self._since is None else self._since) - self._lost

    def pause(self) -> None:
        if self._since is None:
            self._since = self._clock()

    def go_on(self) -> None:
        if self._since is not None:
            self._lost += self._clock() - self._since
            self._since = None


class BackgroundScoring:
    """A bounded queue before a process that examines scans.

    ``progress`` has the title, the fraction and the time left; ``paused`` says whether it waits.
    ``available_memory`` gives the bytes that a scan may take, or None for any number.

    Events
    ------
    listed(object)
        :class:`medvlp.io.worklist.Worklist` that :meth:`find` looked for.
    refused(str)
        Why there is none.
    started(str)
        Key of a scan that is being examined.
    examined(str, object)
        Key, and :class:`medvlp.worker.examine.Examination`.
    failed(str, str)
        Key, and why the scan could not be examined.
    stopped(str)
        Nothing more is done, and why; "" if that was wanted.
    """

    listed = Signal(object)
    refused = Signal(str)
    started = Signal(str)
    examined = Signal(str, object)
    failed = Signal(str, str)
    stopped = Signal(str)

    def __init__(self, worker: ScoringWorker, clock: Callable[[], float] = time.monotonic) -> None:
        self._worker = worker
        self._clock = _Clock(clock)
        self.progress = ProgressModel(self._clock)
        self.paused = False
        self.available_memory: Callable[[], int | None] = lambda: None
        self._waiting: deque[ScoringJob] = deque()
        self._given: dict[int, ScoringJob] = {}
        self._finding: int | None = None
        self._total = self._done = self._deaths = 0
        self._warm = False

    @property
    def busy(self) -> bool:
        """Whether something is being done, or waits."""
        return bool(self._waiting or self._given or self._finding is not None)

    def find(self, source: str) -> None:
        """Look for the scans of another worklist; whatever was under way is dropped."""
        self.stop()
        self._finding = self._worker.submit("worklist", source=source)
        self.progress.start("Looking for scans")

    def score(self, jobs: Iterable[ScoringJob], title: str = "Scoring") -> None:
        """Examine these scans, in this order, in place of those that wait.

        What is being examined goes on, unless the new ones can be answered from the cache: then it
        makes way and is done after them.
        """
        jobs = list(jobs)
        if self._warm and any(job.scan_id for job in jobs):
            for request in [r for r, job in self._given.items() if not job.scan_id]:
                del self._given[request]
                self._worker.cancel(request)
        given = set(self._given.values())
        self._waiting = deque(job for job in jobs if job not in given) if given else deque(jobs)
        self._total, self._done = len(self._waiting) + len(self._given), 0
        if not self.busy:
            self.progress.finish()
            return
        self.progress.start(title)
        self._tell()
        self._hand_over()

    def use_model(self, model: str | None, device: str) -> None:
        """Score with another model from now on; what is under way is dropped."""
        self.stop()
        self._warm = False
        self._worker.submit("load_model", model=model, device=device)

    def pause(self) -> None:
        """Begin nothing more; what is being examined is finished."""
        self.paused = True
        self._clock.pause()
        self._tell()

    def go_on(self) -> None:
        """Undo :meth:`pause`."""
        self.paused = False
        self._clock.go_on()
        self._tell()
        self._hand_over()

    def stop(self) -> None:
        """Drop what is under way and what waits."""
        requests = [*self._given, *([] if self._finding is None else [self._finding])]
        for request in requests:
            self._worker.cancel(request)
        self._end("")

    def close(self) -> None:
        """End the process."""
        self._waiting.clear()
        self._given.clear()
        self._finding = None
        self._worker.close()

    def poll(self) -> None:
        """Handle what the process reported, then hand over what waits. Call it from a timer."""
        for event in self._worker.poll():
            self._handle(event)
        self._hand_over()

    def _handle(self, event: Any) -> None:
        if event.kind == "progress":
            if event.request == self._finding:
                self.progress.update(event.fraction, event.message)
            return
        if event.request == self._finding:
            self._finding = None
            self.progress.finish()
            if event.kind == "result":
                self.listed.emit(event.value)
            else:
                self.refused.emit(event.message)
            return
        job = self._given.pop(event.request, None)
        if job is not None:
            self._on_end(job, event)

    def _on_end(self, job: ScoringJob, event: Any) -> None:
        self._done += 1
        self._deaths = self._deaths + 1 if event.kind == "died" else 0
        if event.kind == "result":
            self._warm = True
            self.examined.emit(job.key, event.value)
        elif event.kind == "died":
            self.failed.emit(
                job.key,
                "The process that scores ended while it read this scan. The computer may have run "
                "out of memory: open the scan by itself.",
            )
        else:
            self.failed.emit(job.key, event.message)
        if self._deaths >= MOST_DEATHS:
            self._end("Scoring was stopped: its process ended several times in a row.")
        elif self.busy:
            self._tell()
        else:
            self.progress.finish()

    def _end(self, why: str) -> None:
        had_work = self.busy
        self._waiting.clear()
        self._given.clear()
        self._finding = None
        self._deaths = 0
        self.progress.finish()
        if had_work:
            self.stopped.emit(why)

    def _hand_over(self) -> None:
        while self._waiting and not self.paused and len(self._given) < HANDED_OVER:
            job = self._waiting.popleft()
            request = self._worker.submit(
                "examine",
                source=job.source,
                series=job.series,
                texts=list(job.texts),
                scan_id=job.scan_id,
                available_memory=self.available_memory(),
            )
            self._given[request] = job
            self.started.emit(job.key)

    def _tell(self) -> None:
        if not self._total:
            return
        number = min(self._done + 1, self._total)
        state = "paused" if self.paused else f"scan {number} of {self._total}"
        self.progress.update(self._done / self._total, state)
