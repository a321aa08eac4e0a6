"""The organ table."""

from __future__ import annotations

from medvlp.worker import EncodingFacts
from medvlp_viewer.controllers.session import SessionController
from medvlp_viewer.models.state import ViewerState
from medvlp_viewer.views.base import WindowView
from medvlp_widgets.models.organs import OrganEntry


class OrgansController:
    """Shows the table, jumps to what is chosen in it."""

    def __init__(self, state: ViewerState, window: WindowView, session: SessionController) -> None:
        self._state = state
        self._window = window
        session.scored.connect(window.show_organs)
        session.opened.connect(lambda scan: state.outline.clear())
        session.encoded.connect(self._on_encoded)
        window.organ_selected.connect(lambda entry: state.outline.choose(entry.name))
        window.score_requested.connect(session.score)
        window.organ_activated.connect(self._on_activated)
        window.slice_chosen.connect(self._on_slice)
        state.crosshair.changed.connect(self._mark_slice)

    def _on_encoded(self, facts: EncodingFacts) -> None:
        scan = self._state.scan.scan
        if scan is not None:
            self._state.outline.attach(facts.organs, facts.geometry, scan.geometry)

    def _on_activated(self, entry: OrganEntry) -> None:
        peak = entry.leading.peak_index if entry.leading else None
        if peak is not None:
            self._state.crosshair.move_to_index(peak)

    def _on_slice(self, index: int) -> None:
        """The profile counts along the array's first axis, whichever pane scrolls it."""
        here = self._state.crosshair.index
        if len(here) == 3:
            self._state.crosshair.move_to_index((index, *here[1:]))

    def _mark_slice(self) -> None:
        here = self._state.crosshair.index
        self._window.show_slice_in_profile(here[0] if len(here) == 3 else 0)
