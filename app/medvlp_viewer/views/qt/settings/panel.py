"""All settings on one page beside the work. What is changed holds at once."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractSlider,
    QAbstractSpinBox,
    QDialog,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from medvlp_viewer.models.settings import COLOUR_MAPS, FROM_FILE, WINDOWS, SettingsModel
from medvlp_viewer.views.qt.settings.fields import Amount, Choice, Place, Share, Switch
from medvlp_viewer.views.qt.theme import THEME
from medvlp_widgets.translation import translate

_SIZE = (620, 760)
_LABEL_WIDTH = 170
# Of their own language each, so that nobody is locked out of a language by another one.
_LANGUAGES = (
    ("system", "As the system"),
    ("en", "English"),
    ("de", "Deutsch"),
    ("es", "Español"),
)
_DEVICES = (
    ("auto", "Automatic"),
    ("cpu", "Processor (CPU)"),
    ("cuda", "NVIDIA graphics card (CUDA)"),
    ("mps", "Apple graphics (MPS)"),
)


class SettingsPanel(QDialog):
    """Shows a :class:`SettingsModel`. It does not stop the work; Esc closes it.

    Signals
    -------
    chosen(str, object)
        Name of a field and the value that the user wants.
    defaults_requested(), cache_clear_requested()
    """

    chosen = Signal(str, object)
    defaults_requested = Signal()
    cache_clear_requested = Signal()

    def __init__(self, settings: SettingsModel, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Dialog)
        self.setModal(False)
        self.setWindowTitle("Settings")
        self.resize(*_SIZE)
        self._settings = settings
        self._row = 0
        self.fields: dict[str, Any] = {}
        page = QWidget()
        page.setObjectName("page")
        self._grid = QGridLayout(page)
        self._grid.setContentsMargins(24, 16, 24, 24)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(THEME.space)
        self._grid.setColumnMinimumWidth(0, _LABEL_WIDTH)
        self._grid.setColumnStretch(1, 1)
        self._fill()
        self._grid.setRowStretch(self._row, 1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(scroll, 1)
        layout.addWidget(self._foot())
        settings.changed.connect(self._show_values)
        self._show_values()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter ends the typing in a field; it does not press a button."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)

    def _fill(self) -> None:
        self._heading("Appearance")
        themes = (("dark", "Dark"), ("light", "Light"), ("system", "As the system"))
        self._add("theme", "Colours", Choice(themes, self._tell("theme")))
        self._add("language", "Language", Choice(_LANGUAGES, self._tell("language")))
        self._heading("Pictures")
        windows = [(w, "As stored in the file" if w == FROM_FILE else w) for w in WINDOWS]
        self._add("default_window", "First window", Choice(windows, self._tell("default_window")))
        self._switch("interpolate", "Interpolate between pixels")
        self._switch("drag_down_brightens", "Dragging down brightens")
        self._heading("Heat")
        maps = [(name, name) for name in COLOUR_MAPS]
        self._add("colour_map", "Colour map", Choice(maps, self._tell("colour_map")))
        self._add("opacity", "Opacity", Share(self._tell("opacity")))
        self._add("threshold", "Threshold", Share(self._tell("threshold")))
        self._heading("Model")
        model = Place("Built-in model", self._pick_folder, self._tell("model"))
        self._add("model", "Name or folder", model)
        model.button.setAccessibleName("Choose the folder of a model")
        self._add("device", "Runs on", Choice(_DEVICES, self._tell("device")))
        self._heading("Storage")
        amount = Amount(0.1, 1000.0, "GB", self._tell("cache_gigabytes"))
        self._add("cache_gigabytes", "Encoded scans, at most", amount)
        clear = QPushButton("Remove encoded scans now")
        clear.clicked.connect(self.cache_clear_requested.emit)
        self._grid.addWidget(clear, self._row, 1, Qt.AlignmentFlag.AlignLeft)
        self._row += 1
        self._note("A scan opened again is then encoded again. No pictures or names are stored.")
        self._heading("Privacy")
        self._switch("show_patient_names", "Show names of patients")
        self._switch("remember_recent", "Keep a list of recent files")

    def _heading(self, words: str) -> None:
        label = QLabel(words)
        label.setObjectName("section")
        label.setContentsMargins(0, 12 if self._row else 0, 0, 0)
        self._grid.addWidget(label, self._row, 0, 1, 2)
        self._row += 1

    def _add(self, name: str, words: str, field: QWidget) -> None:
        label = QLabel(words)
        label.setBuddy(field)
        field.setAccessibleName(words)
        for part in field.findChildren(QWidget):
            if isinstance(part, QAbstractSlider | QAbstractSpinBox | QLineEdit):
                part.setAccessibleName(words)
        self.fields[name] = field
        self._grid.addWidget(label, self._row, 0)
        self._grid.addWidget(field, self._row, 1)
        self._row += 1

    def _switch(self, name: str, words: str) -> None:
        self.fields[name] = Switch(words, self._tell(name))
        self._grid.addWidget(self.fields[name], self._row, 1)
        self._row += 1

    def _note(self, words: str) -> None:
        label = QLabel(words)
        label.setObjectName("muted")
        label.setWordWrap(True)
        self._grid.addWidget(label, self._row, 1)
        self._row += 1

    def _foot(self) -> QWidget:
        foot = QWidget()
        layout = QHBoxLayout(foot)
        layout.setContentsMargins(24, 12, 24, 12)
        note = QLabel("Changes hold at once.")
        note.setObjectName("muted")
        defaults = QPushButton("Back to defaults")
        defaults.clicked.connect(self.defaults_requested.emit)
        close = QPushButton("Close")
        close.setObjectName("primary")
        close.clicked.connect(self.close)
        layout.addWidget(note, 1)
        layout.addWidget(defaults)
        layout.addWidget(close)
        return foot

    def _tell(self, name: str) -> Any:
        return lambda value: self.chosen.emit(name, value)

    def _pick_folder(self) -> str | None:
        return QFileDialog.getExistingDirectory(self, translate("Folder of a model")) or None

    def _show_values(self) -> None:
        for name, field in self.fields.items():
            field.show_value(getattr(self._settings.value, name))
