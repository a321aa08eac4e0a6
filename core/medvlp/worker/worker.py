"""The parent's side of the worker: every call returns at once."""

from __future__ import annotations

import itertools
import multiprocessing
import threading
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Any

from medvlp.errors import WorkerError
from medvlp.worker.messages import JOB_KINDS, Cancel, Event, Job, JobKind, Setup, Stop
from medvlp.worker.supervisor import STOP_GRACE_SECONDS, Supervisor


class Worker:
    """A :class:`medvlp.Session` in a child process.

    Requests run one after another, in the order in which they were submitted. If the process is
    killed, by :meth:`cancel`, by the system or by a crash, another one is started, and the next
    request opens the same scan and uses the same model first: the scan is not lost.

    No method blocks (``close`` for at most a moment), none needs an event loop: call :meth:`poll`
    from a timer. As with every program that starts processes, a script that makes a Worker needs
    ``if __name__ == "__main__":``.

    Parameters
    ----------
    model
        Name or folder of the model; None is the built-in default. Loaded when first needed.
    device
        ``"auto"``, ``"cpu"``, ``"cuda"``, ``"mps"``.
    fake_session_factory
        ``"module:function"``: called without arguments in the child process instead of making a
        Session; for tests.
    in_background
        Yield to other programs: low priority, and half of the processors at most.
    """

    def __init__(
        self,
        model: str | None = None,
        device: str = "auto",
        fake_session_factory: str | None = None,
        in_background: bool = False,
    ) -> None:
        self._setup = Setup(model, device, fake_session_factory, in_background)
        self._numbers = itertools.count(1)
        self._events: SimpleQueue[Event] = SimpleQueue()
        self._commands: SimpleQueue[Job | Cancel | Stop] = SimpleQueue()
        self._awake, self._wake = multiprocessing.Pipe(duplex=False)
        self._wake_lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closed = False
        self._supervisor = Supervisor(self._setup, self._commands, self._events, self._awake)

    def background(self) -> Worker:
        """Another worker with the same model, in a process of its own that yields to this one."""
        setup = self._setup
        return Worker(setup.model, setup.device, setup.session_factory, in_background=True)

    def another(self) -> Worker:
        """Another worker with the same model, in a process of its own, for a second scan."""
        setup = self._setup
        return Worker(setup.model, setup.device, setup.session_factory)

    def start(self) -> None:
        """Start the child process now rather than at the first request."""
        if self._closed:
            raise WorkerError("This worker was closed. Make another one.")
        if self._thread is None:
            self._thread = threading.Thread(
                target=self._supervisor.run, name="medvlp-worker", daemon=True
            )
            self._thread.start()

    def submit(self, kind: JobKind, **arguments: Any) -> int:
        """Ask for something; the answer comes through :meth:`poll`.

        Parameters
        ----------
        kind
            ``"open"`` (``source``, ``series``, ``strict``; ``path`` is another name of
            ``source``), ``"encode"``, ``"ask"`` (``texts``), ``"score"`` (``organs``,
            ``findings``), ``"use_organs"`` (``organs``), ``"load_model"`` (``model``, ``device``,
            ``modality``), ``"pull_model"`` (``repository``, ``accept_licence``), which downloads a
            published model; ``"import_model"`` (``folder``, ``accept_licence``), which adds one from a
            folder; ``"survey"`` (``paths``, ``identifiers``), which lists what can be opened;
            ``"worklist"`` (``source``);
            ``"examine"`` (``source``, ``series``, ``texts``, ``scan_id``), which answers queries
            about a scan; or ``"prefetch"`` (``source``, ``series``), so that opening this next
            takes no time. These last six leave the open scan alone.
        **arguments
            Of the :class:`medvlp.Session` method; ``load_model``: of ``Session.use_model``;
            ``survey``: of :func:`medvlp.io.survey.survey`; ``worklist``: of
            :func:`medvlp.io.worklist.list_worklist`; ``examine``: of
            :func:`medvlp.worker.examine.examine`.

        Returns
        -------
        int
            Number of the request, greater than every one before it.
        """
        if kind not in JOB_KINDS:
            raise WorkerError(f"Unknown request {kind!r}: expected one of {', '.join(JOB_KINDS)}.")
        self.start()
        if kind == "open" and "path" in arguments:
            arguments["source"] = arguments.pop("path")
        request = next(self._numbers)
        self._tell(Job(request, kind, arguments))
        return request

    def poll(self) -> list[Event]:
        """Events since the last call, oldest first. Never blocks."""
        events = []
        with suppress(Empty):
            while True:
                events.append(self._events.get_nowait())
        return events

    def cancel(self, request: int) -> None:
        """Stop a request: it ends with a ``"cancelled"`` event, at the latest after a second.

        A request that has ended, or is unknown, is left alone.
        """
        if not self._closed:
            self._tell(Cancel(request))

    def close(self) -> None:
        """End the child process and forget all requests. Safe to call twice."""
        if self._closed:
            return
        self._closed = True
        if self._thread is not None:
            self._tell(Stop())
            self._thread.join(STOP_GRACE_SECONDS + 5.0)
        self._wake.close()

    @property
    def model(self) -> str | None:
        """Name or folder of the model that the process was made with; None is the built-in one."""
        return self._setup.model

    @property
    def process_id(self) -> int | None:
        """Of the child process, to show its memory use; None when there is none."""
        return self._supervisor.process_id

    def __enter__(self) -> Worker:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _tell(self, command: Job | Cancel | Stop) -> None:
        self._commands.put(command)
        with self._wake_lock, suppress(OSError):
            self._wake.send_bytes(b"!")
