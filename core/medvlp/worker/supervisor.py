"""Minds the child process, in a thread of the parent: starts, feeds, kills and replaces it."""

from __future__ import annotations

import multiprocessing
import os
import secrets
import signal
import time
from collections import deque
from contextlib import suppress
from dataclasses import replace
from multiprocessing.connection import Connection, wait
from pickle import PicklingError
from queue import Empty, SimpleQueue
from typing import Any

from medvlp.errors import WorkerError
from medvlp.worker import child
from medvlp.worker.messages import (
    Cancel,
    Context,
    Event,
    Job,
    Ready,
    Setup,
    Stop,
)
from medvlp.worker.shared_scan import SharedBlocks, SharedScan, remove_block

CANCEL_GRACE_SECONDS = 1.0
STOP_GRACE_SECONDS = 1.0


class Supervisor:
    """Runs in the worker's thread; owns the child process and its pipe."""

    def __init__(
        self,
        setup: Setup,
        commands: SimpleQueue[Job | Cancel | Stop],
        events: SimpleQueue[Event],
        awake: Connection,
    ) -> None:
        self._setup, self._commands, self._events, self._awake = setup, commands, events, awake
        self._spawn = multiprocessing.get_context("spawn")
        self._blocks = SharedBlocks()
        self._waiting: deque[Job] = deque()
        self._running: Job | None = None
        self._deadline: float | None = None
        self._context = Context()
        self._process: Any = None
        self._process_id: int | None = None
        self._pipe: Connection | None = None
        self._was_ready = False
        self._stopping = False

    @property
    def process_id(self) -> int | None:
        """Of the child process, or None."""
        return self._process_id

    def run(self) -> None:
        """Mind the child process until told to stop."""
        self._start_process()
        while not self._stopping:
            self._dispatch()
            self._wait()
            self._obey()
            if self._deadline is not None and time.monotonic() >= self._deadline:
                self._kill_running()
        self._end_process()
        self._blocks.sweep()
        self._awake.close()

    def _dispatch(self) -> None:
        if self._running is not None or not self._waiting:
            return
        if self._process is None:
            self._start_process()
        job = self._waiting.popleft()
        block = f"medvlp-{secrets.token_hex(8)}"
        self._running = replace(job, context=self._context, shared_name=block)
        assert self._pipe is not None
        try:
            self._pipe.send(self._running)
        except OSError:
            self._on_death()
        except (TypeError, ValueError, AttributeError, PicklingError) as error:
            self._running = None
            text = f"The arguments of '{job.kind}' cannot be sent to the inference process: {error}"
            self._events.put(Event(job.request, "error", message=text, value=WorkerError(text)))

    def _wait(self) -> None:
        sources: list[Any] = [self._awake]
        if self._process is not None:
            sources += [self._pipe, self._process.sentinel]
        timeout = None if self._deadline is None else max(self._deadline - time.monotonic(), 0)
        ready = wait(sources, timeout)
        if self._awake in ready:
            self._awake.recv_bytes()
        if self._pipe is not None and self._pipe in ready:
            self._receive()
        elif self._process is not None and self._process.sentinel in ready:
            self._on_death()

    def _receive(self) -> None:
        assert self._pipe is not None
        try:
            while self._pipe is not None and self._pipe.poll():
                self._on_message(self._pipe.recv())
        except (EOFError, OSError):
            self._on_death()

    def _on_message(self, message: Ready | Event) -> None:
        if isinstance(message, Ready):
            self._was_ready = True
            return
        job = self._running
        if job is None or message.request != job.request:
            return
        value = message.value
        if isinstance(value, SharedScan):
            value = self._blocks.receive(value)
        if message.kind == "progress":
            self._events.put(message)
            return
        cancelled = self._deadline is not None
        self._running, self._deadline = None, None
        if cancelled:
            self._events.put(Event(job.request, "cancelled", message="Cancelled."))
            return
        if message.kind == "result":
            self._context = self._context.after(job)
        self._events.put(Event(job.request, message.kind, message.fraction, message.message, value))

    def _obey(self) -> None:
        with suppress(Empty):
            while True:
                command = self._commands.get_nowait()
                if isinstance(command, Job):
                    self._waiting.append(command)
                elif isinstance(command, Cancel):
                    self._cancel(command.request)
                else:
                    self._stopping = True

    def _cancel(self, request: int) -> None:
        if self._running is not None and self._running.request == request:
            if self._deadline is None:
                self._deadline = time.monotonic() + CANCEL_GRACE_SECONDS
                with suppress(OSError):
                    assert self._pipe is not None
                    self._pipe.send(Cancel(request))
            return
        for job in self._waiting:
            if job.request == request:
                self._waiting.remove(job)
                self._events.put(Event(request, "cancelled", message="Cancelled."))
                return

    def _kill_running(self) -> None:
        job, self._running, self._deadline = self._running, None, None
        self._end_process()
        if job is not None:
            remove_block(job.shared_name)
            self._events.put(Event(job.request, "cancelled", message="Cancelled."))
        self._start_process()

    def _on_death(self) -> None:
        """Report a child process that ended by itself; start another unless that is hopeless."""
        job, cancelled = self._running, self._deadline is not None
        self._running, self._deadline = None, None
        self._process.join(STOP_GRACE_SECONDS)
        message = _cause(self._process.exitcode)
        was_ready = self._was_ready
        self._end_process()
        if job is not None:
            remove_block(job.shared_name)
        if job is not None and cancelled:
            self._events.put(Event(job.request, "cancelled", message="Cancelled."))
        else:
            self._events.put(Event(job.request if job else 0, "died", message=message))
        if was_ready:
            self._start_process()

    def _start_process(self) -> None:
        self._pipe, far_end = self._spawn.Pipe()
        self._was_ready = False
        self._process = self._spawn.Process(
            target=child.run, args=(far_end, self._setup), name="medvlp-session", daemon=True
        )
        self._process.start()
        self._process_id = self._process.pid
        far_end.close()

    def _end_process(self) -> None:
        process, pipe = self._process, self._pipe
        self._process, self._pipe, self._process_id = None, None, None
        if process is None:
            return
        if self._running is None and self._stopping and pipe is not None:
            with suppress(OSError):
                pipe.send(Stop())
            process.join(STOP_GRACE_SECONDS)
        if process.is_alive():
            _kill_group(process)
            process.join()
        if pipe is not None:
            pipe.close()
        process.close()


def _kill_group(process: Any) -> None:
    """Kill the process and the helpers it started."""
    with suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg") and os.getpgid(process.pid) == process.pid:
            os.killpg(process.pid, signal.SIGKILL)
            return
    process.kill()


def _cause(exit_code: int | None) -> str:
    if exit_code is not None and exit_code < 0:
        name = signal.Signals(-exit_code).name
        hint = " The computer probably ran out of memory." if name == "SIGKILL" else ""
        return (
            f"The inference process was ended by {name}.{hint} It was started again and the scan "
            "is still open; ask again, or try a smaller scan or model."
        )
    return (
        f"The inference process ended unexpectedly (status {exit_code}). It was started again and "
        "the scan is still open; ask again."
    )
