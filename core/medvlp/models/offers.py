"""Which models a user can choose from: those on disk, and those that can be downloaded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from medvlp.models.backends.catalogue import CATALOGUE, Published
from medvlp.models.folder import MANIFEST, REQUIRED, WEIGHTS, ModelInfo, model_info
from medvlp.models.licences import is_accepted
from medvlp.models.load import list_models, user_folder

OfferStatus = Literal["built-in", "on-disk", "needs-licence", "can-be-pulled", "files-missing"]


@dataclass(frozen=True)
class Offer:
    """A line of a model picker.

    Parameters
    ----------
    key
        What :func:`medvlp.load_model` takes; of a model that is not here yet its hub id.
    title, licence, licence_url, citation
        For people.
    status
        Whether it can be used now, and what has to be done before otherwise.
    modalities
        Subset of ``("CT", "XR")``.
    parameters
        Number of weights; 0 if not known.
    size
        Bytes of the weights on disk, or about what is to be downloaded.
    missing
        Names of files that are not there.
    repository
        Hub id of a published model; empty for our own and the user's.
    path
        Folder of a model on disk, without links; empty for others.
    """

    key: str
    title: str
    status: OfferStatus
    modalities: tuple[str, ...]
    parameters: int = 0
    size: int = 0
    licence: str = ""
    licence_url: str = ""
    citation: str = ""
    missing: tuple[str, ...] = ()
    repository: str = ""
    path: str = ""

    @property
    def ready(self) -> bool:
        """Whether it can be loaded as it is."""
        return self.status in ("built-in", "on-disk")


def list_offers(others: Sequence[str | Path] = ()) -> list[Offer]:
    """Models on disk by name, then published ones that are not; nothing is loaded or asked.

    Parameters
    ----------
    others
        Folders of models that are not among the user's, such as the one in use.

    Raises
    ------
    ModelMismatchError
        If the manifest of one of ``others`` is unreadable.
    """
    installed = list_models()
    known = {info.path.resolve() for info in installed}
    found = [_installed(info, info.name) for info in installed]
    found += [
        _installed(model_info(folder), str(folder))
        for folder in map(Path, others)
        if (folder / MANIFEST).is_file() and folder.resolve() not in known
    ]
    repositories = {info.repository for info in installed}
    remote = [_published(p) for p in CATALOGUE.values() if p.repository not in repositories]
    return found + remote


def _installed(info: ModelInfo, key: str) -> Offer:
    missing = tuple(name for name in REQUIRED if not (info.path / name).is_file())
    status: OfferStatus = "built-in" if info.builtin else "on-disk"
    if missing:
        status = "files-missing"
    elif not is_accepted(info, user_folder()):
        status = "needs-licence"
    weights = info.path / WEIGHTS
    return Offer(
        key,
        info.title,
        status,
        info.modalities,
        info.parameters,
        weights.stat().st_size if weights.is_file() else 0,
        info.licence,
        info.licence_url,
        info.citation,
        missing,
        info.repository,
        str(info.path.resolve()),
    )


def _published(known: Published) -> Offer:
    return Offer(
        known.repository,
        known.title,
        "can-be-pulled",
        known.modalities,
        size=round(known.download_gb * 1e9),
        licence=known.licence,
        licence_url=known.licence_url,
        citation=known.citation,
        repository=known.repository,
    )


def accept_licence(name: str) -> None:
    """Remember that the user accepted the licence of a model on disk.

    Raises
    ------
    ModelNotFoundError
        If there is no such model.
    """
    from medvlp.models.licences import accept
    from medvlp.models.load import find_model

    accept(model_info(find_model(name)), user_folder())
