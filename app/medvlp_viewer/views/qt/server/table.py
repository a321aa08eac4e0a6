"""The table of studies: date, kinds, description, sizes, and patients where that is wanted."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QTableWidgetItem

from medvlp.network.server import Study
from medvlp_viewer.models.server import ServerModel
from medvlp_viewer.views.qt.row_table import RowTable

_TITLES = ("Date", "Modalities", "Description", "Series", "Images", "Patient")
_DESCRIPTION, _PATIENT = 2, 5


class StudyTable(RowTable):
    """One row per study. Signal ``opened(str)``: UID of the row that was double-clicked or entered."""

    opened = Signal(str)

    def __init__(self) -> None:
        super().__init__(_TITLES, "Studies on the server", _DESCRIPTION)
        self._shown: tuple[tuple[Study, ...], bool] = ((), False)
        self.setColumnHidden(_PATIENT, True)
        self.itemDoubleClicked.connect(lambda _: self._open())

    @property
    def chosen(self) -> str:
        """UID of the selected study, or ""."""
        studies, row = self._shown[0], self.currentRow()
        return studies[row].uid if 0 <= row < len(studies) else ""

    def show_studies(self, model: ServerModel) -> None:
        """Show these studies; without their patients unless the model says so."""
        if (model.studies, model.names_shown) == self._shown:
            return
        same, row = model.studies == self._shown[0], self.currentRow()
        self._shown = (model.studies, model.names_shown)
        self.setColumnHidden(_PATIENT, not model.names_shown)
        self.setRowCount(len(model.studies))
        for number, study in enumerate(model.studies):
            for column, text in enumerate(_cells(study, model.names_shown)):
                self.setItem(number, column, QTableWidgetItem(text))
        if model.studies:
            self.setCurrentCell(row if same and row >= 0 else 0, 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the selected study."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open()
        else:
            super().keyPressEvent(event)

    def _open(self) -> None:
        if self.chosen:
            self.opened.emit(self.chosen)


def _cells(study: Study, names_shown: bool) -> tuple[str, ...]:
    counts = ("" if n is None else str(n) for n in (study.n_series, study.n_images))
    patient = study.patient if names_shown else ""
    return (study.date, " ".join(study.modalities), study.description, *counts, patient)
