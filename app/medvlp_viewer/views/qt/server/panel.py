"""The panel that finds studies on a server: fields, table, progress."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from medvlp import RESEARCH_NOTICE
from medvlp_viewer.models.server import ServerModel
from medvlp_viewer.views.qt.server.form import QueryForm
from medvlp_viewer.views.qt.server.series_table import SeriesTable
from medvlp_viewer.views.qt.server.table import StudyTable
from medvlp_viewer.views.qt.theme import THEME
from medvlp_viewer.views.server import ServerView
from medvlp_widgets.translation import translate

_SIZE = (900, 620)
_NAMES = "Show names and ids of patients in this table. They are hidden again at the next start."
_INTRO = (
    "Studies of a PACS or a DICOMweb server. An opened study is kept on this computer until "
    "File > Clear downloaded studies."
)


class ServerPanel(QDialog):
    """Shows a :class:`ServerModel`. It does not stop the work; Esc closes it."""

    def __init__(self, model: ServerModel, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Dialog)
        self.setModal(False)
        self.setWindowTitle("Open from a server")
        self.resize(*_SIZE)
        self._model = model
        self.form, self.table, self.series = QueryForm(), StudyTable(), SeriesTable()
        self.find_button = _button("Find", primary=True)
        self.series_button = _button("List series")
        self.open_button = _button("Open study", primary=True)
        self.cancel_button = _button("Cancel")
        self.names = QCheckBox("Show names")
        self.state, self.progress = QLabel(), QProgressBar()
        self._describe()
        self._lay_out()
        self.names.toggled.connect(model.show_names)
        self.table.itemSelectionChanged.connect(self._refresh)
        self.series.itemSelectionChanged.connect(self._refresh)
        model.changed.connect(self._refresh)
        self._refresh()

    def _describe(self) -> None:
        self.names.setToolTip(_NAMES)
        self.names.setAccessibleDescription(_NAMES)
        self.state.setWordWrap(True)
        self.state.setTextFormat(Qt.TextFormat.PlainText)
        self.state.setAccessibleName("Answer of the server")
        self.progress.setAccessibleName("Progress of the download")
        self.cancel_button.setAccessibleDescription("Stop the search or the download")
        self.series_button.setToolTip("Ask the server for the series of the chosen study")

    def _lay_out(self) -> None:
        intro, notice = QLabel(_INTRO), QLabel(RESEARCH_NOTICE)
        intro.setWordWrap(True)
        for label in (intro, notice):
            label.setObjectName("muted")
        self.form.grid.addWidget(self.find_button, 3, 5, Qt.AlignmentFlag.AlignRight)
        row, foot = QHBoxLayout(), QHBoxLayout()
        row.addWidget(self.names)
        row.addStretch(1)
        row.addWidget(self.cancel_button)
        row.addWidget(self.series_button)
        row.addWidget(self.open_button)
        close = _button("Close")
        close.clicked.connect(self.close)
        foot.addWidget(notice, 1)
        foot.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 24, 16)
        layout.setSpacing(THEME.space)
        layout.addWidget(intro)
        layout.addWidget(self.form)
        layout.addWidget(self.table, 2)
        layout.addWidget(self.series, 1)
        layout.addWidget(self.state)
        layout.addWidget(self.progress)
        layout.addLayout(row)
        layout.addSpacing(THEME.space)
        layout.addLayout(foot)

    def _refresh(self) -> None:
        model = self._model
        self.table.show_studies(model)
        self.series.show_series(model, self.table.chosen)
        self.state.setText(translate(model.text))
        self.state.setVisible(bool(model.text))
        fetching = model.phase == "fetching"
        self.progress.setVisible(model.busy)
        self.progress.setRange(0, 100 if fetching else 0)  # without an end it moves to and fro
        self.progress.setValue(round(100 * model.fraction))
        self.progress.setFormat(translate(model.words) or "%p %")
        self.cancel_button.setEnabled(model.busy)
        self.find_button.setEnabled(not model.busy)
        self.series_button.setEnabled(not model.busy and bool(self.table.chosen))
        self.open_button.setText("Open series" if self.series.chosen else "Open study")
        self.open_button.setEnabled(model.can_fetch and not model.busy and bool(self.table.chosen))


class QtServer(ServerView):
    """Qt form of the panel; ``panel`` is the QDialog."""

    def __init__(self, model: ServerModel, parent: QWidget) -> None:
        self._model = model
        self.panel = panel = ServerPanel(model, parent)
        panel.find_button.clicked.connect(self._find)
        panel.form.entered.connect(self._find)
        panel.series_button.clicked.connect(self._list_series)
        panel.open_button.clicked.connect(self._open)
        panel.table.opened.connect(self._open)
        panel.series.opened.connect(self._open)
        panel.cancel_button.clicked.connect(lambda: self.cancel_requested.emit())

    def show(self, address: str, aet: str) -> None:
        """Put the panel on screen."""
        self.panel.form.fill(address, aet)
        self.panel.show()
        self.panel.raise_()
        self.panel.activateWindow()

    def hide(self) -> None:
        """Take the panel off the screen."""
        self.panel.close()

    def _find(self) -> None:
        if not self._model.busy:
            self.find_requested.emit(self.panel.form.query())
            self.panel.table.setFocus()

    def _list_series(self) -> None:
        self.series_requested.emit(self.panel.table.chosen)
        self.panel.series.setFocus()

    def _open(self) -> None:
        """The chosen series, or the whole study where none is chosen."""
        if self.panel.open_button.isEnabled():
            self.open_requested.emit(self.panel.table.chosen, self.panel.series.chosen)


def _button(words: str, *, primary: bool = False) -> QPushButton:
    button = QPushButton(words)
    button.setAutoDefault(False)
    button.setObjectName("primary" if primary else "")
    return button
