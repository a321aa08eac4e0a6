"""Triage: going through the scans of a worklist and deciding, with the keyboard alone."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from medvlp.errors import MedVLPError, WorklistError
from medvlp.io.worklist import Worklist
from medvlp.scan import Scan
from medvlp.store.worklist import WorklistStore
from medvlp.store.worklist_records import Status
from medvlp.worker import EncodingFacts
from medvlp_viewer.controllers.file_writer import FileWriter
from medvlp_viewer.controllers.session import SessionController
from medvlp_viewer.controllers.triage_decisions import TriageDecisions
from medvlp_viewer.controllers.triage_export import export_decisions
from medvlp_viewer.controllers.triage_opening import OpenedWorklist, open_worklist
from medvlp_viewer.controllers.triage_scoring import TriageScoring
from medvlp_viewer.models.background import WORKLIST, Background, attempt, run_at_once
from medvlp_viewer.models.state import ViewerState
from medvlp_viewer.models.study import Origin
from medvlp_viewer.views.base import Message, Severity, WindowView
from medvlp_widgets.models.background_scoring import ScoringWorker
from medvlp_widgets.models.queries import query_key
from medvlp_widgets.models.worklist_row import WorklistRow


class TriageController:
    """The worklist of one window.

    Parameters
    ----------
    make_worker
        Makes the process that scores in the background, when it is first needed; None: there is no
        triage.
    writer
        Writes the export.
    background
        Opens and closes files beside the event loop.
    open_store
        Opens the file with the decisions of a worklist.
    clock
        Monotonic seconds.
    """

    def __init__(
        self,
        state: ViewerState,
        window: WindowView,
        session: SessionController,
        make_worker: Callable[[], ScoringWorker] | None,
        writer: FileWriter,
        background: Background = run_at_once,
        open_store: Callable[[str], WorklistStore] = WorklistStore,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._state, self._window, self._session = state, window, session
        self._model, self._view = state.worklist, window.worklist
        self._writer, self._background = writer, background
        self._open_store = open_store
        self._opening = 0
        self._query = ""
        self._prefetched = ""
        self.scoring = TriageScoring(state.worklist, make_worker, background)
        self.scoring.available_memory = lambda: session.available_memory()
        self.decisions = TriageDecisions(state, self._say, clock, background)
        self._connect()

    @property
    def on(self) -> bool:
        """Whether a worklist is open."""
        return self.decisions.store is not None

    def open(self, source: str, query: str = "") -> None:
        """Look for the scans of a folder, manifest or hit list, and show them."""
        self.close()
        self._query = query
        self._state.study.show(False)  # the panes need the room; Ctrl+B brings it back
        self._view.set_visible(True)
        self.scoring.queue.find(str(Path(source).resolve()))
        self._view.follow(self.scoring.queue.progress)
        self._show_scoring()

    def open_folder(self) -> None:
        """Ask for a folder and open it as a worklist."""
        path = self._view.choose_folder()
        if path:
            self.open(path)

    def open_list(self) -> None:
        """Ask for a manifest or a list of hits and open it as a worklist."""
        path = self._view.choose_list()
        if path:
            self.open(path)

    def close(self) -> None:
        """Leave the worklist; what was decided is kept."""
        self._opening += 1
        self.scoring.stop()
        self._view.keep_note()
        self.decisions.close()
        self._model.load("", ())
        self._window.refresh_commands()

    def shut_down(self) -> None:
        """Leave the worklist and end the process that scores."""
        self._opening += 1
        self.scoring.close()
        self._view.keep_note()
        self.decisions.close()

    def step(self, by: int) -> None:
        """Open the next or previous scan of the list."""
        key = self._model.step(by)
        if key:
            self._model.select(key)
        elif self.on:
            self._say("info", f"This is the {'last' if by > 0 else 'first'} scan of the list.")

    def decide(self, status: Status) -> None:
        """Write a decision about the scan on screen, then go on to the next one."""
        row = self._decidable()
        if row is None:
            return
        following = self._model.next_undecided()
        if self.decisions.decide(row, status):
            self._go_on(following)

    def write_note(self, text: str) -> None:
        """Replace the note of the selected scan."""
        row = self._selected()
        if row is not None:
            self.decisions.write_note(row, text)

    def order_by(self, query: str) -> None:
        """Order by another query, and show its heat on the scan on screen."""
        from medvlp.grounding.query import parse_query

        try:
            parse_query(query)
        except MedVLPError as error:
            self._say("error", str(error))
            return
        self.decisions.keep_place(query=query)
        self.scoring.order_by(query, self._ask)

    def export(self) -> None:
        """Ask for a name and write all decisions as CSV or JSON."""
        target = self._view.choose_export(f"{Path(self._model.title).stem}-decisions.csv")
        store = self.decisions.store
        if store is None or not target:
            return
        export_decisions(self._writer, target, self._model, store, self.scoring.model_id)

    def poll(self) -> None:
        """Handle what the scoring process reports and what other windows decide."""
        self.scoring.poll()
        self.decisions.look()

    def _connect(self) -> None:
        view, session = self._view, self._session
        self.scoring.listed.connect(self._on_listed)
        self.scoring.refused.connect(self._on_refused)
        self.scoring.changed.connect(self._show_scoring)
        view.order_requested.connect(self.order_by)
        view.note_entered.connect(self.write_note)
        view.open_requested.connect(self.open_folder)
        view.pause_toggled.connect(self.scoring.toggle_pause)
        view.scoring_cancelled.connect(self.scoring.stop)
        view.scoring_restarted.connect(self.scoring.go_through)
        self._model.selection_changed.connect(self._on_selected)
        session.opened.connect(self._meet)
        session.encoded.connect(self._on_encoded)
        session.not_opened.connect(self._on_not_opened)
        session.answered.connect(self._on_answered)
        session.idle.connect(self._prefetch)

    def _on_listed(self, worklist: Worklist) -> None:
        number = self._opening
        work = partial(open_worklist, worklist, self._query, self._open_store)
        self._background(attempt(work), partial(self._on_opened, number), WORKLIST)

    def _on_opened(self, number: int, opened: OpenedWorklist | Exception) -> None:
        """The file was opened; unless the worklist was left meanwhile, it is shown."""
        if isinstance(opened, WorklistError):
            self._on_refused(str(opened))
        elif isinstance(opened, Exception):
            raise opened
        elif number != self._opening:
            self._background(opened.store.close, queue=WORKLIST)
        else:
            self.decisions.attach(opened.store, opened.version, opened.newest)
            self.scoring.attach(opened)
            self._window.refresh_commands()
            last = opened.selected
            self._model.select(last if last in self._model else self._model.step(1))

    def _on_refused(self, reason: str) -> None:
        self._say("error", reason)
        self._show_scoring()

    def _on_selected(self, key: str) -> None:
        if not key or not self.on:
            return
        row = self._model[key]
        self.decisions.keep_place(selected=key)
        if not row.readable:
            self._say("warning", f"{row.name} cannot be opened: {row.reason}")
        elif not self._shows(row):
            self._window.show_message(None)
            self._session.open(row.path, row.series)
        else:
            self._meet(self._state.scan.scan)

    def _meet(self, scan: Scan | None) -> None:
        """The selected scan is on screen: its row tells what it is, and it is asked."""
        row = self._selected()
        if row is not None and scan is not None and self._shows(row):
            self._model.update(row.key, modality=scan.modality, content=scan.scan_id)
            self._ask()

    def _on_encoded(self, facts: EncodingFacts) -> None:
        """The model in front may have been changed in the settings."""
        chosen = self._state.settings.value
        self.scoring.follow_model(facts.model.model_id, chosen.model or None, chosen.device)

    def _on_not_opened(self, origin: Origin) -> None:
        """The message bar says why; the row keeps it."""
        row = self._selected()
        if row is not None and origin == Origin((row.path,), row.series):
            self._prefetched = ""

    def _on_answered(self, keys: tuple[str, ...]) -> None:
        """The heat of the worklist's query is the one to jump to."""
        key = query_key(self._model.query)
        if self.on and key in keys and self._state.queries[key].probability is not None:
            self._state.queries.select(key)

    def _ask(self) -> None:
        """Ask the scan on screen what the list is ordered by, if it was not asked yet."""
        query = self._model.query
        if query and self._state.scan.scan is not None:
            key = query_key(query)
            if key not in self._state.queries:
                self._window.ask(query)
            else:
                self._state.queries.select(key)

    def _prefetch(self) -> None:
        """Read what J or a decision will probably open next, while nothing else is done."""
        key = self._model.next_undecided() or self._model.step(1)
        if not self.on or not key or key == self._prefetched:
            return
        row = self._model[key]
        if row.readable and row.key != self._model.selected:
            self._prefetched = key
            self._session.prefetch(row.path, row.series)

    def _selected(self) -> WorklistRow | None:
        key = self._model.selected
        return self._model[key] if self.on and key in self._model else None

    def _shows(self, row: WorklistRow) -> bool:
        """Whether the scan on screen is that of a row."""
        return self._session.origin == Origin((row.path,), row.series)

    def _decidable(self) -> WorklistRow | None:
        """The selected row, if the user sees it; decisions about unseen scans are refused."""
        row = self._selected()
        if row is None:
            self._say("info", "Select a scan of the worklist first.")
        elif row.readable and not self._shows(row):
            self._say("info", f"{row.name} is not on screen yet: nothing was decided.")
            return None
        return row

    def _go_on(self, following: str) -> None:
        if following:
            self._model.select(following)
        else:
            text = f"All {len(self._model)} scans are decided. Export the decisions with Ctrl+E."
            self._say("info", text)

    def _show_scoring(self) -> None:
        self._view.show_scoring(paused=self.scoring.paused, unfinished=self.scoring.unfinished)

    def _say(self, severity: Severity, text: str) -> None:
        self._window.show_message(Message(severity, text))
