"""Decisions about the scans of a worklist: written before the call returns, never overwritten.

Decisions are a journal: each is a line of its own, the newest line about a scan counts, and taking
one back is a further line. So two windows on one worklist add to each other's work.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from medvlp.errors import WorklistError
from medvlp.store.disk_sync import DiskSync
from medvlp.store.worklist_file import connect, open_worklist_file, worklist_file
from medvlp.store.worklist_records import (
    Decision,
    Kind,
    KnownAnswer,
    KnownScan,
    Status,
    Verdict,
)


class WorklistStore:
    """The file of one worklist. One thread at a time may use it, but for :meth:`verdicts` of all
    scans and :meth:`known_answers`; several processes may use the same file.

    Scans are known by their key, a path relative to the worklist, and by their content hash. A path
    can name a patient, so that a new file is readable for its owner
    alone.

    Parameters
    ----------
    source
        Folder or file that lists the scans.
    path
        Of the file; by default :func:`medvlp.store.worklist_file.worklist_file`.

    Raises
    ------
    WorklistError
        If the file cannot be used; see :func:`medvlp.store.worklist_file.open_worklist_file`.
    """

    def __init__(self, source: str | os.PathLike[str], path: Path | None = None) -> None:
        self.path = path or worklist_file(source)
        self._connection = open_worklist_file(self.path)
        self._stands_for: dict[int, int] = {}
        self._disk = DiskSync(self.path)

    def close(self) -> None:
        """Bring everything to the disk."""
        self._disk.close()
        self._connection.close()

    def __enter__(self) -> WorklistStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def decide(self, key: str, status: Status, content: str = "") -> Decision:
        """Set the status of a scan.

        Raises
        ------
        WorklistError
            If it could not be written; nothing is changed then. The same for what follows.
        """
        return self._append(key, "status", status, content)

    def write_note(self, key: str, text: str, content: str = "") -> Decision:
        """Replace the note of a scan."""
        return self._append(key, "note", text, content)

    def take_back(self, decision: Decision) -> Decision:
        """Say again what was said before a decision of this window.

        Returns
        -------
        Decision
            The line that does so.

        Raises
        ------
        WorklistError
            If another window has decided about the same scan since: that stays.
        """
        with self._writing():
            newest = self._newest(decision.key, decision.kind)
            ours = newest is not None and self._meant(newest[0]) == decision.number
            content = self._content(decision.replaced)
            number = (
                self._insert(decision.key, decision.kind, decision.before, content) if ours else 0
            )
        if not ours:
            raise WorklistError(
                "Another window has decided about this scan since; that decision was kept."
            )
        self._stands_for[number] = decision.replaced
        return Decision(
            number, decision.key, decision.kind, decision.before, decision.value, decision.number
        )

    def verdicts(self, key: str | None = None, since: int = 0) -> dict[str, Verdict]:
        """The decisions that count now, by key.

        Parameters
        ----------
        key
            Of the scan that they are about. Without one they are read over a connection of their
            own, so that any thread may ask.
        since
            Only scans about which something was written after this line; see :meth:`newest`.
        """
        one = "WHERE number > ? " if key is None else "WHERE key = ? "
        statement = (
            "SELECT key, kind, value, content, at FROM decision WHERE number IN "  # noqa: S608
            "(SELECT max(number) FROM decision WHERE key IN "
            f"(SELECT key FROM decision {one}) GROUP BY key, kind) ORDER BY number"
        )
        rows = (
            self._read_apart(statement, (since,)) if key is None else self._read(statement, (key,))
        )
        found: dict[str, dict[str, str]] = {}
        for key, kind, value, content, at in rows:
            fields = found.setdefault(key, {})
            fields[kind] = value
            if kind == "status":
                fields |= {"content": content, "decided_at": "" if value == "new" else at}
        return {key: Verdict(**fields) for key, fields in found.items()}  # type: ignore[arg-type]

    def newest(self) -> int:
        """Number of the last line about a decision."""
        return int(self._read("SELECT coalesce(max(number), 0) FROM decision")[0][0])

    def remember(self, key: str, scan: KnownScan) -> None:
        """Keep what was learnt by opening a scan."""
        self._write(
            "INSERT OR REPLACE INTO item VALUES (?, ?, ?, ?)",
            (key, scan.signature, scan.content, scan.modality),
        )

    def known_scans(self) -> dict[str, KnownScan]:
        """What is known of scans, by key; the caller compares signatures."""
        rows = self._read("SELECT key, signature, content, modality FROM item")
        return {key: KnownScan(*facts) for key, *facts in rows}

    def remember_answer(
        self, key: str, signature: str, model: str, query: str, answer: KnownAnswer
    ) -> None:
        """Keep the answer to a query about the files of that signature."""
        self._write(
            "INSERT OR REPLACE INTO answer VALUES (?, ?, ?, ?, ?, ?)",
            (key, model, query, signature, answer.probability, answer.reason),
        )

    def known_answers(self, query: str, model: str) -> dict[tuple[str, str], KnownAnswer]:
        """Answers of a model to a query, by key and signature. Any thread may ask."""
        rows = self._read_apart(
            "SELECT key, signature, probability, reason FROM answer WHERE query = ? AND model = ?",
            (query, model),
        )
        return {(key, signature): KnownAnswer(p, reason) for key, signature, p, reason in rows}

    def keep_place(self, **values: str) -> None:
        """Keep where the user is, such as the query and the selected scan."""
        for name, value in values.items():
            self._write("INSERT OR REPLACE INTO place VALUES (?, ?)", (name, value))

    def place(self, name: str) -> str:
        """What :meth:`keep_place` kept, else ""."""
        rows = self._read("SELECT value FROM place WHERE name = ?", (name,))
        return rows[0][0] if rows else ""

    def version(self) -> int:
        """Changes when another window has written (SQLite, PRAGMA data_version)."""
        return int(self._read("PRAGMA data_version")[0][0])

    def _meant(self, number: int) -> int:
        """The decision that a line stands for, which is another one where it took one back."""
        while number in self._stands_for:
            number = self._stands_for[number]
        return number

    def _append(self, key: str, kind: Kind, value: str, content: str) -> Decision:
        with self._writing():
            newest = self._newest(key, kind)
            before = newest[1] if newest else ("new" if kind == "status" else "")
            number = self._insert(key, kind, value, content)
        return Decision(number, key, kind, value, before, newest[0] if newest else 0)

    def _insert(self, key: str, kind: Kind, value: str, content: str) -> int:
        cursor = self._connection.execute(
            "INSERT INTO decision (key, kind, value, content, at) VALUES (?, ?, ?, ?, ?)",
            (key, kind, value, content, datetime.now(UTC).isoformat(timespec="milliseconds")),
        )
        return cast(int, cursor.lastrowid)

    def _newest(self, key: str, kind: Kind) -> tuple[int, str] | None:
        return self._connection.execute(
            "SELECT number, value FROM decision WHERE key = ? AND kind = ? "
            "ORDER BY number DESC LIMIT 1",
            (key, kind),
        ).fetchone()

    def _content(self, number: int) -> str:
        """Content hash in a line of the journal; "" before the first one."""
        found = self._connection.execute(
            "SELECT content FROM decision WHERE number = ?", (number,)
        ).fetchone()
        return found[0] if found else ""

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            with suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")
            raise WorklistError(
                f"The decision could not be written to {self.path} ({error}) and does not count. "
                "Check the space on the disk, then decide again."
            ) from None
        self._disk.wake()

    def _write(self, statement: str, values: Sequence[object]) -> None:
        with self._writing():
            self._connection.execute(statement, values)

    def _read(self, statement: str, values: Sequence[object] = ()) -> list[tuple]:
        return self._rows(self._connection, statement, values)

    def _read_apart(self, statement: str, values: Sequence[object]) -> list[tuple]:
        """What takes long, while another thread may be writing a decision."""
        with closing(self._connected()) as connection:
            return self._rows(connection, statement, values)

    def _connected(self) -> sqlite3.Connection:
        try:
            return connect(self.path)
        except sqlite3.Error as error:
            raise self._unreadable(error) from None

    def _rows(
        self, connection: sqlite3.Connection, statement: str, values: Sequence[object]
    ) -> list[tuple]:
        try:
            return connection.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            raise self._unreadable(error) from None

    def _unreadable(self, error: sqlite3.Error) -> WorklistError:
        return WorklistError(f"{self.path} cannot be read ({error}).")
