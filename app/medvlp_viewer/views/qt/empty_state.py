"""What stands where the panes will be, before a scan is open: what to do, and a scan to try."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from medvlp_viewer.views.qt.icons import application_icon
from medvlp_viewer.views.qt.theme import THEME
from medvlp_widgets.query.examples import EXAMPLES_CT

_LOGO = 72


class EmptyState(QWidget):
    """Ways to open a scan, and example questions about the sample.

    Signals
    -------
    command_wanted(str)
        Name of a command.
    sample_asked(str)
        A question about the sample CT.
    """

    command_wanted = Signal(str)
    sample_asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setSpacing(THEME.space)
        layout.addStretch(2)
        logo = QLabel()
        logo.setPixmap(application_icon().pixmap(_LOGO, _LOGO))
        layout.addWidget(logo, 0, Qt.AlignmentFlag.AlignCenter)
        layout.addSpacing(THEME.space)
        self._add(layout, "Ask a CT or a chest X-ray in words, and see where", "title")
        self._add(
            layout, "Drop a scan here: a DICOM folder, a zip, NIfTI, NRRD, MHA, PNG", "subtitle"
        )
        layout.addSpacing(2 * THEME.space)
        layout.addLayout(self._openers())
        layout.addSpacing(4 * THEME.space)
        self._add(layout, "Or try a question on the sample CT:", "muted")
        layout.addLayout(self._examples(EXAMPLES_CT))
        layout.addStretch(3)

    def _add(self, layout: QVBoxLayout, words: str, name: str) -> None:
        label = QLabel(words)
        label.setObjectName(name)
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        label.setWordWrap(True)
        layout.addWidget(label)

    def _openers(self) -> QHBoxLayout:
        buttons = []
        for words, command in (
            ("Open file…", "open-file"),
            ("Open DICOM folder…", "open-folder"),
            ("Open sample CT", "open-sample"),
        ):
            button = QPushButton(words)
            button.setMinimumHeight(36)
            button.clicked.connect(lambda _=False, name=command: self.command_wanted.emit(name))
            buttons.append(button)
        buttons[0].setObjectName("primary")
        return _centred(buttons)

    def _examples(self, texts: Sequence[str]) -> QHBoxLayout:
        buttons = []
        for text in texts:
            button = QPushButton(text)
            button.setAccessibleName(f"Ask the sample CT: {text}")
            button.clicked.connect(lambda _=False, t=text: self.sample_asked.emit(t))
            buttons.append(button)
        return _centred(buttons)


def _centred(buttons: Sequence[QPushButton]) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(THEME.space)
    row.addStretch(1)
    for button in buttons:
        row.addWidget(button)
    row.addStretch(1)
    return row
