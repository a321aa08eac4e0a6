"""Panes of the second scan above the table of differences."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QToolBar,
    QVBoxLayout,
    QWidget,
)

from medvlp_viewer.models.compare import ComparisonRow
from medvlp_viewer.models.planes import PlaneName
from medvlp_viewer.views.compare import CompareView
from medvlp_viewer.views.pane import PaneView
from medvlp_viewer.views.qt.compare.table import ComparisonTable
from medvlp_viewer.views.qt.panes_area import PanesArea
from medvlp_viewer.views.qt.theme import THEME, follow_theme
from medvlp_widgets.translation import translate

# Names of commands and the short words on their buttons.
TOOLS = (("compare-link", "Link"), ("compare-align", "Align here"), ("compare-close", "Close"))
_TICK_MILLISECONDS = 25
_LEAST_HEIGHT = 210


class QtCompare(CompareView):
    """Qt form of the second side: ``area`` goes beside the first panes, ``panel`` below both."""

    def __init__(self) -> None:
        self.panel = QWidget()
        self.area = PanesArea()
        self.table = ComparisonTable()
        self.tools = QToolBar("Compare")
        self.tools.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        follow_theme(self.tools, self._style_tools)
        self._titles, self._match = QLabel(), QLabel()
        self._progress = _Progress()
        self._lay_out()
        self.table.chosen.connect(self.row_chosen.emit)
        self._progress.cancel.clicked.connect(lambda: self.cancel_requested.emit())
        self._timer = QTimer(self.panel)
        self._timer.setInterval(_TICK_MILLISECONDS)
        self._timer.timeout.connect(self.ticked.emit)

    def install(self, action: Callable[[str], QAction], keys: Sequence[QAction]) -> None:
        """Put commands beside the titles, and let the keys of panes work in these as well."""
        for name, words in TOOLS:
            action(name).setIconText(words)
            self.tools.addAction(action(name))
            button = self.tools.widgetForAction(action(name))
            button.setAccessibleName(action(name).text())
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for widget in self.area.key_widgets:
            for key in keys:
                widget.addAction(key)

    def pane(self, plane: PlaneName) -> PaneView:
        """The pane of a plane."""
        return self.area.panes[plane]

    def show_panes(self, planes: Sequence[PlaneName]) -> None:
        """Lay these panes out."""
        self.area.show_panes(planes)

    def focus_pane(self, plane: PlaneName) -> None:
        """Mark a pane; the keyboard stays where the user put it."""
        self.area.set_active(plane)

    def set_titles(self, left: str, right: str) -> None:
        """Name both scans."""
        template = translate("Left: %1") + "\n" + translate("Right: %2")
        self._titles.setText(template.replace("%1", left).replace("%2", right))

    def set_headings(self, left: str, right: str, *, agreement: bool) -> None:
        """Name both columns of answers."""
        self.table.set_headings(left, right, agreement=agreement)

    def set_match(self, words: str) -> None:
        """Say how the scans are linked."""
        self._match.setText("\n".join(translate(line) for line in words.splitlines()))

    def set_progress(self, words: str, fraction: float | None) -> None:
        """Show what the second process is doing."""
        self._progress.show_job(words, fraction)

    def set_rows(self, rows: Sequence[ComparisonRow], selected: str) -> None:
        """Show the table."""
        self.table.set_rows(rows, selected)

    def set_ticking(self, ticking: bool) -> None:
        """Emit ``ticked`` only while the comparison is open; nothing wakes the program for nothing."""
        if ticking:
            self._timer.start()
        else:
            self._timer.stop()

    def _style_tools(self) -> None:
        self.tools.setStyleSheet(f"QToolButton:checked {{ background: {THEME.accent_dark}; }}")

    def _lay_out(self) -> None:
        for label in (self._titles, self._match):
            label.setObjectName("muted")
            label.setWordWrap(True)
        self.panel.setObjectName("side")
        self.panel.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.panel.setMinimumHeight(_LEAST_HEIGHT)
        layout = QVBoxLayout(self.panel)
        layout.setContentsMargins(THEME.space, THEME.space, THEME.space, THEME.space)
        layout.setSpacing(THEME.space)
        head = QHBoxLayout()
        head.addWidget(self._titles, 1)
        head.addWidget(self.tools)
        layout.addLayout(head)
        layout.addWidget(self._match)
        layout.addWidget(self._progress)
        layout.addWidget(self.table, 1)


class _Progress(QWidget):
    """What the second process is doing, and a button to stop it."""

    def __init__(self) -> None:
        super().__init__()
        self._words, self._bar = QLabel(), QProgressBar()
        self._words.setObjectName("muted")
        self._bar.setAccessibleName("Progress of the second scan")
        self._bar.setRange(0, 100)
        self.cancel = QPushButton("Cancel")
        self.cancel.setAccessibleName("Cancel the job of the second scan")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._words)
        layout.addWidget(self._bar, 1)
        layout.addWidget(self.cancel)
        self.hide()

    def show_job(self, words: str, fraction: float | None) -> None:
        """Show a job, or nothing."""
        self.setVisible(bool(words))
        self._words.setText(translate(words))
        self._bar.setValue(round(100 * (fraction or 0.0)))
