"""Add a model to the user's models: checked first, converted or copied whole or not at all."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from medvlp.errors import LicenceError, ModelMismatchError, ModelNotFoundError
from medvlp.models.folder import MANIFEST, check, model_info, read_manifest
from medvlp.models.licences import accept, licence_notice
from medvlp.models.load import list_models, user_folder
from medvlp.progress import Progress, ignore_progress

DOWNLOADS = ".downloads"
IMPORTING = ".importing-"
LEFT_BEHIND = 24 * 3600.0
"""Seconds after which a half import is nobody's: its process was killed."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True)
class Wishes:
    """What the user says about a model that is added.

    Parameters
    ----------
    name
        What to call it; None keeps its own name.
    known_as
        Hub id of the published model that it is, where its files do not say.
    overrides
        Fields of the published transform to change.
    accept_licence
        The user has read and accepted its licence.
    """

    name: str | None = None
    known_as: str | None = None
    overrides: Mapping[str, Any] = field(default_factory=dict)
    accept_licence: bool = False


def install(folder: Path, wishes: Wishes | None = None, progress: Progress | None = None) -> Path:
    """Add a model folder, or a published checkpoint as it was downloaded.

    Of a model folder only the files that the manifest names are copied, and the copy is checked
    again. A published checkpoint is converted; the folder is left as it is.

    Parameters
    ----------
    folder
        Either kind.
    wishes
        Name, licence and changes.
    progress
        Called now and then.

    Returns
    -------
    Path
        The installed folder.

    Raises
    ------
    ModelNotFoundError
        If ``folder`` is no folder.
    ModelMismatchError
        If it is incomplete, altered or of an unknown layout, or the name is taken or unusable.
    LicenceError
        If somebody else's licence was not accepted.
    """
    folder, wishes = Path(folder), wishes or Wishes()
    report = progress or ignore_progress
    if not folder.is_dir():
        kind = "a file" if folder.is_file() else "no folder"
        raise ModelNotFoundError(
            f"{folder} is {kind}: expected a folder with {MANIFEST}, or one with all files of a model as it "
            "was published."
        )
    root = user_folder()
    root.mkdir(parents=True, exist_ok=True)
    _sweep(root)
    with tempfile.TemporaryDirectory(prefix=IMPORTING, dir=root) as temporary:
        copy = Path(temporary) / "model"
        copy.mkdir()
        report(0.1, "Checking and converting the model")
        if (folder / MANIFEST).is_file():
            _copy(folder, copy, wishes)
        else:
            _convert(folder, copy, wishes)
        report(0.8, "Checking what was written")
        check(copy)
        info = model_info(copy)
        if info.must_accept:
            accept(info, root)
        target = copy.rename(root / info.name)
    report(1.0, "Installed")
    return target


def _sweep(root: Path) -> None:
    """Remove what imports left behind that were killed; it is as large as a model."""
    for left in root.glob(f"{IMPORTING}*"):
        if time.time() - left.stat().st_mtime > LEFT_BEHIND:
            shutil.rmtree(left, ignore_errors=True)


def _copy(folder: Path, copy: Path, wishes: Wishes) -> None:
    if wishes.known_as or wishes.overrides:
        raise ModelMismatchError(
            f"{folder} is a model folder already: its transform is part of it and is not changed. "
            "Import the model as it was published instead."
        )
    manifest = read_manifest(folder)
    files = _plain_names(folder, manifest["files"])
    check(folder)
    name = free_name(str(wishes.name or manifest.get("name") or folder.name))
    info = model_info(folder)
    if info.must_accept:
        _require(wishes, info.title, info.licence, info.licence_url, info.citation)
    for file in files:
        shutil.copyfile(folder / file, copy / file)
    text = json.dumps(manifest | {"name": name}, indent=1)
    (copy / MANIFEST).write_text(text, encoding="utf-8")


def _convert(folder: Path, copy: Path, wishes: Wishes) -> None:
    from medvlp.models.backends.importing import convert, identify, stated_licence

    known = identify(folder, wishes.known_as)
    own = known.repository.rpartition("/")[2] or folder.resolve().name
    name = free_name(wishes.name or own[:64])
    licence = known.licence or stated_licence(folder)
    if licence:
        _require(wishes, known.title or name, licence, known.licence_url, known.citation)
    convert(folder, copy, name, known, wishes.overrides)


def _require(wishes: Wishes, title: str, licence: str, url: str, citation: str) -> None:
    if not wishes.accept_licence:
        raise LicenceError(
            f"{licence_notice(title, licence, url, citation)}\nRead the licence, then accept it.",
            command_line="Give the same command with --accept-licence for that.",
        )


def pull(
    repository: str,
    revision: str | None = None,
    wishes: Wishes | None = None,
    progress: Progress | None = None,
) -> Path:
    """Download a model from a Hugging Face hub and :func:`install` it.

    An interrupted download goes on where it stopped.

    Raises
    ------
    ModelNotFoundError
        If the hub cannot be reached or has no such repository.
    ModelMismatchError
        If what it has is no model that medvlp knows, or arrived damaged.
    LicenceError
        If the licence was not accepted; nothing is downloaded then.
    """
    from medvlp.models.backends.catalogue import CATALOGUE, generic
    from medvlp.models.hub import fetch, look_up

    wishes = wishes or Wishes()
    report = progress or ignore_progress
    known = CATALOGUE.get(repository, generic(""))
    if not known.patterns:
        raise ModelMismatchError(
            f"{known.title} is not pulled: {repository} holds more than a model. Download its file by "
            "yourself (docs/reference/models.md), then import it.",
            command_line="medvlp models import FOLDER",
        )
    name = free_name(wishes.name or repository.rpartition("/")[2])
    report(0.0, f"Asking the hub about {repository}")
    if known.licence:
        _require(wishes, known.title, known.licence, known.licence_url, known.citation)
    remotes = [look_up(repository, revision, known.patterns)]
    if remotes[0].licence and not known.licence:
        _require(wishes, repository, remotes[0].licence, "", "")
    remotes += [look_up(other, at, patterns) for other, at, patterns in known.also]
    folder = user_folder() / DOWNLOADS / repository.replace("/", "--")
    fetch(remotes, folder, lambda fraction, said: report(0.9 * fraction, said))
    known_as = repository if repository in CATALOGUE else wishes.known_as
    target = install(
        folder,
        Wishes(name, known_as, wishes.overrides, accept_licence=True),
        lambda fraction, said: report(0.9 + 0.1 * fraction, said),
    )
    shutil.rmtree(folder, ignore_errors=True)
    return target


def remove(name: str) -> int:
    """Delete one of the user's models.

    Returns
    -------
    int
        Bytes that were freed.

    Raises
    ------
    ModelNotFoundError
        If there is none of that name.
    ModelMismatchError
        If it ships with medvlp.
    """
    found = {info.name: info for info in list_models()}
    damaged = _NAME.fullmatch(name) and (user_folder() / name / MANIFEST).is_file()
    if name not in found and not damaged:
        own = ", ".join(n for n, i in found.items() if not i.builtin) or "none"
        raise ModelNotFoundError(f"No model {name!r} to remove. Your own models: {own}.")
    if name in found and found[name].builtin:
        raise ModelMismatchError(f"{name!r} ships with medvlp and is not removed.")
    folder = found[name].path if name in found else user_folder() / name
    size = sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())
    with tempfile.TemporaryDirectory(prefix=".removing-", dir=user_folder()) as temporary:
        folder.rename(Path(temporary) / "model")
    return size


def _plain_names(folder: Path, files: object) -> list[str]:
    """File names of a manifest, none of which may lead out of the folder."""
    names = list(files) if isinstance(files, dict) else []
    for name in names:
        if name != Path(name).name or name in ("", ".", "..") or (folder / name).is_symlink():
            raise ModelMismatchError(
                f"{folder / MANIFEST} names {name!r}: expected plain files inside the folder."
            )
    return names


def free_name(name: str) -> str:
    """``name``, if it can be and is not yet a model's.

    Raises
    ------
    ModelMismatchError
        Otherwise.
    """
    if not _NAME.fullmatch(name):
        raise ModelMismatchError(
            f"{name!r} cannot be a model's name: expected letters, digits, '.', '_' and '-'. "
            "Give another one.",
            command_line="--name gives it.",
        )
    if any(name == m.name for m in list_models()) or (user_folder() / name).exists():
        raise ModelMismatchError(
            f"There is a model named {name!r} already. Give another name.",
            command_line="--name gives it.",
        )
    return name
