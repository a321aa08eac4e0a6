"""The models of the picker: which there are, and how one comes here. No Qt."""

from __future__ import annotations

from pathlib import Path

from psygnal import Signal

from medvlp.errors import LicenceError, MedVLPError
from medvlp.progress import Progress
from medvlp_napari.background import Background, Start, in_thread
from medvlp_napari.model_choices import (
    ModelChoice,
    accept_licence,
    add_folder,
    download,
    model_choices,
)
from medvlp_widgets.models.progress import ProgressModel


class ModelShelf:
    """Lists models, accepts licences, downloads and imports, away from the main thread.

    Parameters
    ----------
    progress
        Of downloads and imports.
    start
        See :class:`medvlp_napari.background.Background`.

    Signals
    -------
    changed()
        There are other choices.
    ready(str)
        A model that was asked for can be loaded now.
    licence_needed(Path, str)
        A folder holds somebody else's model: its licence is to be read first.
    """

    changed = Signal()
    ready = Signal(str)
    licence_needed = Signal(object, str)

    def __init__(self, progress: ProgressModel, start: Start = in_thread) -> None:
        self.progress = progress
        self._background = Background(progress, start)
        self.choices: list[ModelChoice] = []
        self.refresh()

    def __getitem__(self, name: str) -> ModelChoice | None:
        return next((choice for choice in self.choices if choice.name == name), None)

    def refresh(self) -> None:
        """Look again at what is on disk."""
        found = model_choices()
        if found != self.choices:
            self.choices = found
            self.changed.emit()

    def accept(self, name: str) -> None:
        """The user accepts the licence of a model on disk."""
        try:
            accept_licence(name)
        except (MedVLPError, OSError) as error:
            self.progress.fail(str(error))
            return
        self._came(name)

    def download(self, repository: str) -> None:
        """The user accepts the licence of a published model: fetch it."""

        def work(progress: Progress) -> str:
            return download(repository, progress)

        self._background.run(f"Downloading {repository}", work, self._came, lambda _message: None)

    def add_folder(self, folder: Path, *, accepted: bool = False) -> None:
        """Import a model from a folder."""

        def work(progress: Progress) -> str | LicenceError:
            try:
                return add_folder(folder, progress, accepted=accepted)
            except LicenceError as error:
                return error

        def done(found: str | LicenceError) -> None:
            if isinstance(found, LicenceError):
                self.licence_needed.emit(folder, str(found).rpartition("\n")[0])
            else:
                self._came(found)

        self._background.run(f"Adding {folder.name}", work, done, lambda _message: None)

    def cancel(self) -> None:
        """Stop a download or an import; a download goes on there the next time."""
        self._background.cancel_all()

    def poll(self) -> None:
        """Call from the main thread."""
        self._background.poll()

    def _came(self, name: str) -> None:
        self.refresh()
        self.ready.emit(name)
