"""A table whose rows are chosen as a whole, such as those of models and of studies."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from medvlp_widgets.translation import translate

_ROW_HEIGHT = 30
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def align_headings(table: QTableWidget, numbers: Collection[int] = ()) -> None:
    """Put every heading where its cells are: at the left, above numbers at the right."""
    table.horizontalHeader().setDefaultAlignment(LEFT)
    for column in range(table.columnCount()):
        heading = table.horizontalHeaderItem(column)
        if heading is not None:
            heading.setTextAlignment(RIGHT if column in numbers else LEFT)


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
    numbers
        Columns that are aligned at the right.
    """

    def __init__(
        self, titles: Sequence[str], name: str, widest: int, numbers: Collection[int] = ()
    ) -> None:
        super().__init__(0, len(titles))
        self._numbers = numbers
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
        align_headings(self, numbers)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(widest, QHeaderView.ResizeMode.Stretch)

    def put(self, row: int, column: int, text: str) -> QTableWidgetItem:
        """Fill one cell."""
        item = QTableWidgetItem(text)
        item.setTextAlignment(RIGHT if column in self._numbers else LEFT)
        self.setItem(row, column, item)
        return item


class OpeningTable(RowTable):
    """Signal ``opened()``: a row was double-clicked, or Enter pressed on it."""

    opened = Signal()

    def __init__(
        self, titles: Sequence[str], name: str, widest: int, numbers: Collection[int] = ()
    ) -> None:
        super().__init__(titles, name, widest, numbers)
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
                self.put(number, column, text)
        if rows:
            self.setCurrentCell(chosen, 0)
