"""The label that is always visible: research use only."""

from __future__ import annotations

from qtpy.QtCore import Qt
from qtpy.QtWidgets import QLabel, QWidget

from medvlp import RESEARCH_NOTICE


class ResearchNotice(QLabel):
    """Says that nothing on the screen is a diagnosis."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(f"⚠ {RESEARCH_NOTICE}", parent)
        self.setObjectName("research-notice")
        self.setAccessibleName(RESEARCH_NOTICE)
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        font = self.font()
        font.setBold(True)
        self.setFont(font)
