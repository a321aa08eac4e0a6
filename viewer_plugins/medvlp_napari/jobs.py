"""Jobs of the inference process on their way, with their progress."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from medvlp_widgets.models.progress import ProgressModel

if TYPE_CHECKING:
    from napari.layers import Image

    from medvlp.worker import Event

_TITLES = {
    "open": "Sending the scan",
    "encode": "Encoding the scan",
    "ask": "Asking",
    "score": "Scoring organs",
    "load_model": "Loading the model",
}


class Jobs(Protocol):
    """What is needed of :class:`medvlp.worker.Worker`."""

    def submit(self, kind: Any, **arguments: Any) -> int:
        """Start a job and return its number."""

    def poll(self) -> list[Event]:
        """Events since the last call."""

    def cancel(self, request: int) -> None:
        """Stop a job."""


@dataclass(frozen=True, eq=False)
class Request:
    """A job and what it is about.

    Parameters
    ----------
    kind
        ``"open"``, ``"encode"``, ``"ask"``, ``"score"`` or ``"load_model"``.
    source
        The layer that was asked about when the job was submitted; None: about none.
    text
        The question, or the name of the model; empty for other kinds.
    """

    kind: str
    source: Image | None = None
    text: str = ""


class JobQueue:
    """Remembers what each job was for, shows its progress, and drops answers nobody waits for."""

    def __init__(self, jobs: Jobs, progress: ProgressModel) -> None:
        self._jobs, self._progress = jobs, progress
        self._requests: dict[int, Request] = {}

    def __len__(self) -> int:
        return len(self._requests)

    def submit(self, request: Request, **arguments: Any) -> None:
        """Start a job."""
        if not self._requests:
            self._progress.start(_TITLES[request.kind])
        self._requests[self._jobs.submit(request.kind, **arguments)] = request

    def cancel_all(self) -> None:
        """Ask every job to stop; each will still report that it did."""
        for number in tuple(self._requests):
            self._jobs.cancel(number)

    def drop(self, unwanted: Callable[[Request], bool] = lambda _request: True) -> list[Request]:
        """Stop jobs and forget them, all by default; returns what they were for."""
        numbers = [n for n, request in self._requests.items() if unwanted(request)]
        for number in numbers:
            self._jobs.cancel(number)
        dropped = [self._requests.pop(number) for number in numbers]
        if dropped and not self._requests:
            self._progress.finish()
        return dropped

    def poll(self) -> Iterator[tuple[Request, Event]]:
        """Jobs that ended since the last call, each with the event that ended it."""
        for event in self._jobs.poll():
            request = self._requests.get(event.request)
            if request is None:
                continue
            if event.kind == "progress":
                self._progress.update(event.fraction, event.message)
                continue
            del self._requests[event.request]
            yield request, event
            self._show_next(event)

    def _show_next(self, event: Event) -> None:
        if self._requests:
            self._progress.start(_TITLES[next(iter(self._requests.values())).kind])
        elif event.kind == "result":
            self._progress.finish()
        elif event.kind == "cancelled":
            self._progress.finish("Cancelled.")
        else:
            self._progress.fail(event.message)
