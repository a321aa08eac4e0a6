"""What the inference process is doing."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from psygnal import Signal

from medvlp_widgets.models.progress import ProgressModel


@dataclass(frozen=True)
class Job:
    """One request under way, with the words that the user reads for it."""

    request: int
    kind: str
    title: str


class JobModel:
    """Jobs under way, and what runs where.

    Events
    ------
    changed
        Emitted after a job started, advanced or ended, or the status texts changed.
    """

    changed = Signal()

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._jobs: dict[int, Job] = {}
        self.model = ""
        self.device = ""
        self.progress = ProgressModel(clock)

    @property
    def jobs(self) -> tuple[Job, ...]:
        """Jobs under way, oldest first."""
        return tuple(self._jobs.values())

    @property
    def shown(self) -> int | None:
        """The request whose progress is shown: the oldest."""
        return next(iter(self._jobs), None)

    @property
    def busy(self) -> bool:
        """Whether anything is under way."""
        return bool(self._jobs)

    def start(self, request: int, kind: str, title: str) -> None:
        """A request was handed to the worker."""
        self._jobs[request] = Job(request, kind, title)
        if not self.progress.running:
            self.progress.start(title)
        self.changed.emit()

    def advance(self, request: int, fraction: float, message: str) -> None:
        """The worker reported progress; of an unknown request it is ignored."""
        if request in self._jobs:
            if request == self.shown:
                self.progress.update(fraction, message)
            self.changed.emit()

    def end(self, request: int) -> Job | None:
        """The request was answered, failed or was cancelled; progress moves on to the next one."""
        was_shown = request == self.shown
        job = self._jobs.pop(request, None)
        if was_shown:
            self.progress.finish()
            if self._jobs:
                self.progress.start(self.jobs[0].title)
        if job is not None:
            self.changed.emit()
        return job

    def set_engine(self, model: str, device: str) -> None:
        """Name of the model and where it runs."""
        self.model, self.device = model, device
        self.changed.emit()
