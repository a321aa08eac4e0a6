"""The answers about the open scan."""

from __future__ import annotations

from functools import partial

from psygnal import Signal

from medvlp.grounding.heatmap import Heatmap, Peak
from medvlp_viewer.models.background import Background, run_at_once

PEAKS = 8


class HeatModel:
    """Heatmaps by query key (:func:`medvlp_widgets.models.queries.query_key`).

    Their hot spots are searched in the background.

    Events
    ------
    changed
        Emitted after heatmaps were added or removed.
    peaks_found(str)
        The hot spots of an answer are known.
    """

    changed = Signal()
    peaks_found = Signal(str)

    def __init__(self, background: Background = run_at_once) -> None:
        self.background = background
        self._heatmaps: dict[str, Heatmap] = {}
        self._peaks: dict[str, list[Peak]] = {}

    def get(self, key: str) -> Heatmap | None:
        """Answer to a query; None while it is unanswered."""
        return self._heatmaps.get(key)

    def peaks(self, key: str) -> list[Peak]:
        """Hot spots of an answer, the hottest first; empty until they were found."""
        return self._peaks.get(key, [])

    def put(self, key: str, heatmap: Heatmap) -> None:
        """Keep an answer."""
        self._heatmaps[key] = heatmap
        self._peaks.pop(key, None)
        self.changed.emit()
        if not heatmap.abstained:
            self.background(lambda: heatmap.peaks(PEAKS), partial(self._keep_peaks, key, heatmap))

    def remove(self, key: str) -> None:
        """Forget an answer, if there is one."""
        self._peaks.pop(key, None)
        if self._heatmaps.pop(key, None) is not None:
            self.changed.emit()

    def clear(self) -> None:
        """Forget all answers."""
        self._heatmaps.clear()
        self._peaks.clear()
        self.changed.emit()

    def _keep_peaks(self, key: str, heatmap: Heatmap, peaks: list[Peak]) -> None:
        """Unless the query was removed or answered again meanwhile."""
        if self._heatmaps.get(key) is heatmap:
            self._peaks[key] = peaks
            self.changed.emit()
            self.peaks_found.emit(key)
