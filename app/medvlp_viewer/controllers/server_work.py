"""Talking to a server beside the event loop, in a way that can be given up at any time."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from shutil import rmtree
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

from medvlp.network.inbox import Inbox
from medvlp_viewer.models.background import Work, attempt
from medvlp_viewer.models.task import Task

if TYPE_CHECKING:
    from medvlp.network.server import Server

_LOOK_SECONDS = 0.05
_OWNER_ONLY = 0o700

Connect = Callable[[str, str], "Server"]
"""Address and title to a server."""


def connect(address: str, aet: str) -> Server:
    """The archive at an address; see :func:`medvlp.network.server.open_server`."""
    from medvlp.network.server import open_server

    return open_server(address, aet=aet)


class ServerTask(Task):
    """One request to a server."""

    def run(self, work: Work) -> Any:
        """``work()``, or at once :class:`medvlp.Cancelled` when it is given up.

        A server may keep its caller waiting for long, which nothing can interrupt: the call is left
        alone in a thread that does not keep the program from ending.
        """
        self.check()
        done, results = Event(), []

        def call() -> None:
            results.append(attempt(work)())
            done.set()

        Thread(target=call, name="medvlp-server", daemon=True).start()
        while not done.wait(_LOOK_SECONDS):
            self.check()
        if isinstance(results[0], Exception):
            raise results[0]
        return results[0]


class TaskInbox(Inbox):
    """An inbox that keeps nothing more once the task was given up."""

    def __init__(self, folder: Path, study: str, task: ServerTask) -> None:
        super().__init__(folder, study)
        self._task = task

    def add(self, data: bytes, series: tuple[str, ...] = ()) -> bool:
        """Keep one image."""
        self._task.check()
        return super().add(data, series)


def folder_of(downloads: Path, study: str) -> Path:
    """Where a study is kept: a name that tells nothing, and the same one every time."""
    return downloads / f"study-{sha256(study.encode()).hexdigest()[:12]}"


def fetch(server: Server, downloads: Path, study: str, series: str, task: ServerTask) -> Inbox:
    """Fetch what is lacking of a study into its folder, which nobody else may read.

    Parameters
    ----------
    server
        That has it.
    downloads
        Folder of all studies.
    study, series
        UIDs; of a series "" for all of them.
    task
        Told how far it is.

    Raises
    ------
    ServerError
        If the server cannot be used.
    Cancelled
        If the task was given up; whole images stay.
    OSError
        If nothing can be written.
    """
    downloads.mkdir(parents=True, exist_ok=True)
    downloads.chmod(_OWNER_ONLY)
    inbox = TaskInbox(folder_of(downloads, study), study, task)
    server.get(inbox, (series,) if series else (), task.progress)
    return inbox


def clear(downloads: Path) -> int:
    """Remove all studies; bytes that are free again.

    Raises
    ------
    OSError
        If something cannot be removed.
    """
    if not downloads.is_dir():
        return 0
    size = sum(path.stat().st_size for path in downloads.rglob("*") if path.is_file())
    rmtree(downloads)
    return size
