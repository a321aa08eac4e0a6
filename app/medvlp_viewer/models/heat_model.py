"""The answers about the open scan."""

from __future__ import annotations

from psygnal import Signal

from medvlp.grounding.heatmap import Heatmap, Peak

PEAKS = 8


class HeatModel:
    """Heatmaps by query key (:func:`medvlp_widgets.models.queries.query_key`).

    Events
    ------
    changed
        Emitted after heatmaps were added or removed.
    """

    changed = Signal()

    def __init__(self) -> None:
        self._heatmaps: dict[str, Heatmap] = {}
        self._peaks: dict[str, list[Peak]] = {}

    def get(self, key: str) -> Heatmap | None:
        """Answer to a query; None while it is unanswered."""
        return self._heatmaps.get(key)

    def peaks(self, key: str) -> list[Peak]:
        """Hot spots of an answer, the hottest first; found once."""
        heatmap = self._heatmaps.get(key)
        if heatmap is None or heatmap.abstained:
            return []
        if key not in self._peaks:
            self._peaks[key] = heatmap.peaks(PEAKS)
        return self._peaks[key]

    def put(self, key: str, heatmap: Heatmap) -> None:
        """Keep an answer."""
        self._heatmaps[key] = heatmap
        self._peaks.pop(key, None)
        self.changed.emit()

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
