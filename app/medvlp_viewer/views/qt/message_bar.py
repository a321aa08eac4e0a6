"""A sentence above the panes, instead of a dialog that stops the work."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from medvlp_viewer.views.base import Message
from medvlp_viewer.views.qt.theme import THEME

_WORDS = {"info": "Note", "warning": "Warning", "error": "Problem"}
_COLOURS = {"info": THEME.information, "warning": THEME.warning, "error": THEME.error}


class MessageBar(QFrame):
    """Shows one :class:`Message` until it is dismissed or replaced."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("message")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._message: Message | None = None
        self.word = QLabel()
        self.text = QLabel()
        self.text.setWordWrap(True)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.more = QPushButton("Details")
        self.more.setCheckable(True)
        self.more.toggled.connect(self._show_text)
        self.dismiss = QPushButton("Dismiss")
        self.dismiss.clicked.connect(self.hide)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(THEME.space + 4, 6, THEME.space, 6)
        layout.setSpacing(THEME.space)
        layout.addWidget(self.word)
        layout.addWidget(self.text, 1)
        layout.addWidget(self.more)
        layout.addWidget(self.dismiss)
        self.hide()

    def show_message(self, message: Message | None) -> None:
        """Show a sentence, or close the bar."""
        self._message = message
        if message is None:
            self.hide()
            return
        colour = _COLOURS[message.severity]
        self.word.setText(_WORDS[message.severity])
        self.word.setStyleSheet(f"color: {colour}; font-weight: 600;")
        self.setStyleSheet(f"QFrame#message {{ border-left: 4px solid {colour}; }}")
        self.more.setVisible(bool(message.details) and message.details != message.text)
        self.more.setChecked(False)
        self.setAccessibleName(f"{_WORDS[message.severity]}: {message.text}")
        self._show_text(False)
        self.show()

    def _show_text(self, detailed: bool) -> None:
        if self._message is not None:
            self.text.setText(self._message.details if detailed else self._message.text)
