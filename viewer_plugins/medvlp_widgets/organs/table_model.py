"""Qt item model of the organ table: shows :class:`OrganEntry` rows, sorts them by value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from qtpy.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
)

from medvlp_widgets.models.organs import OrganEntry
from medvlp_widgets.translation import translate, translate_name

AnyIndex = QModelIndex | QPersistentModelIndex
SORT_ROLE = int(Qt.ItemDataRole.UserRole) + 1


def _organ(entry: OrganEntry) -> str:
    return translate_name(entry.display)


def _volume(entry: OrganEntry) -> str:
    """Of an organ that the field of view cuts, what is at least there."""
    if entry.volume_ml is None:
        return ""
    return f"{'≥ ' if entry.truncated else ''}{entry.volume_ml:.0f}"


def _finding(entry: OrganEntry) -> str:
    if entry.present is False:
        return "not in view"
    if entry.leading is None:
        return "not sure" if entry.findings else "none compared"
    return translate_name(entry.leading.name)


def _percent(entry: OrganEntry) -> str:
    probability = _probability(entry)
    return f"{100 * probability:.0f} %" if probability >= 0 else ""


def _probability(entry: OrganEntry) -> float:
    known = entry.leading.probability if entry.leading else None
    return -1.0 if known is None else known


class _Column(NamedTuple):
    """Title, which is short so that all columns fit into a side panel; what it means; text of a
    cell; value to sort by; whether it holds numbers.
    """

    title: str
    meaning: str
    text: Callable[[OrganEntry], str]
    value: Callable[[OrganEntry], Any]
    numeric: bool = False


_COLUMNS = (
    _Column("Organ", "Organ", _organ, _organ),
    _Column("Finding", "Leading finding: the most probable one", _finding, _finding),
    _Column("Prob.", "Probability of the leading finding", _percent, _probability, True),
    _Column(
        "ml",
        "Volume in millilitres; ≥ where the field of view cuts the organ off",
        _volume,
        lambda e: -1.0 if e.volume_ml is None else e.volume_ml,
        True,
    ),
)
ORGAN_COLUMN, FINDING_COLUMN, PROBABILITY_COLUMN, VOLUME_COLUMN = range(len(_COLUMNS))
_RIGHT = (Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter).value


class OrganItemModel(QAbstractTableModel):
    """Read-only table; the user role gives the :class:`OrganEntry` of a row."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: list[OrganEntry] = []

    def set_entries(self, entries: Sequence[OrganEntry]) -> None:
        """Replace all rows."""
        self.beginResetModel()
        self._entries = list(entries)
        self.endResetModel()

    @property
    def entries(self) -> tuple[OrganEntry, ...]:
        """The rows, unsorted."""
        return tuple(self._entries)

    def rowCount(self, parent: AnyIndex | None = None) -> int:
        """Number of organs."""
        return 0 if parent is not None and parent.isValid() else len(self._entries)

    def columnCount(self, parent: AnyIndex | None = None) -> int:
        """Number of columns."""
        return 0 if parent is not None and parent.isValid() else len(_COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Column titles, above numbers at the right, and what they mean."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        column = _COLUMNS[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return translate(column.title)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return translate(column.meaning)
        return _RIGHT if role == Qt.ItemDataRole.TextAlignmentRole and column.numeric else None

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text, sorting value, tool tip or the whole entry of a cell."""
        if not index.isValid():
            return None
        entry, column = self._entries[index.row()], _COLUMNS[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return translate(column.text(entry))
        if role == SORT_ROLE:
            return column.value(entry)
        if role == Qt.ItemDataRole.UserRole:
            return entry
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            return "\n".join(map(translate, entry.named_by(translate_name).spoken.split("\n")))
        return _RIGHT if role == Qt.ItemDataRole.TextAlignmentRole and column.numeric else None


class OrganFilter(QSortFilterProxyModel):
    """Keeps organs whose name or findings contain the text, and only those in view if asked."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self._only_present = False
        self.setSortRole(SORT_ROLE)

    def set_text(self, text: str) -> None:
        """Words that must all occur in the organ's or a finding's name, in English or as shown; case does not matter."""
        self._text = text.casefold()
        self.invalidate()

    def set_only_present(self, only: bool) -> None:
        """Hide organs that are known to be outside the field of view."""
        self._only_present = only
        self.invalidate()

    def filterAcceptsRow(self, source_row: int, source_parent: AnyIndex) -> bool:
        """Whether a row is shown."""
        model = self.sourceModel()
        entry: OrganEntry = model.data(
            model.index(source_row, 0, source_parent), Qt.ItemDataRole.UserRole
        )
        if self._only_present and entry.present is False:
            return False
        english = [entry.display, *(finding.name for finding in entry.findings)]
        names = " ".join([*english, *map(translate_name, english)]).casefold()
        return all(word in names for word in self._text.split())
