"""Opening the file of a worklist: what reads and computes, beside the event loop."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from medvlp.io.worklist import Worklist
from medvlp.store.worklist import WorklistStore
from medvlp.store.worklist_records import KnownAnswer
from medvlp_viewer.controllers.triage_rows import rows_of
from medvlp_widgets.models.queries import query_key
from medvlp_widgets.models.worklist_row import AnsweredRows, WorklistRow

MODEL, QUERY, SELECTED = "model", "query", "selected"
"""Names of what the file keeps besides decisions and answers."""


@dataclass(frozen=True)
class OpenedWorklist:
    """A worklist with what its file remembers.

    Parameters
    ----------
    store
        Its file.
    version
        Of the file, when the rows were read.
    newest
        Number of the last decision in it, by then.
    title
        Name of the folder or list.
    rows
        In the order of the source, with the answers that are known.
    query
        That they are ordered by.
    model_id
        Whose answers they show, or "".
    selected
        Key of the row that was selected last, or "".
    """

    store: WorklistStore
    version: int
    newest: int
    title: str
    rows: tuple[WorklistRow, ...]
    query: str
    model_id: str
    selected: str


def open_worklist(
    worklist: Worklist, query: str, open_store: Callable[[str], WorklistStore]
) -> OpenedWorklist:
    """Open the file of a worklist and read what it remembers.

    Parameters
    ----------
    worklist
        What was listed.
    query
        To order by; empty for that of the list, or of the last time.
    open_store
        Opens the file.

    Raises
    ------
    WorklistError
        If the file cannot be used.
    """
    store = open_store(worklist.source)
    try:
        query = query or worklist.query or store.place(QUERY)
        store.keep_place(**{QUERY: query})
        model_id, selected, version = store.place(MODEL), store.place(SELECTED), store.version()
        newest = store.newest()
        rows = rows_of(worklist, store.known_scans(), store.verdicts())
        known = recalled(store, rows, query, model_id)
    except BaseException:
        store.close()
        raise
    rows = [row.changed(known.get(row.key, {})) for row in rows]
    title = Path(worklist.source).name
    return OpenedWorklist(store, version, newest, title, tuple(rows), query, model_id, selected)


def answered(
    store: WorklistStore, rows: tuple[WorklistRow, ...], query: str, model_id: str
) -> AnsweredRows:
    """Rows with what a model answered to another query before. Any thread may ask."""
    return AnsweredRows.of(rows, query, recalled(store, rows, query, model_id))


def recalled(
    store: WorklistStore, rows: Iterable[WorklistRow], query: str, model_id: str
) -> dict[str, dict[str, Any]]:
    """Fields of the rows about which a model answered a query before, by key."""
    if not query or not model_id:
        return {}
    known = store.known_answers(query_key(query), model_id)
    answers = ((row.key, known.get((row.key, row.signature))) for row in rows if row.readable)
    return {key: shown(answer) for key, answer in answers if answer is not None}


def shown(answer: KnownAnswer) -> dict[str, Any]:
    """Fields of a row that an answer decides."""
    return {"state": "examined", "probability": answer.probability, "reason": answer.reason}
