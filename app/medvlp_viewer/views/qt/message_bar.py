"""A sentence above the panes, instead of a dialog that stops the work."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from medvlp_viewer.views.base import Message
from medvlp_viewer.views.qt.theme import THEME

_WORDS = {"info": "Note", "warning": "Warning", "error": "Problem"}


class MessageBar(QFrame):
    """Shows one :class:`Message` until it is dismissed or replaced."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("message")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._message: Message | None = None
        self.word = QLabel()
        self.word.setObjectName("severity")
        self.text = QLabel()
        self.text.setWordWrap(True)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.action = QPushButton()
        self.action.setObjectName("primary")
        self.action.clicked.connect(self._run_action)
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
        layout.addWidget(self.action)
        layout.addWidget(self.more)
        layout.addWidget(self.dismiss)
        self.hide()

    def show_message(self, message: Message | None) -> None:
        """Show a sentence, or close the bar."""
        self._message = message
        if message is None:
            self.hide()
            return
        self.setProperty("severity", message.severity)
        self.word.setText(_WORDS[message.severity])
        for widget in (self, self.word):  # the style depends on the property
            widget.style().unpolish(widget)
            widget.style().polish(widget)
        self.action.setVisible(message.action is not None)
        self.action.setText(message.action.label if message.action else "")
        self.more.setVisible(bool(message.details) and message.details != message.text)
        self.more.setChecked(False)
        self.setAccessibleName(f"{_WORDS[message.severity]}: {message.text}")
        self._show_text(False)
        self.show()

    def _run_action(self) -> None:
        action = self._message.action if self._message else None
        self.show_message(None)
        if action is not None:
            action.run()

    def _show_text(self, detailed: bool) -> None:
        if self._message is not None:
            self.text.setText(self._message.details if detailed else self._message.text)
