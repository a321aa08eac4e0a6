"""Qt item model of the worklist: the rows as the model arranges them."""

from __future__ import annotations

from typing import Any, cast

from qtpy.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from medvlp_widgets.models.worklist import SortColumn, WorklistModel
from medvlp_widgets.models.worklist_row import WorklistRow
from medvlp_widgets.translation import translate
from medvlp_widgets.worklist.status_icons import status_icon

AnyIndex = QModelIndex | QPersistentModelIndex

COLUMNS: tuple[tuple[str, SortColumn], ...] = (
    ("Status", "status"),
    ("Scan", "name"),
    ("Score", "score"),
    ("Note", "note"),
)
STATUS, NAME, SCORE, NOTE = range(len(COLUMNS))
_RIGHT = (Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter).value


class WorklistItemModel(QAbstractTableModel):
    """Read-only table; the user role gives the :class:`WorklistRow` of a row.

    Sorting is done by the :class:`WorklistModel`, so that the keyboard goes through the rows in
    the order on the screen.
    """

    def __init__(self, rows: WorklistModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows = rows
        self._shown: tuple[str, ...] = ()
        rows.reset.connect(self._on_reset)
        rows.order_changed.connect(self._on_order)
        rows.row_changed.connect(self._on_row)
        self._on_reset()

    def row_of(self, key: str) -> int:
        """Where a scan is on the screen; -1 if it is not."""
        return self._rows.place_of(key)

    def rowCount(self, parent: AnyIndex | None = None) -> int:
        """Number of scans that are shown."""
        return 0 if parent is not None and parent.isValid() else len(self._shown)

    def columnCount(self, parent: AnyIndex | None = None) -> int:
        """Number of columns."""
        return 0 if parent is not None and parent.isValid() else len(COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Column titles, above numbers at the right."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return translate(COLUMNS[section][0])
        return _RIGHT if role == Qt.ItemDataRole.TextAlignmentRole and section == SCORE else None

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text, sign, tool tip or the whole row of a cell."""
        if not index.isValid() or index.row() >= len(self._shown):
            return None
        row, column = self._rows[self._shown[index.row()]], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            words = (translate(row.status_word), row.name, translate(row.score_text), row.note)
            return words[column]
        if role == Qt.ItemDataRole.DecorationRole and column == STATUS:
            unread = not row.readable and row.status == "new"
            return status_icon("unreadable" if unread else row.status)
        if role == Qt.ItemDataRole.UserRole:
            return row
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            return translate(row.spoken)
        return _RIGHT if role == Qt.ItemDataRole.TextAlignmentRole and column == SCORE else None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Let the model arrange the rows by a column."""
        self._rows.sort_by(COLUMNS[column][1], order == Qt.SortOrder.DescendingOrder)

    def _on_reset(self) -> None:
        self.beginResetModel()
        self._shown = self._rows.shown
        self.endResetModel()

    def _on_order(self) -> None:
        """Rows that only moved take selection and current row with them."""
        if len(self._rows.shown) != len(self._shown):
            self._on_reset()
            return
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        keys = [self._shown[index.row()] for index in before]
        self._shown = self._rows.shown
        places = [self.row_of(key) for key in keys]
        after = [self.index(p, i.column()) for p, i in zip(places, before, strict=True)]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _on_row(self, key: str) -> None:
        place = self.row_of(key)
        if place >= 0:
            self.dataChanged.emit(self.index(place, 0), self.index(place, len(COLUMNS) - 1))


def row_at(index: AnyIndex) -> WorklistRow:
    """The row that an index belongs to."""
    return cast(WorklistRow, index.data(Qt.ItemDataRole.UserRole))
