"""Requests to the inference process and what comes back.

Every request carries the number that the worker gave it. An answer counts only while its request
is in the books: opening another scan, removing a query or asking it again strikes the older
request, so that a late answer about the last scan never lands on this one.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from psygnal import Signal

from medvlp.errors import MedVLPError, ScanTooLargeError
from medvlp.worker import JobKind
from medvlp_viewer.controllers.ports import WorkerEvent, WorkerPort
from medvlp_viewer.models.state import ViewerState
from medvlp_viewer.models.study import Origin

_TITLES = {
    "open": "Opening the scan",
    "encode": "Encoding the scan",
    "ask": "Looking for it",
    "score": "Scoring organs",
    "load_model": "Loading the model",
}


_ABOUT_THE_SCAN = ("open", "encode", "ask", "score")
"""Requests that another scan makes void; a model that is being loaded is wanted all the same."""


@dataclass(frozen=True)
class _Request:
    kind: JobKind
    keys: tuple[str, ...] = ()
    origin: Origin | None = None
    scan_id: str | None = None


class SessionController:
    """The line open, encode, ask, score for one window.

    ``query_seconds`` is how long the last answer took, as the user felt it; ``model_sha256`` names
    the model that encoded the scan on screen, and is empty before.

    Events
    ------
    opened(Scan)
        A scan was read; the models already show it, ``origin`` says where it was read from.
    not_opened(object)
        :class:`Origin` of a scan whose reading failed, was cancelled or became void.
    encoded(object)
        :class:`medvlp.worker.EncodingFacts` of the scan on screen.
    answered(object)
        Tuple of query keys that were answered together.
    scored(object)
        :class:`medvlp.OrganTable`, or None when it became void.
    failed(str, str, int)
        Kind of the request, a sentence for people, exit status of the command line for it.
    too_large(object, str, object)
        :class:`Origin` of a scan that free memory would not hold, a sentence with the figures, and
        the ``scan_id`` that was expected, or None.
    insisted(object)
        :class:`Origin` of a scan that is now read whatever its size.
    crashed(str, str)
        After ``failed``, for an unexpected error in the process: the sentence, and what is known
        of the error, without identifiers.
    idle()
        Nothing is under way and nothing waits.
    unclaimed(object)
        An event of a request that another controller handed to the same process.
    """

    opened = Signal(object)
    not_opened = Signal(object)
    encoded = Signal(object)
    answered = Signal(object)
    scored = Signal(object)
    failed = Signal(str, str, int)
    too_large = Signal(object, str, object)
    insisted = Signal(object)
    crashed = Signal(str, str)
    idle = Signal()
    unclaimed = Signal(object)

    def __init__(self, state: ViewerState, worker: WorkerPort) -> None:
        self._state = state
        self._worker = worker
        self._requests: dict[int, _Request] = {}
        self._asked_in: dict[str, int] = {}
        self._waiting: list[str] = []
        self._encoded = False
        self._closed = False
        self._asked_at = 0.0
        self.query_seconds = 0.0
        self.available_memory: Callable[[], int | None] = lambda: None
        self.origin: Origin | None = None
        self.model_sha256 = ""
        self._ahead: tuple[int, str, str | int | None] | None = None
        self._interrupted = False

    @property
    def busy(self) -> bool:
        """Whether an answer is still to come."""
        return bool(self._requests or self._waiting)

    @property
    def opening(self) -> Origin | None:
        """What is being read at the moment, to be shown next."""
        return next((r.origin for r in self._requests.values() if r.origin is not None), None)

    def open(
        self,
        path: str | Sequence[str],
        series: str | int | None = None,
        scan_id: str | None = None,
        *,
        whatever_size: bool = False,
    ) -> None:
        """Read a scan and encode it; the one on screen stays until the new one is read.

        With ``scan_id`` any other scan than that one is refused; with ``whatever_size`` the scan
        is read even if it may not fit into memory.
        """
        self._strike(*self._about_the_scan())
        self._leave_prefetched(path, series)
        origin = Origin((path,) if isinstance(path, str) else tuple(path), series)
        expected: dict[str, Any] = {} if scan_id is None else {"scan_id": scan_id}
        free = None if whatever_size else self.available_memory()
        if free is not None:
            expected["available_memory"] = free
        request = self._submit("open", source=origin.argument, series=series, **expected)
        self._requests[request] = _Request("open", origin=origin, scan_id=scan_id)
        if whatever_size:
            self.insisted.emit(origin)

    def prefetch(self, path: str, series: str | int | None = None) -> None:
        """Let the process read the scan that will probably be opened next."""
        request = self._worker.submit(
            "prefetch", source=path, series=series, available_memory=self.available_memory()
        )
        self._ahead, self._interrupted = (request, path, series), False

    def _leave_prefetched(self, path: str | Sequence[str], series: str | int | None) -> None:
        """Another scan is wanted than the one that is being read ahead: that can stop."""
        if self._ahead is not None and self._ahead[1:] != (path, series):
            self._worker.cancel(self._ahead[0])
        self._ahead = None

    def _make_way(self) -> None:
        """What the user waits for does not wait for a scan that is only read ahead."""
        if self._ahead is not None and not self._interrupted:
            self._worker.cancel(self._ahead[0])
            self._interrupted = True

    def ask(self, key: str) -> None:
        """Ask a row of the query model; waits for a scan and its encoding."""
        if key not in self._waiting:
            self._waiting.append(key)

    def forget(self, key: str) -> None:
        """A query was removed: a late answer to it is not wanted."""
        self._asked_in.pop(key, None)
        self._waiting = [other for other in self._waiting if other != key]
        self._state.heats.remove(key)

    def use_model(self, model: str, device: str) -> None:
        """Load another model (empty: the built-in one); what was asked is asked again."""
        self._submit("load_model", model=model or None, device=device)

    def score(self) -> None:
        """Compute the organ table."""
        if self._state.scan.scan is not None and not self._running("score"):
            self._submit("score")

    def cancel(self) -> None:
        """Stop the job whose progress is shown."""
        request = self._state.jobs.shown
        if request is not None:
            self._worker.cancel(request)

    def poll(self) -> None:
        """Handle what the worker reported, then hand over what waits; nothing once closed."""
        if self._closed:
            return
        was_busy = self.busy
        for event in self._worker.poll():
            self._handle(event)
        self._hand_over()
        if was_busy and not self.busy:
            if self._ahead is not None and self._interrupted:
                self.prefetch(*self._ahead[1:])
            self.idle.emit()

    def close(self) -> None:
        """End the process. What it still reports is dropped."""
        self._closed = True
        self._strike(*self._requests)
        self._worker.close()

    def _submit(self, kind: JobKind, keys: tuple[str, ...] = (), **arguments: Any) -> int:
        if kind != "open":
            self._make_way()
        request = self._worker.submit(kind, **arguments)
        self._requests[request] = _Request(kind, keys)
        self._state.jobs.start(request, kind, _TITLES[kind])
        return request

    def _strike(self, *requests: int) -> None:
        for request in requests:
            struck = self._requests.pop(request)
            self._state.jobs.end(request)
            self._worker.cancel(request)
            self._waiting += [k for k in struck.keys if k not in self._waiting]
            if struck.origin is not None and not self._closed:
                self.not_opened.emit(struck.origin)

    def _about_the_scan(self) -> list[int]:
        return [n for n, request in self._requests.items() if request.kind in _ABOUT_THE_SCAN]

    def _running(self, *kinds: str) -> bool:
        return any(request.kind in kinds for request in self._requests.values())

    def _hand_over(self) -> None:
        """Encode when something waits for it; ask all waiting queries as one request."""
        if (
            self._state.scan.scan is None
            or not self._waiting
            or self._running("open", "encode", "load_model")
        ):
            return
        if not self._encoded:
            self._submit("encode")
            return
        keys = tuple(key for key in self._waiting if key in self._state.queries)
        self._waiting = []
        if keys:
            texts = [self._state.queries[key].text for key in keys]
            self._asked_at = time.perf_counter()
            request = self._submit("ask", keys, texts=texts)
            self._asked_in.update(dict.fromkeys(keys, request))

    def _handle(self, event: WorkerEvent) -> None:
        if event.kind == "died":
            self._on_died(event)
            return
        request = self._requests.get(event.request)
        if request is None:
            self.unclaimed.emit(event)
            return
        if event.kind == "progress":
            self._state.jobs.advance(event.request, event.fraction, event.message)
            return
        del self._requests[event.request]
        self._state.jobs.end(event.request)
        if event.kind == "result":
            getattr(self, f"_on_{request.kind}")(event, request)
        else:
            self._on_failure(event, request)

    def _on_open(self, event: WorkerEvent, request: _Request) -> None:
        state = self._state
        self._strike(*self._about_the_scan())
        self._encoded, self._asked_in, self.model_sha256 = False, {}, ""
        state.heats.clear()
        self.origin = request.origin
        state.scan.set(event.value)
        self.scored.emit(None)
        self._waiting = [state.queries.ask(row.text).key for row in state.queries.rows]
        if not self._running("load_model"):
            self._submit("encode")
        self.opened.emit(event.value)

    def _on_encode(self, event: WorkerEvent, request: _Request) -> None:
        self._encoded, self.model_sha256 = True, event.value.model.sha256
        self._state.jobs.set_engine(event.value.model.name, event.value.model.device)
        self.encoded.emit(event.value)
        self._hand_over()
        self.score()

    def _on_load_model(self, event: WorkerEvent, request: _Request) -> None:
        """Nothing that the model before it found is left on screen."""
        state = self._state
        state.jobs.set_engine(event.value.name, event.value.device)
        self._strike(
            *(n for n, r in self._requests.items() if r.kind in ("encode", "ask", "score"))
        )
        self._encoded, self._asked_in, self.model_sha256 = False, {}, ""
        state.heats.clear()
        self.scored.emit(None)
        self._waiting = [state.queries.ask(row.text).key for row in state.queries.rows]
        if state.scan.scan is not None and not self._running("open"):
            self._submit("encode")

    def _on_ask(self, event: WorkerEvent, request: _Request) -> None:
        self.query_seconds = time.perf_counter() - self._asked_at
        current = []
        for key, heatmap in zip(request.keys, event.value, strict=True):
            if self._asked_in.get(key) == event.request and key in self._state.queries:
                self._state.heats.put(key, heatmap)
                self._state.queries.answer(heatmap)
                current.append(key)
        if current:
            self.answered.emit(tuple(current))

    def _on_score(self, event: WorkerEvent, request: _Request) -> None:
        self.scored.emit(event.value)

    def _on_failure(self, event: WorkerEvent, request: _Request) -> None:
        self._keep_model(request)
        cancelled = event.kind == "cancelled"
        message = "Cancelled." if cancelled else event.message
        self._fail_queries(request, message)
        if request.origin is not None:
            self.not_opened.emit(request.origin)
        if isinstance(event.value, ScanTooLargeError) and request.origin is not None:
            self.too_large.emit(request.origin, message, request.scan_id)
        elif not cancelled:
            status = getattr(event.value, "exit_status", MedVLPError.exit_status)
            self.failed.emit(request.kind, message, status)
            if getattr(event.value, "report", ""):
                self.crashed.emit(message, event.value.report)

    def _keep_model(self, request: _Request) -> None:
        """No other model came: a scan that waited for it is encoded by the one before."""
        wanted = request.kind == "load_model" and self._state.scan.scan is not None
        if wanted and not self._encoded and not self._running("open", "encode", "load_model"):
            self._submit("encode")

    def _on_died(self, event: WorkerEvent) -> None:
        """The worker restarts by itself and goes on with what waits; one request is lost."""
        request = self._requests.pop(event.request, None)
        if request is not None:
            self._state.jobs.end(event.request)
            self._keep_model(request)
            self._fail_queries(request, event.message)
            if request.origin is not None:
                self.not_opened.emit(request.origin)
        else:
            self.unclaimed.emit(event)
        self.failed.emit("died", event.message, MedVLPError.exit_status)

    def _fail_queries(self, request: _Request, message: str) -> None:
        """Say it in the rows; without an encoding nothing that waits can be answered either."""
        keys = request.keys
        if request.kind == "encode":
            keys, self._waiting = tuple(self._waiting), []
        for key in keys:
            self._state.queries.fail(key, message)
