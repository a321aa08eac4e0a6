"""A table whose rows are chosen as a whole, such as those of models and of studies."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from medvlp_widgets.translation import translate

_ROW_HEIGHT = 30


class RowTable(QTableWidget):
    """Nothing in it can be edited; Tab leaves it.

    Parameters
    ----------
    titles
        Of the columns, in English.
    name
        What a screen reader says.
    widest
        Number of the column that takes the room that is left.
    """

    def __init__(self, titles: Sequence[str], name: str, widest: int) -> None:
        super().__init__(0, len(titles))
        self.setAccessibleName(name)
        self.setHorizontalHeaderLabels([translate(title) for title in titles])
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(widest, QHeaderView.ResizeMode.Stretch)


class OpeningTable(RowTable):
    """Signal ``opened()``: a row was double-clicked, or Enter pressed on it."""

    opened = Signal()

    def __init__(self, titles: Sequence[str], name: str, widest: int) -> None:
        super().__init__(titles, name, widest)
        self.itemDoubleClicked.connect(lambda _: self.opened.emit())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the chosen row."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.currentRow() >= 0:
                self.opened.emit()
        else:
            super().keyPressEvent(event)

    def fill(self, rows: Sequence[Sequence[str]], chosen: int) -> None:
        """Show these cells, and choose a row."""
        self.setRowCount(len(rows))
        for number, cells in enumerate(rows):
            for column, text in enumerate(cells):
                self.setItem(number, column, QTableWidgetItem(text))
        if rows:
            self.setCurrentCell(chosen, 0)
