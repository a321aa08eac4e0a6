"""Opening studies of a PACS or DICOMweb server: found, fetched into a folder, opened as one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from medvlp.errors import MedVLPError, ServerError
from medvlp.network.address import checked_aet, parse_address
from medvlp.network.inbox import Inbox
from medvlp.network.server import Series, Study
from medvlp_viewer.controllers.server_work import Connect, ServerTask, clear, connect, fetch
from medvlp_viewer.controllers.system import System
from medvlp_viewer.models.background import FILES, Work, attempt
from medvlp_viewer.models.server import MOST_STUDIES, Phase, ServerQuery
from medvlp_viewer.models.state import ViewerState
from medvlp_viewer.views.base import Message, WindowView
from medvlp_viewer.views.server import ServerView

_NOTHING = (
    "No study matches. Ask for less, or with * and ?: servers compare whole values, some of them "
    "with upper and lower case."
)

_STOPPED = "Stopped. What has arrived is kept, and the next download goes on there."


class ServerController:
    """One request at a time; answers to one that was given up are not shown.

    Parameters
    ----------
    open_paths
        Opens a folder.
    system
        Runs slow work, and says where studies are kept.
    connect
        Gives the server at an address.
    """

    def __init__(
        self,
        state: ViewerState,
        window: WindowView,
        open_paths: Callable[[Sequence[str]], None],
        system: System,
        connect: Connect = connect,
    ) -> None:
        self._state, self._window, self._model = state, window, state.server
        self._open_paths, self._connect = open_paths, connect
        self._background, self._folder = system.background, system.server_folder
        self._view: ServerView | None = None
        self._task = ServerTask()
        self._request = 0
        self._asked = ServerQuery("")
        self._model.can_fetch = self._folder is not None
        window.closed.connect(self.shut_down)

    def show(self) -> None:
        """Show the panel, with the server that was used last."""
        if self._view is None:
            self._view = self._window.server_view()
            self._view.find_requested.connect(self.find)
            self._view.series_requested.connect(self.list_series)
            self._view.open_requested.connect(self.open)
            self._view.cancel_requested.connect(self.cancel)
        settings = self._state.settings.value
        self._view.show(settings.server_address, settings.server_aet)

    def find(self, query: ServerQuery) -> None:
        """Look for studies."""
        try:
            wanted, address = query.wanted(), str(parse_address(query.address))
            aet = checked_aet(query.aet)
        except ServerError as error:
            self._stop()
            self._model.end(str(error), is_error=True)
            return
        self._asked = query
        self._state.settings.change(server_address=address, server_aet=aet)
        self._begin("finding", lambda: self._connect(address, aet).find(wanted), self._on_found)

    def list_series(self, uid: str) -> None:
        """Ask for the series of a study that was found."""
        asked = self._asked
        if self._model.busy or self._model.find(uid) is None:
            return

        def listed(series: list[Series]) -> None:
            self._model.set_series(uid, series)

        self._begin("listing", lambda: self._connect(asked.address, asked.aet).series(uid), listed)

    def open(self, uid: str, series: str = "") -> None:
        """Fetch a study that was found, or one of its series, and open it."""
        folder, asked, task = self._folder, self._asked, ServerTask()
        if folder is None or self._model.busy or self._model.find(uid) is None:
            return

        def work() -> Inbox:
            return fetch(self._connect(asked.address, asked.aet), folder, uid, series, task)

        self._begin("fetching", work, partial(self._on_fetched, series), task)

    @property
    def busy(self) -> bool:
        """Whether something is under way."""
        return self._model.busy

    def cancel(self) -> None:
        """Give up what is under way; images that arrived are kept."""
        if self._model.busy:
            fetching = self._model.phase == "fetching"
            self._stop()
            self._model.end(_STOPPED if fetching else "Stopped.")
            self._window.refresh_commands()

    def poll(self) -> None:
        """See how far the download is."""
        if self._model.phase == "fetching":
            self._model.advance(self._task.fraction, self._task.words)

    @property
    def can_clear(self) -> bool:
        """Whether downloaded studies can be removed now."""
        return self._folder is not None and not self._model.busy

    def clear(self) -> None:
        """Remove all studies that were downloaded."""
        folder = self._folder
        if folder is None or self._model.busy:
            return

        def done(freed: int | Exception) -> None:
            if isinstance(freed, OSError):
                reason = freed.strerror or type(freed).__name__
                text = f"The downloaded studies could not all be removed ({reason})."
                self._window.show_message(Message("error", text))
            elif isinstance(freed, Exception):
                raise freed
            else:
                text = f"Downloaded studies removed: {freed / 1e6:.0f} MB are free again."
                self._window.show_message(Message("info", text))

        self._background(attempt(partial(clear, folder)), done, FILES)

    def shut_down(self) -> None:
        """Give everything up, as when the window closes."""
        self._stop()

    def _stop(self) -> None:
        self._request += 1
        self._task.give_up()

    def _begin(
        self, phase: Phase, work: Work, then: Callable[..., None], task: ServerTask | None = None
    ) -> None:
        """Hand work over; its result reaches ``then`` unless it was given up meanwhile."""
        self._stop()
        self._task = task or ServerTask()
        number = self._request
        self._model.begin(phase)
        self._window.refresh_commands()

        def done(result: object) -> None:
            if number != self._request:
                return
            if isinstance(result, Exception):
                self._fail(result, phase)
            else:
                then(result)
            self._window.refresh_commands()

        self._background(attempt(partial(self._task.run, work)), done)

    def _on_found(self, studies: list[Study]) -> None:
        if not studies:
            self._model.set_studies((), _NOTHING)
        elif len(studies) >= MOST_STUDIES:
            text = f"There may be more than these {len(studies)} studies: ask for less."
            self._model.set_studies(studies, text)
        else:
            count = len(studies)
            text = "1 study was found." if count == 1 else f"{count} studies were found."
            self._model.set_studies(studies, text)

    def _on_fetched(self, series: str, inbox: Inbox) -> None:
        """Open what came; images that did not come are said."""
        lacking = inbox.missing + inbox.refused.total()
        if not inbox.received.total() + inbox.present.total():
            self._model.end("No image of this study could be fetched.", is_error=True)
            return
        self._model.end()
        if self._view is not None:
            self._view.hide()
        self._window.show_message(None)
        self._open_paths([str(inbox.folder / series)])
        if lacking:
            text = f"{lacking} images of the study did not come whole. Open it again to fetch them."
            self._window.show_message(Message("warning", text))

    def _fail(self, error: Exception, phase: Phase) -> None:
        """Said in the panel; a download also in the window, as the panel may be closed by then."""
        if isinstance(error, OSError):
            reason = error.strerror or type(error).__name__
            text = f"The study could not be written ({reason})."
        else:
            text = str(error)
        if not isinstance(error, OSError | MedVLPError):
            self._model.end()
            raise error
        self._model.end(text, is_error=True)
        if phase == "fetching":
            self._window.show_message(Message("error", text))
