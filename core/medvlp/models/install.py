"""Add a model to the user's models: checked first, copied whole or not at all."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from pathlib import Path

from medvlp.errors import ModelMismatchError, ModelNotFoundError
from medvlp.models.folder import MANIFEST, check, read_manifest
from medvlp.models.load import list_models, user_folder
from medvlp.progress import Progress, ignore_progress

DOWNLOADED = ("*.safetensors", "*.json", "*.txt", "*.md")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def install(folder: Path, name: str | None = None) -> Path:
    """Copy a model folder into the user's models.

    Only the files that the manifest names are copied, and the copy is checked again.

    Parameters
    ----------
    folder
        A whole model folder.
    name
        New name; None keeps the manifest's.

    Returns
    -------
    Path
        The installed folder.

    Raises
    ------
    ModelNotFoundError
        If ``folder`` is no folder.
    ModelMismatchError
        If it is incomplete or altered, or the name is taken or unusable.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise ModelNotFoundError(f"{folder} is no folder: expected one with {MANIFEST}.")
    manifest = read_manifest(folder)
    files = _plain_names(folder, manifest["files"])
    check(folder)
    wanted = _free_name(str(name or manifest.get("name") or folder.name))
    root = user_folder()
    root.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".importing-", dir=root) as temporary:
        copy = Path(temporary) / wanted
        copy.mkdir()
        for file in files:
            shutil.copyfile(folder / file, copy / file)
        text = json.dumps(manifest | {"name": wanted}, indent=1)
        (copy / MANIFEST).write_text(text, encoding="utf-8")
        check(copy)
        return copy.rename(root / wanted)


def pull(
    repository: str,
    revision: str | None = None,
    name: str | None = None,
    progress: Progress | None = None,
) -> Path:
    """Download a model from a Hugging Face hub and :func:`install` it.

    Raises
    ------
    ModelNotFoundError
        If the hub cannot be reached or has no such repository.
    ModelMismatchError
        If what it has is not a whole medvlp model.
    """
    (progress or ignore_progress)(0.0, f"downloading {repository}")
    with tempfile.TemporaryDirectory(prefix="medvlp-pull-") as temporary:
        _download(repository, revision, Path(temporary))
        return install(Path(temporary), name or repository.rpartition("/")[2])


def _download(repository: str, revision: str | None, target: Path) -> None:
    try:
        from huggingface_hub import snapshot_download
    except ImportError as error:
        raise ModelNotFoundError(
            "Pulling from a hub needs the package huggingface_hub: pip install huggingface_hub. "
            "Without it, copy the model's folder here and run 'medvlp models import FOLDER'."
        ) from error
    from huggingface_hub.errors import HFValidationError, RepositoryNotFoundError

    try:
        snapshot_download(
            repository, revision=revision, local_dir=target, allow_patterns=list(DOWNLOADED)
        )
    except (HFValidationError, RepositoryNotFoundError) as error:
        raise ModelNotFoundError(
            f"The hub has no public repository {repository!r}; expected OWNER/NAME."
        ) from error
    except (OSError, _network_error()) as error:
        raise ModelNotFoundError(
            f"{repository} could not be downloaded: the hub did not answer "
            f"({type(error).__name__}). Check the network, or copy the model's folder here and run "
            "'medvlp models import FOLDER'."
        ) from error


def _network_error() -> type[Exception]:
    """What the hub's client raises for a broken connection (the client changed over time)."""
    try:
        from httpx import HTTPError
    except ImportError:
        return OSError
    return HTTPError


def _plain_names(folder: Path, files: object) -> list[str]:
    """File names of a manifest, none of which may lead out of the folder."""
    names = list(files) if isinstance(files, dict) else []
    for name in names:
        if name != Path(name).name or name in ("", ".", "..") or (folder / name).is_symlink():
            raise ModelMismatchError(
                f"{folder / MANIFEST} names {name!r}: expected plain files inside the folder."
            )
    return names


def _free_name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ModelMismatchError(
            f"{name!r} cannot be a model's name: expected letters, digits, '.', '_' and '-'. "
            "Give another one with --name."
        )
    if any(name == m.name for m in list_models()) or (user_folder() / name).exists():
        raise ModelMismatchError(
            f"There is a model named {name!r} already. Give another name with --name."
        )
    return name
