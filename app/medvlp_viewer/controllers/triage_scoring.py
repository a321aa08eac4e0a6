"""Scores of a worklist: remembered answers at once, the others from a process in the background."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

from psygnal import Signal

from medvlp.errors import MedVLPError, WorklistError
from medvlp.store.worklist import WorklistStore
from medvlp.store.worklist_records import KnownAnswer, KnownScan
from medvlp.worker.examine import Examination
from medvlp_viewer.controllers.triage_opening import MODEL, OpenedWorklist, answered, shown
from medvlp_viewer.models.background import WORKLIST, Background, attempt, run_at_once
from medvlp_widgets.models.background_scoring import (
    BackgroundScoring,
    ScoringJob,
    ScoringWorker,
)
from medvlp_widgets.models.queries import query_key
from medvlp_widgets.models.worklist import WorklistModel
from medvlp_widgets.models.worklist_row import AnsweredRows, WorklistRow


class TriageScoring:
    """Fills the scores of a worklist's rows, and keeps what it learns in the worklist's file.

    Parameters
    ----------
    model
        The rows.
    make_worker
        Makes the process that scores, when it is first needed; None: nothing can be scored.
    background
        Runs what looks at all rows beside the event loop.

    Events
    ------
    listed(object)
        :class:`medvlp.io.worklist.Worklist` that was looked for.
    refused(str)
        A sentence for people: something cannot be done.
    changed()
        Scoring began, ended, was paused or goes on.
    """

    listed = Signal(object)
    refused = Signal(str)
    changed = Signal()

    def __init__(
        self,
        model: WorklistModel,
        make_worker: Callable[[], ScoringWorker] | None,
        background: Background = run_at_once,
    ) -> None:
        self._model = model
        self._make_worker = make_worker
        self._background = background
        self._preparing = object()
        self._prepared = self._preparing
        self._queue: BackgroundScoring | None = None
        self.available_memory: Callable[[], int | None] = lambda: None
        self._store: WorklistStore | None = None
        self._answered_by = ""
        self._loaded = ""

    @property
    def queue(self) -> BackgroundScoring:
        """Made, with its process, when first needed."""
        if self._queue is None:
            assert self._make_worker is not None
            queue = BackgroundScoring(self._make_worker())
            queue.available_memory = lambda: self.available_memory()
            queue.listed.connect(lambda worklist: self.listed.emit(worklist))
            queue.refused.connect(lambda why: self.refused.emit(why))
            queue.started.connect(self._on_started)
            queue.examined.connect(self._on_examined)
            queue.failed.connect(self._on_failed)
            queue.stopped.connect(self._on_stopped)
            self._queue = queue
        return self._queue

    @property
    def available(self) -> bool:
        """Whether worklists can be opened at all."""
        return self._make_worker is not None

    @property
    def running(self) -> bool:
        """Whether scans are being scored, or wait for it."""
        queued = self._queue is not None and self._queue.busy
        return queued or self._prepared is not self._preparing

    @property
    def paused(self) -> bool:
        """Whether scoring was paused."""
        return self._queue is not None and self._queue.paused

    @property
    def unfinished(self) -> bool:
        """Whether there are scans that nobody is going to score."""
        return not self.running and any(row.state == "waiting" for row in self._model)

    @property
    def model_id(self) -> str:
        """Of the model whose answers the rows show, or ""."""
        return self._answered_by

    def attach(self, opened: OpenedWorklist) -> None:
        """Show a worklist with what its file remembers, then score what it does not."""
        self._store = opened.store
        self._answered_by = opened.model_id
        self._model.load(opened.title, opened.rows, opened.query)
        self.go_through()

    def order_by(self, query: str, then: Callable[[], None] = lambda: None) -> None:
        """Order by another query; scans that were encoded before are asked again at once.

        Parameters
        ----------
        query
            Its words.
        then
            Called when the rows are in order.
        """
        if self._store is None:
            return

        def show(rows: AnsweredRows) -> None:
            self._model.show_answers(rows)
            self.go_through()
            then()

        rows = tuple(self._model)
        self._prepare(partial(answered, self._store, rows, query, self._answered_by), show)

    def go_through(self) -> None:
        """Score what is not scored yet: what is in the cache first, then in the order shown."""

        def score(jobs: list[ScoringJob]) -> None:
            if jobs or self._queue is not None:
                self.queue.score(jobs)
            self.changed.emit()

        texts = (self._model.query,) if self._model.query else ()
        self._prepare(partial(_jobs, tuple(self._model), self._model.shown, texts), score)

    def _prepare(self, work: Callable[[], Any], then: Callable[[Any], None]) -> None:
        """Do ``then(work())``, unless something else was begun meanwhile."""
        self._preparing = this = object()

        def done(result: Any) -> None:
            if this is not self._preparing:
                return
            self._prepared = this
            if isinstance(result, WorklistError):
                self.refused.emit(str(result))
            elif isinstance(result, Exception):
                raise result
            else:
                then(result)

        self._background(attempt(work), done, WORKLIST)

    def toggle_pause(self) -> None:
        """Pause, or go on."""
        if self.queue.paused:
            self.queue.go_on()
        else:
            self.queue.pause()
        self.changed.emit()

    def follow_model(self, model_id: str, name: str | None, device: str) -> None:
        """Score with the model that answers in front, if that is another one than before.

        Parameters
        ----------
        model_id
            Of the model in front.
        name, device
            To load it with.
        """
        if self._store is None or not self._answered_by or model_id == self._answered_by:
            return
        if self._loaded and self._loaded != model_id:
            self.queue.use_model(name, device)
            self._loaded = ""
        self._answered_by = model_id
        self.order_by(self._model.query)

    def stop(self) -> None:
        """Score no more; what is known stays."""
        self._prepared = self._preparing = object()
        if self._queue is not None:
            self._queue.stop()
        self.changed.emit()

    def poll(self) -> None:
        """Handle what the process reported."""
        if self._queue is not None:
            was_running = self.running
            self._queue.poll()
            if was_running != self.running:
                self.changed.emit()

    def close(self) -> None:
        """End the process."""
        if self._queue is not None:
            self._queue.close()
        self._prepared = self._preparing = object()
        self._queue, self._store = None, None

    def _on_started(self, key: str) -> None:
        self._model.update(key, state="working")

    def _on_examined(self, key: str, examination: Examination) -> None:
        if key not in self._model or self._store is None:
            return
        self._check_model(examination.model_id)
        row, store = self._model[key], self._store
        known = KnownScan(row.signature, examination.scan_id, examination.modality)
        fields: dict[str, object] = {"state": "examined", "content": examination.scan_id}
        fields["modality"] = examination.modality
        with suppress(MedVLPError):  # what was learnt can be learnt again; decisions are apart
            store.remember(key, known)
            for answer in examination.answers:
                kept = KnownAnswer(answer.probability, answer.reason)
                question = query_key(answer.query)
                store.remember_answer(key, row.signature, self._answered_by, question, kept)
                if question == query_key(self._model.query):
                    fields |= shown(kept)
        if self._model.query and "probability" not in fields:
            fields["state"] = "waiting"  # it answered the query before; its turn comes again
        self._model.update(key, **fields)

    def _check_model(self, model_id: str) -> None:
        """Answers of another model than the one that works now are forgotten."""
        assert self._store is not None
        self._loaded = model_id
        if model_id == self._answered_by:
            return
        outdated = bool(self._answered_by)
        self._answered_by = model_id
        with suppress(MedVLPError):
            self._store.keep_place(**{MODEL: model_id})
        if outdated:
            self.order_by(self._model.query)

    def _on_failed(self, key: str, reason: str) -> None:
        """It stays in the list; it is tried again when the worklist is opened next."""
        self._model.update(key, state="unreadable", reason=reason, probability=None)

    def _on_stopped(self, why: str) -> None:
        self._model.update_all(
            {row.key: {"state": "waiting"} for row in self._model if row.state == "working"}
        )
        if why:
            self.refused.emit(why)
        self.changed.emit()


def _jobs(
    rows: tuple[WorklistRow, ...], shown: tuple[str, ...], texts: tuple[str, ...]
) -> list[ScoringJob]:
    """Of the rows that wait."""
    place = {key: number for number, key in enumerate(shown)}
    waiting = [row for row in rows if row.state in ("waiting", "working")]
    waiting.sort(key=lambda row: (not row.content, place.get(row.key, len(place))))
    return [ScoringJob(row.key, row.path, row.series, texts, row.content) for row in waiting]
