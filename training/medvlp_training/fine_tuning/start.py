"""The model that fine-tuning starts from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from medvlp.errors import ModelMismatchError
from medvlp.models.backends.settings import PlanarPreprocessing
from medvlp.models.folder import ModelInfo, check, model_info
from medvlp.models.licences import require_accepted
from medvlp.models.load import find_model, user_folder
from medvlp.models.preprocessing import Preprocessing
from medvlp_training.fine_tuning.published.load import REFUSED, TRAINABLE, planar_preprocessing

UNIFIED = "medvlp-unified"
"""``model_type`` of medvlp's own models."""


@dataclass(frozen=True)
class StartModel:
    """A checked model folder.

    Parameters
    ----------
    folder
        Where it lies.
    info
        Its manifest.
    preprocessing
        What its images are shown as.
    """

    folder: Path
    info: ModelInfo
    preprocessing: Preprocessing | PlanarPreprocessing

    @property
    def is_published(self) -> bool:
        """Whether it is somebody else's network for pictures."""
        return isinstance(self.preprocessing, PlanarPreprocessing)


def find_start(name_or_folder: str | Path | None) -> StartModel:
    """The model to start from, whole and of a kind that can be trained.

    Raises
    ------
    ModelNotFoundError
        If there is none of that name.
    ModelMismatchError
        If it is damaged, or of a kind that is not trained here.
    LicenceError
        If its licence was not accepted.
    """
    folder = find_model(name_or_folder)
    check(folder)
    kind, info = _kind(folder), model_info(folder)
    if kind in TRAINABLE:
        require_accepted(info, user_folder())
        return StartModel(folder, info, planar_preprocessing(folder))
    if kind != UNIFIED:
        why = REFUSED.get(kind, f"{kind} is no kind of model that the objectives know")
        raise ModelMismatchError(
            f"{info.name} cannot be fine-tuned: {why}. What can: medvlp's own models (--from small, or "
            f"one of them fine-tuned before), and {', '.join(TRAINABLE.values())}, once imported."
        )
    text = (folder / "preprocessing.json").read_text(encoding="utf-8")
    return StartModel(folder, info, Preprocessing.model_validate_json(text))


def is_unified(folder: Path) -> bool:
    """Whether a model folder is of medvlp's own kind."""
    return _kind(folder) == UNIFIED


def _kind(folder: Path) -> str:
    return str(json.loads((folder / "config.json").read_text(encoding="utf-8")).get("model_type"))


def require_same(folder: Path, fingerprint: str) -> None:
    """Refuse a folder whose model is no longer the one that a run was started from.

    Raises
    ------
    ModelMismatchError
        With both hashes.
    """
    check(folder)
    found = model_info(folder).fingerprint
    if found != fingerprint:
        raise ModelMismatchError(
            f"{folder} holds another model than the one this run was started from: expected "
            f"{fingerprint[:12]}, found {found[:12]}. Put the former one back, or train into another "
            "folder."
        )
