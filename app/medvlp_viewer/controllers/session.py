"""Requests to the inference process and what comes back.

Every request carries the number that the worker gave it. An answer counts only while its request
is in the books: opening another scan, removing a query or asking it again strikes the older
request, so that a late answer about the last scan never lands on this one.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from medvlp.errors import MedVLPError, ScanTooLargeError
from medvlp.worker import JobKind
from medvlp_viewer.controllers.ports import WorkerEvent, WorkerPort
from medvlp_viewer.controllers.requests import (
    ABOUT_THE_SCAN,
    TITLES,
    ReadAhead,
    Request,
    WaitingQuestions,
)
from medvlp_viewer.controllers.session_events import SessionEvents
from medvlp_viewer.models.state import ViewerState
from medvlp_viewer.models.study import Origin


class SessionController(SessionEvents):
    """The line open, encode, ask, score for one window.

    ``query_seconds`` is how long the last answer took, as the user felt it; ``model_id`` names the
    model that encoded the scan on screen, and is empty before.
    """

    def __init__(self, state: ViewerState, worker: WorkerPort) -> None:
        self._state = state
        self._worker = worker
        self._requests: dict[int, Request] = {}
        self._questions = WaitingQuestions()
        self._encoded = False
        self._closed = False
        self._asked_at = 0.0
        self.query_seconds = 0.0
        self.available_memory: Callable[[], int | None] = lambda: None
        self.origin: Origin | None = None
        self.model_id = ""
        self.score_arguments: dict[str, Any] = {}
        self._ahead = ReadAhead(worker)

    @property
    def busy(self) -> bool:
        """Whether an answer is still to come."""
        return bool(self._requests or self._questions.waiting)

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
        self._ahead.leave(path, series)
        origin = Origin((path,) if isinstance(path, str) else tuple(path), series)
        expected: dict[str, Any] = {} if scan_id is None else {"scan_id": scan_id}
        free = None if whatever_size else self.available_memory()
        if free is not None:
            expected["available_memory"] = free
        request = self._submit("open", source=origin.argument, series=series, **expected)
        self._requests[request] = Request("open", origin=origin, scan_id=scan_id)
        if whatever_size:
            self.insisted.emit(origin)

    def prefetch(self, path: str, series: str | int | None = None) -> None:
        """Let the process read the scan that will probably be opened next."""
        self._ahead.begin(path, series, self.available_memory())

    def ask(self, key: str) -> None:
        """Ask a row of the query model; waits for a scan and its encoding."""
        self._questions.add(key)

    def forget(self, key: str) -> None:
        """A query was removed: a late answer to it is not wanted."""
        self._questions.forget(key)
        self._state.heats.remove(key)

    def use_model(self, model: str, device: str) -> None:
        """Load another model (empty: the built-in one); what was asked is asked again.

        One that does not know the kind of scan on screen is refused.
        """
        self._strike(*(n for n, r in self._requests.items() if r.kind == "load_model"))
        scan = None if self._running("open") else self._state.scan.scan
        kind: dict[str, Any] = {} if scan is None else {"modality": scan.modality}
        self._submit("load_model", model=model or None, device=device, **kind)

    def score(self) -> None:
        """Compute the organ table."""
        if self._state.scan.scan is not None and not self._running("score"):
            self._submit("score", **self.score_arguments)

    def cancel(self) -> None:
        """Stop the job whose progress is shown."""
        request = self._state.jobs.shown
        if request is not None and request in self._requests:
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
            self._ahead.go_on(self.available_memory())
            self.idle.emit()

    def close(self) -> None:
        """End the process. What it still reports is dropped."""
        self._closed = True
        self._strike(*self._requests)
        self._worker.close()

    def _submit(self, kind: JobKind, keys: tuple[str, ...] = (), **arguments: Any) -> int:
        if kind != "open":
            self._ahead.make_way()
        request = self._worker.submit(kind, **arguments)
        self._requests[request] = Request(kind, keys)
        self._state.jobs.start(request, kind, TITLES[kind])
        return request

    def _strike(self, *requests: int) -> None:
        for request in requests:
            struck = self._requests.pop(request)
            self._state.jobs.end(request)
            self._worker.cancel(request)
            self._questions.add(*struck.keys)
            if struck.origin is not None and not self._closed:
                self.not_opened.emit(struck.origin)

    def _about_the_scan(self) -> list[int]:
        return [n for n, request in self._requests.items() if request.kind in ABOUT_THE_SCAN]

    def _running(self, *kinds: str) -> bool:
        return any(request.kind in kinds for request in self._requests.values())

    def _hand_over(self) -> None:
        """Encode when something waits for it; ask all waiting queries as one request."""
        if (
            self._state.scan.scan is None
            or not self._questions.waiting
            or self._running("open", "encode", "load_model")
        ):
            return
        if not self._encoded:
            self._submit("encode")
            return
        keys = tuple(key for key in self._questions.take() if key in self._state.queries)
        if keys:
            texts = [self._state.queries[key].text for key in keys]
            self._asked_at = time.perf_counter()
            self._questions.asked(keys, self._submit("ask", keys, texts=texts))

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

    def _on_open(self, event: WorkerEvent, request: Request) -> None:
        state = self._state
        self._strike(*self._about_the_scan())
        self._forget_answers()
        self.origin = request.origin
        state.scan.set(event.value)
        self._ask_again()
        if not self._running("load_model"):
            self._submit("encode")
        self.opened.emit(event.value)

    def _on_encode(self, event: WorkerEvent, request: Request) -> None:
        self._encoded, self.model_id = True, event.value.model.model_id
        self._state.jobs.set_engine(event.value.model.name, event.value.model.device)
        self.encoded.emit(event.value)
        self._hand_over()
        self.score()

    def _on_load_model(self, event: WorkerEvent, request: Request) -> None:
        """Nothing that the model before it found is left on screen."""
        state = self._state
        state.jobs.set_engine(event.value.name, event.value.device)
        self._strike(
            *(n for n, r in self._requests.items() if r.kind in ("encode", "ask", "score"))
        )
        self._forget_answers()
        self._ask_again()
        if state.scan.scan is not None and not self._running("open"):
            self._submit("encode")
        self.model_loaded.emit(event.value)

    def _forget_answers(self) -> None:
        """They were about another scan, or of another model."""
        self._encoded, self.model_id = False, ""
        self._questions.forget_answers()
        self._state.heats.clear()

    def _ask_again(self) -> None:
        """Every row of the query model; the organs are scored once there is an encoding."""
        self.scored.emit(None)
        queries = self._state.queries
        self._questions.restart([queries.ask(row.text).key for row in queries.rows])

    def _on_ask(self, event: WorkerEvent, request: Request) -> None:
        self.query_seconds = time.perf_counter() - self._asked_at
        current = []
        for key, heatmap in zip(request.keys, event.value, strict=True):
            if self._questions.is_answer(key, event.request) and key in self._state.queries:
                self._state.heats.put(key, heatmap)
                self._state.queries.answer(heatmap)
                current.append(key)
        if current:
            self.answered.emit(tuple(current))

    def _on_score(self, event: WorkerEvent, request: Request) -> None:
        self.scored.emit(event.value)

    def _on_failure(self, event: WorkerEvent, request: Request) -> None:
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

    def _keep_model(self, request: Request) -> None:
        """No other model came: a scan that waited for it is encoded by the one before."""
        if request.kind != "load_model":
            return
        self.model_kept.emit()
        wanted = self._state.scan.scan is not None
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

    def _fail_queries(self, request: Request, message: str) -> None:
        """Say it in the rows; without an encoding nothing that waits can be answered either."""
        keys = request.keys
        if request.kind == "encode":
            keys = self._questions.take()
        for key in keys:
            self._state.queries.fail(key, message)
