"""The scans of a worklist in the order in which they are gone through, without any GUI."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from psygnal import Signal

from medvlp_widgets.models.worklist_columns import SHOW_UNREADABLE, SortColumn, WorklistColumns
from medvlp_widgets.models.worklist_row import AnsweredRows, WorklistRow

__all__ = ["SHOW_ALL", "SHOW_UNREADABLE", "SortColumn", "WorklistModel"]

SHOW_ALL = "all"


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
        self._columns = WorklistColumns(())
        self._order: NDArray[np.intp] = np.empty(0, np.intp)
        self._shown: tuple[str, ...] = ()
        self._places: dict[str, int] = {}
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

    def place_of(self, key: str) -> int:
        """Where a row is on the screen; -1 if it is not."""
        return self._places.get(key, -1)

    def load(self, title: str, rows: Iterable[WorklistRow], query: str = "") -> None:
        """Show another worklist; nothing is selected."""
        self._rows = {row.key: row for row in rows}
        self._position = {key: number for number, key in enumerate(self._rows)}
        self._columns = WorklistColumns(tuple(self._rows.values()))
        self._selected, self._place = "", 0
        self.title, self.query = title, query
        self._put_in_order(self._arranged())
        self.reset.emit()
        self.query_changed.emit(query)
        self.selection_changed.emit("")

    def set_query(self, text: str) -> None:
        """Name what the rows are ordered by. The answers to the one before are forgotten."""
        self.show_answers(AnsweredRows.of(self, text, {}))

    def show_answers(self, answered: AnsweredRows) -> None:
        """Order by another query, whose answers are partly known.

        Parameters
        ----------
        answered
            Made of the rows of this worklist, perhaps a while ago and in another thread: rows that
            have changed since keep their changes.
        """
        rows = answered.brought_to(self._rows.values())
        self._rows = dict(zip(self._rows, rows, strict=True))
        self._columns = WorklistColumns(rows)
        self.query = answered.query
        self._arrange()
        self.query_changed.emit(answered.query)

    def update(self, key: str, **changes: Any) -> None:
        """Change fields of a row; an unknown key is ignored, since its worklist was closed."""
        self.update_all({key: changes})

    def update_all(self, changes: dict[str, dict[str, Any]]) -> None:
        """Change several rows, then bring them into order once, if that can have changed."""
        known = {key: self._rows[key] for key in changes if key in self._rows}
        after = {key: row.changed(changes[key]) for key, row in known.items()}
        after = {key: row for key, row in after.items() if row != known[key]}
        self._rows |= after
        places = [self._position[key] for key in after]
        moved = self._columns.change(places, list(after.values()))
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
        self._place = self._places.get(key, self._place)
        if key != self._selected:
            self._selected = key
            self.selection_changed.emit(key)

    def step(self, by: int) -> str:
        """Key of the row so many places further on the screen; "" beyond the ends."""
        if not self._shown:
            return ""
        if self._selected in self._places:
            place = self._places[self._selected] + by
        elif not self._selected:
            place = 0 if by > 0 else len(self._shown) - 1
        else:  # it was filtered out: the row that moved up into its place is the next one
            place = self._place + (by - 1 if by > 0 else by)
        return self._shown[place] if 0 <= place < len(self._shown) else ""

    def next_undecided(self) -> str:
        """Key of the next row below the selected one that waits for a decision, then from the top."""
        start = self._place + 1 if self._selected else 0
        waiting = np.flatnonzero(self._columns.told("new")[self._order])
        below = int(np.searchsorted(waiting, start))
        for place in np.roll(waiting, -below)[:2].tolist():
            if self._shown[place] != self._selected:
                return self._shown[place]
        return ""

    def counts(self) -> Counter[str]:
        """How many rows there are of each status word's status; unreadable ones apart."""
        return self._columns.counts()

    @property
    def has_notes(self) -> bool:
        """Whether there is a note in any row."""
        return self._columns.has_notes

    def _arrange(self) -> bool:
        """Bring the rows into order; whether that changed anything on the screen."""
        order = self._arranged()
        if np.array_equal(order, self._order):
            return False
        self._put_in_order(order)
        self._place = self._places.get(self._selected, self._place)
        self.order_changed.emit()
        return True

    def _arranged(self) -> NDArray[np.intp]:
        """Numbers, in the source, of the rows that are shown."""
        order = self._columns.order(self.sort_column, self.descending)
        if self.status_filter != SHOW_ALL:
            order = order[self._columns.told(self.status_filter)[order]]
        words = self.text_filter.split()
        return order[self._columns.matching(words)[order]] if words else order

    def _put_in_order(self, order: NDArray[np.intp]) -> None:
        keys = tuple(self._rows)
        self._order = order
        self._shown = tuple([keys[number] for number in order.tolist()])
        self._places = {key: place for place, key in enumerate(self._shown)}
