"""The scans of a worklist in the order in which they are gone through, without any GUI."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Literal

from psygnal import Signal

from medvlp_widgets.models.worklist_row import STATUS_WORDS, WorklistRow

SortColumn = Literal["score", "name", "status", "note"]
SHOW_ALL, SHOW_UNREADABLE = "all", "unreadable"
_NOTED = "noted"
_STATUS_ORDER = {status: number for number, status in enumerate(STATUS_WORDS)}


class WorklistModel:
    """Rows, their order, which of them are shown, and the selected one.

    Events
    ------
    reset()
        Another worklist was loaded, or it was closed.
    row_changed(str)
        Key of a row whose place did not change.
    order_changed()
        Rows moved, appeared or disappeared.
    selection_changed(str)
        Key of the selected row, or "".
    query_changed(str)
        Text that the rows are ordered by.
    """

    reset = Signal()
    row_changed = Signal(str)
    order_changed = Signal()
    selection_changed = Signal(str)
    query_changed = Signal(str)

    def __init__(self) -> None:
        self._rows: dict[str, WorklistRow] = {}
        self._position: dict[str, int] = {}
        self._shown: tuple[str, ...] = ()
        self._tally: Counter[str] = Counter()
        self._selected = ""
        self._place = 0
        self.title = ""
        self.query = ""
        self.status_filter = SHOW_ALL
        self.text_filter = ""
        self.sort_column: SortColumn = "score"
        self.descending = True

    def __bool__(self) -> bool:
        return True  # a model without rows is still a model

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[WorklistRow]:
        return iter(tuple(self._rows.values()))

    def __contains__(self, key: object) -> bool:
        return key in self._rows

    def __getitem__(self, key: str) -> WorklistRow:
        return self._rows[key]

    @property
    def shown(self) -> tuple[str, ...]:
        """Keys in the order on the screen, without those filtered out."""
        return self._shown

    @property
    def selected(self) -> str:
        """Key of the selected row, or ""."""
        return self._selected

    def load(self, title: str, rows: Iterable[WorklistRow], query: str = "") -> None:
        """Show another worklist; nothing is selected."""
        self._rows = {row.key: row for row in rows}
        self._position = {key: number for number, key in enumerate(self._rows)}
        self._selected, self._place = "", 0
        self._tally = self._tallied(self._rows.values())
        self.title, self.query = title, query
        self._shown = self._arranged()
        self.reset.emit()
        self.query_changed.emit(query)
        self.selection_changed.emit("")

    def set_query(self, text: str, known: Mapping[str, Mapping[str, Any]] | None = None) -> None:
        """Name what the rows are ordered by. The answers to the one before are forgotten.

        Parameters
        ----------
        text
            The query.
        known
            Fields of the rows whose answer to it is known; the other readable ones wait.
        """
        self.query, known = text, known or {}
        waiting: dict[str, Any] = {"state": "waiting", "probability": None, "reason": ""}
        self._rows = {
            key: row.changed(known.get(key, waiting)) if row.readable else row
            for key, row in self._rows.items()
        }
        self._tally = self._tallied(self._rows.values())
        self._arrange()
        self.query_changed.emit(text)

    def update(self, key: str, **changes: Any) -> None:
        """Change fields of a row; an unknown key is ignored, since its worklist was closed."""
        self.update_all({key: changes})

    def update_all(self, changes: dict[str, dict[str, Any]]) -> None:
        """Change several rows, then bring them into order once, if that can have changed."""
        before = {key: self._rows[key] for key in changes if key in self._rows}
        after = {key: row.changed(changes[key]) for key, row in before.items()}
        self._rows |= after
        self._tally.subtract(self._tallied(before.values()))
        self._tally.update(self._tallied(after.values()))
        moved = any(self._standing(before[key]) != self._standing(after[key]) for key in after)
        if not (moved and self._arrange()):
            for key in after:
                self.row_changed.emit(key)

    def sort_by(self, column: SortColumn, descending: bool) -> None:
        """Order by another column; equal rows stay in the order of the source."""
        self.sort_column, self.descending = column, descending
        self._arrange()

    def show_status(self, status: str) -> None:
        """Show only rows of a status, :data:`SHOW_UNREADABLE` ones, or :data:`SHOW_ALL`."""
        self.status_filter = status
        self._arrange()
        self.order_changed.emit()

    def show_text(self, text: str) -> None:
        """Show only rows whose name or note contains all words of a text."""
        self.text_filter = text.casefold()
        self._arrange()

    def select(self, key: str) -> None:
        """Select a row; "" selects none."""
        if key and key not in self._rows:
            return
        if key in self._shown:
            self._place = self._shown.index(key)
        if key != self._selected:
            self._selected = key
            self.selection_changed.emit(key)

    def step(self, by: int) -> str:
        """Key of the row so many places further on the screen; "" beyond the ends."""
        if not self._shown:
            return ""
        if self._selected in self._shown:
            place = self._shown.index(self._selected) + by
        elif not self._selected:
            place = 0 if by > 0 else len(self._shown) - 1
        else:  # it was filtered out: the row that moved up into its place is the next one
            place = self._place + (by - 1 if by > 0 else by)
        return self._shown[place] if 0 <= place < len(self._shown) else ""

    def next_undecided(self) -> str:
        """Key of the next row below the selected one that waits for a decision, then from the top."""
        start = self._place + 1 if self._selected else 0
        for key in (*self._shown[start:], *self._shown[:start]):
            if key != self._selected and self._rows[key].undecided:
                return key
        return ""

    def counts(self) -> Counter[str]:
        """How many rows there are of each status word's status; unreadable ones apart."""
        return Counter({status: n for status, n in self._tally.items() if status != _NOTED})

    @property
    def has_notes(self) -> bool:
        """Whether there is a note in any row."""
        return self._tally[_NOTED] > 0

    def _tallied(self, rows: Iterable[WorklistRow]) -> Counter[str]:
        """How many rows there are of each status, and how many with a note."""
        tally: Counter[str] = Counter()
        for row in rows:
            tally[self._status_of(row)] += 1
            tally[_NOTED] += bool(row.note)
        return tally

    def _standing(self, row: WorklistRow) -> tuple[object, ...]:
        """All of a row that its place, or whether it is shown, can depend on."""
        return row.name, row.note, row.status, self._status_of(row), _by_score(row, 1.0)

    def _status_of(self, row: WorklistRow) -> str:
        if row.status == "new" and not row.readable:
            return SHOW_UNREADABLE
        return "new" if row.undecided else row.status

    def _arrange(self) -> bool:
        """Bring the rows into order; whether that changed anything on the screen."""
        shown = self._arranged()
        if shown == self._shown:
            return False
        self._shown = shown
        if self._selected in shown:
            self._place = shown.index(self._selected)
        self.order_changed.emit()
        return True

    def _arranged(self) -> tuple[str, ...]:
        rows = list(self._rows.values())
        if self.status_filter != SHOW_ALL:
            rows = [row for row in rows if self._status_of(row) == self.status_filter]
        for word in self.text_filter.split():
            rows = [row for row in rows if word in f"{row.name} {row.note}".casefold()]
        rows.sort(key=self._sort_key())
        return tuple(row.key for row in rows)

    def _sort_key(self) -> Callable[[WorklistRow], tuple[Any, ...]]:
        position = self._position
        if self.sort_column == "score":
            sign = -1.0 if self.descending else 1.0
            return lambda row: (*_by_score(row, sign), position[row.key])
        if self.sort_column == "status":
            sign = -1 if self.descending else 1
            return lambda row: (
                not row.readable,
                sign * _STATUS_ORDER[row.status],
                position[row.key],
            )
        texts = {row.key: getattr(row, self.sort_column) for row in self._rows.values()}
        ranks = {text: rank for rank, text in enumerate(sorted(set(texts.values())))}
        sign = -1 if self.descending else 1
        return lambda row: (not texts[row.key], sign * ranks[texts[row.key]], position[row.key])


def _by_score(row: WorklistRow, sign: float) -> tuple[int, float]:
    """Answered rows by probability, then those without an answer, then the unreadable ones."""
    if not row.readable:
        return 3, 0.0
    if row.probability is not None:
        return 0, sign * row.probability
    return (1 if row.state == "examined" else 2), 0.0
