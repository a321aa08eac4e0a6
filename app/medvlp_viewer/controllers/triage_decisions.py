"""Decisions about a worklist: written at once, shown, undoable, and those of other windows.

A decision is in the hands of the operating system when the key press was handled: a killed program
loses none. The store's own thread brings it to the disk, so that no key press waits for that.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from medvlp.errors import WorklistError
from medvlp.store.worklist import WorklistStore
from medvlp.store.worklist_records import Decision, Status, Verdict
from medvlp_viewer.controllers.triage_rows import with_verdict
from medvlp_viewer.models.background import WORKLIST, Background, run_at_once
from medvlp_viewer.models.state import ViewerState
from medvlp_viewer.models.undo import UndoStep
from medvlp_viewer.views.base import Severity
from medvlp_widgets.models.worklist_row import STATUS_WORDS, WorklistRow

Say = Callable[[Severity, str], None]

_LOOK_SECONDS = 1.0
"""How often to look whether another window has decided something."""


class TriageDecisions:
    """Between the rows on screen and the file of the worklist.

    Parameters
    ----------
    state
        Its worklist model and its undo stack.
    say
        Shows a sentence.
    clock
        Monotonic seconds.
    background
        Closes files beside the event loop.
    """

    def __init__(
        self,
        state: ViewerState,
        say: Say,
        clock: Callable[[], float] = time.monotonic,
        background: Background = run_at_once,
    ) -> None:
        self._model, self._undo = state.worklist, state.undo
        self._say, self._clock, self._background = say, clock, background
        self._looked, self._version, self._newest = 0.0, 0, 0
        self.store: WorklistStore | None = None

    def attach(self, store: WorklistStore, version: int, newest: int = 0) -> None:
        """Use the file of another worklist, of which this version is on screen, up to a decision."""
        self.close()
        self.store, self._version, self._newest = store, version, newest

    def close(self) -> None:
        """Leave the file; it is closed beside the event loop, and on the disk then."""
        if self.store is not None:
            self._background(self.store.close, queue=WORKLIST)
        self.store = None

    def decide(self, row: WorklistRow, status: Status) -> bool:
        """Write a status; False, with a message, if it could not be written."""
        title = f"{STATUS_WORDS[status]}: {row.name}"
        return self._write(row, title, lambda store: store.decide(row.key, status, row.content))

    def write_note(self, row: WorklistRow, text: str) -> bool:
        """Write a note if it is another one; False, with a message, if it could not be written."""
        note = " ".join(text.split())
        if note == row.note:
            return True
        title = f"Note: {row.name}"
        return self._write(row, title, lambda store: store.write_note(row.key, note, row.content))

    def keep_place(self, **values: str) -> None:
        """Remember the query and the selected scan for the next time."""
        try:
            if self.store is not None:
                self.store.keep_place(**values)
        except WorklistError as error:
            self._say("error", str(error))

    def look(self) -> None:
        """Show what another window has decided since the last look."""
        now = self._clock()
        if self.store is None or now - self._looked < _LOOK_SECONDS:
            return
        self._looked = now
        try:
            version = self.store.version()
            if version != self._version:
                seen, self._newest = self._newest, self.store.newest()
                self._version = version
                self._show(self.store.verdicts(since=seen))
        except WorklistError as error:
            self._say("error", str(error))

    def _write(
        self, row: WorklistRow, title: str, write: Callable[[WorklistStore], Decision]
    ) -> bool:
        store = self.store
        assert store is not None
        try:
            written = [write(store)]
            self._show_written(row.key)
        except WorklistError as error:
            self._say("error", str(error))
            return False

        def undo() -> None:
            self._correct(store, row.key, lambda: store.take_back(written[-1]))

        def redo() -> None:
            self._correct(store, row.key, lambda: written.append(write(store)))

        self._undo.push(UndoStep(title, undo, redo))
        return True

    def _correct(self, store: WorklistStore, key: str, correct: Callable[[], object]) -> None:
        """Undo or redo, and show the scan that it is about."""
        if store is not self.store:
            self._say("info", "That decision belongs to a worklist that is not open any more.")
            return
        try:
            correct()
        except WorklistError as error:
            self._say("warning", str(error))
        self._show_written(key)
        self._model.select(key)

    def _show_written(self, key: str) -> None:
        """Bring the row of a scan to what is written."""
        assert self.store is not None
        self._show({key: self.store.verdicts(key).get(key, Verdict())})

    def _show(self, verdicts: Mapping[str, Verdict]) -> None:
        self._model.update_all({key: with_verdict(v) for key, v in verdicts.items()})
