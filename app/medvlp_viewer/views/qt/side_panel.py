"""The right side: questions and answers; below them organs and measurements as pages."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QScrollArea,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from medvlp_viewer.views.qt.measure.panel import QtMeasurePanel
from medvlp_viewer.views.qt.styled_parts import DIVIDED
from medvlp_viewer.views.qt.theme import THEME
from medvlp_viewer.views.qt.window_frame import Surface, splitter
from medvlp_widgets import OrganTablePanel, OverlayModel, QueryModel, QueryPanel

_LOWEST_PAGE = 150
"""Pixels: the window has to fit on a screen of 768."""


class SidePanel(Surface):
    """The host-neutral panels, one above the other."""

    def __init__(self, queries: QueryModel, overlay: OverlayModel) -> None:
        super().__init__()
        self.setObjectName("side")
        self.questions = QueryPanel(queries, overlay)
        self.questions.ask_button.setObjectName("primary")
        self.questions.edit.setMinimumHeight(34)
        self.organs = OrganTablePanel()
        self.measure = QtMeasurePanel()
        self.pages = QTabWidget()
        self.pages.setAccessibleName("Organs and measurements")
        self.pages.setDocumentMode(True)
        self.add_page("Organs", _framed(self.organs))
        self.add_page("Measure", self.measure.widget)
        asking = _titled("ASK", self.questions)
        for container in (asking, self.questions, self.pages, _stack_of(self.pages)):
            container.setProperty(DIVIDED, True)
        rows = splitter("side-rows", Qt.Orientation.Vertical, (asking, self.pages), "panel")
        rows.setSizes([480, 400])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 10)
        layout.addWidget(rows)
        self.setMinimumWidth(340)

    def add_page(self, title: str, page: QWidget) -> None:
        """One more page below the questions; on a low screen it is scrolled."""
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setMinimumHeight(_LOWEST_PAGE)
        area.setWidget(page)
        self.pages.addTab(area, title)


def _stack_of(pages: QTabWidget) -> QWidget:
    """What holds the pages; Qt gives no other way to it."""
    stack = pages.findChild(QStackedWidget)
    assert stack is not None
    return stack


def _framed(panel: QWidget) -> QWidget:
    box = QWidget()
    layout = QVBoxLayout(box)
    layout.setContentsMargins(0, THEME.space, 0, 0)
    layout.addWidget(panel)
    return box


def _titled(title: str, panel: QWidget) -> QWidget:
    box = QWidget()
    heading = QLabel(title)
    heading.setObjectName("heading")
    layout = QVBoxLayout(box)
    layout.setContentsMargins(0, 0, 0, THEME.space)
    layout.setSpacing(THEME.space)
    layout.addWidget(heading)
    layout.addWidget(panel, 1)
    return box
