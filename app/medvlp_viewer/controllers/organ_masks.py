"""Organ masks from a file, in place of the model's own, for the scan on screen."""

from __future__ import annotations

from pathlib import Path

from medvlp.grounding.label_names import names_masks
from medvlp.grounding.organs import OrganTable
from medvlp.scan import Scan
from medvlp_viewer.controllers.ports import WorkerEvent, WorkerPort
from medvlp_viewer.controllers.session import SessionController
from medvlp_viewer.models.state import ViewerState
from medvlp_viewer.views.base import Message, WindowView

_TITLE = "Reading organ masks"


class OrganMasksController:
    """Has masks read by the inference process; then everything is asked and scored with them."""

    def __init__(
        self, state: ViewerState, window: WindowView, session: SessionController, worker: WorkerPort
    ) -> None:
        self._state, self._window, self._session, self._worker = state, window, session, worker
        self._request: tuple[int, str] | None = None
        session.opened.connect(self._forget)
        session.unclaimed.connect(self._on_event)
        session.scored.connect(self._on_scored)
        session.failed.connect(self._on_failed)

    @property
    def available(self) -> bool:
        """Whether the scan on screen is a CT: masks of files are volumes."""
        scan = self._state.scan.scan
        return scan is not None and scan.is_volume

    def take(self, paths: list[str]) -> bool:
        """Use what was dropped, if its name says that it is organ masks and a CT is on screen."""
        if not self.available or len(paths) != 1 or not names_masks(Path(paths[0]).name):
            return False
        self.use(paths[0])
        return True

    def choose(self) -> None:
        """Ask for a file."""
        path = self._window.choose_file()
        if path:
            self.use(path)

    def use(self, path: str) -> None:
        """Read masks; those in use stay until the new ones are read."""
        if not self.available:
            return
        self._drop_request()
        number = self._worker.submit("use_organs", organs=path)
        self._request = (number, path)
        self._state.jobs.start(number, "use_organs", _TITLE)

    def _drop_request(self) -> None:
        if self._request is not None:
            self._worker.cancel(self._request[0])
            self._state.jobs.end(self._request[0])
            self._request = None

    def _forget(self, scan: Scan) -> None:
        """Another scan is on screen: masks of the one before are not its own."""
        self._drop_request()
        self._session.score_arguments = {}

    def _on_event(self, event: WorkerEvent) -> None:
        if self._request is None or event.request != self._request[0]:
            return
        if event.kind == "progress":
            self._state.jobs.advance(event.request, event.fraction, event.message)
            return
        path = self._request[1]
        self._request = None
        self._state.jobs.end(event.request)
        scan = self._state.scan.scan
        if event.kind == "error":
            self._window.show_message(Message("error", event.message))
        elif event.kind == "result" and scan is not None:
            self._session.score_arguments = {"organs": path}
            self._state.outline.attach(event.value.organs, event.value.geometry, scan.geometry)
            self._ask_anew()
            text = f"Organ masks of {Path(path).name} are in use for this scan."
            self._window.show_message(Message("info", text))

    def _ask_anew(self) -> None:
        queries = self._state.queries
        for row in list(queries.rows):
            self._session.ask(queries.ask(row.text).key)
        self._session.score()

    def _on_scored(self, table: OrganTable | None) -> None:
        """A table that was under way when the masks came is not made with them."""
        if table is not None and table.source == "builtin" and self._session.score_arguments:
            self._session.score()

    def _on_failed(self, kind: str, message: str, status: int) -> None:
        """A process that was started anew does not know the masks."""
        path = self._session.score_arguments.get("organs")
        if kind == "died" and path is not None:
            self._session.score_arguments = {}
            self.use(path)
