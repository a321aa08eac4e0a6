"""Where the panes lie: one large, the others stacked beside it; or the empty state."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QStackedLayout, QWidget

from medvlp_viewer.models.planes import PLANES, PlaneName
from medvlp_viewer.views.qt.empty_state import EmptyState
from medvlp_viewer.views.qt.pane import QtPane
from medvlp_viewer.views.qt.volume.pane import QtVolume


class PanesArea(QWidget):
    """Holds one pane per plane for the life of the window."""

    def __init__(self) -> None:
        super().__init__()
        self.panes: dict[PlaneName, QtPane] = {name: QtPane(name) for name in PLANES}
        self.empty = EmptyState()
        self._outer = QSplitter(Qt.Orientation.Horizontal)
        self._inner = QSplitter(Qt.Orientation.Vertical)
        self._left = QSplitter(Qt.Orientation.Vertical)
        self._left.addWidget(self.panes["axial"].widget)
        self._outer.addWidget(self._left)
        self._outer.addWidget(self._inner)
        for name in PLANES[1:]:
            self._inner.addWidget(self.panes[name].widget)
        self._outer.setObjectName("pane-columns")
        self._inner.setObjectName("pane-rows")
        self._left.setObjectName("pane-rows-left")
        self._volume: QtVolume | None = None
        self._planes: Sequence[PlaneName] = ()
        self._volume_shown = self._volume_alone = False
        for splitter in (self._outer, self._inner, self._left):
            splitter.setHandleWidth(4)
            splitter.setChildrenCollapsible(False)
        self._outer.setStretchFactor(0, 3)
        self._outer.setStretchFactor(1, 2)
        self._outer.setSizes([620, 420])
        self._layout = QStackedLayout(self)
        self._layout.addWidget(self.empty)
        self._layout.addWidget(self._outer)

    def show_panes(self, planes: Sequence[PlaneName]) -> None:
        """Show these panes; none shows the empty state."""
        self._planes = planes
        self._arrange()

    @property
    def key_widgets(self) -> list[QWidget]:
        """Below these, the keys that scroll slices work."""
        return [pane.widget for pane in self.panes.values()]

    def add_volume(self, volume: QtVolume) -> None:
        """Put the 3D pane below the largest pane."""
        self._volume = volume
        self._left.addWidget(volume.widget)
        volume.activated.connect(lambda: volume.set_active(True))
        for pane in self.panes.values():
            pane.activated.connect(lambda: volume.set_active(False))
        self._arrange()

    def show_volume(self, shown: bool, *, alone: bool = False) -> None:
        """Show the 3D pane beside the others, or alone, or hide it."""
        self._volume_shown, self._volume_alone = shown, shown and alone
        self._arrange()
        if shown and not alone and 0 in self._left.sizes():
            self._left.setSizes([1, 1])

    def _arrange(self) -> None:
        planes = () if self._volume_alone else self._planes
        for name, pane in self.panes.items():
            pane.widget.setVisible(name in planes)
        # One pane alone, maximised or of an X-ray, leaves no room for the 3D pane.
        beside = self._volume_shown and len(self._planes) > 1
        if self._volume is not None:
            self._volume.widget.setVisible(beside or self._volume_alone)
        self._left.setVisible(PLANES[0] in planes or beside or self._volume_alone)
        self._inner.setVisible(any(name in planes for name in PLANES[1:]))
        self._layout.setCurrentWidget(self._outer if self._planes else self.empty)

    def set_active(self, plane: PlaneName) -> None:
        """Mark the pane that the slice keys act on."""
        for name, pane in self.panes.items():
            pane.set_active(name == plane)
