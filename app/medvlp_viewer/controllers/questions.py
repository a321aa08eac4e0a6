"""Questions, answers and their hot spots."""

from __future__ import annotations

from medvlp_viewer.controllers.session import SessionController
from medvlp_viewer.models.state import ViewerState
from medvlp_viewer.views.base import WindowView
from medvlp_widgets.models.queries import describe_peak, query_key


class QuestionsController:
    """Asks what the user types, selects the answer, jumps to its hot spots."""

    def __init__(self, state: ViewerState, window: WindowView, session: SessionController) -> None:
        self._state = state
        self._session = session
        self._at_peak: dict[str, int] = {}
        self._awaited = ""
        self._quiet: frozenset[str] = frozenset()
        window.asked.connect(self._on_asked)
        window.removed.connect(self._on_removed)
        window.next_peak.connect(lambda key: self._step(key, 1))
        window.previous_peak.connect(lambda key: self._step(key, -1))
        session.answered.connect(self._on_answered)
        state.queries.selection_changed.connect(self._on_selected)
        state.heats.peaks_found.connect(self._on_peaks)

    def step_peak(self, by: int) -> None:
        """Jump to the next or previous hot spot of the selected query; of all when none is."""
        key = self._state.queries.selected
        if self._state.heats.peaks(key):
            self._step(key, by)
        else:
            self.step_all(by)

    def step_all(self, by: int) -> None:
        """Jump through the hot spots of all visible queries, row after row."""
        stops = [
            (row.key, number)
            for row in self._state.queries.rows
            if row.visible
            for number in range(len(self._state.heats.peaks(row.key)))
        ]
        if not stops:
            return
        selected = self._state.queries.selected
        here = selected, self._at_peak.get(selected, 0)
        if here in stops:
            key, number = stops[(stops.index(here) + by) % len(stops)]
        else:
            key, number = stops[0 if by > 0 else -1]
        self._at_peak[key] = number
        self._state.queries.select(key)
        self._jump(key, number)

    def keep_place(self, keys: frozenset[str]) -> None:
        """The next answers to these queries select nothing and move nothing."""
        self._quiet, self._awaited = keys, ""

    def _on_asked(self, text: str) -> None:
        self._session.ask(query_key(text))

    def _on_removed(self, key: str) -> None:
        self._at_peak.pop(key, None)
        self._session.forget(key)

    def _on_answered(self, keys: tuple[str, ...]) -> None:
        """Select the first answer of those asked together, so that it is seen at once."""
        queries = self._state.queries
        for key in keys:
            self._at_peak.pop(key, None)
        quiet, self._quiet = self._quiet.intersection(keys), self._quiet.difference(keys)
        if quiet:
            return
        seen = next((k for k in keys if queries[k].probability is not None), keys[0])
        if queries.selected == seen:
            self._on_selected(seen)
        else:
            queries.select(seen)

    def _on_selected(self, key: str) -> None:
        """Jump to the hot spot where the query was left; as soon as it is found, if need be."""
        self._awaited = "" if key in self._quiet else key
        if self._state.heats.peaks(key):
            self._jump(key, self._at_peak.get(key, 0))

    def _on_peaks(self, key: str) -> None:
        if key == self._awaited:
            self._on_selected(key)

    def _step(self, key: str, by: int) -> None:
        peaks = self._state.heats.peaks(key)
        if peaks:
            self._state.queries.select(key)
            self._jump(key, (self._at_peak.get(key, 0) + by) % len(peaks))

    def _jump(self, key: str, number: int) -> None:
        """Show a hot spot, and say in its row which one it is."""
        self._at_peak[key], self._awaited = number, ""
        peaks = self._state.heats.peaks(key)
        peak = peaks[number]
        where = describe_peak(peak.mm, peak.index)
        self._state.queries.show_peak(key, number + 1, len(peaks), where)
        self._state.crosshair.move_to_index(peak.index)
