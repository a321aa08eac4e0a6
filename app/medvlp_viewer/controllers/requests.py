"""What is under way in the inference process, and reading ahead of the user."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from medvlp.worker import JobKind
from medvlp_viewer.controllers.ports import WorkerPort
from medvlp_viewer.models.study import Origin

TITLES = {
    "open": "Opening the scan",
    "encode": "Encoding the scan",
    "ask": "Looking for it",
    "score": "Scoring organs",
    "load_model": "Loading the model",
}

ABOUT_THE_SCAN = ("open", "encode", "ask", "score")
"""Requests that another scan makes void; a model that is being loaded is wanted all the same."""


@dataclass(frozen=True)
class Request:
    """One request: the query rows it answers, or what it opens."""

    kind: JobKind
    keys: tuple[str, ...] = ()
    origin: Origin | None = None
    scan_id: str | None = None


class WaitingQuestions:
    """Rows of the query model that are to be asked, and in which request the others were."""

    def __init__(self) -> None:
        self._waiting: list[str] = []
        self._asked_in: dict[str, int] = {}

    @property
    def waiting(self) -> bool:
        """Whether there is something to ask."""
        return bool(self._waiting)

    def add(self, *keys: str) -> None:
        """Ask these too."""
        self._waiting += [key for key in keys if key not in self._waiting]

    def forget(self, key: str) -> None:
        """No answer to this one is wanted any more."""
        self._asked_in.pop(key, None)
        self._waiting = [other for other in self._waiting if other != key]

    def take(self) -> tuple[str, ...]:
        """What is to be asked; nothing waits then."""
        keys, self._waiting = tuple(self._waiting), []
        return keys

    def asked(self, keys: Sequence[str], request: int) -> None:
        """These are in a request now."""
        self._asked_in.update(dict.fromkeys(keys, request))

    def is_answer(self, key: str, request: int) -> bool:
        """Whether a request is the last one in which this was asked."""
        return self._asked_in.get(key) == request

    def forget_answers(self) -> None:
        """What is still to be answered is void."""
        self._asked_in = {}

    def restart(self, keys: Sequence[str]) -> None:
        """Ask these, and nothing else."""
        self._waiting = list(keys)


class ReadAhead:
    """Lets the process read the scan that will probably be opened next.

    What the user waits for interrupts it; it is taken up again once nothing else is under way.
    """

    def __init__(self, worker: WorkerPort) -> None:
        self._worker = worker
        self._ahead: tuple[int, str, str | int | None] | None = None
        self._interrupted = False

    def begin(self, path: str, series: str | int | None, free: int | None) -> None:
        """Read a scan ahead, if it fits into ``free`` bytes."""
        request = self._worker.submit("prefetch", source=path, series=series, available_memory=free)
        self._ahead, self._interrupted = (request, path, series), False

    def leave(self, path: str | Sequence[str], series: str | int | None) -> None:
        """A scan is opened: if it is another one than is being read ahead, that can stop."""
        if self._ahead is not None and self._ahead[1:] != (path, series):
            self._worker.cancel(self._ahead[0])
        self._ahead = None

    def make_way(self) -> None:
        """What the user waits for does not wait for a scan that is only read ahead."""
        if self._ahead is not None and not self._interrupted:
            self._worker.cancel(self._ahead[0])
            self._interrupted = True

    def go_on(self, free: int | None) -> None:
        """Nothing else is under way: read again what was interrupted."""
        if self._ahead is not None and self._interrupted:
            self.begin(self._ahead[1], self._ahead[2], free)
