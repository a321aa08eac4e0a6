"""The note of the selected scan."""

from __future__ import annotations

from qtpy.QtCore import Qt, Signal
from qtpy.QtGui import QFocusEvent, QKeyEvent
from qtpy.QtWidgets import QLineEdit, QWidget

_LONGEST = 2000


class NoteEdit(QLineEdit):
    """Keeps what was typed when Enter is pressed or the keyboard goes elsewhere; Esc drops it.

    Signals
    -------
    entered(str)
        The note, if it is another one than before, or Enter was pressed.
    """

    entered = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key = ""
        self._kept = ""
        self.setMaxLength(_LONGEST)
        self.setPlaceholderText("Note on the selected scan")
        self.setAccessibleName("Note")
        self.setAccessibleDescription("Enter keeps the note, Escape leaves it as it was")
        self.returnPressed.connect(self._enter)

    def show_note(self, key: str, text: str) -> None:
        """Show the note of a scan; what is being typed about the same scan stays."""
        same = key == self._key
        if same and self.hasFocus() and self.text() != self._kept:
            self._kept = text
            return
        self._key, self._kept = key, text
        self.setText(text)
        self.setCursorPosition(0)

    def keep(self) -> None:
        """Enter what was typed, if anything was."""
        if self.text() != self._kept:
            self._enter()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape drops what was typed and gives the keyboard back."""
        if event.key() == Qt.Key.Key_Escape:
            self.setText(self._kept)
            self._enter()
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """What was typed is not lost when the user clicks elsewhere."""
        self.keep()
        super().focusOutEvent(event)

    def _enter(self) -> None:
        self._kept = self.text()
        self.entered.emit(self.text())
