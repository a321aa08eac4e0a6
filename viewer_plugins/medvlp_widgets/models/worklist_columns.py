"""What order, filters and counts of a worklist need of its rows, in arrays.

A worklist can have tens of thousands of rows, and one of them changes whenever a scan was scored:
what looks at all of them must not look at each in Python.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from medvlp_widgets.models.worklist_row import STATUS_WORDS, WorklistRow

SortColumn = Literal["score", "name", "status", "note"]
SHOW_UNREADABLE = "unreadable"
TOLD = (*STATUS_WORDS, SHOW_UNREADABLE)
"""Statuses that rows are filtered by and counted in."""

_TEXTS: tuple[Literal["name", "note"], ...] = ("name", "note")
_STATUS = {status: number for number, status in enumerate(STATUS_WORDS)}
_ANSWERED, _UNREADABLE = 0, 3
_STANDING = {"waiting": 2, "working": 2, "examined": 1, "unreadable": _UNREADABLE}
"""Answered rows first, then those without an answer, then what waits."""

_FACTS = np.dtype(
    [("standing", "i1"), ("score", "f8"), ("status", "i1"), ("told", "i1"), ("noted", "?")]
)


class WorklistColumns:
    """Facts of rows, by their place in the source.

    Parameters
    ----------
    rows
        In the order of the source.
    """

    def __init__(self, rows: Sequence[WorklistRow]) -> None:
        self._rows = list(rows)
        self._facts = _facts(rows)
        self._ranks: dict[str, NDArray[np.intp]] = {}
        self._searched: list[str] = []

    def change(self, places: Sequence[int], rows: Sequence[WorklistRow]) -> bool:
        """Put other rows at some places; whether order or filters can see a difference."""
        before, facts = [self._rows[place] for place in places], _facts(rows)
        moved = bool(np.any(self._facts[places] != facts))
        self._facts[places] = facts
        for place, row in zip(places, rows, strict=True):
            self._rows[place] = row
        for column in _TEXTS:
            if [getattr(row, column) for row in before] != [getattr(row, column) for row in rows]:
                self._ranks.pop(column, None)
                self._searched, moved = [], True
        return moved

    def order(self, column: SortColumn, descending: bool) -> NDArray[np.intp]:
        """Places in the order of a column; equal rows stay in the order of the source."""
        sign, facts = -1 if descending else 1, self._facts
        if column == "score":
            return np.lexsort((sign * facts["score"], facts["standing"]))
        if column == "status":
            unreadable = facts["standing"] == _UNREADABLE
            return np.lexsort((sign * facts["status"].astype(int), unreadable))
        ranks = self._ranks_of(column)
        return np.lexsort((sign * ranks, ranks == 0))

    def told(self, status: str) -> NDArray[np.bool_]:
        """Which rows are of a status of :data:`TOLD`."""
        return self._facts["told"] == TOLD.index(status)

    def matching(self, words: Sequence[str]) -> NDArray[np.bool_]:
        """Which rows have all these words, in lower case, in their name or note."""
        if not self._searched:
            self._searched = [f"{row.name} {row.note}".casefold() for row in self._rows]
        found = np.ones(len(self._rows), bool)
        for word in words:
            found &= np.fromiter((word in text for text in self._searched), bool, len(found))
        return found

    def counts(self) -> Counter[str]:
        """How many rows there are of each status of :data:`TOLD`."""
        numbers = np.bincount(self._facts["told"], minlength=len(TOLD)).tolist()
        return Counter({status: n for status, n in zip(TOLD, numbers, strict=True) if n})

    @property
    def has_notes(self) -> bool:
        """Whether there is a note in any row."""
        return bool(self._facts["noted"].any())

    def _ranks_of(self, column: Literal["name", "note"]) -> NDArray[np.intp]:
        """Places of the texts of a column among its different texts; 0 where there is none."""
        if column not in self._ranks:
            texts = [getattr(row, column) for row in self._rows]
            ranks = {text: rank for rank, text in enumerate(sorted({"", *texts}))}
            self._ranks[column] = np.array([ranks[text] for text in texts], np.intp)
        return self._ranks[column]


def _facts(rows: Sequence[WorklistRow]) -> NDArray[Any]:
    facts = np.zeros(len(rows), _FACTS)
    standing = np.array([_STANDING[row.state] for row in rows], np.int8)
    probability = np.array([row.probability for row in rows], float)  # None becomes NaN
    status = np.array([_STATUS[row.status] for row in rows], np.int8)
    changed = np.array([bool(row.decided_on) and row.changed_since for row in rows], bool)
    readable = standing != _UNREADABLE
    answered = readable & ~np.isnan(probability)
    facts["standing"] = np.where(answered, _ANSWERED, standing)
    facts["score"] = np.where(answered, probability, 0.0)
    facts["status"] = status
    told = np.where(readable & changed, _STATUS["new"], status)
    facts["told"] = np.where(~readable & (status == _STATUS["new"]), len(_STATUS), told)
    facts["noted"] = [bool(row.note) for row in rows]
    return facts
