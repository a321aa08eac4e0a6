"""One pane: draws what the models hold, turns what the user does there into changes of them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from medvlp.grounding.heatmap import Heatmap
from medvlp_viewer.models.heat import heat_profile
from medvlp_viewer.models.overlay import (
    PaneOverlay,
    colour_bar,
    drawn_rows,
    filled_keys,
    heat_overlay,
    outline_contour,
)
from medvlp_viewer.models.planes import PlaneFrame, PlaneName
from medvlp_viewer.models.readout import pane_title, point_lines, slice_lines, window_lines
from medvlp_viewer.models.state import ViewerState
from medvlp_viewer.views.base import PaneSetup, PaneText, PaneView

Later = Callable[[Callable[[], None]], None]


def run_now(function: Callable[[], None]) -> None:
    """Without an event loop there is no later."""
    function()


class PaneController:
    """Connects one :class:`PaneView` to the models.

    Parameters
    ----------
    plane
        Which canonical plane it shows. Without such a plane in the scan the pane stays empty.
    state
        The models of the window.
    view
        The pane.
    later
        Runs a function once the present event was handled.
    """

    def __init__(
        self, plane: PlaneName, state: ViewerState, view: PaneView, later: Later = run_now
    ) -> None:
        self._later = later
        self.plane = plane
        self.view = view
        self._state = state
        self._position = -1
        self._pointer: tuple[float, float] | None = None
        self._detailed = True
        self._pending = False
        self._profiled: tuple[Heatmap, NDArray[np.float32]] | None = None
        state.scan.changed.connect(self._set_up)
        state.crosshair.changed.connect(self._follow_crosshair)
        state.display.window_changed.connect(self._on_window)
        state.display.options_changed.connect(self._on_options)
        for changed in (
            state.overlay.changed,
            state.heats.changed,
            state.outline.changed,
            state.queries.row_changed,
            state.queries.selection_changed,
        ):
            changed.connect(self._overlay_is_due)
        view.pointed.connect(self._on_pointed)
        view.detail_changed.connect(self._on_detail)
        view.pointer_moved.connect(self._on_pointer)
        view.slice_requested.connect(self.go_to_slice)
        view.scrolled.connect(self.scroll)

    @property
    def frame(self) -> PlaneFrame | None:
        """Layout of the scan in this pane, if it has one."""
        return self._state.scan.frames.get(self.plane)

    @property
    def position(self) -> int:
        """The slice on screen, in scrolling order."""
        return self._position

    def scroll(self, slices: int) -> None:
        """Move by so many slices, within the scan."""
        self.go_to_slice(self._position + slices)

    def go_to_slice(self, position: int) -> None:
        """Move the crosshair to another slice of this pane."""
        frame = self.frame
        if frame is not None:
            _, row, column = frame.to_pane(self._state.crosshair.world)
            inside = min(frame.n_slices - 1, max(0, position))
            self._state.crosshair.move_to(frame.to_world(inside, row, column))

    def _set_up(self) -> None:
        self._position, self._pointer, self._profiled = -1, None, None
        frame = self.frame
        if frame is None:
            self.view.set_up(None)
            return
        self.view.set_up(
            PaneSetup(
                plane=self.plane,
                title=pane_title(frame),
                shape=frame.shape,
                n_slices=frame.n_slices,
                pixel_size=frame.pixel_size,
                unit="mm" if frame.geometry.units == "mm" else "px",
                letters=frame.letters,
            )
        )

    def _follow_crosshair(self) -> None:
        frame = self.frame
        if frame is None or self._state.crosshair.geometry is not frame.geometry:
            return
        where, row, column = frame.to_pane(self._state.crosshair.world)
        position = int(np.clip(np.rint(where), 0, frame.n_slices - 1))
        self.view.set_crosshair(row, column, self._state.crosshair.visible)
        if position != self._position:
            self._position = position
            self._draw_image()
            self._draw_overlay()
        else:
            self._write_text()

    def _draw_image(self) -> None:
        frame, words = self.frame, self._state.scan.words
        if not self._detailed and self._state.scan.overview is not None:
            words = self._state.scan.overview
        if frame is None or words is None or self._position < 0:
            return
        plane = frame.extract(words, self._position)
        self.view.set_image(self._state.display.table.take(plane))

    def _overlay_is_due(self) -> None:
        """Several changes in one turn of the event loop are drawn once."""
        if not self._pending:
            self._pending = True
            self._later(self._draw_overlay)

    def _draw_overlay(self) -> None:
        self._pending = False
        frame, state = self.frame, self._state
        if frame is None or self._position < 0:
            return
        models = state.queries, state.heats, state.overlay
        overlay = heat_overlay(frame, self._position, *models)
        outline = outline_contour(frame, self._position, state.outline)
        if outline is not None:
            overlay = PaneOverlay(overlay.layers, (*overlay.contours, outline))
        self.view.set_overlay(overlay)
        self.view.set_colour_bar(colour_bar(*models))
        self._mark_slices(frame)
        self._write_text()

    def _mark_slices(self, frame: PlaneFrame) -> None:
        """Heat profile along the slider, and the hot spots that lie on this slice."""
        key = self._leading_key()
        self.view.set_slice(self._position, self._profile(key, frame))
        spots = []
        for peak in self._state.heats.peaks(key):
            where, row, column = frame.to_pane(frame.geometry.index_to_world(peak.index))
            if round(where) == self._position:
                spots.append((float(row), float(column)))
        self.view.set_peaks(spots)

    def _profile(self, key: str, frame: PlaneFrame) -> NDArray[np.float32] | None:
        """Heat of all slices; kept while the same answer is shown, since scrolling asks for it."""
        heatmap = self._state.heats.get(key)
        if heatmap is None:
            return None
        if self._profiled is None or self._profiled[0] is not heatmap:
            self._profiled = heatmap, heat_profile(heatmap, frame)
        return self._profiled[1]

    def _leading_key(self) -> str:
        """The query that the readout, the profile and the marks are about."""
        state = self._state
        if not state.overlay.visible:
            return ""
        rows = [row for row, _ in drawn_rows(state.queries, state.heats)]
        keys = filled_keys(rows, state.queries.selected, state.overlay)
        return state.queries.selected if state.queries.selected in keys else min(keys, default="")

    def _write_text(self) -> None:
        frame, scan = self.frame, self._state.scan.scan
        if frame is None or scan is None or self._position < 0:
            return
        if self._pointer is not None:
            index = frame.to_index(self._position, *self._pointer)
            point = point_lines(scan, index, self._state.heats.get(self._leading_key()))
        elif self._is_first():
            index = scan.geometry.world_to_index(self._state.crosshair.world)
            point = point_lines(scan, index, self._state.heats.get(self._leading_key()))
        else:
            point = ()
        self.view.set_text(
            PaneText(
                top_left=slice_lines(frame, self._position),
                top_right=window_lines(scan, self._state.display.window),
                bottom_left=point,
            )
        )

    def _is_first(self) -> bool:
        return next(iter(self._state.scan.frames), None) == self.plane

    def _on_window(self) -> None:
        self._draw_image()
        self._write_text()

    def _on_options(self) -> None:
        display = self._state.display
        self.view.set_options(smooth=display.smooth, annotations=display.annotations)

    def _on_pointed(self, row: float, column: float) -> None:
        frame = self.frame
        if frame is not None:
            self._state.crosshair.move_to(frame.to_world(self._position, row, column))

    def _on_detail(self, detailed: bool) -> None:
        self._detailed = detailed
        if self._state.scan.overview is not None:
            self._draw_image()

    def _on_pointer(self, where: tuple[float, float] | None) -> None:
        self._pointer = where
        self._write_text()
