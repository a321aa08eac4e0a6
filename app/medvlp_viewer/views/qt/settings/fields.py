"""One control per kind of setting; each tells when the user chose a value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QWidget,
)
from superqt import QLabeledDoubleSlider

from medvlp_viewer.views.qt.theme import THEME

Chosen = Callable[[Any], object]


class Choice(QComboBox):
    """One of several values, each with its words."""

    def __init__(self, options: Sequence[tuple[Any, str]], chosen: Chosen) -> None:
        super().__init__()
        for value, words in options:
            self.addItem(words, value)
        self.activated.connect(lambda i: chosen(self.itemData(i)))

    def show_value(self, value: Any) -> None:
        """Show a value without telling."""
        self.setCurrentIndex(self.findData(value))


class Switch(QCheckBox):
    """Yes or no."""

    def __init__(self, words: str, chosen: Chosen) -> None:
        super().__init__(words)
        self.clicked.connect(lambda checked: chosen(checked))

    def show_value(self, value: Any) -> None:
        """Show a value without telling."""
        self.setChecked(bool(value))


class Share(QLabeledDoubleSlider):
    """A number in [0, 1]."""

    def __init__(self, chosen: Chosen) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setRange(0.0, 1.0)
        # superqt's float sliders inherit integer annotations of QSlider.
        self.setSingleStep(0.05)  # type: ignore[arg-type]
        self.setDecimals(2)
        self.valueChanged.connect(lambda value: chosen(round(float(value), 3)))

    def show_value(self, value: Any) -> None:
        """Show a value without telling."""
        if abs(self.value() - value) > 1e-6:
            self.blockSignals(True)
            self.setValue(value)
            self.blockSignals(False)


class Amount(QDoubleSpinBox):
    """A number with a unit."""

    def __init__(self, low: float, high: float, unit: str, chosen: Chosen) -> None:
        super().__init__()
        self.setRange(low, high)
        self.setDecimals(1)
        self.setSuffix(f" {unit}")
        self.setKeyboardTracking(False)
        self.lineEdit().setTextMargins(THEME.space, 0, THEME.space, 0)
        self.valueChanged.connect(lambda value: chosen(value))

    def show_value(self, value: Any) -> None:
        """Show a value without telling."""
        self.blockSignals(True)
        self.setValue(value)
        self.blockSignals(False)


class Place(QWidget):
    """A name or a folder, typed or picked."""

    def __init__(self, hint: str, pick: Callable[[], str | None], chosen: Chosen) -> None:
        super().__init__()
        self.edit = QLineEdit()
        self.edit.setPlaceholderText(hint)
        self.button = QPushButton("Folder…")
        self._pick, self._chosen = pick, chosen
        self.edit.editingFinished.connect(lambda: chosen(self.edit.text().strip()))
        self.button.clicked.connect(self._on_pick)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(THEME.space)
        layout.addWidget(self.edit, 1)
        layout.addWidget(self.button)
        self.setFocusProxy(self.edit)

    def show_value(self, value: Any) -> None:
        """Show a value without telling."""
        if self.edit.text() != value:
            self.edit.setText(value)

    def _on_pick(self) -> None:
        folder = self._pick()
        if folder:
            self.edit.setText(folder)
            self._chosen(folder)
