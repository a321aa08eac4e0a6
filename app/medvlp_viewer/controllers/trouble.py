"""What is done when something goes wrong: a scan too large, an error of ours."""

from __future__ import annotations

from collections.abc import Callable

from medvlp.crash_report import report_text, traceback_text, write_report
from medvlp_viewer.controllers.session import SessionController
from medvlp_viewer.controllers.system import System
from medvlp_viewer.models.background import FILES
from medvlp_viewer.models.state import ViewerState
from medvlp_viewer.models.study import Origin
from medvlp_viewer.views.base import Message, MessageAction, WindowView


class TroubleController:
    """Messages and crash reports.

    Parameters
    ----------
    system
        Gives the folder of the reports, and writes them beside the event loop.
    too_large
        Told of a scan too large instead of offering to open it anyway.
    """

    def __init__(
        self,
        state: ViewerState,
        window: WindowView,
        session: SessionController,
        system: System,
        too_large: Callable[[Origin, str], None] | None = None,
    ) -> None:
        self._state = state
        self._window = window
        self._session = session
        self._folder, self._background = system.report_folder, system.background
        self._told: set[str] = set()
        session.too_large.connect(too_large or self._on_too_large)
        session.crashed.connect(self._on_crash_in_process)
        session.failed.connect(self._on_failed)

    def on_error(self, error: BaseException) -> str:
        """An exception that nothing in the window caught; the report's text.

        The same error, as in a pane that is drawn again and again, is reported once.
        """
        what = traceback_text(error)
        text = report_text("window", what, self._facts())
        if what not in self._told:
            self._told.add(what)
            kind = type(error).__name__
            head = f"Something went wrong in the viewer ({kind}). Your work is still there."
            self._tell(head, text)
        return text

    def _on_crash_in_process(self, text: str, what: str) -> None:
        self._tell(text, report_text("inference process", what, self._facts()))

    def _on_failed(self, kind: str, text: str, exit_status: int) -> None:
        """The process ended: all that is known is how."""
        if kind == "died":
            self._on_crash_in_process(text, text)

    def _on_too_large(self, origin: Origin, text: str, scan_id: str | None) -> None:
        def open_anyway() -> None:
            self._session.open(origin.source, origin.series, scan_id, whatever_size=True)

        action = MessageAction("Open anyway", open_anyway)
        self._window.show_message(Message("warning", text, action=action))

    def _tell(self, head: str, text: str) -> None:
        folder = self._folder

        def work() -> str:
            """Path of the report; empty if none was written."""
            try:
                return str(write_report(folder, text)) if folder is not None else ""
            except OSError:
                return ""

        def done(place: str) -> None:
            tail = f"A report without names and pictures: {place}" if place else ""
            self._window.show_message(Message("error", f"{head}  {tail}".strip()))

        self._background(work, done, FILES)

    def _facts(self) -> dict[str, str]:
        jobs, scan = self._state.jobs, self._state.scan.scan
        facts = {"device": jobs.device, "model": jobs.model}
        if scan is not None:
            facts["scan"] = f"{scan.modality} {' x '.join(map(str, scan.array.shape))}"
        return {name: value for name, value in facts.items() if value}
