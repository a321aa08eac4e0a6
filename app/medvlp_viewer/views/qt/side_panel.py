"""The right side: questions and answers, organs."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSplitter, QVBoxLayout, QWidget

from medvlp_viewer.views.qt.theme import THEME
from medvlp_widgets import OrganTablePanel, OverlayModel, QueryModel, QueryPanel


class SidePanel(QWidget):
    """The host-neutral panels, one above the other."""

    def __init__(self, queries: QueryModel, overlay: OverlayModel) -> None:
        super().__init__()
        self.setObjectName("side")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.questions = QueryPanel(queries, overlay)
        self.questions.ask_button.setObjectName("primary")
        self.questions.edit.setMinimumHeight(34)
        self.organs = OrganTablePanel()
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.setObjectName("side-rows")
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(_titled("ASK", self.questions))
        splitter.addWidget(_titled("ORGANS", self.organs))
        splitter.setSizes([520, 360])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 10)
        layout.addWidget(splitter)
        self.setMinimumWidth(340)


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
