"""The table of answers to the same queries about two scans."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from medvlp_viewer.models.compare import NO_DIFFERENCE, ComparisonRow
from medvlp_viewer.views.qt.row_table import RIGHT, align_headings
from medvlp_widgets.translation import translate

_AGREEMENT = ("Peaks apart", "Overlap")
_DIFFERENCE = 3
_ROW_HEIGHT = 28


class ComparisonTable(QTableWidget):
    """One row per query. Signal ``chosen(str)``: key of the row that was selected."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Answers of both sides")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        self._keys: tuple[str, ...] = ()
        self.set_headings("Left", "Right", agreement=False)
        self.itemSelectionChanged.connect(self._on_selection)

    def set_headings(self, left: str, right: str, *, agreement: bool) -> None:
        """Name both columns of answers; with columns for the agreement of two models."""
        titles = ("Query", left, right, "Difference", *(_AGREEMENT if agreement else ()))
        self.setColumnCount(len(titles))
        self.setHorizontalHeaderLabels([translate(title) for title in titles])
        align_headings(self, range(1, len(titles)))
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)

    def set_rows(self, rows: Sequence[ComparisonRow], selected: str) -> None:
        """Show these answers."""
        with QSignalBlocker(self):
            self._keys = tuple(row.key for row in rows)
            self.setRowCount(len(rows))
            for i, row in enumerate(rows):
                self._fill(i, row)
            self.clearSelection()
            if selected in self._keys:
                self.selectRow(self._keys.index(selected))

    def _fill(self, i: int, row: ComparisonRow) -> None:
        answers = (row.left, row.right, row.difference, row.apart, row.overlap)
        words = (f"{row.number}  {row.text}", *answers)
        for column, text in enumerate(words[: self.columnCount()]):
            item = QTableWidgetItem(text if column == 0 else translate(text))
            if column:
                item.setTextAlignment(RIGHT)
            if row.note:
                item.setToolTip(translate(row.note))
            if column == 0:
                item.setData(Qt.ItemDataRole.DecorationRole, QColor(*row.rgb))
            if column == _DIFFERENCE:
                item.setData(Qt.ItemDataRole.AccessibleTextRole, _spoken(row))
            self.setItem(i, column, item)

    def _on_selection(self) -> None:
        rows = {index.row() for index in self.selectedIndexes()}
        if len(rows) == 1:
            self.chosen.emit(self._keys[rows.pop()])


def _spoken(row: ComparisonRow) -> str:
    """The difference as a screen reader should say it."""
    if row.difference == NO_DIFFERENCE:
        return translate("no difference can be given")
    return translate(row.difference)
