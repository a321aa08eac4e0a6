"""Example questions as buttons, for those who do not know what can be asked."""

from __future__ import annotations

from collections.abc import Sequence

from qtpy.QtCore import Signal
from qtpy.QtWidgets import QPushButton, QWidget
from superqt import QFlowLayout

EXAMPLES_CT = ("pleural effusion", "lung mass", "left kidney")
EXAMPLES_XR = ("pleural effusion", "cardiomegaly", "left lung")


class ExampleChips(QWidget):
    """A row of buttons that wraps; pressing one asks its text.

    Signals
    -------
    chosen(str)
    """

    chosen = Signal(str)

    def __init__(self, texts: Sequence[str] = EXAMPLES_CT, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layout = QFlowLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._buttons: list[QPushButton] = []
        self._texts: tuple[str, ...] = ()
        self.set_texts(texts)

    @property
    def texts(self) -> tuple[str, ...]:
        """What the buttons ask."""
        return self._texts

    @property
    def buttons(self) -> list[QPushButton]:
        """The buttons, in order."""
        return list(self._buttons)

    def set_texts(self, texts: Sequence[str]) -> None:
        """Replace the examples, as when the modality changes."""
        if tuple(texts) == self._texts:
            return
        for button in self._buttons:
            self._layout.removeWidget(button)
            button.deleteLater()
        self._buttons = []
        self._texts = tuple(texts)
        for text in self._texts:
            button = QPushButton(text, self)
            button.setAccessibleName(f"Ask: {text}")
            button.clicked.connect(lambda _=False, t=text: self.chosen.emit(t))
            self._layout.addWidget(button)
            self._buttons.append(button)
