"""The questions asked about a scan and their answers, without any GUI."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from psygnal import Signal

from medvlp_widgets.colour.hues import Hue, hue_for
from medvlp_widgets.models.query_row import QueryRow, describe_peak, query_key, split_queries

__all__ = ["QueryModel", "QueryRow", "describe_peak", "query_key", "split_queries"]

if TYPE_CHECKING:
    from medvlp.grounding.heatmap import Heatmap

HISTORY_LENGTH = 200


class QueryModel:
    """Ordered questions of one scan. The same text asked again updates its row.

    Every signal carries keys or :class:`QueryRow` values; hosts may listen to the model or to the
    panel that shows it.
    """

    row_added = Signal(object)
    row_changed = Signal(object)
    row_removed = Signal(str)
    selection_changed = Signal(str)
    history_changed = Signal()

    def __init__(self) -> None:
        self._rows: dict[str, QueryRow] = {}
        self._selected = ""
        self._history: list[str] = []

    def __iter__(self) -> Iterator[QueryRow]:
        return iter(tuple(self._rows.values()))

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, key: object) -> bool:
        return key in self._rows

    def __getitem__(self, key: str) -> QueryRow:
        return self._rows[key]

    @property
    def rows(self) -> tuple[QueryRow, ...]:
        """All rows, in the order in which they were first asked."""
        return tuple(self._rows.values())

    @property
    def selected(self) -> str:
        """Key of the selected row, or ``""``."""
        return self._selected

    @property
    def history(self) -> tuple[str, ...]:
        """Texts asked before, the newest first."""
        return tuple(self._history)

    def restore_history(self, texts: tuple[str, ...]) -> None:
        """Replace the history, for instance with that of the last session (newest first)."""
        self._history = list(texts[:HISTORY_LENGTH])
        self.history_changed.emit()

    def ask(self, text: str) -> QueryRow:
        """Add a pending row, or mark the row of the same question as pending again."""
        key, text = query_key(text), " ".join(text.split())
        self._remember(text)
        old = self._rows.get(key)
        if old is not None:
            return self._update(replace(old, pending=True))
        row = QueryRow(key, text, hue_for(self._free_number()))
        self._rows[key] = row
        self.row_added.emit(row)
        return row

    def answer(self, heatmap: Heatmap) -> QueryRow:
        """Show the answer of a question; a row is added if the question was never asked here."""
        key = query_key(heatmap.query.text)
        row = self._rows.get(key) or self.ask(heatmap.query.text)
        return self._update(
            replace(
                row,
                pending=False,
                probability=None if heatmap.abstained else heatmap.probability,
                abstained=heatmap.abstained,
                reason=heatmap.reason,
                explanation=heatmap.explanation,
                peak=""
                if heatmap.abstained
                else describe_peak(_tuple(heatmap.peak_mm), _tuple(heatmap.peak_index)),
                peak_number=0,
                peak_count=0,
            )
        )

    def show_peak(self, key: str, number: int, count: int, where: str) -> None:
        """Say which of a row's hot spots is on screen: ``number`` of ``count``, from 1."""
        if key in self._rows:
            changed = {"peak": where, "peak_number": number, "peak_count": count}
            row = replace(self._rows[key], **changed)  # type: ignore[arg-type]
            if row != self._rows[key]:
                self._update(row)

    def set_drawing(self, key: str, opacity: float | None, threshold: float | None) -> None:
        """Draw one row's heat in its own way; None follows the controls of all queries."""
        row = replace(self._rows[key], opacity=_unit(opacity), threshold=_unit(threshold))
        if row != self._rows[key]:
            self._update(row)

    def set_hue(self, key: str, hue: Hue) -> None:
        """Give a row another colour; its number stays."""
        row = self._rows[key]
        if hue.rgb != row.hue.rgb:
            self._update(replace(row, hue=Hue(hue.name, hue.rgb, row.hue.number)))

    def fail(self, key: str, message: str) -> None:
        """Show why a question has no answer. Unknown keys are ignored: the row was removed."""
        if key in self._rows:
            cleared = replace(self._rows[key], pending=False, probability=None, abstained=False)
            self._update(replace(cleared, reason=message, explanation="", peak=""))

    def set_visible(self, key: str, visible: bool) -> None:
        """Draw the heat of a row, or not."""
        if self._rows[key].visible != visible:
            self._update(replace(self._rows[key], visible=visible))

    def select(self, key: str) -> None:
        """Select a row; ``""`` selects none."""
        if key != self._selected and (key in self._rows or not key):
            self._selected = key
            self.selection_changed.emit(key)

    def remove(self, key: str) -> None:
        """Forget a row. Its number becomes free for the next new question."""
        if self._rows.pop(key, None) is None:
            return
        if self._selected == key:
            self.select("")
        self.row_removed.emit(key)

    def restore(self, row: QueryRow, position: int) -> None:
        """Put a removed row back where it was, as it was; its colour may have been given away."""
        if row.hue.number in {other.hue.number for other in self._rows.values()}:
            row = replace(row, hue=hue_for(self._free_number()))
        rows = list(self._rows.items())
        rows.insert(position, (row.key, row))
        self._rows = dict(rows)
        self.row_added.emit(row)

    def clear(self) -> None:
        """Forget all rows, as when another scan is opened. The history stays."""
        for key in tuple(self._rows):
            self.remove(key)

    def _update(self, row: QueryRow) -> QueryRow:
        self._rows[row.key] = row
        self.row_changed.emit(row)
        return row

    def _free_number(self) -> int:
        used = {row.hue.number for row in self._rows.values()}
        return next(n for n in range(1, len(used) + 2) if n not in used)

    def _remember(self, text: str) -> None:
        key = query_key(text)
        kept = [old for old in self._history if query_key(old) != key]
        self._history = [text, *kept][:HISTORY_LENGTH]
        self.history_changed.emit()


def _unit(value: float | None) -> float | None:
    return None if value is None else min(1.0, max(0.0, float(value)))


def _tuple(values: object) -> tuple | None:
    return None if values is None else tuple(values)  # type: ignore[arg-type]
