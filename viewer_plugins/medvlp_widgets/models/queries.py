"""The questions asked about a scan and their answers, without any GUI."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from psygnal import Signal

from medvlp_widgets.colour.hues import Hue, hue_for

if TYPE_CHECKING:
    from medvlp.grounding.heatmap import Heatmap

HISTORY_LENGTH = 200


def query_key(text: str) -> str:
    """Identity of a question: case and spacing do not make another one."""
    return " ".join(text.split()).casefold()


def split_queries(text: str) -> list[str]:
    """Separate several questions typed on one line with semicolons."""
    return [" ".join(part.split()) for part in text.split(";") if part.strip()]


def describe_peak(mm: tuple[float, ...] | None, index: tuple[int, ...] | None) -> str:
    """Where a peak is, in words: patient millimetres, or pixels when the spacing is unknown.

    Parameters
    ----------
    mm
        LPS coordinates, or None.
    index
        Array index (slice, row, column) or (row, column), or None.
    """
    if mm is not None:
        letters = (("L", "R"), ("P", "A"), ("S", "I"))
        return (
            ", ".join(
                f"{abs(value):.0f} {pair[0] if value >= 0 else pair[1]}"
                for value, pair in zip(mm, letters, strict=True)
            )
            + " mm"
        )
    if index is None:
        return ""
    names = ("slice", "row", "column")[3 - len(index) :]
    return ", ".join(f"{name} {i}" for name, i in zip(names, index, strict=True))


@dataclass(frozen=True)
class QueryRow:
    """One question and, once it is known, its answer.

    Parameters
    ----------
    key
        Identity: :func:`query_key` of the text.
    text
        As typed.
    hue
        Colour and number of the row.
    visible
        Whether its heat is drawn.
    pending
        True until the answer, or the failure, is known.
    probability
        Calibrated probability in [0, 1]; None while pending, after abstention or failure.
    abstained
        The model declined to answer; ``reason`` says why.
    reason
        Why there is no probability: abstention or error, one sentence.
    explanation
        How the text was understood.
    peak
        Where the hottest spot is, in words.
    """

    key: str
    text: str
    hue: Hue
    visible: bool = True
    pending: bool = True
    probability: float | None = None
    abstained: bool = False
    reason: str = ""
    explanation: str = ""
    peak: str = ""

    @property
    def verdict(self) -> str:
        """The answer in one or two words, such as ``"87 %"`` or ``"not sure"``."""
        if self.pending:
            return "working…"
        if self.probability is None:
            return "not sure" if self.abstained else "failed"
        return f"{100 * self.probability:.0f} %"

    @property
    def spoken(self) -> str:
        """The whole row as a sentence, for screen readers and tool tips."""
        parts = [f"{self.hue.number}, {self.text}: {self.verdict}"]
        parts += [self.reason] if self.reason else []
        parts += [f"peak at {self.peak}"] if self.peak else []
        parts += [self.explanation] if self.explanation else []
        parts += [f"drawn in {self.hue.name}" if self.visible else "hidden"]
        return ". ".join(part.rstrip(".") for part in parts) + "."


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
            )
        )

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


def _tuple(values: object) -> tuple | None:
    return None if values is None else tuple(values)  # type: ignore[arg-type]
