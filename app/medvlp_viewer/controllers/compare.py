"""Two sides: a second scan, or the same for a second model, in an inference process of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from psygnal import Signal

from medvlp.scan import Scan
from medvlp_viewer.controllers.compare_answers import CompareAnswers
from medvlp_viewer.controllers.compare_links import CompareLinks
from medvlp_viewer.controllers.compare_session import SecondSession, missing_memory, second_message
from medvlp_viewer.controllers.panes import PanesController
from medvlp_viewer.controllers.ports import WorkerPort
from medvlp_viewer.controllers.session import SessionController
from medvlp_viewer.controllers.system import System
from medvlp_viewer.controllers.trouble import TroubleController
from medvlp_viewer.controllers.turns import Later, run_now
from medvlp_viewer.models.compare import CompareModel
from medvlp_viewer.models.heat_model import HeatModel
from medvlp_viewer.models.scan_model import ScanModel
from medvlp_viewer.models.state import ViewerState
from medvlp_viewer.models.study import Origin
from medvlp_viewer.views.base import Message, MessageAction, WindowView
from medvlp_viewer.views.compare import CompareView


class CompareController:
    """Opens a second scan, or a second model, beside the first, and keeps both sides in step.

    Parameters
    ----------
    state, window
        Of the first scan.
    panes
        Of the first scan.
    make_worker
        Makes a second inference process; None where there can be none.
    system
        Tells how much memory is free, and runs slow work.
    used_memory
        Bytes in use by the first process; None where that is not known.
    later
        Runs a function once the present event was handled.

    Events
    ------
    opened(Scan)
        The right side shows its scan.
    """

    opened = Signal(object)

    def __init__(
        self,
        state: ViewerState,
        window: WindowView,
        panes: PanesController,
        make_worker: Callable[[], WorkerPort] | None = None,
        system: System | None = None,
        used_memory: Callable[[], int | None] = lambda: None,
        later: Later = run_now,
    ) -> None:
        self.model = CompareModel()
        self.right = ViewerState(
            scan=ScanModel(state.scan.background),
            heats=HeatModel(state.heats.background),
            overlay=state.overlay,
            settings=state.settings,
        )
        self.panes: PanesController | None = None
        self.focused = False
        self._state, self._window, self._left_panes = state, window, panes
        self._make_worker, self._later = make_worker, later
        self._system, self._used_memory = system or System(), used_memory
        self._session: SessionController | None = None
        self._trouble: TroubleController | None = None
        self._worker: WorkerPort | None = None
        self._chosen_model: tuple[str, str] | None = None
        self._other_model: tuple[str, str] | None = None
        self._view: CompareView | None = None
        self._was_maximised = False
        self._links = CompareLinks(self.model, state, self.right, self._ask, self._forget)
        self._answers = CompareAnswers(self.model, state, self.right, later)
        self._connect()

    @property
    def origin(self) -> Origin | None:
        """Where the scan on the right was read from."""
        return self._session.origin if self._session is not None else None

    @property
    def available(self) -> bool:
        """Whether there is a scan to compare with, and a second process can be made."""
        return self._state.scan.scan is not None and self._make_worker is not None

    def open(
        self,
        path: str | Sequence[str],
        series: str | int | None = None,
        *,
        whatever_size: bool = False,
    ) -> None:
        """Open a scan, or the files of one, beside the first one."""
        if not self.available:
            text = "Open a scan first; then another one can be compared with it."
            self._window.show_message(Message("info", text))
            return
        if self.model.other_model:
            self.close()
        self._open(path, series, whatever_size)

    def open_model(
        self, name: str, device: str, origin: Origin, *, whatever_size: bool = False
    ) -> None:
        """Open the scan on screen, which was read from ``origin``, for another model as well."""
        if self.model.other_model != name:
            self.close()
        self._other_model = (name, device)
        self._open(origin.source, origin.series, whatever_size)

    def _open(
        self, path: str | Sequence[str], series: str | int | None, whatever_size: bool
    ) -> None:
        if self._session is None and not self._fits():
            self._other_model = None
            return
        self._attach()
        self._begin()
        assert self._session is not None
        self._session.open(path, series, whatever_size=whatever_size)

    def close(self) -> None:
        """One side again."""
        self._other_model = None
        if not self.model.active:
            return
        self.model.end()
        self.focused = False
        self._window.show_compare(False)
        self._left_panes.arrange(self._left_panes.active, maximised=self._was_maximised)
        self.right.queries.clear()
        self.right.heats.clear()
        self.right.scan.set(None)
        for job in self.right.jobs.jobs:
            self.right.jobs.end(job.request)
        self._session = None
        if self._worker is not None:
            self._system.background(self._worker.close)
            self._worker = None
        self._window.refresh_commands()

    def shut_down(self) -> None:
        """End the second process, as when the window closes."""
        self._session = None
        if self._worker is not None:
            self._worker.close()
            self._worker = None

    def toggle_linked(self) -> None:
        """Let the crosshairs follow each other, or go apart."""
        self.model.link(not self.model.linked)
        self._links.begin()

    def align(self) -> None:
        """The two crosshairs are at the same place of the body."""
        self.model.align(self._state.crosshair.world, self.right.crosshair.world)

    # The second process

    def poll(self) -> None:
        """See what the second process has done."""
        if self._session is not None:
            self._session.poll()
            self._answers.show_progress()

    def _fits(self) -> bool:
        """A second model and scan have to fit beside the first ones."""
        used, free = self._used_memory(), self._system.available_memory()
        text = missing_memory(used, free, self._other_model is not None)
        if text:
            self._window.show_message(Message("error", text))
        return not text

    def _begin(self) -> None:
        if self.model.active:
            return
        assert self._make_worker is not None
        self._worker = self._make_worker()
        self._worker.start()
        session = self._session = SecondSession(self.right, self._worker)
        session.available_memory = self._system.available_memory
        session.opened.connect(self._on_opened)
        session.answered.connect(lambda keys: self._answers.show_rows())
        session.failed.connect(self._on_failed)
        self._trouble = TroubleController(
            self.right, self._window, session, self._system, self._on_too_large
        )
        chosen = self._other_model or self._chosen_model
        if chosen is not None:
            session.use_model(*chosen)
        self._was_maximised = self._left_panes.maximised
        self.model.begin(self._other_model[0] if self._other_model is not None else "")
        self._links.copy_queries()
        self._window.show_compare(True)
        self._left_panes.arrange(self._left_panes.active, maximised=True)
        self._answers.show_headings()
        self._answers.show_rows()

    def _on_opened(self, scan: Scan) -> None:
        left = self._state.scan.scan
        if left is not None:
            self._match(left, scan)
        if self.panes is not None:
            self.panes.arrange(self._left_panes.active, maximised=self._left_panes.maximised)
        self._answers.show_titles()
        self._window.refresh_commands()
        self.opened.emit(scan)

    def _on_failed(self, kind: str, text: str, exit_status: int) -> None:
        """What cannot be compared is closed; another model must not answer for the one wanted."""
        self._window.show_message(second_message("error", text, bool(self._other_model)))
        if self.model.other_model or (kind == "open" and self.right.scan.scan is None):
            self.close()

    def _on_too_large(self, origin: Origin, text: str) -> None:
        other = self._other_model
        if self.right.scan.scan is None:
            self.close()

        def open_anyway() -> None:
            if other is not None:
                self.open_model(*other, origin, whatever_size=True)
            else:
                self.open(origin.source, origin.series, whatever_size=True)

        action = MessageAction("Open anyway", open_anyway)
        self._window.show_message(second_message("warning", text, bool(other), action))

    def _ask(self, key: str) -> None:
        if self._session is not None:
            self._session.ask(key)

    def _forget(self, key: str) -> None:
        if self._session is not None:
            self._session.forget(key)

    def _on_model(self) -> None:
        if self._view is not None:
            self._view.set_match(self.model.words)
        self._window.refresh_commands()

    def _on_left_scan(self) -> None:
        left, right = self._state.scan.scan, self.right.scan.scan
        if not self.model.active:
            return
        if left is None:
            self.close()
        elif right is not None:
            self._match(left, right)
            self._answers.show_titles()

    def _match(self, left: Scan, right: Scan) -> None:
        self.model.match(left.geometry, right.geometry)
        self._links.begin()  # the crosshair of the new scan was placed before the step was known

    def _connect(self) -> None:
        self.model.changed.connect(self._on_model)
        self._state.scan.changed.connect(self._on_left_scan)
        self._window.closed.connect(self.shut_down)

    def follow_model(self, model: str, device: str) -> None:
        """Another model answers on the left: for two scans, on the right as well."""
        self._chosen_model = model, device
        if self._session is not None and not self.model.other_model:
            self._session.use_model(model, device)

    def _attach(self) -> None:
        """The view is made when it is first wanted."""
        if self._view is not None:
            return
        view = self._view = self._answers.view = self._window.compare_view()
        self.panes = PanesController(self.right, view, self._later)
        self._links.tie(self._left_panes, self.panes)
        view.ticked.connect(self.poll)
        view.cancel_requested.connect(self._on_cancel)
        view.row_chosen.connect(self._state.queries.select)
        for plane, controller in self.panes.panes.items():
            controller.view.activated.connect(lambda: self._set_focused(True))
            self._window.pane(plane).activated.connect(lambda: self._set_focused(False))

    def _set_focused(self, focused: bool) -> None:
        self.focused = focused and self.model.active

    def _on_cancel(self) -> None:
        if self._session is not None:
            self._session.cancel()
            if self.right.scan.scan is None:
                self.close()
