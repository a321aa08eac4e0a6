"""What the user is told: messages, titles, what runs where."""

from __future__ import annotations

from collections.abc import Callable

from medvlp.scan import Scan
from medvlp_viewer.controllers.session import SessionController
from medvlp_viewer.models.readout import scan_line
from medvlp_viewer.models.state import ViewerState
from medvlp_viewer.views.base import EngineStatus, Message, WindowView
from medvlp_widgets.query.examples import EXAMPLES_CT, EXAMPLES_XR


class StatusController:
    """Message bar, status bar, title and examples.

    Parameters
    ----------
    memory
        Text about the memory in use, asked for now and then.
    """

    def __init__(
        self,
        state: ViewerState,
        window: WindowView,
        session: SessionController,
        memory: Callable[[], str],
    ) -> None:
        self._state = state
        self._window = window
        self._memory = memory
        self._lasting: Message | None = None
        window.cancel_requested.connect(session.cancel)
        session.opened.connect(self._on_opened)
        session.failed.connect(self._on_failed)
        state.jobs.changed.connect(self.refresh)
        state.scan.changed.connect(self.refresh)
        self.refresh()

    def say_at_start(self, message: Message) -> None:
        """Show a message that stays when the first scan opens, unless that one has warnings."""
        self._lasting = message
        self._window.show_message(message)

    def refresh(self) -> None:
        """Bring the status bar up to date."""
        scan, jobs = self._state.scan.scan, self._state.jobs
        self._window.show_status(
            EngineStatus(
                scan=scan_line(scan) if scan is not None else "No scan",
                model=jobs.model,
                device=jobs.device,
                memory=self._memory(),
            )
        )

    def _on_opened(self, scan: Scan) -> None:
        self._window.set_title(scan_line(scan))
        self._window.allow_asking(True)
        self._window.show_examples(EXAMPLES_CT if scan.modality == "CT" else EXAMPLES_XR)
        self._window.refresh_commands()
        self._window.show_message(_warning_message(scan) or self._lasting)
        self._lasting = None

    def _on_failed(self, kind: str, text: str, exit_status: int) -> None:
        self._window.show_message(Message("error", text))


def _warning_message(scan: Scan) -> Message | None:
    """What the reader noticed: the first sentence, the others as details."""
    if not scan.warnings:
        return None
    sentences = [warning.message for warning in scan.warnings]
    more = f"  (and {len(sentences) - 1} more)" if len(sentences) > 1 else ""
    return Message("warning", sentences[0] + more, "\n".join(sentences))
