"""Questions, answers and their hot spots."""

from __future__ import annotations

from medvlp_viewer.controllers.session import SessionController
from medvlp_viewer.models.state import ViewerState
from medvlp_viewer.views.base import WindowView
from medvlp_widgets.models.queries import query_key


class QuestionsController:
    """Asks what the user types, selects the answer, jumps to its hot spots."""

    def __init__(self, state: ViewerState, window: WindowView, session: SessionController) -> None:
        self._state = state
        self._session = session
        self._at_peak: dict[str, int] = {}
        self._quiet: frozenset[str] = frozenset()
        window.asked.connect(self._on_asked)
        window.removed.connect(self._on_removed)
        window.next_peak.connect(lambda key: self._step(key, 1))
        window.previous_peak.connect(lambda key: self._step(key, -1))
        session.answered.connect(self._on_answered)
        state.queries.selection_changed.connect(self._on_selected)

    def step_peak(self, by: int) -> None:
        """Jump to the next or previous hot spot of the selected query."""
        self._step(self._state.queries.selected, by)

    def keep_place(self, keys: frozenset[str]) -> None:
        """The next answers to these queries select nothing and move nothing."""
        self._quiet = keys

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
        if self._state.heats.peaks(key):
            self._jump(key, self._at_peak.get(key, 0))

    def _step(self, key: str, by: int) -> None:
        peaks = self._state.heats.peaks(key)
        if peaks:
            self._state.queries.select(key)
            self._jump(key, (self._at_peak.get(key, 0) + by) % len(peaks))

    def _jump(self, key: str, number: int) -> None:
        self._at_peak[key] = number
        self._state.crosshair.move_to_index(self._state.heats.peaks(key)[number].index)
