"""The organ table: what is in view, how large, and the most probable finding in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qtpy.QtCore import QModelIndex, Qt, Signal
from qtpy.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from medvlp_widgets.models.organs import OrganEntry, entries_from_table
from medvlp_widgets.organs.profile import SliceProfile
from medvlp_widgets.organs.table_model import (
    FINDING_COLUMN,
    ORGAN_COLUMN,
    PROBABILITY_COLUMN,
    OrganFilter,
    OrganItemModel,
)

if TYPE_CHECKING:
    from medvlp.grounding.organs import OrganTable

_LOWEST_TABLE = 120


class OrganTablePanel(QWidget):
    """Sortable, filterable table of organs with the profile of the selected one.

    Signals
    -------
    score_requested()
        The user wants the table to be computed.
    organ_selected(object)
        :class:`OrganEntry` of the row that was selected: outline it.
    organ_activated(object)
        :class:`OrganEntry` of a click or Enter: jump to its ``jump_index``.
    slice_chosen(int)
        A slice of the profile was chosen.
    """

    score_requested = Signal()
    organ_selected = Signal(object)
    organ_activated = Signal(object)
    slice_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = OrganItemModel(self)
        self._filter = OrganFilter(self)
        self._filter.setSourceModel(self._model)
        self.score_button = QPushButton("Score organs")
        self.filter_edit = QLineEdit()
        self.only_present = QCheckBox("Only in view")
        self.table = QTableView()
        self.note = QLabel()
        self.selection_note = QLabel()
        self.profile = SliceProfile()
        self._set_up_controls()
        self._set_up_table()
        self._lay_out()

    def set_table(self, table: OrganTable) -> None:
        """Show an organ table, the most probable findings first."""
        self._model.set_entries(entries_from_table(table))
        self.table.sortByColumn(PROBABILITY_COLUMN, Qt.SortOrder.DescendingOrder)
        self.set_selection_note("")
        self.note.setText(_note(table.note, self._model.entries))
        self.profile.set_values(())

    def set_selection_note(self, text: str) -> None:
        """Say something about the selected organ, such as that it has no mask."""
        self.selection_note.setText(text)
        self.selection_note.setVisible(bool(text))

    def clear(self) -> None:
        """Forget the table, as when another scan is opened."""
        self._model.set_entries(())
        self.set_selection_note("")
        self.note.setText("")
        self.profile.set_values(())

    @property
    def entries(self) -> tuple[OrganEntry, ...]:
        """All rows, unsorted and unfiltered."""
        return self._model.entries

    @property
    def shown(self) -> tuple[OrganEntry, ...]:
        """Rows on the screen, in their order."""
        return tuple(
            self._filter.index(row, 0).data(Qt.ItemDataRole.UserRole)
            for row in range(self._filter.rowCount())
        )

    @property
    def selected(self) -> OrganEntry | None:
        """The selected organ."""
        rows = self.table.selectionModel().selectedRows()
        return rows[0].data(Qt.ItemDataRole.UserRole) if rows else None

    def select(self, name: str) -> None:
        """Select an organ by its lexicon name; names that are not shown are ignored."""
        for row, entry in enumerate(self.shown):
            if entry.name == name:
                self.table.selectRow(row)

    def set_current_slice(self, index: int) -> None:
        """Mark the slice on the screen in the profile."""
        self.profile.set_current(index)

    def _set_up_controls(self) -> None:
        self.score_button.setAccessibleName("Score organs")
        self.score_button.setToolTip("Compare every organ with the findings it can host")
        self.score_button.clicked.connect(lambda: self.score_requested.emit())
        self.filter_edit.setPlaceholderText("Filter")
        self.filter_edit.setToolTip("Filter organs and findings")
        self.filter_edit.setAccessibleName("Filter organs and findings")
        self.filter_edit.setClearButtonEnabled(True)
        self.filter_edit.textChanged.connect(self._filter.set_text)
        self.only_present.toggled.connect(self._filter.set_only_present)
        for note in (self.note, self.selection_note):
            note.setWordWrap(True)
            note.setObjectName("muted")
        self.selection_note.hide()
        self.profile.slice_chosen.connect(self.slice_chosen)

    def _set_up_table(self) -> None:
        table = self.table
        table.setModel(self._filter)
        table.setAccessibleName("Organs")
        table.setSortingEnabled(True)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setTabKeyNavigation(False)
        table.setWordWrap(False)  # names are cut within a word, not after the first one
        table.verticalHeader().hide()
        # A low panel shows a few rows rather than scroll as a whole.
        table.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        table.setMinimumHeight(_LOWEST_TABLE)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for column in (ORGAN_COLUMN, FINDING_COLUMN):  # names are long: they share what is left
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        table.selectionModel().selectionChanged.connect(self._on_selection)
        table.activated.connect(self._on_activated)
        table.clicked.connect(self._on_activated)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.score_button)
        top.addWidget(self.filter_edit, 1)
        top.addWidget(self.only_present)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(top)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.selection_note)
        layout.addWidget(self.profile)
        layout.addWidget(self.note)

    def _on_selection(self) -> None:
        entry = self.selected
        if entry is not None:
            self.profile.set_values(entry.profile, entry.display)
            self.organ_selected.emit(entry)

    def _on_activated(self, index: QModelIndex) -> None:
        self.organ_activated.emit(index.data(Qt.ItemDataRole.UserRole))


def _note(note: str, entries: tuple[OrganEntry, ...]) -> str:
    """The table's own note, and which organs have no mask although they may be in view."""
    missing = [e.display for e in entries if e.present is not False and e.volume_ml is None]
    if not missing or len(missing) == len(entries):
        return note
    named = ", ".join(missing[:6]) + (f", … (+{len(missing) - 6})" if len(missing) > 6 else "")
    return f"{note} Without a mask: {named}.".strip()
