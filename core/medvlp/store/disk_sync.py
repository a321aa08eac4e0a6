"""Commits of a database in WAL mode reach the disk without anybody waiting for it."""

from __future__ import annotations

import os
import sqlite3
import threading
from contextlib import closing, suppress
from pathlib import Path

from medvlp.store.worklist_file import connect

_LARGEST_JOURNAL = 2**24
"""Bytes of the write-ahead log that are brought into the database. After that the next commit waits
for the disk once, since SQLite then begins the log anew and syncs its header: so not often."""


class DiskSync:
    """Brings commits to the disk, in a thread of its own, as soon as they are made."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._journal = path.with_name(f"{path.name}-wal")
        self._wanted = threading.Event()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="medvlp-worklist", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Something was committed."""
        self._wanted.set()

    def close(self) -> None:
        """End the thread."""
        self._closed = True
        self._wanted.set()
        self._thread.join()

    def _run(self) -> None:
        with closing(connect(self._path)) as connection:
            while not self._closed:
                self._wanted.wait()
                self._wanted.clear()
                # A failure here is tried again with the next decision, and when the file is closed.
                with suppress(sqlite3.Error, OSError):
                    self._sync(connection)

    def _sync(self, connection: sqlite3.Connection) -> None:
        with self._journal.open("rb+") as journal:
            os.fsync(journal.fileno())
            size = os.fstat(journal.fileno()).st_size
        if size > _LARGEST_JOURNAL:
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
