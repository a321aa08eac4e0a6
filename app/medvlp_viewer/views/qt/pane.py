"""A pane: picture and slice slider in a frame that shows where the keyboard is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtWidgets import QFrame, QHBoxLayout

from medvlp_viewer.models.marks import Mark
from medvlp_viewer.models.overlay import Legend, PaneOverlay
from medvlp_viewer.models.planes import PlaneName
from medvlp_viewer.models.tiles import Tile
from medvlp_viewer.views.pane import PaneSetup, PaneText, PaneView, Viewpoint
from medvlp_viewer.views.qt.canvas import Canvas
from medvlp_viewer.views.qt.slice_slider import SliceSlider
from medvlp_widgets.translation import translate

# Events of the pane that happen on its picture.
_EVENTS = (
    "scrolled",
    "pointed",
    "pointer_moved",
    "window_dragged",
    "viewport_changed",
    "tool_pressed",
    "tool_moved",
    "tool_released",
    "mark_pressed",
    "mark_dragged",
    "mark_released",
    "maximise_requested",
    "activated",
)


class QtPane(PaneView):
    """Qt form of a pane; ``widget`` goes into a layout."""

    def __init__(self, plane: PlaneName) -> None:
        self.widget = QFrame()
        self.widget.setObjectName("pane")
        self.canvas = Canvas(plane)
        self.slider = SliceSlider(plane)
        layout = QHBoxLayout(self.widget)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(0)
        layout.addWidget(self.canvas, 1)
        layout.addWidget(self.slider)
        for name in _EVENTS:
            getattr(self.canvas, name).connect(getattr(self, name).emit)
        self.slider.chosen.connect(self.slice_requested.emit)

    def set_active(self, active: bool) -> None:
        """Mark the pane that the slice keys act on."""
        self.widget.setProperty("active", active)
        self.widget.style().unpolish(self.widget)
        self.widget.style().polish(self.widget)

    def set_up(self, setup: PaneSetup | None) -> None:
        """Prepare for another scan and fit it, or clear the pane."""
        self.canvas.set_up(setup)
        self.slider.set_count(setup.n_slices if setup else 1)
        self.slider.setVisible(setup is not None and setup.n_slices > 1)

    def set_image(self, grey: NDArray[np.uint8], tile: Tile | None = None) -> None:
        """Show a slice, or a tile of it."""
        self.canvas.set_image(grey, tile)

    def set_overlay(self, overlay: PaneOverlay) -> None:
        """Show heat and lines over the slice."""
        self.canvas.set_overlay(overlay)

    def set_crosshair(self, row: float, column: float, visible: bool) -> None:
        """Draw the crosshair."""
        self.canvas.set_crosshair(row, column, visible)

    def set_peaks(self, peaks: Sequence[tuple[float, float]]) -> None:
        """Mark hot spots on this slice."""
        self.canvas.set_peaks(list(peaks))

    def set_slice(
        self,
        position: int,
        profile: NDArray[np.float32] | None,
        rgb: tuple[int, int, int] | None = None,
    ) -> None:
        """Show where the slice is."""
        self.slider.set_position(position, profile, rgb)

    def set_text(self, text: PaneText) -> None:
        """Show the corner texts."""
        self.canvas.annotate(text=_translated(text))

    def set_legend(self, legend: Legend) -> None:
        """Show what the colours of the heat mean."""
        self.canvas.annotate(legend=legend)

    def set_marks(self, marks: Sequence[Mark]) -> None:
        """Show the measurements on this slice."""
        self.canvas.set_marks(list(marks))

    def set_tool(self, in_hand: bool) -> None:
        """Let the left button measure, or not."""
        self.canvas.set_tool(in_hand)

    def set_options(self, *, smooth: bool, annotations: bool) -> None:
        """Interpolate the picture; draw the annotations."""
        self.canvas.set_smooth(smooth)
        self.canvas.annotate(shown=annotations)

    def reset_view(self) -> None:
        """Fit the whole picture."""
        self.canvas.fit()

    @property
    def viewpoint(self) -> Viewpoint:
        """Zoom and position."""
        return Viewpoint(*self.canvas.viewpoint())

    def set_viewpoint(self, viewpoint: Viewpoint) -> None:
        """Put the picture there."""
        self.canvas.set_viewpoint(viewpoint.zoom, viewpoint.row, viewpoint.column)

    def zoom(self, factor: float) -> None:
        """Magnify about the centre."""
        self.canvas.zoom_by(factor)


def _translated(text: PaneText) -> PaneText:
    """In the user's language."""
    corners = (text.top_left, text.top_right, text.bottom_left)
    return PaneText(*(tuple(translate(line) for line in corner) for corner in corners))
