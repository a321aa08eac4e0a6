"""One pane: draws what the models hold, turns what the user does there into changes of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from medvlp.grounding.heatmap import Heatmap
from medvlp_viewer.controllers.turns import Later, run_now
from medvlp_viewer.models.heat import heat_profile
from medvlp_viewer.models.marks import marks_on_slice
from medvlp_viewer.models.overlay import (
    PaneOverlay,
    drawn_rows,
    filled_keys,
    heat_overlay,
    legend,
    outline_contour,
)
from medvlp_viewer.models.planes import PlaneFrame, PlaneName
from medvlp_viewer.models.readout import pane_title, point_lines, slice_lines, window_lines
from medvlp_viewer.models.state import ViewerState
from medvlp_viewer.models.tiles import Tile, Viewport
from medvlp_viewer.views.pane import PaneSetup, PaneText, PaneView

__all__ = ["Later", "PaneController", "run_now"]


class PaneController:
    """Connects one :class:`PaneView` to the models.

    What became out of date is drawn in a later turn of the event loop, all of it at once, so that
    no handler draws more than one pane and several changes in one turn are drawn once.

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
        self._viewport: Viewport | None = None
        self._tile: Tile | None = None
        self._due: set[str] = set()
        self._profiled: tuple[Heatmap, NDArray[np.float32]] | None = None
        self._connect()

    def _connect(self) -> None:
        state, view = self._state, self.view
        state.scan.changed.connect(self._set_up)
        state.scan.pixels_changed.connect(lambda: self._is_due("image", "text"))
        state.crosshair.changed.connect(self._follow_crosshair)
        state.display.window_changed.connect(lambda: self._is_due("image", "text"))
        state.display.options_changed.connect(self._on_options)
        state.measurements.changed.connect(lambda: self._is_due("marks"))
        state.measurements.tool_changed.connect(
            lambda: view.set_tool(state.measurements.tool is not None)
        )
        for changed in (
            state.overlay.changed,
            state.heats.changed,
            state.outline.changed,
            state.queries.row_changed,
            state.queries.selection_changed,
        ):
            changed.connect(self._overlay_is_due)
        view.pointed.connect(self._on_pointed)
        view.viewport_changed.connect(self._on_viewport)
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
        self._viewport, self._tile = None, None
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
        where = frame.to_pane(self._state.crosshair.world)[0]
        position = int(np.clip(np.rint(where), 0, frame.n_slices - 1))
        if position != self._position:
            self._position = position
            self._is_due("image", "overlay", "marks")
        self._is_due("crosshair", "text")

    def _is_due(self, *parts: str) -> None:
        waits = bool(self._due)
        self._due.update(parts)
        if not waits:
            self._later(self._draw)

    def _overlay_is_due(self) -> None:
        self._is_due("overlay", "text")

    def _draw(self) -> None:
        """Everything that is out of date."""
        due, self._due = self._due, set()
        frame = self.frame
        if frame is None or self._position < 0:
            return
        if "image" in due:
            self._draw_image(frame)
        if "overlay" in due:
            self._draw_overlay(frame)
        if "crosshair" in due:
            _, row, column = frame.to_pane(self._state.crosshair.world)
            self.view.set_crosshair(row, column, self._state.crosshair.visible)
        if "marks" in due and self._state.scan.scan is not None:
            shown = self._state.scan.scan, frame, self._position, self._state.measurements
            self.view.set_marks(marks_on_slice(*shown))
        if "text" in due:
            self._write_text()

    def _draw_image(self, frame: PlaneFrame) -> None:
        scan, table = self._state.scan, self._state.display.table
        if scan.pyramid is not None:
            if self._viewport is not None:
                self._tile = scan.pyramid.tile(self._viewport, frame.shape)
                plane = scan.pyramid.cut(scan.pyramid.levels[self._tile.level], self._tile)
                self.view.set_image(table.take(plane), self._tile)
        elif scan.words is not None:
            self.view.set_image(table.take(frame.extract(scan.words, self._position)))

    def _draw_overlay(self, frame: PlaneFrame) -> None:
        state = self._state
        models = state.queries, state.heats, state.overlay
        overlay = heat_overlay(frame, self._position, *models)
        outline = outline_contour(frame, self._position, state.outline)
        if outline is not None:
            overlay = PaneOverlay(overlay.layers, (*overlay.contours, outline))
        self.view.set_overlay(overlay)
        self.view.set_legend(legend(*models))
        self._mark_slices(frame)

    def _mark_slices(self, frame: PlaneFrame) -> None:
        """Heat profile along the slider, and the hot spots that lie on this slice."""
        key = self._leading_key()
        by_hue = self._state.overlay.by_hue(len(drawn_rows(self._state.queries, self._state.heats)))
        rgb = self._state.queries[key].hue.rgb if key and by_hue else None
        self.view.set_slice(self._position, self._profile(key, frame), rgb)
        spots = []
        for peak in self._state.heats.peaks(key):
            where, row, column = frame.to_pane(frame.geometry.index_to_world(peak.index))
            if round(where) == self._position:
                spots.append((float(row), float(column)))
        self.view.set_peaks(spots)

    def _profile(self, key: str, frame: PlaneFrame) -> NDArray[np.float32] | None:
        """Heat of all slices; kept while the same answer is shown, since scrolling asks for it."""
        heatmap = self._state.heats.get(key) if key else None
        if heatmap is None or heatmap.abstained:
            return None
        if self._profiled is None or self._profiled[0] is not heatmap:
            self._profiled = heatmap, heat_profile(heatmap, frame)
        return self._profiled[1]

    def _leading_key(self) -> str:
        """The query whose profile, peaks and value are shown: the selected, or the filled one."""
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
                top_left=(*self._caption, *slice_lines(frame, self._position)),
                top_right=window_lines(scan, self._state.display.window),
                bottom_left=point,
            )
        )

    @property
    def _caption(self) -> tuple[str, ...]:
        caption = self._state.display.caption
        return (caption,) if caption else ()

    def _is_first(self) -> bool:
        return next(iter(self._state.scan.frames), None) == self.plane

    def _on_options(self) -> None:
        display = self._state.display
        self.view.set_options(smooth=display.smooth, annotations=display.annotations)
        self._is_due("text")

    def _on_pointed(self, row: float, column: float) -> None:
        frame = self.frame
        if frame is not None:
            self._state.crosshair.move_to(frame.to_world(self._position, row, column))

    def _on_viewport(self, viewport: Viewport) -> None:
        """Of a large picture, only the part and the resolution that are seen are windowed."""
        self._viewport = viewport
        pyramid, frame = self._state.scan.pyramid, self.frame
        if pyramid is None or frame is None:
            return
        needed = pyramid.tile(viewport, frame.shape, margin=0.0)
        if self._tile is None or not self._tile.covers(needed):
            self._is_due("image")

    def _on_pointer(self, where: tuple[float, float] | None) -> None:
        self._pointer = where
        self._is_due("text")
