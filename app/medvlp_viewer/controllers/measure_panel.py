"""The list of measurements and the histogram of what is on screen."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from math import prod

import numpy as np
from numpy.typing import NDArray

from medvlp_viewer.controllers.measuring import MeasuringController
from medvlp_viewer.controllers.pane import Later, run_now
from medvlp_viewer.controllers.panes import PanesController
from medvlp_viewer.models.background import attempt
from medvlp_viewer.models.histogram import Histogram, histogram
from medvlp_viewer.models.measurement_text import KIND_NAMES, measurement_lines
from medvlp_viewer.models.measurements import Measurement
from medvlp_viewer.models.measuring import region_values, slice_of
from medvlp_viewer.models.readout import pane_title
from medvlp_viewer.models.state import ViewerState
from medvlp_viewer.views.measure import MeasurementRow, MeasureView

# A histogram of more values is computed in the background.
_MANY = 400_000


class MeasurePanelController:
    """Fills a :class:`MeasureView`.

    The histogram is that of the chosen region, else of the active pane's slice. It is computed
    only while the panel can be seen, once per turn of the event loop, one at a time.
    """

    def __init__(
        self,
        state: ViewerState,
        panes: PanesController,
        measuring: MeasuringController,
        view: MeasureView,
        later: Later = run_now,
    ) -> None:
        self._state, self._panes, self._view, self._later = state, panes, view, later
        self._visible = False
        self._due = False
        self._computing = False
        view.chosen.connect(measuring.go_to)
        view.removed.connect(measuring.remove)
        view.cleared.connect(measuring.remove_all)
        view.window_chosen.connect(panes.use_window)
        view.visibility_changed.connect(self._on_visibility)
        state.measurements.changed.connect(self._on_measurements)
        state.display.window_changed.connect(lambda: view.show_window(state.display.window))
        for changed in (state.crosshair.changed, state.scan.changed, panes.active_changed):
            changed.connect(self._histogram_is_due)

    def _on_visibility(self, visible: bool) -> None:
        self._visible = visible
        self._histogram_is_due()

    def _on_measurements(self) -> None:
        chosen = self._state.measurements.chosen
        rows = [self._row(item) for item in self._state.measurements if item.is_complete]
        self._view.show_measurements(rows, chosen.number if chosen else 0)
        self._histogram_is_due()

    def _row(self, item: Measurement) -> MeasurementRow:
        scan, frame = self._state.scan.scan, self._state.scan.frames[item.plane]
        assert scan is not None
        lines = measurement_lines(scan, item, self._state.measurements.statistics.get(item.number))
        place = pane_title(frame)
        if frame.n_slices > 1:
            place += f" {slice_of(frame, item) + 1}"
        return MeasurementRow(item.number, KIND_NAMES[item.kind], place, "\n".join(lines))

    def _histogram_is_due(self) -> None:
        if self._visible and not self._due:
            self._due = True
            self._later(self._make_histogram)

    def _make_histogram(self) -> None:
        if self._computing:
            return  # it stays due, and is made once the one before is shown
        self._due = False
        scan = self._state.scan.scan
        if scan is None or self._panes.active_pane.position < 0:
            self._view.show_histogram(None, "", "HU")
            return
        values, title, most = self._source()

        def work() -> Histogram:
            return histogram(values(), scan.intensity)

        if most <= _MANY:
            self._show(title, work())
        else:
            self._computing = True
            self._state.scan.background(attempt(work), partial(self._on_computed, title))

    def _on_computed(self, title: str, values: Histogram | Exception) -> None:
        self._computing = False
        if isinstance(values, Exception):
            raise values
        self._show(title, values)
        if self._due:
            self._make_histogram()

    def _show(self, title: str, values: Histogram) -> None:
        scan = self._state.scan.scan
        if scan is not None:
            self._view.show_histogram(values, title, scan.intensity)
            self._view.show_window(self._state.display.window)

    def _source(self) -> tuple[Callable[[], NDArray[np.generic]], str, int]:
        """What gives the values of the chosen region, else of the active pane's slice; its name; at
        most how many values there are.
        """
        scan, pane, chosen = (
            self._state.scan,
            self._panes.active_pane,
            self._state.measurements.chosen,
        )
        assert scan.scan is not None
        if chosen is not None and chosen.is_region and chosen.is_complete:
            frame = scan.frames[chosen.plane]
            title = f"{KIND_NAMES[chosen.kind]} {chosen.number}"
            return partial(region_values, scan.scan, frame, chosen), title, prod(frame.shape)
        frame = scan.frames[pane.plane]
        number = f" {pane.position + 1}" if frame.n_slices > 1 else ""
        extract = partial(frame.extract, scan.scan.array, pane.position)
        return extract, f"{pane_title(frame)}{number}", prod(frame.shape)
