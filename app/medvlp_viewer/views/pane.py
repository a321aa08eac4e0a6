"""What the controllers know of one picture on the screen."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from psygnal import Signal

from medvlp_viewer.models.marks import Mark
from medvlp_viewer.models.overlay import Legend, PaneOverlay
from medvlp_viewer.models.planes import EdgeLetters, PlaneName
from medvlp_viewer.models.tiles import Tile


@dataclass(frozen=True)
class PaneSetup:
    """What stays the same while a pane is scrolled.

    ``pixel_size`` is ``(height, width)`` in ``unit`` ("mm", or "px" without a known spacing).
    """

    plane: PlaneName
    title: str
    shape: tuple[int, int]
    n_slices: int
    pixel_size: tuple[float, float]
    unit: Literal["mm", "px"]
    letters: EdgeLetters


@dataclass(frozen=True)
class PaneText:
    """Lines in the corners of a pane."""

    top_left: tuple[str, ...] = ()
    top_right: tuple[str, ...] = ()
    bottom_left: tuple[str, ...] = ()


@dataclass(frozen=True)
class Viewpoint:
    """Zoom of a pane (1 shows the whole picture) and the pixel in its middle."""

    zoom: float
    row: float
    column: float


class PaneView(ABC):
    """One picture with its annotations.

    Events
    ------
    scrolled(int)
        By so many slices.
    slice_requested(int)
        The slice slider was moved to a position.
    pointed(float, float)
        A row and column were chosen for the crosshair.
    pointer_moved(object)
        ``(row, column)`` under the pointer, or None when it left.
    window_dragged(float, float)
        Window drag to the right and down, in fractions of the pane.
    viewport_changed(object)
        :class:`medvlp_viewer.models.tiles.Viewport`: zoomed, panned or resized.
    tool_pressed(float, float), tool_moved(float, float), tool_released(float, float, bool)
        Left button at a row and column while a tool is in hand; ``tool_moved`` also without it.
        The last argument says whether the pointer was dragged since the press.
    mark_pressed(int), mark_dragged(int, int, float, float)
        A mark was pressed; point number so and so of a mark was dragged to a row and column.
    mark_released(int)
        The button was released over a mark that had been pressed.
    maximise_requested()
        By double click.
    activated()
        The pane got the keyboard focus.
    """

    scrolled = Signal(int)
    slice_requested = Signal(int)
    pointed = Signal(float, float)
    pointer_moved = Signal(object)
    window_dragged = Signal(float, float)
    viewport_changed = Signal(object)
    tool_pressed = Signal(float, float)
    tool_moved = Signal(float, float)
    tool_released = Signal(float, float, bool)
    mark_pressed = Signal(int)
    mark_dragged = Signal(int, int, float, float)
    mark_released = Signal(int)
    maximise_requested = Signal()
    activated = Signal()

    @abstractmethod
    def set_up(self, setup: PaneSetup | None) -> None:
        """Prepare for another scan and fit it, or clear the pane."""

    @abstractmethod
    def set_image(self, grey: NDArray[np.uint8], tile: Tile | None = None) -> None:
        """Show a ``(rows, columns)`` slice, or the tile of it that the samples cover."""

    @abstractmethod
    def set_overlay(self, overlay: PaneOverlay) -> None:
        """Show heat and lines over the slice."""

    @abstractmethod
    def set_crosshair(self, row: float, column: float, visible: bool) -> None:
        """Draw the crosshair at fractional pixels."""

    @abstractmethod
    def set_peaks(self, peaks: Sequence[tuple[float, float]]) -> None:
        """Mark hot spots that lie on this slice, at fractional (row, column)."""

    @abstractmethod
    def set_slice(
        self,
        position: int,
        profile: NDArray[np.float32] | None,
        rgb: tuple[int, int, int] | None = None,
    ) -> None:
        """Show where the slice is, and the heat of all slices along the slider in a colour."""

    @abstractmethod
    def set_text(self, text: PaneText) -> None:
        """Show the corner texts."""

    @abstractmethod
    def set_legend(self, legend: Legend) -> None:
        """Show what the colours of the heat mean."""

    @abstractmethod
    def set_marks(self, marks: Sequence[Mark]) -> None:
        """Show the measurements on this slice."""

    @abstractmethod
    def set_tool(self, in_hand: bool) -> None:
        """Whether the left button measures, or moves the crosshair and sets the window."""

    @abstractmethod
    def set_options(self, *, smooth: bool, annotations: bool) -> None:
        """Interpolate the picture; draw the annotations."""

    @abstractmethod
    def reset_view(self) -> None:
        """Fit the whole picture."""

    @property
    @abstractmethod
    def viewpoint(self) -> Viewpoint:
        """Zoom and position."""

    @abstractmethod
    def set_viewpoint(self, viewpoint: Viewpoint) -> None:
        """Put the picture there."""

    @abstractmethod
    def zoom(self, factor: float) -> None:
        """Magnify about the centre of the pane."""
