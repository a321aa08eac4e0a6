"""A name, a folder or a hub id, to a model ready to use."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from importlib import resources
from pathlib import Path

from medvlp.errors import ModelMismatchError, ModelNotFoundError
from medvlp.models.folder import MANIFEST, ModelInfo, check, model_info, problems
from medvlp.models.protocol import GroundingModel

_log = logging.getLogger(__name__)
DEFAULT = "small"

Backend = Callable[[Path, str], GroundingModel]


def _native(folder: Path, device: str) -> GroundingModel:
    import pydantic  # noqa: F401  (has compiled modules: before torch's libraries)

    from medvlp.models.torch_import import load_libraries_beside

    load_libraries_beside()
    from medvlp.grounding.lexicon import load_lexicon
    from medvlp.models.native import NativeModel

    load_lexicon()  # the first question needs it: here it takes no time of its own
    return NativeModel.load(folder, device=device)


def _published(folder: Path, device: str) -> GroundingModel:
    from medvlp.models.backends.loading import load_published
    from medvlp.models.licences import require_accepted

    require_accepted(model_info(folder), user_folder())
    return load_published(folder, device)


BACKENDS: dict[str, Backend] = {
    "medvlp-unified": _native,
    "clip": _published,
    "siglip": _published,
    "medvlp-biomedclip": _published,
    "medvlp-biovil": _published,
    "medvlp-colipri": _published,
    "medvlp-ctclip": _published,
    "medvlp-merlin": _published,
    "medvlp-raddino": _published,
}
"""``model_type`` of a folder's ``config.json`` to the function that loads it."""


def builtin_folder() -> Path:
    """Folder of the models shipped with medvlp."""
    return Path(str(resources.files("medvlp_resources"))) / "models"


def user_folder() -> Path:
    """Folder of imported models: ``$MEDVLP_MODELS`` or the user's data folder."""
    from platformdirs import user_data_path

    return Path(os.environ.get("MEDVLP_MODELS") or user_data_path("medvlp") / "models")


def list_models() -> list[ModelInfo]:
    """Shipped and imported models, by name.

    An imported one whose manifest cannot be read is left out with a warning: the others work.
    """
    found = []
    for root, builtin in ((builtin_folder(), True), (user_folder(), False)):
        folders = sorted(root.iterdir()) if root.is_dir() else []
        for folder in folders:
            if (folder / MANIFEST).is_file():
                try:
                    found.append(model_info(folder, builtin))
                except ModelMismatchError as error:
                    if builtin:
                        raise
                    _log.warning("%s Import it again, or remove it.", error)
    return found


def find_model(name_or_path: str | Path | None = None) -> Path:
    """Folder of a model.

    Raises
    ------
    ModelNotFoundError
        If there is none; the message lists what there is.
    ModelMismatchError
        If it is one of the user's, and its manifest cannot be read.
    """
    wanted = DEFAULT if name_or_path is None else str(name_or_path)
    path = Path(wanted).expanduser()
    if wanted and path.is_dir():
        return path
    models = list_models()
    for info in models:
        if wanted and wanted in (info.name, info.repository):
            return info.path
    if wanted and (user_folder() / wanted / MANIFEST).is_file():
        return model_info(user_folder() / wanted).path
    names = ", ".join(info.name for info in models) or "none"
    command_line = "See 'medvlp models list'."
    if "/" in wanted and not path.exists():
        command_line = f"To download a published one: medvlp models pull {wanted}. {command_line}"
    raise ModelNotFoundError(
        f"No model {wanted!r}: expected a name, or a folder with {MANIFEST}. Known models: {names}.",
        command_line=command_line,
    )


def load_model(name_or_path: str | Path | None = None, *, device: str = "auto") -> GroundingModel:
    """Load a model, checking that its files are whole.

    Parameters
    ----------
    name_or_path
        Name from :func:`list_models`, hub id of a model that was pulled, or a folder; None is the
        built-in default.
    device
        ``"auto"``, ``"cpu"``, ``"cuda"``, ``"mps"`` or ``"xpu"``.

    Raises
    ------
    ModelNotFoundError
        No such model.
    ModelMismatchError
        The folder is incomplete, altered, of an unknown kind, or the device is not there.
    LicenceError
        A published model whose licence was not accepted yet.
    NotEnoughMemoryError
        A published model that does not fit.
    """
    import json

    folder = find_model(name_or_path)
    try:
        kind = json.loads((folder / "config.json").read_text(encoding="utf-8"))["model_type"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelMismatchError(
            f"{folder} is not a model folder: config.json is missing, unreadable or names no "
            f"model_type ({error}). A model as it was published is imported first.",
            command_line=f"medvlp models import {folder}",
        ) from error
    if not (folder / MANIFEST).is_file():
        _refuse_downloaded(folder, kind)
    if kind not in BACKENDS:
        check(folder)
        raise ModelMismatchError(
            f"{folder}: model_type {kind!r} is not supported; expected one of {', '.join(BACKENDS)}."
        )
    return BACKENDS[kind](folder, device)


def _refuse_downloaded(folder: Path, kind: str) -> None:
    """A checkpoint as it was published is imported first."""
    from medvlp.models.backends.layouts import recognise

    if kind == "medvlp-unified":
        return
    layout = recognise(folder)
    raise ModelMismatchError(
        f"{folder} is a model as it was downloaded ({layout}). Import it once.",
        command_line=f"medvlp models import {folder}",
    )


def verify_model(name_or_path: str | Path) -> list[str]:
    """Problems of a model's files; empty if it is whole."""
    return problems(find_model(name_or_path))
