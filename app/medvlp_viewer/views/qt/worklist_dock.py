"""The worklist at the left edge of the window."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDockWidget,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from medvlp_viewer.views.keep import FileKind
from medvlp_viewer.views.qt.save_dialog import choose_name
from medvlp_viewer.views.qt.theme import THEME
from medvlp_viewer.views.worklist import WorklistView
from medvlp_widgets.models.progress import ProgressModel
from medvlp_widgets.models.worklist import WorklistModel
from medvlp_widgets.translation import translate
from medvlp_widgets.worklist.panel import WorklistPanel

_LISTS = "Manifests and hit lists (*.csv *.parquet *.json);;All files (*)"
_EXPORTS = (FileKind("CSV", ".csv"), FileKind("JSON", ".json"))
_WIDTH = 440
_HINT = "A accept · R reject · U unsure · J next · K previous · C note · O order by · Ctrl+Z undo"


class QtWorklist(WorklistView):
    """Qt form of the worklist: a dock that starts hidden."""

    def __init__(self, model: WorklistModel, window: QMainWindow) -> None:
        self._window = window
        self._was_shown = False
        self.panel = WorklistPanel(model)
        self.panel.set_hint(_HINT)
        self.dock = QDockWidget("Worklist", window)
        self.dock.setObjectName("worklist")
        self.dock.setWidget(self._padded())
        self.dock.setTitleBarWidget(self._title_bar(model))
        window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, self.dock)
        self.dock.hide()
        panel = self.panel
        panel.order_requested.connect(self.order_requested.emit)
        panel.note_entered.connect(self.note_entered.emit)
        panel.open_requested.connect(self.open_requested.emit)
        panel.pause_toggled.connect(self.pause_toggled.emit)
        panel.scoring_cancelled.connect(self.scoring_cancelled.emit)
        panel.scoring_restarted.connect(self.scoring_restarted.emit)

    @property
    def visible(self) -> bool:
        """Whether the panel is on screen."""
        return not self.dock.isHidden()

    def set_visible(self, visible: bool) -> None:
        """Show or hide the panel."""
        self.dock.setVisible(visible)
        if visible and not self._was_shown:  # a hidden dock has no width to set
            self._was_shown = True
            self._window.resizeDocks([self.dock], [_WIDTH], Qt.Orientation.Horizontal)

    def follow(self, progress: ProgressModel) -> None:
        """Show how far this job is."""
        self.panel.scoring.follow(progress)

    def show_scoring(self, *, paused: bool, unfinished: bool) -> None:
        """Say whether scoring is paused, and whether scans remain."""
        self.panel.scoring.show_state(paused=paused, unfinished=unfinished)

    def focus_order(self) -> None:
        """Put the cursor into the field that orders the scans."""
        self.set_visible(True)
        self.panel.focus_order()

    def focus_note(self) -> None:
        """Put the cursor into the note."""
        self.set_visible(True)
        self.panel.focus_note()

    def keep_note(self) -> None:
        """Enter a note that is still being typed."""
        self.panel.note_edit.keep()

    def choose_folder(self) -> str | None:
        """Ask for a folder of scans."""
        return (
            QFileDialog.getExistingDirectory(self._window, translate("Open a folder as worklist"))
            or None
        )

    def choose_list(self) -> str | None:
        """Ask for a manifest or a list of hits."""
        title = translate("Open a manifest or a hit list")
        return QFileDialog.getOpenFileName(self._window, title, "", _LISTS)[0] or None

    def choose_export(self, suggestion: str) -> str | None:
        """Ask where to write the decisions."""
        return choose_name(self._window, translate("Export the decisions"), suggestion, _EXPORTS)

    def _padded(self) -> QWidget:
        box = QWidget()
        box.setObjectName("side")
        box.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        box.setMinimumWidth(300)
        layout = QVBoxLayout(box)
        layout.setContentsMargins(12, 0, 12, 10)
        layout.addWidget(self.panel)
        return box

    def _title_bar(self, model: WorklistModel) -> QWidget:
        bar = QWidget()
        bar.setObjectName("side")
        bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        heading = QLabel("WORKLIST")
        heading.setObjectName("heading")
        name = QLabel()
        name.setObjectName("muted")
        hide = QToolButton()
        hide.setText("✕")
        hide.setToolTip("Hide the worklist (W)")
        hide.setAccessibleName("Hide the worklist")
        hide.clicked.connect(self.dock.hide)
        model.reset.connect(lambda: name.setText(model.title))
        layout = QHBoxLayout(bar)
        layout.setContentsMargins(12, 10, THEME.space, THEME.space)
        layout.addWidget(heading)
        layout.addWidget(name, 1)
        layout.addWidget(hide)
        return bar
