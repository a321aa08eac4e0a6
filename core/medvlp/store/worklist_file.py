"""The SQLite file of a worklist: opened only if it is whole, and of a version that is understood.

A file that is not is refused and left exactly as it is: it may hold the work of days.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from contextlib import closing
from pathlib import Path

from medvlp.errors import WorklistError

SCHEMA_VERSION = 1
APPLICATION_ID = 0x4D56574C
"""``MVWL``: tells the file from another program's database (SQLite, PRAGMA application_id)."""

BUSY_SECONDS = 2.0
"""How long to wait while another window writes, which takes a millisecond."""

_OWNER_ALONE = 0o600
"""Mode of a new file: paths and notes in it can name patients."""

_SCHEMA = """
CREATE TABLE item (
    key TEXT PRIMARY KEY,
    signature TEXT NOT NULL,
    content TEXT NOT NULL,
    modality TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE answer (
    key TEXT NOT NULL,
    model TEXT NOT NULL,
    query TEXT NOT NULL,
    signature TEXT NOT NULL,
    probability REAL,
    reason TEXT NOT NULL,
    PRIMARY KEY (key, model, query)
) STRICT, WITHOUT ROWID;
CREATE TABLE decision (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('status', 'note')),
    value TEXT NOT NULL,
    content TEXT NOT NULL,
    at TEXT NOT NULL
) STRICT;
CREATE INDEX decision_of ON decision (key, kind, number);
CREATE TABLE place (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
"""


def worklist_folder() -> Path:
    """Folder of the worklists' files: ``$MEDVLP_WORKLISTS``, or the user's data folder."""
    from platformdirs import user_data_path

    override = os.environ.get("MEDVLP_WORKLISTS")
    return Path(override) if override else user_data_path("medvlp", appauthor=False) / "worklists"


def worklist_file(source: str | os.PathLike[str]) -> Path:
    """Where the decisions about a worklist are kept.

    The name is a hash of the source's path, so that it tells nothing about patients; the paths and
    notes in it can.
    """
    digest = hashlib.sha256(str(Path(source).resolve()).encode()).hexdigest()[:24]
    return worklist_folder() / f"{digest}.sqlite"


def open_worklist_file(path: Path) -> sqlite3.Connection:
    """Connect to a worklist's file in WAL mode; a new one is made.

    Raises
    ------
    WorklistError
        If the file is damaged, another program's, of a newer version or cannot be written; it is
        left as it is.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_file() and path.stat().st_size:
            _check(path)
        path.touch(mode=_OWNER_ALONE)  # SQLite gives its journals the mode of the file
        connection = connect(path)
        try:
            _prepare(connection)
        except BaseException:
            connection.close()
            raise
    except (sqlite3.Error, OSError) as error:
        raise WorklistError(
            f"The decisions of this worklist cannot be kept in {path}: {error}. Check that the "
            "folder can be written and has space, or set MEDVLP_WORKLISTS to another folder."
        ) from None
    return connection


def connect(path: Path) -> sqlite3.Connection:
    """A connection on which every statement is its own transaction unless one is begun.

    It may be opened, used and closed in different threads, though not by two at a time.
    """
    return sqlite3.connect(
        path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
    )


def _check(path: Path) -> None:
    """Look at an existing file without writing to it."""
    try:
        with closing(
            sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", BUSY_SECONDS, uri=True)
        ) as connection:
            application = _pragma(connection, "application_id")
            version = _pragma(connection, "user_version")
            tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
            damage = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError as error:
        raise _damaged(path, str(error)) from None
    if tables and application != APPLICATION_ID:
        raise WorklistError(
            f"{path} is another program's database, not the decisions of a worklist. It was left "
            "as it is; move it to another place."
        )
    if version > SCHEMA_VERSION:
        raise WorklistError(
            f"{path} was written by a newer version of medvlp: expected version {SCHEMA_VERSION} "
            f"or older, found {version}. It was left as it is; update medvlp to go on with it."
        )
    if damage != "ok":
        raise _damaged(path, damage)


def _damaged(path: Path, what: str) -> WorklistError:
    return WorklistError(
        f"{path} is damaged ({what.splitlines()[0]}): the decisions in it cannot be read. It was "
        "left as it is. Put a copy of it back, or move it away to begin again."
    )


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])


def _prepare(connection: sqlite3.Connection) -> None:
    """Make the tables of a new file; choose how writes reach the disk.

    In WAL mode with synchronous NORMAL a commit is in the operating system's hands when it
    returns: a killed program loses nothing. The store's own thread brings it to the disk at once,
    against a power failure, since waiting for a busy disk can take longer than a key press may
    (https://sqlite.org/pragma.html#pragma_synchronous).
    """
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA wal_autocheckpoint = 0")
    connection.execute("BEGIN IMMEDIATE")
    if _pragma(connection, "user_version") == 0:
        for statement in _SCHEMA.split(";"):
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    connection.execute("COMMIT")
