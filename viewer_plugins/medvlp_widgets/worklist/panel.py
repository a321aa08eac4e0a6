"""The worklist: order by a finding, go through the scans, decide."""

from __future__ import annotations

from qtpy.QtCore import QModelIndex, Qt, Signal
from qtpy.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from medvlp_widgets.models.worklist import SHOW_ALL, SHOW_UNREADABLE, WorklistModel
from medvlp_widgets.models.worklist_row import STATUS_WORDS, UNREADABLE_WORD
from medvlp_widgets.query.edit import Complete, QueryEdit, complete_from_lexicon
from medvlp_widgets.worklist.delegates import PathDelegate, ScoreDelegate
from medvlp_widgets.worklist.note_edit import NoteEdit
from medvlp_widgets.worklist.progress_line import ScoringProgress
from medvlp_widgets.worklist.status_icons import status_icon
from medvlp_widgets.worklist.table_model import NAME, NOTE, SCORE, STATUS, WorklistItemModel, row_at

_EMPTY = (
    "Go through many scans with the keyboard alone.\n\n"
    "Open a folder of scans, a manifest (CSV or Parquet) or a list of search hits (JSON). The scans "
    "are scored in the background and ordered by what you look for. Decisions are kept as you make "
    "them."
)
_ROW_HEIGHT = 28


class WorklistPanel(QWidget):
    """Table of a :class:`WorklistModel` with query, filters, note and progress.

    The panel selects, filters and sorts in the model; what has to be computed or stored it asks of
    the host by signals.

    Signals
    -------
    order_requested(str)
        A query to order the scans by.
    note_entered(str)
        A note for the selected scan.
    open_requested()
        Another worklist is wanted.
    pause_toggled(), scoring_cancelled(), scoring_restarted()
        About the scoring in the background.
    """

    order_requested = Signal(str)
    note_entered = Signal(str)
    open_requested = Signal()
    pause_toggled = Signal()
    scoring_cancelled = Signal()
    scoring_restarted = Signal()

    def __init__(
        self,
        model: WorklistModel | None = None,
        *,
        complete: Complete = complete_from_lexicon,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.model = model or WorklistModel()
        self._items = WorklistItemModel(self.model, self)
        self.order_edit = QueryEdit(complete)
        self.order_label = QLabel()
        self.status_box = QComboBox()
        self.filter_edit = QLineEdit()
        self.table = QTableView()
        self.note_edit = NoteEdit()
        self.summary = QLabel()
        self.hint = QLabel()
        self.scoring = ScoringProgress()
        self.open_button = QPushButton("Open worklist…")
        self._pages = QStackedWidget()
        self._showing = False
        self._scrolled, self._in_view = 0, True
        self._set_up_controls()
        self._set_up_table()
        self._lay_out()
        self._connect()
        self._on_reset()

    def set_hint(self, text: str) -> None:
        """Say which keys the host has for going through the scans."""
        self.hint.setText(text)
        self.hint.setVisible(bool(text))

    def focus_order(self) -> None:
        """Put the cursor into the field that orders the scans."""
        self.order_edit.setFocus()
        self.order_edit.selectAll()

    def focus_note(self) -> None:
        """Put the cursor into the note of the selected scan."""
        if self.note_edit.isEnabled():
            self.note_edit.setFocus()
            self.note_edit.selectAll()

    def _set_up_controls(self) -> None:
        self.order_edit.setPlaceholderText("Order by a finding, such as pleural effusion")
        self.order_edit.setAccessibleName("Order by")
        self.order_edit.setAccessibleDescription(
            "Type a finding and press Enter: the scans are ordered by its probability"
        )
        self.order_label.setWordWrap(True)
        self.status_box.setAccessibleName("Show scans with status")
        self.status_box.addItem("All", SHOW_ALL)
        for status, word in STATUS_WORDS.items():
            self.status_box.addItem(status_icon(status), word, status)
        self.status_box.addItem(status_icon("unreadable"), UNREADABLE_WORD, SHOW_UNREADABLE)
        self.filter_edit.setPlaceholderText("Filter names and notes")
        self.filter_edit.setAccessibleName("Filter names and notes")
        self.filter_edit.setClearButtonEnabled(True)
        self.summary.setObjectName("muted")
        self.summary.setWordWrap(True)
        self.hint.setObjectName("muted")
        self.hint.setWordWrap(True)
        self.hint.hide()
        self.open_button.setObjectName("primary")
        self.open_button.setAccessibleName("Open worklist")

    def _set_up_table(self) -> None:
        table = self.table
        table.setModel(self._items)
        table.setItemDelegateForColumn(SCORE, ScoreDelegate(table))
        table.setItemDelegateForColumn(NAME, PathDelegate(table))
        table.setAccessibleName("Scans")
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setTabKeyNavigation(False)
        table.setWordWrap(False)
        table.setShowGrid(False)
        table.setAlternatingRowColors(True)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(STATUS, QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(SCORE, QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(NOTE, QHeaderView.ResizeMode.Interactive)
        for column, width in ((STATUS, 112), (SCORE, 80), (NOTE, 80)):
            header.resizeSection(column, width)
        header.setSortIndicator(SCORE, Qt.SortOrder.DescendingOrder)
        table.setSortingEnabled(True)

    def _lay_out(self) -> None:
        filters = QHBoxLayout()
        filters.addWidget(self.status_box)
        filters.addWidget(self.filter_edit, 1)
        full = QWidget()
        layout = QVBoxLayout(full)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.order_edit)
        layout.addWidget(self.order_label)
        layout.addLayout(filters)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.note_edit)
        layout.addWidget(self.summary)
        layout.addWidget(self.hint)
        self._pages.addWidget(_empty_page(self.open_button))
        self._pages.addWidget(full)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._pages, 1)
        outer.addWidget(self.scoring)

    def _connect(self) -> None:
        self.order_edit.submitted.connect(lambda texts: self.order_requested.emit(texts[0]))
        self.status_box.currentIndexChanged.connect(
            lambda index: self.model.show_status(self.status_box.itemData(index))
        )
        self.filter_edit.textChanged.connect(self.model.show_text)
        self.note_edit.entered.connect(self._on_note)
        self.open_button.clicked.connect(lambda: self.open_requested.emit())
        self.scoring.pause_toggled.connect(self.pause_toggled)
        self.scoring.cancelled.connect(self.scoring_cancelled)
        self.scoring.restarted.connect(self.scoring_restarted)
        self.table.selectionModel().currentRowChanged.connect(self._on_current)
        model, items = self.model, self._items
        items.layoutAboutToBeChanged.connect(lambda *_: self._note_view())
        items.modelAboutToBeReset.connect(self._note_view)
        model.reset.connect(self._on_reset)
        model.order_changed.connect(self._on_order)
        model.row_changed.connect(lambda key: self._on_changed())
        model.selection_changed.connect(lambda key: self._on_selected())
        model.query_changed.connect(lambda text: self._show_query())

    def _on_reset(self) -> None:
        self._pages.setCurrentIndex(1 if len(self.model) else 0)
        self.filter_edit.clear()
        self._show_query()
        self._on_changed()
        self.table.scrollToTop()

    def _note_view(self) -> None:
        """Before rows move: how far the list is scrolled, and whether the selected row is in view."""
        current = self.table.currentIndex()
        self._scrolled = self.table.verticalScrollBar().value()
        self._in_view = self.table.viewport().rect().intersects(self.table.visualRect(current))

    def _on_order(self) -> None:
        """Rows moved: what the user looks at is the selected row, or else a place in the list."""
        self._on_changed()
        self.table.verticalScrollBar().setValue(self._scrolled)
        if self._in_view:
            self._scroll_to_selected()

    def _on_selected(self) -> None:
        self._show_selected()
        self._scroll_to_selected()

    def _scroll_to_selected(self) -> None:
        place = self._items.row_of(self.model.selected)
        if place >= 0:
            self.table.scrollTo(self._items.index(place, NAME))

    def _on_changed(self) -> None:
        index = self.status_box.findData(self.model.status_filter)
        self.status_box.blockSignals(True)
        self.status_box.setCurrentIndex(index)
        self.status_box.blockSignals(False)
        self.summary.setText(self._summary())
        self.table.setColumnHidden(NOTE, not self.model.has_notes)
        self._show_selected()

    def _on_current(self, index: QModelIndex, before: QModelIndex) -> None:
        """The user chose another row; a reset, which leaves none, is no choice."""
        if index.isValid() and not self._showing:
            self.model.select(row_at(index).key)

    def _on_note(self, text: str) -> None:
        self.note_entered.emit(text)
        if self.note_edit.hasFocus():
            self.table.setFocus()

    def _show_selected(self) -> None:
        """Mark the selected row and show its note, without telling the model again."""
        key = self.model.selected
        place = self._items.row_of(key)
        self._showing = True
        if place < 0:
            self.table.selectionModel().clear()
        elif place != self.table.currentIndex().row():
            self.table.selectRow(place)
        self._showing = False
        known = key in self.model
        self.note_edit.show_note(key, self.model[key].note if known else "")
        self.note_edit.setEnabled(known)

    def _show_query(self) -> None:
        query = self.model.query
        self.order_label.setText(f"Ordered by: {query}" if query else "In the order of the source.")

    def _summary(self) -> str:
        counts = self.model.counts()
        parts = [_scans(len(self.model))]
        parts += [f"{counts[status]} {word.lower()}" for status, word in STATUS_WORDS.items()]
        if counts[SHOW_UNREADABLE]:
            parts.append(f"{counts[SHOW_UNREADABLE]} {UNREADABLE_WORD.lower()}")
        return " · ".join(parts)


def _scans(number: int) -> str:
    return "1 scan" if number == 1 else f"{number} scans"


def _empty_page(button: QPushButton) -> QWidget:
    page = QWidget()
    text = QLabel(_EMPTY)
    text.setObjectName("muted")
    text.setWordWrap(True)
    layout = QVBoxLayout(page)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(text)
    layout.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
    layout.addStretch(1)
    return page
