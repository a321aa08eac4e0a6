"""The organ table."""

from __future__ import annotations

from medvlp.grounding.organs import OrganTable
from medvlp.worker import EncodingFacts
from medvlp_viewer.controllers.session import SessionController
from medvlp_viewer.models.state import ViewerState
from medvlp_viewer.views.base import WindowView
from medvlp_widgets.models.organs import OrganEntry


class OrgansController:
    """Shows the table; outlines what is selected in it and jumps to what is activated."""

    def __init__(self, state: ViewerState, window: WindowView, session: SessionController) -> None:
        self._state = state
        self._window = window
        session.scored.connect(self._on_scored)
        session.opened.connect(lambda scan: state.outline.clear())
        session.encoded.connect(self._on_encoded)
        window.organ_selected.connect(self._on_selected)
        window.score_requested.connect(session.score)
        window.organ_activated.connect(self._on_activated)
        window.slice_chosen.connect(self._on_slice)
        state.crosshair.changed.connect(self._mark_slice)

    def _on_scored(self, table: OrganTable | None) -> None:
        self._window.show_organs(table)
        self._mark_slice()

    def _on_encoded(self, facts: EncodingFacts) -> None:
        scan = self._state.scan.scan
        if scan is not None:
            self._state.outline.attach(facts.organs, facts.geometry, scan.geometry)

    def _on_selected(self, entry: OrganEntry) -> None:
        """Outline the organ; what has no mask is said to have none."""
        self._state.outline.choose(entry.name, entry.display)
        outlined = self._state.outline.chosen == entry.name
        self._window.show_organ_note("" if outlined else _why_no_outline(entry))

    def _on_activated(self, entry: OrganEntry) -> None:
        if entry.jump_index is not None:
            self._state.crosshair.move_to_index(entry.jump_index)

    def _on_slice(self, index: int) -> None:
        """The profile counts along the array's first axis, whichever pane scrolls it."""
        here = self._state.crosshair.index
        if len(here) == 3:
            self._state.crosshair.move_to_index((index, *here[1:]))

    def _mark_slice(self) -> None:
        here = self._state.crosshair.index
        self._window.show_slice_in_profile(here[0] if len(here) == 3 else 0)


def _why_no_outline(entry: OrganEntry) -> str:
    if entry.present is False:
        return f"{entry.display} is not in the field of view: there is nothing to outline."
    return f"There is no mask of {entry.display}: it cannot be outlined."
