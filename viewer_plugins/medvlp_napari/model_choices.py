"""Models that can be chosen, and what has to happen first. No Qt, no torch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from medvlp.progress import Progress

Status = Literal["built in", "on disk", "needs licence", "needs download"]


@dataclass(frozen=True)
class ModelChoice:
    """One line of the model picker.

    Parameters
    ----------
    name
        What :class:`medvlp.Session` takes: a name, or the hub id of one that is not here yet.
    title, licence, licence_url, citation
        For people.
    status
        ``"built in"`` and ``"on disk"`` can be used at once; the licence of the third has to be
        accepted first, the last has to be downloaded.
    modalities
        Subset of ``("CT", "XR")``.
    download_gb
        How much there is to download; 0 for those that are here.
    """

    name: str
    title: str
    status: Status
    modalities: tuple[str, ...]
    licence: str = ""
    licence_url: str = ""
    citation: str = ""
    download_gb: float = 0.0

    @property
    def usable(self) -> bool:
        """Whether it can be loaded as it is."""
        return self.status in ("built in", "on disk")

    @property
    def label(self) -> str:
        """Name, status and what it knows, as one line."""
        known = " and ".join({"CT": "CT", "XR": "X-ray"}[m] for m in self.modalities)
        size = f" ({self.download_gb:.1f} GB)" if self.download_gb else ""
        return " · ".join(part for part in (self.name, self.status + size, known) if part)

    @property
    def notice(self) -> str:
        """Licence and citation, to be read before the first use."""
        from medvlp.models.licences import licence_notice

        return licence_notice(self.title, self.licence, self.licence_url, self.citation)


def model_choices() -> list[ModelChoice]:
    """Models that ship with medvlp, that are on disk, and that can be downloaded, in this order."""
    from medvlp.models.backends.catalogue import CATALOGUE
    from medvlp.models.licences import is_accepted
    from medvlp.models.load import list_models, user_folder

    found = list_models()
    choices = []
    for info in sorted(found, key=lambda info: not info.builtin):
        status: Status = "built in" if info.builtin else "on disk"
        if not is_accepted(info, user_folder()):
            status = "needs licence"
        choices.append(
            ModelChoice(
                info.name,
                info.title,
                status,
                info.modalities,
                info.licence,
                info.licence_url,
                info.citation,
            )
        )
    here = {info.repository for info in found}
    return choices + [
        ModelChoice(
            known.repository,
            known.title,
            "needs download",
            known.modalities,
            known.licence,
            known.licence_url,
            known.citation,
            known.download_gb,
        )
        for known in CATALOGUE.values()
        if known.repository not in here
    ]


def accept_licence(name: str) -> None:
    """Remember that the user read and accepted the licence of a model on disk.

    Raises
    ------
    medvlp.errors.ModelNotFoundError
        If there is no such model.
    """
    from medvlp.models.folder import model_info
    from medvlp.models.licences import accept
    from medvlp.models.load import find_model, user_folder

    accept(model_info(find_model(name)), user_folder())


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
