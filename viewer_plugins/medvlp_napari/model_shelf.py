"""The models of the picker: which there are, and how one comes here. No Qt."""

from __future__ import annotations

from pathlib import Path

from psygnal import Signal

from medvlp.errors import LicenceError, MedVLPError
from medvlp.models.offers import Offer, accept_licence, list_offers
from medvlp.progress import Progress
from medvlp_napari.background import Background, Start, in_thread
from medvlp_widgets.models.progress import ProgressModel


def download(repository: str, progress: Progress) -> str:
    """Download a published model, whose licence the user has accepted, and return its name.

    Raises
    ------
    medvlp.MedVLPError
        If the hub cannot be reached, has no such model, or sends something else.
    """
    from medvlp.models.install import Wishes, pull

    return pull(repository, None, Wishes(accept_licence=True), progress).name


def add_folder(folder: Path, progress: Progress, *, accepted: bool = False) -> str:
    """Import a model from a folder and return its name.

    Raises
    ------
    medvlp.errors.LicenceError
        If the model's licence is somebody else's and ``accepted`` is False; the message is the
        notice to be read.
    medvlp.MedVLPError
        If the folder holds no whole model of a known layout.
    """
    from medvlp.models.install import Wishes, install

    return install(folder, Wishes(accept_licence=accepted), progress).name


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
        There are other models than before.
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
        self.offers: list[Offer] = []
        self.refresh()

    def find(self, name: str) -> Offer | None:
        """The model of that name, folder or hub id."""
        return next((offer for offer in self.offers if name in (offer.key, offer.repository)), None)

    def refresh(self) -> None:
        """Look again at what is on disk."""
        try:
            found = list_offers()
        except (MedVLPError, OSError) as error:
            self.progress.fail(str(error))
            return
        if found != self.offers:
            self.offers = found
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
