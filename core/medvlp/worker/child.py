"""The child process: one session, one job at a time, and an ear on the parent."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from multiprocessing.connection import Connection
from queue import SimpleQueue
from typing import Any, NoReturn

from medvlp.crash_report import traceback_text
from medvlp.errors import Cancelled, MedVLPError, WorkerError
from medvlp.session import Session
from medvlp.worker.messages import (
    Cancel,
    EncodingFacts,
    Event,
    Job,
    ModelFacts,
    Ready,
    Setup,
    Stop,
)
from medvlp.worker.priority import lower_priority
from medvlp.worker.read_ahead import ReadAhead
from medvlp.worker.shared_scan import SharedBlocks, remove_block

PROGRESS_INTERVAL = 0.05

_log = logging.getLogger(__name__)


def run(connection: Connection, setup: Setup) -> None:
    """Answer jobs until told to stop. Ends with everything it started when the parent is gone."""
    if hasattr(os, "setsid"):
        os.setsid()  # a group of its own: helpers that a job starts are killed with it
    if setup.in_background:
        lower_priority()
    with suppress(ValueError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the parent to handle
    jobs: SimpleQueue[Job | Stop] = SimpleQueue()
    cancelled: set[int] = set()
    threading.Thread(target=_listen, args=(connection, jobs, cancelled), daemon=True).start()
    connection.send(Ready())
    child = _Child(connection, setup, cancelled)
    while isinstance(job := jobs.get(), Job):
        child.answer(job)


def _listen(connection: Connection, jobs: SimpleQueue[Job | Stop], cancelled: set[int]) -> None:
    """Sort messages while a job runs; a closed pipe means that the parent is gone."""
    while True:
        try:
            message = connection.recv()
        except (EOFError, OSError):
            _end_group()
        if isinstance(message, Cancel):
            cancelled.add(message.request)
        else:
            jobs.put(message)


def _end_group() -> NoReturn:
    if hasattr(os, "killpg"):
        os.killpg(os.getpgid(0), signal.SIGKILL)
    os._exit(1)


class _Child:
    """Runs jobs on a session and reports what came of them."""

    def __init__(self, connection: Connection, setup: Setup, cancelled: set[int]) -> None:
        self._connection = connection
        self._setup = setup
        self._cancelled = cancelled
        self._session: Session | None = None
        self._scan_request = 0
        self._model_request = 0
        self._blocks = SharedBlocks()
        self._ahead = ReadAhead()
        self._last_progress = 0.0

    @property
    def session(self) -> Session:
        """Made when first needed, so that its errors belong to a request."""
        if self._session is None:
            self._session = _make_session(self._setup)
        return self._session

    def answer(self, job: Job) -> None:
        """Run a job and send the event that ends it."""
        try:
            self._restore(job)
            steps: dict[str, Callable[[Job], Any]] = {
                "open": self._open,
                "encode": self._encode,
                "ask": self._ask,
                "score": self._score,
                "use_organs": self._use_organs,
                "load_model": self._load_model,
                "pull_model": self._pull_model,
                "import_model": self._import_model,
                "survey": self._survey,
                "worklist": self._worklist,
                "examine": self._examine,
                "prefetch": self._prefetch,
            }
            event = Event(job.request, "result", 1.0, value=steps[job.kind](job))
        except Cancelled:
            event = Event(job.request, "cancelled", message="Cancelled.")
        except MedVLPError as error:
            event = Event(job.request, "error", message=str(error), value=error)
        except MemoryError:
            event = _failure(job, "There was not enough memory. Close other programs or scans.")
        except Exception as error:
            event = _unexpected(job, error)
        self._connection.send(event)

    def _restore(self, job: Job) -> None:
        """Bring the session to what the parent counts on.

        It is elsewhere in a fresh process, and after a request that was cancelled and finished all
        the same.
        """
        if job.kind in ("survey", "worklist", "prefetch", "pull_model", "import_model"):
            return  # needs neither scan nor model
        context = job.context
        if context.model_request != self._model_request and job.kind != "load_model":
            if context.model_request:
                self.session.use_model(**context.model_arguments)
            else:  # the model that the worker was made with, and the scan anew
                self._session, self._scan_request = None, 0
            self._model_request = context.model_request
        if context.scan_request != self._scan_request and job.kind not in (
            "open",
            "load_model",
            "examine",
        ):
            if context.scan_request:
                self.session.open(**context.scan_arguments, progress=self._progress(job))
            else:
                self.session.scan, self.session.encoding = None, None
            self._scan_request = context.scan_request

    def _progress(self, job: Job) -> Callable[[float, str], None]:
        def report(fraction: float, message: str) -> None:
            if job.request in self._cancelled:
                raise Cancelled("Cancelled.")
            now = time.monotonic()
            if now - self._last_progress >= PROGRESS_INTERVAL:
                self._last_progress = now
                self._connection.send(Event(job.request, "progress", float(fraction), message))

        return report

    def _open(self, job: Job) -> Any:
        arguments = self._ahead.take(job.arguments)
        self.session.open(**arguments, progress=self._progress(job))
        self._scan_request = job.request
        assert self.session.scan is not None
        remove_block(job.shared_name)
        self.session.scan, parcel = self._blocks.publish(self.session.scan, job.shared_name)
        return parcel

    def _encode(self, job: Job) -> EncodingFacts:
        encoding = self.session.encode(progress=self._progress(job))
        return EncodingFacts(
            self._model_facts(),
            encoding.in_domain,
            encoding.geometry,
            encoding.organs,
            dict(self.session.timings),
        )

    def _use_organs(self, job: Job) -> EncodingFacts:
        self.session.use_organs(**job.arguments, progress=self._progress(job))
        return self._encode(job)

    def _ask(self, job: Job) -> Any:
        return self.session.ask(**job.arguments, progress=self._progress(job))

    def _score(self, job: Job) -> Any:
        return self.session.score(**job.arguments, progress=self._progress(job))

    def _load_model(self, job: Job) -> ModelFacts:
        self.session.use_model(**job.arguments)
        self._model_request = job.request
        return self._model_facts()

    def _pull_model(self, job: Job) -> str:
        from medvlp.models.install import Wishes, pull

        wishes = Wishes(accept_licence=job.arguments["accept_licence"])
        return pull(job.arguments["repository"], None, wishes, self._progress(job)).name

    def _import_model(self, job: Job) -> str:
        from medvlp.models.install import Wishes, install

        wishes = Wishes(accept_licence=job.arguments["accept_licence"])
        return install(job.arguments["folder"], wishes, self._progress(job)).name

    def _survey(self, job: Job) -> Any:
        from medvlp.io.survey import Survey, survey

        def found(result: Survey) -> None:
            self._connection.send(Event(job.request, "progress", value=result))

        return survey(**job.arguments, progress=self._progress(job), found=found)

    def _worklist(self, job: Job) -> Any:
        from medvlp.io.worklist import list_worklist

        return list_worklist(**job.arguments, progress=self._progress(job))

    def _examine(self, job: Job) -> Any:
        from medvlp.worker.examine import examine

        return examine(self.session, **job.arguments, progress=self._progress(job))

    def _prefetch(self, job: Job) -> None:
        self._ahead.read(**job.arguments, progress=self._progress(job))

    def _model_facts(self) -> ModelFacts:
        model = self.session.model
        return ModelFacts(
            model.name, model.sha256, model.model_id, model.device, tuple(model.modalities)
        )


def _failure(job: Job, message: str, report: str = "") -> Event:
    text = f"The request '{job.kind}' failed. {message}"
    error = WorkerError(text)
    error.report = report
    return Event(job.request, "error", message=text, value=error)


def _unexpected(job: Job, error: Exception) -> Event:
    """An error of ours, told without what it may say about the scan; or a full graphics card."""
    if type(error).__name__ == "OutOfMemoryError":  # torch.OutOfMemoryError; torch may be absent
        return _failure(job, "The memory of the graphics card is full. Use the processor instead.")
    report = traceback_text(error)
    _log.error("%s failed unexpectedly:\n%s", job.kind, report)
    return _failure(job, f"Unexpected {type(error).__name__}: {error}", report)


def _make_session(setup: Setup) -> Session:
    if setup.session_factory is None:
        return Session(setup.model, setup.device)
    module, _, function = setup.session_factory.partition(":")
    return getattr(import_module(module), function)()
