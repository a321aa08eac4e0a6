"""Which models there are, which one answers, and what is being fetched or loaded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from psygnal import Signal

from medvlp.models.load import DEFAULT
from medvlp.models.offers import Offer


@dataclass(frozen=True)
class Download:
    """A model on its way from the hub, or from a folder if it is ``imported``.

    Its key or folder, what is being done, and the share in [0, 1].
    """

    key: str
    words: str = ""
    fraction: float = 0.0
    imported: bool = False


class PickerModel:
    """The model picker.

    ``active`` is the name or folder of the model that answers and ``loading`` that of the one that
    shall (None: no other one). ``selected`` is the key of the offer that is looked at. ``modality``
    is that of the scan on screen, or "".

    Events
    ------
    changed
        Emitted after any of it changed.
    """

    changed = Signal()

    def __init__(self) -> None:
        self.offers: tuple[Offer, ...] = ()
        self.listed = False
        self.selected = ""
        self.active = DEFAULT
        self.loading: str | None = None
        self.download: Download | None = None
        self.modality = ""

    def set_offers(self, offers: Sequence[Offer]) -> None:
        """Show these; the selection stays, or is the active model."""
        self.offers, self.listed = tuple(offers), True
        if self.find(self.selected) is None:
            active = self.find(self.active)
            self.selected = active.key if active is not None else ""
        self.changed.emit()

    def select(self, key: str) -> None:
        """Look at an offer."""
        if key != self.selected:
            self.selected = key
            self.changed.emit()

    def set_active(self, name: str) -> None:
        """Name the model that answers; empty is the built-in default."""
        self.active, self.loading = _named(name), None
        self.changed.emit()

    def set_loading(self, name: str | None) -> None:
        """Name the model that is being loaded; None: none is."""
        self.loading = None if name is None else _named(name)
        self.changed.emit()

    def set_download(self, download: Download | None) -> None:
        """Tell what is being downloaded; None: nothing is."""
        self.download = download
        self.changed.emit()

    def set_modality(self, modality: str) -> None:
        """A scan of this kind is on screen."""
        if modality != self.modality:
            self.modality = modality
            self.changed.emit()

    def takes_scan(self, offer: Offer) -> bool:
        """Whether a model knows the kind of the scan on screen."""
        return not self.modality or self.modality in offer.modalities

    def find(self, name: str) -> Offer | None:
        """The offer of that key, folder or hub id."""
        return next(
            (o for o in self.offers if name and name in (o.key, o.repository, o.path)), None
        )

    def is_active(self, offer: Offer) -> bool:
        """Whether this is the model that answers."""
        return offer is self.find(self.active)

    @property
    def offer(self) -> Offer | None:
        """The one that is looked at."""
        return self.find(self.selected)


def _named(name: str) -> str:
    """A model as the offers name it: a folder by its whole path."""
    folder = Path(name or DEFAULT)
    return str(folder.resolve()) if folder.is_dir() else name or DEFAULT
