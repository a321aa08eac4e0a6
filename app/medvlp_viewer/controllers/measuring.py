"""Measuring: what presses and drags with a tool in hand do, and the numbers that follow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from medvlp_viewer.controllers.pane import PaneController
from medvlp_viewer.controllers.panes import PanesController
from medvlp_viewer.models.background import attempt
from medvlp_viewer.models.measurement_text import KIND_NAMES
from medvlp_viewer.models.measurements import (
    Measurement,
    MeasurementKind,
    Point,
    RegionStatistics,
)
from medvlp_viewer.models.measuring import region_size, region_statistics
from medvlp_viewer.models.planes import PlaneName
from medvlp_viewer.models.state import ViewerState
from medvlp_viewer.models.undo import UndoStep

# Statistics of more pixels are computed in the background.
_LARGE_REGION = 300_000


@dataclass
class _Draft:
    """A measurement that is being drawn.

    ``by_clicks``: its points are set by single clicks instead of one drag.
    """

    number: int
    plane: PlaneName
    by_clicks: bool = False


class MeasuringController:
    """Draws, moves and removes measurements; computes statistics of regions.

    A drag draws a distance or a region, two clicks do as well. An angle takes a drag and a click,
    or three clicks. The tool stays in hand until another one is taken.
    """

    def __init__(self, state: ViewerState, panes: PanesController) -> None:
        self._state = state
        self._draft: _Draft | None = None
        self._before: Measurement | None = None
        self._computing = False
        for pane in panes.panes.values():
            self._connect(pane)
        state.scan.changed.connect(self._on_scan)
        state.measurements.tool_changed.connect(self._drop_draft)
        state.measurements.changed.connect(self._compute)

    def use(self, tool: MeasurementKind | None) -> None:
        """Take a tool in hand; the one already in hand is put down."""
        measurements = self._state.measurements
        measurements.take_tool(None if tool == measurements.tool else tool)

    def remove_chosen(self) -> None:
        """Remove the chosen measurement."""
        chosen = self._state.measurements.chosen
        if chosen is not None:
            self.remove(chosen.number)

    def remove(self, number: int) -> None:
        """Remove a measurement; it can be taken back."""
        measurements = self._state.measurements
        item = measurements.remove(number)
        if item is not None:
            self._remember(
                f"{KIND_NAMES[item.kind]} removed",
                lambda: measurements.put(item),
                lambda: measurements.remove(number),
            )

    def remove_all(self) -> None:
        """Remove every measurement; they can be taken back together."""
        measurements = self._state.measurements
        items = tuple(measurements)

        def restore() -> None:
            for item in items:
                measurements.put(item)

        if items:
            measurements.clear()
            self._remember("Measurements removed", restore, measurements.clear)

    def go_to(self, number: int) -> None:
        """Choose a measurement and show its slice."""
        item = self._state.measurements.get(number)
        if item is not None:
            self._state.measurements.choose(number)
            middle = [sum(axis) / len(item.points) for axis in zip(*item.points, strict=True)]
            self._state.crosshair.move_to(middle)

    def _connect(self, pane: PaneController) -> None:
        view = pane.view
        view.tool_pressed.connect(lambda r, c: self._on_pressed(pane, r, c))
        view.tool_moved.connect(lambda r, c: self._on_moved(pane, r, c))
        view.tool_released.connect(lambda r, c, dragged: self._on_released(pane, r, c, dragged))
        view.mark_pressed.connect(self._on_mark_pressed)
        view.mark_dragged.connect(lambda n, p, r, c: self._on_mark_dragged(pane, n, p, r, c))
        view.mark_released.connect(self._on_mark_released)

    def _point(self, pane: PaneController, row: float, column: float) -> Point | None:
        """LPS of a picture position, kept inside the picture."""
        frame = pane.frame
        if frame is None or pane.position < 0:
            return None
        rows, columns = frame.shape
        inside = min(rows - 0.5, max(-0.5, row)), min(columns - 0.5, max(-0.5, column))
        x, y, z = (float(v) for v in frame.to_world(pane.position, *inside))
        return x, y, z

    def _on_pressed(self, pane: PaneController, row: float, column: float) -> None:
        kind, point = self._state.measurements.tool, self._point(pane, row, column)
        if kind is None or point is None:
            return
        if self._draft is not None and self._draft.plane != pane.plane:
            self._drop_draft()
        if self._draft is None:
            item = self._state.measurements.begin(kind, pane.plane, point, point)
            self._draft = _Draft(item.number, pane.plane)
            self._state.measurements.set_draft(item.number)
        else:
            self._move_last(point)

    def _on_moved(self, pane: PaneController, row: float, column: float) -> None:
        point = self._point(pane, row, column)
        if self._draft is not None and self._draft.plane == pane.plane and point is not None:
            self._move_last(point)

    def _on_released(self, pane: PaneController, row: float, column: float, dragged: bool) -> None:
        draft, point = self._draft, self._point(pane, row, column)
        if draft is None or point is None:
            return
        item = self._state.measurements.get(draft.number)
        if item is None:
            self._forget_draft()
        elif not dragged and not draft.by_clicks:
            draft.by_clicks = True  # the first click set one point; the next one sets the second
        elif not item.is_complete:
            draft.by_clicks = True
            self._state.measurements.move_point(draft.number, len(item.points), point)
        else:
            self._finish(item)

    def _move_last(self, point: Point) -> None:
        item = self._draft and self._state.measurements.get(self._draft.number)
        if item:
            self._state.measurements.move_point(item.number, len(item.points) - 1, point)

    def _finish(self, item: Measurement) -> None:
        self._forget_draft()
        measurements = self._state.measurements
        if len(set(item.points)) < len(item.points):  # two points in one place measure nothing
            measurements.remove(item.number)
            return
        self._remember(
            f"{KIND_NAMES[item.kind]} measured",
            lambda: measurements.remove(item.number),
            lambda: measurements.put(item),
        )

    def _forget_draft(self) -> _Draft | None:
        draft, self._draft = self._draft, None
        self._state.measurements.set_draft(0)
        return draft

    def _drop_draft(self) -> None:
        draft = self._forget_draft()
        if draft is not None:
            self._state.measurements.remove(draft.number)

    def _on_mark_pressed(self, number: int) -> None:
        self._drop_draft()
        self._state.measurements.choose(number)
        self._before = self._state.measurements.get(number)

    def _on_mark_dragged(
        self, pane: PaneController, number: int, point: int, row: float, column: float
    ) -> None:
        where = self._point(pane, row, column)
        if where is not None:
            self._state.measurements.move_point(number, point, where)

    def _on_mark_released(self, number: int) -> None:
        before, after = self._before, self._state.measurements.get(number)
        self._before = None
        if before is not None and after is not None and after != before:
            put = self._state.measurements.put
            self._remember(
                f"{KIND_NAMES[after.kind]} moved", lambda: put(before), lambda: put(after)
            )

    def _remember(self, title: str, undo: Callable[[], object], redo: Callable[[], object]) -> None:
        self._state.undo.push(UndoStep(title, undo, redo, of_scan=True))

    def _on_scan(self) -> None:
        """Measurements, and the steps that would bring them back, belong to one scan."""
        self._state.measurements.clear()
        self._forget_draft()
        self._before = None
        self._state.undo.forget_scan()

    def _compute(self) -> None:
        """Statistics of every region that has none; large ones one after another, elsewhere."""
        scan, measurements = self._state.scan, self._state.measurements
        for item in measurements:
            frame = scan.frames.get(item.plane)
            if scan.scan is None or frame is None or not item.is_region:
                continue
            if item.number in measurements.statistics:
                continue
            if region_size(frame, item) <= _LARGE_REGION:
                measurements.set_statistics(item, region_statistics(scan.scan, frame, item))
            elif not self._computing:
                self._computing = True
                work = partial(region_statistics, scan.scan, frame, item)
                scan.background(attempt(work), partial(self._on_computed, item))

    def _on_computed(self, item: Measurement, statistics: RegionStatistics | Exception) -> None:
        self._computing = False
        if isinstance(statistics, Exception):
            raise statistics
        self._state.measurements.set_statistics(item, statistics)
        self._compute()
