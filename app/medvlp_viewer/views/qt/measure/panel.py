"""List of measurements above the histogram of the slice or the chosen region."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QStackedLayout,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from medvlp.scan import Intensity
from medvlp_viewer.models.histogram import Histogram
from medvlp_viewer.models.window import Window
from medvlp_viewer.views.measure import MeasurementRow, MeasureView
from medvlp_viewer.views.qt.measure.histogram import HistogramPlot
from medvlp_viewer.views.qt.row_table import align_headings
from medvlp_viewer.views.qt.theme import THEME
from medvlp_widgets.translation import translate

_EMPTY = (
    "Nothing is measured yet.\n\n"
    "D  distance      Shift+D  angle\n"
    "E  ellipse         Shift+E  rectangle\n\n"
    "Drag in a pane, or click its points one by one.\nEsc puts the tool down."
)
_TITLES = ("No.", "Kind", "Slice", "Value")


class _Table(QTableWidget):
    """Emits ``removed`` for the Delete key."""

    removed = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete removes the chosen row."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit()
        else:
            super().keyPressEvent(event)


class _Panel(QWidget):
    """Tells when it can be seen."""

    def __init__(self, view: QtMeasurePanel) -> None:
        super().__init__()
        self._view = view

    def showEvent(self, event: QShowEvent) -> None:
        """A histogram is wanted."""
        super().showEvent(event)
        self._view.visibility_changed.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """No histogram is wanted."""
        super().hideEvent(event)
        self._view.visibility_changed.emit(False)


class QtMeasurePanel(MeasureView):
    """Qt form of the panel; ``widget`` goes into a layout."""

    def __init__(self) -> None:
        self.widget = _Panel(self)
        self.table = _Table(0, len(_TITLES))
        self.empty = QLabel(_EMPTY)
        self.histogram_title = QLabel("Histogram")
        self.histogram = HistogramPlot()
        self.remove_button = QPushButton("Remove")
        self.clear_button = QPushButton("Remove all")
        self.copy_button = QPushButton("Copy as text")
        self._numbers: list[int] = []
        self._set_up_table()
        self._lay_out()
        self._connect()
        self.show_measurements((), 0)

    def show_measurements(self, rows: Sequence[MeasurementRow], chosen: int) -> None:
        """Show the list."""
        self.table.blockSignals(True)
        self._numbers = [row.number for row in rows]
        self.table.setRowCount(len(rows))
        for i, row in enumerate(rows):
            for column, text in enumerate((str(row.number), row.kind, row.place, row.value)):
                item = QTableWidgetItem(translate(text))
                item.setToolTip(f"{row.kind} {row.number}, {row.place}\n{row.value}")
                self.table.setItem(i, column, item)
        if chosen in self._numbers:
            self.table.selectRow(self._numbers.index(chosen))
        else:
            self.table.clearSelection()
        self.table.resizeRowsToContents()
        self.table.blockSignals(False)
        self._stack.setCurrentIndex(1 if rows else 0)
        for button in (self.remove_button, self.clear_button, self.copy_button):
            button.setEnabled(bool(rows))

    def show_histogram(self, values: Histogram | None, title: str, intensity: Intensity) -> None:
        """Show a histogram."""
        self.histogram.show_values(values, intensity)
        self.histogram_title.setText(f"Histogram: {title}" if title else "Histogram")

    def show_window(self, window: Window) -> None:
        """Draw the window."""
        self.histogram.show_window(window)

    def text(self) -> str:
        """The list as lines of tab-separated cells."""
        lines = ["\t".join(_TITLES)]
        for row in range(self.table.rowCount()):
            items = [self.table.item(row, column) for column in range(len(_TITLES))]
            texts = [item.text().replace("\n", ", ") for item in items if item is not None]
            lines.append("\t".join(texts))
        return "\n".join(lines)

    def _set_up_table(self) -> None:
        table = self.table
        table.setHorizontalHeaderLabels(list(_TITLES))
        align_headings(table)
        table.setAccessibleName("Measurements")
        table.setAccessibleDescription("Enter shows the slice, Delete removes")
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setTabKeyNavigation(False)
        table.setWordWrap(True)
        table.verticalHeader().hide()
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)
        self.empty.setObjectName("muted")
        self.empty.setWordWrap(True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        for button in (self.remove_button, self.clear_button, self.copy_button):
            button.setAccessibleName(f"{button.text()}: measurements")
            buttons.addWidget(button)
        buttons.addStretch(1)
        upper = QWidget()
        self._stack = QStackedLayout(upper)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.table)
        self.histogram_title.setObjectName("muted")
        layout = QVBoxLayout(self.widget)
        layout.setContentsMargins(0, THEME.space, 0, 0)
        layout.setSpacing(THEME.space)
        layout.addWidget(upper, 1)
        layout.addLayout(buttons)
        layout.addWidget(self.histogram_title)
        layout.addWidget(self.histogram)

    def _connect(self) -> None:
        self.table.itemSelectionChanged.connect(lambda: self._emit(self.chosen))
        self.table.activated.connect(lambda: self._emit(self.chosen))
        self.table.removed.connect(lambda: self._emit(self.removed))
        self.remove_button.clicked.connect(lambda: self._emit(self.removed))
        self.clear_button.clicked.connect(lambda: self.cleared.emit())
        self.copy_button.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.text()))
        self.histogram.window_chosen.connect(self.window_chosen.emit)

    def _emit(self, signal: object) -> None:
        rows = self.table.selectionModel().selectedRows()
        if rows:
            signal.emit(self._numbers[rows[0].row()])  # type: ignore[attr-defined]
