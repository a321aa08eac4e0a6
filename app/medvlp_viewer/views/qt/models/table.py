"""The table of models: name, kinds of scan, size, status."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QFont

from medvlp_viewer.models.model_picker import PickerModel
from medvlp_viewer.models.picker_words import knows_words, size_words, status_words, title_words
from medvlp_viewer.views.qt.row_table import RowTable
from medvlp_widgets.translation import translate

_TITLES = ("Model", "Knows", "Weights", "Status")
_WEIGHTS = 2


class ModelTable(RowTable):
    """One row per model. Signal ``chosen(str)``: key of the row that was selected."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__(_TITLES, "Models to choose from", widest=0, numbers=(_WEIGHTS,))
        self._keys: tuple[str, ...] = ()
        self.itemSelectionChanged.connect(self._on_selection)

    def show_models(self, picker: PickerModel) -> None:
        """Show these models; the one in use in bold."""
        with QSignalBlocker(self):
            self._keys = tuple(offer.key for offer in picker.offers)
            self.setRowCount(len(self._keys))
            for row, offer in enumerate(picker.offers):
                words = (
                    title_words(offer),
                    translate(knows_words(offer)),
                    size_words(offer),
                    translate(status_words(offer, picker)),
                )
                font = QFont(self.font())
                font.setBold(picker.is_active(offer))
                for column, text in enumerate(words):
                    item = self.put(row, column, text)
                    item.setFont(font)
                    item.setToolTip(offer.title)
            if picker.selected in self._keys:
                self.selectRow(self._keys.index(picker.selected))
            else:
                self.clearSelection()

    def _on_selection(self) -> None:
        rows = {index.row() for index in self.selectedIndexes()}
        if len(rows) == 1:
            self.chosen.emit(self._keys[rows.pop()])
