"""The window's frame: what is dropped on it, its closing, and where its parts stand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import (
    QCloseEvent,
    QColor,
    QDragEnterEvent,
    QDropEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QMainWindow, QSplitter, QSplitterHandle, QVBoxLayout, QWidget

from medvlp_viewer.views.qt.icons import application_icon
from medvlp_viewer.views.qt.styled_parts import DIVIDED, StyledParts
from medvlp_viewer.views.qt.theme import THEME
from medvlp_viewer.views.qt.turns import Turns

SurfaceColour = Literal["window", "panel"]
"""Names of colours of the theme."""

_SIZE = (1600, 1000)
_SIDES = (270, 430)
"""Widths of the study browser and of the panel on the right."""


class MainWindow(QMainWindow):
    """Tells what was dropped where, and that the window closes.

    Parameters
    ----------
    dropped
        Called with paths and where they were dropped.
    closed
        Called before the window closes.
    """

    def __init__(
        self, dropped: Callable[[list[str], QPoint], None], closed: Callable[[], None]
    ) -> None:
        super().__init__()
        self._dropped, self._closed = dropped, closed
        self.setAcceptDrops(True)
        self.resize(*_SIZE)
        self.setWindowIcon(application_icon())
        StyledParts(self, Turns())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept local files and folders."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what was dropped."""
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self._dropped(paths, event.position().toPoint())

    def closeEvent(self, event: QCloseEvent) -> None:
        """Let the inference process end first."""
        self._closed()
        super().closeEvent(event)

    def lay_out(self, above: QWidget, left: QWidget, centre: QWidget, right: QWidget) -> None:
        """Three columns below a line."""
        columns = splitter("columns", Qt.Orientation.Horizontal, (left, centre, right))
        for number, stretch in enumerate((0, 1, 0)):
            columns.setStretchFactor(number, stretch)
        columns.setSizes([_SIDES[0], _SIZE[0] - sum(_SIDES), _SIDES[1]])
        content = QWidget()
        content.setProperty(DIVIDED, True)
        layout = QVBoxLayout(content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(above)
        layout.addWidget(columns, 1)
        self.setCentralWidget(content)


class Surface(QWidget):
    """A container in the colour of panels, drawn without a style sheet; what it holds are parts."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty(DIVIDED, True)
        THEME.changed.connect(self._redraw)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fill it."""
        QPainter(self).fillRect(self.rect(), QColor(THEME.panel))

    def _redraw(self) -> None:
        self.update()


def splitter(
    name: str,
    orientation: Qt.Orientation,
    parts: Sequence[QWidget],
    colour: SurfaceColour = "window",
) -> QSplitter:
    """Widgets side by side, whose sizes are kept in sessions by this name; handles in a colour."""
    made = _Splitter(orientation, colour)
    made.setObjectName(name)
    made.setProperty(DIVIDED, True)
    made.setHandleWidth(4)
    made.setChildrenCollapsible(False)
    for part in parts:
        made.addWidget(part)
    return made


class _Handle(QSplitterHandle):
    """Drawn without a style sheet: one of the splitter would style all that it holds."""

    def __init__(
        self, orientation: Qt.Orientation, parent: QSplitter, colour: SurfaceColour
    ) -> None:
        super().__init__(orientation, parent)
        self._colour = colour

    def paintEvent(self, event: QPaintEvent) -> None:
        """The colour of what lies around it; another one under the mouse."""
        colour = "accent_dark" if self.underMouse() else self._colour
        QPainter(self).fillRect(self.rect(), QColor(getattr(THEME, colour)))


class _Splitter(QSplitter):
    def __init__(self, orientation: Qt.Orientation, colour: SurfaceColour) -> None:
        super().__init__(orientation)
        self._colour = colour

    def createHandle(self) -> QSplitterHandle:
        """One that shows that it can be moved."""
        handle = _Handle(self.orientation(), self, self._colour)
        handle.setAttribute(Qt.WidgetAttribute.WA_Hover)
        return handle
