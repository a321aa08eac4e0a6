"""Settings: what the user chooses in the panel holds at once and is written to the file."""

from __future__ import annotations

import math
from collections.abc import Collection

from pydantic import ValidationError

from medvlp.store.encodings import EncodingStore
from medvlp_viewer.controllers.system import System
from medvlp_viewer.models.background import FILES, LatestContent
from medvlp_viewer.models.settings import Settings
from medvlp_viewer.models.state import ViewerState
from medvlp_viewer.views.base import Message, WindowView

_GIGABYTE = 1e9


class SettingsController:
    """Applies a :class:`Settings` to the models and the window.

    Model and device are the business of :class:`medvlp_viewer.controllers.models.ModelsController`.

    Parameters
    ----------
    system
        Gives the file and a thread for slow work.
    """

    def __init__(
        self,
        state: ViewerState,
        window: WindowView,
        system: System,
    ) -> None:
        self._state = state
        self._window = window
        self._background = system.background
        self._file: LatestContent[Settings] | None = None
        if system.settings_file is not None:
            save = system.settings_file.save
            self._file = LatestContent(save, system.background, self._on_unwritten)
        window.setting_chosen.connect(self.choose)
        window.defaults_requested.connect(lambda: state.settings.replace(Settings()))
        window.cache_clear_requested.connect(self.clear_cache)
        state.settings.changed.connect(self._on_changed)
        state.scan.changed.connect(self._use_default_window)

    def start(self) -> None:
        """Apply everything as the program starts."""
        self._apply(Settings.model_fields.keys() - {"model", "device", "cache_gigabytes"})

    def choose(self, name: str, value: object) -> None:
        """The user chose a value."""
        try:
            self._state.settings.change(**{name: value})
        except ValidationError as error:
            self._window.show_message(Message("error", f"This cannot be set: {_reason(error)}."))

    def clear_cache(self) -> None:
        """Remove all encodings from the disk."""

        def work() -> int:
            store = EncodingStore()
            store.max_bytes = 0
            before = store.used_bytes()
            return before - store.prune()

        def done(freed: int) -> None:
            text = f"Encoded scans removed: {freed / 1e6:.0f} MB are free again."
            self._window.show_message(Message("info", text))

        self._background(work, done, FILES)

    def _on_changed(self, names: Collection[str]) -> None:
        self._apply(names)
        if self._file is not None:
            self._file.put(self._state.settings.value)

    def _on_unwritten(self, error: OSError) -> None:
        reason = error.strerror or type(error).__name__
        text = f"The settings could not be written ({reason}). They hold until the program ends."
        self._window.show_message(Message("warning", text))

    def _apply(self, names: Collection[str]) -> None:
        settings, state = self._state.settings.value, self._state
        if {"theme", "language"} & set(names):
            self._window.set_appearance(settings.theme, settings.language)
        if "interpolate" in names:
            state.display.set_smooth(settings.interpolate)
        for name in ("colour_map", "opacity", "threshold"):
            if name in names:
                setattr(state.overlay, name, getattr(settings, name))
        if "default_window" in names:
            self._use_default_window()
        if "cache_gigabytes" in names:
            self._limit_cache(settings.cache_gigabytes)
        self._window.refresh_commands()

    def _use_default_window(self) -> None:
        scan = self._state.scan.scan
        if scan is not None:
            self._state.display.set_window(self._state.settings.value.window_for(scan))

    def _limit_cache(self, gigabytes: float) -> None:
        def work() -> str:
            try:
                store = EncodingStore()
                store.keep_limit(math.floor(gigabytes * _GIGABYTE))
                store.prune()
            except OSError as error:
                return error.strerror or type(error).__name__
            return ""

        def done(problem: str) -> None:
            if problem:
                text = f"The limit of the encoded scans could not be written ({problem})."
                self._window.show_message(Message("warning", text))

        self._background(work, done, FILES)


def _reason(error: ValidationError) -> str:
    """The first complaint, without the name of the validator."""
    return str(error.errors()[0]["msg"]).removeprefix("Value error, ")
