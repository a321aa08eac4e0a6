"""The fields of a search on a server."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QWidget

from medvlp_viewer.models.server import ServerQuery
from medvlp_viewer.views.qt.theme import THEME
from medvlp_widgets.translation import translate

_DAY = "2026-01-31"
# Name, label, example, and place in the grid: row, column, columns. Two columns are a label and a field.
_FIELDS = (
    ("address", "Server", "AET@host:port or https://host/dicom-web", 0, 0, 3),
    ("aet", "Title of this computer", "", 0, 4, 1),
    ("patient_id", "Patient id", "", 1, 0, 1),
    ("accession", "Accession number", "", 1, 2, 1),
    ("description", "Description", "", 1, 4, 1),
    ("earliest", "From day", _DAY, 2, 0, 1),
    ("latest", "To day", _DAY, 2, 2, 1),
    ("modality", "Modality (CT, DX)", "", 2, 4, 1),
)


class QueryForm(QWidget):
    """What is looked for, and where. Signal ``entered()``: Enter was pressed in a field."""

    entered = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, QLineEdit] = {}
        self.grid = QGridLayout(self)
        self.grid.setContentsMargins(0, 0, 0, 0)
        self.grid.setSpacing(THEME.space)
        for name, words, example, row, column, width in _FIELDS:
            label, field = QLabel(words), QLineEdit()
            label.setBuddy(field)
            field.setAccessibleName(words)
            field.setPlaceholderText(translate(example))
            field.returnPressed.connect(self.entered.emit)
            self.grid.addWidget(label, row, column)
            self.grid.addWidget(field, row, column + 1, 1, width)
            self.fields[name] = field
        for column in (1, 3, 5):
            self.grid.setColumnStretch(column, 1)

    def fill(self, address: str, aet: str) -> None:
        """Put these where nothing was typed yet, and the cursor where the user goes on."""
        for name, text in (("address", address), ("aet", aet)):
            if not self.fields[name].text():
                self.fields[name].setText(text)
        self.fields["patient_id" if self.fields["address"].text() else "address"].setFocus()

    def query(self) -> ServerQuery:
        """What was typed."""
        return ServerQuery(**{name: field.text().strip() for name, field in self.fields.items()})
