"""Taking back: the commands, and the removal of questions."""

from __future__ import annotations

from dataclasses import dataclass

from medvlp.grounding.heatmap import Heatmap
from medvlp.scan import Scan
from medvlp_viewer.controllers.session import SessionController
from medvlp_viewer.models.state import ViewerState
from medvlp_viewer.models.undo import UndoStep
from medvlp_viewer.views.base import Message, WindowView
from medvlp_widgets.models.queries import QueryRow


@dataclass(frozen=True, eq=False)
class _Removed:
    """A question as it was, its answer, the scan that the answer is about, and who answered."""

    row: QueryRow
    position: int
    heatmap: Heatmap | None
    scan: Scan | None
    model_id: str


class UndoController:
    """Undo and redo, said in the message bar; removed questions come back with their answers."""

    def __init__(self, state: ViewerState, window: WindowView, session: SessionController) -> None:
        self._state = state
        self._window = window
        self._session = session
        self._removed: dict[str, _Removed] = {}
        self._rows = list(state.queries.rows)
        state.queries.row_added.connect(self._remember_rows)
        state.queries.row_changed.connect(self._remember_rows)
        state.queries.row_removed.connect(self._on_removed)
        window.removed.connect(self._on_removed_by_user)
        state.undo.changed.connect(window.refresh_commands)

    def undo(self) -> None:
        """Take the last step back."""
        step = self._state.undo.undo()
        if step is not None:
            self._window.show_message(Message("info", f"Undone: {step.title}"))

    def redo(self) -> None:
        """Do the step again that was taken back last."""
        step = self._state.undo.redo()
        if step is not None:
            self._window.show_message(Message("info", f"Done again: {step.title}"))

    def _remember_rows(self) -> None:
        self._rows = list(self._state.queries.rows)

    def _on_removed(self, key: str) -> None:
        """The answer is still there; whoever removed the question forgets it after this."""
        for position, row in enumerate(self._rows):
            if row.key == key:
                heatmap = self._state.heats.get(key)
                scan, model = self._state.scan.scan, self._session.model_id
                self._removed[key] = _Removed(row, position, heatmap, scan, model)
        self._remember_rows()

    def _on_removed_by_user(self, key: str) -> None:
        removed = self._removed.pop(key, None)
        if removed is not None:
            title = f"Question removed: {removed.row.text}"
            step = UndoStep(title, lambda: self._restore(removed), lambda: self._remove(key))
            self._state.undo.push(step)

    def _restore(self, removed: _Removed) -> None:
        state, key = self._state, removed.row.key
        if key in state.queries:
            return  # it was asked again in the meantime
        same_scan = removed.scan is state.scan.scan
        same_model = removed.model_id == self._session.model_id
        state.queries.restore(removed.row, removed.position)
        if removed.heatmap is not None and same_scan and same_model:
            state.heats.put(key, removed.heatmap)
            state.queries.select(key)
        else:
            state.queries.ask(removed.row.text)
            self._session.ask(key)

    def _remove(self, key: str) -> None:
        self._state.queries.remove(key)
        self._removed.pop(key, None)
        self._session.forget(key)
