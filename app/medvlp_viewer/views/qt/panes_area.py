"""Where the panes lie: one large, the others stacked beside it; or a sentence without a scan."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSplitter, QStackedLayout, QWidget

from medvlp_viewer.models.planes import PLANES, PlaneName
from medvlp_viewer.views.qt.pane import QtPane

_EMPTY = (
    "Drop a CT or a chest X-ray here: a DICOM folder, a zip, NIfTI, NRRD, PNG\n\n"
    "Ctrl+O  open a file        Ctrl+Shift+O  open a DICOM folder"
)


class PanesArea(QWidget):
    """Holds one pane per plane for the life of the window."""

    def __init__(self) -> None:
        super().__init__()
        self.panes: dict[PlaneName, QtPane] = {name: QtPane(name) for name in PLANES}
        self.empty = QLabel(_EMPTY)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setObjectName("muted")
        self._outer = QSplitter(Qt.Orientation.Horizontal)
        self._inner = QSplitter(Qt.Orientation.Vertical)
        self._outer.addWidget(self.panes["axial"].widget)
        self._outer.addWidget(self._inner)
        for name in PLANES[1:]:
            self._inner.addWidget(self.panes[name].widget)
        self._outer.setObjectName("pane-columns")
        self._inner.setObjectName("pane-rows")
        for splitter in (self._outer, self._inner):
            splitter.setHandleWidth(4)
            splitter.setChildrenCollapsible(False)
        self._outer.setStretchFactor(0, 3)
        self._outer.setStretchFactor(1, 2)
        self._outer.setSizes([620, 420])
        self._layout = QStackedLayout(self)
        self._layout.addWidget(self.empty)
        self._layout.addWidget(self._outer)

    def show_panes(self, planes: Sequence[PlaneName]) -> None:
        """Show these panes; none shows the sentence."""
        for name, pane in self.panes.items():
            pane.widget.setVisible(name in planes)
        self._inner.setVisible(any(name in planes for name in PLANES[1:]))
        self._layout.setCurrentWidget(self._outer if planes else self.empty)

    def set_active(self, plane: PlaneName) -> None:
        """Mark the pane that the slice keys act on."""
        for name, pane in self.panes.items():
            pane.set_active(name == plane)
