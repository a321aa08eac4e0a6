"""Which model answers: chosen in the picker or the settings, tried, and left again if it fails."""

from __future__ import annotations

from collections.abc import Callable, Collection

from medvlp.errors import MedVLPError
from medvlp.models.offers import Offer, accept_licence, list_offers
from medvlp.worker import ModelFacts
from medvlp_viewer.controllers.model_download import ModelDownload
from medvlp_viewer.controllers.ports import WorkerPort
from medvlp_viewer.controllers.session import SessionController
from medvlp_viewer.controllers.system import System
from medvlp_viewer.models.background import attempt
from medvlp_viewer.models.picker_words import other_kind
from medvlp_viewer.models.state import ViewerState
from medvlp_viewer.views.base import Message, WindowView

Choice = tuple[str, str]
"""Name or folder of a model (empty: the built-in one) and the device that it runs on."""


class ModelsController:
    """Lists models, switches between them, and keeps the former one where the new one fails.

    Parameters
    ----------
    system
        Runs slow work beside the event loop.
    followers
        Told of every model that answers from now on, such as the second of two scans.
    make_worker
        Makes a process for downloads; without it nothing can be downloaded.
    keep_place
        Told of queries whose next answers shall not move the crosshair: models are compared where
        the user looks.
    """

    def __init__(
        self,
        state: ViewerState,
        window: WindowView,
        session: SessionController,
        system: System,
        followers: Collection[Callable[[str, str], None]] = (),
        make_worker: Callable[[], WorkerPort] | None = None,
        keep_place: Callable[[frozenset[str]], None] = lambda keys: None,
    ) -> None:
        self._state, self._window, self._session = state, window, session
        self._background, self._followers = system.background, followers
        self._keep_place = keep_place
        settings = state.settings.value
        in_use: Choice = (settings.model, settings.device)
        self._in_use: Choice = in_use
        self._wanted: Choice = in_use
        self._before: Choice = in_use
        self._former: Choice | None = None
        self._to_try = self._on_trial = self._writing = False
        self._setting = settings.model
        self.download = ModelDownload(state.picker, window, system.background, make_worker)
        self._connect()

    def start(self, model: str | None) -> None:
        """Name the model that the process was made with."""
        self._in_use = self._wanted = self._before = (model or "", self._in_use[1])
        self._state.picker.set_active(model or "")

    # What the user does

    def choose(self) -> None:
        """Show the picker, with what is on the disk now."""
        self._window.show_models()
        self.refresh()

    def refresh(self) -> None:
        """List the models anew."""
        picker = self._state.picker

        def done(found: list[Offer] | Exception) -> None:
            if isinstance(found, Exception):
                self._fail(found)
            else:
                picker.set_offers(found)

        self._background(attempt(lambda: list_offers([picker.active])), done)

    @property
    def can_use(self) -> bool:
        """Whether the selected model can be loaded."""
        picker, offer = self._state.picker, self._state.picker.offer
        return offer is not None and offer.ready and not picker.is_active(offer)

    def use(self) -> None:
        """Switch to the selected model."""
        offer = self._state.picker.offer
        if offer is not None and self.takes_scan(offer):
            self._load((offer.key, self._in_use[1]))

    @property
    def can_go_back(self) -> bool:
        """Whether another model was in use before."""
        return self._former is not None

    def go_back(self) -> None:
        """Switch to the model that was in use before."""
        if self._former is not None:
            self._load(self._former)

    @property
    def needs_licence(self) -> bool:
        """Whether the licence of the selected model can be accepted."""
        offer = self._state.picker.offer
        return offer is not None and offer.status == "needs-licence"

    def accept_licence(self) -> None:
        """Remember that the licence of the selected model was accepted."""
        offer = self._state.picker.offer
        if offer is None:
            return

        def done(error: Exception | None) -> None:
            if error is not None:
                self._fail(error)
            self.refresh()

        self._background(attempt(lambda: accept_licence(offer.key)), done)

    def takes_scan(self, offer: Offer) -> bool:
        """Whether a model knows the kind of the scan on screen; if not, say so."""
        picker = self._state.picker
        if picker.takes_scan(offer) or self._session.opening is not None:
            return True
        self._window.show_message(Message("warning", other_kind(offer)))
        return False

    # Loading, and going back

    def _load(self, choice: Choice, *, to_try: bool = True) -> None:
        """Load a model; one ``to_try`` is left again if it cannot encode the scan on screen."""
        self._wanted, self._to_try, self._on_trial = choice, to_try, False
        self._state.picker.set_loading(choice[0])
        self._session.use_model(*choice)

    def _on_loaded(self, facts: ModelFacts) -> None:
        self._before, self._in_use = self._in_use, self._wanted
        if self._before[0] != self._in_use[0]:
            self._former, self._setting = self._before, self._in_use[0]
        self._on_trial = self._to_try and self._state.scan.scan is not None
        self._state.picker.set_active(self._in_use[0])
        self._write()
        self._keep_place(frozenset(row.key for row in self._state.queries.rows))
        for follow in self._followers:
            follow(*self._in_use)
        self._window.refresh_commands()

    def _on_kept(self) -> None:
        self._wanted = self._in_use
        self._state.picker.set_active(self._in_use[0])
        self._write()

    def _on_failed(self, kind: str, text: str, exit_status: int) -> None:
        """A model that cannot encode the scan is left again."""
        if kind == "load_model":
            text = f"{text}  The model in use stays the one before."
            self._window.show_message(Message("error", text))
        elif kind in ("encode", "died") and self._on_trial:
            self._load(self._before, to_try=False)
            self._window.show_message(Message("error", f"{text}  The model before is used again."))

    def _settle(self, *_: object) -> None:
        """The model has encoded this scan, or another scan is on screen."""
        self._on_trial = False

    def _fail(self, error: Exception) -> None:
        if not isinstance(error, MedVLPError | OSError):
            raise error
        self._window.show_message(Message("error", str(error)))

    # Settings

    def _write(self) -> None:
        """Keep for the next start what the user chose, without loading it again."""
        self._writing = True
        self._state.settings.change(model=self._setting, device=self._in_use[1])
        self._writing = False

    def _on_settings(self, names: Collection[str]) -> None:
        settings = self._state.settings.value
        if self._writing or not {"model", "device"} & set(names):
            return
        model = settings.model if "model" in names else self._in_use[0]
        self._load((model, settings.device))

    def _connect(self) -> None:
        session = self._session
        session.model_loaded.connect(self._on_loaded)
        session.model_kept.connect(self._on_kept)
        session.failed.connect(self._on_failed)
        session.encoded.connect(self._settle)
        session.opened.connect(self._settle)
        session.opened.connect(lambda scan: self._state.picker.set_modality(scan.modality))
        self._state.settings.changed.connect(self._on_settings)
        self._state.picker.changed.connect(self._window.refresh_commands)
        self.download.finished.connect(self.refresh)
        self._window.closed.connect(self.download.shut_down)
