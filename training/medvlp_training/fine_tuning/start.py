"""The model that fine-tuning starts from, and which of its weights are trained."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from medvlp.errors import ModelMismatchError
from medvlp.models.folder import ModelInfo, check, model_info
from medvlp.models.load import find_model
from medvlp.models.preprocessing import Preprocessing
from medvlp_training.fine_tuning.low_rank import add_low_rank, linear_layers

if TYPE_CHECKING:
    from medvlp.models.unified import UnifiedModel
    from medvlp_training.pretraining.config import AdaptationConfig

TRAINABLE = "medvlp-unified"
"""``model_type`` of the models whose encoders the objectives know how to train."""


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
    preprocessing: Preprocessing


def find_start(name_or_folder: str | Path | None) -> StartModel:
    """The model to start from, whole and of a kind that can be trained.

    Raises
    ------
    ModelNotFoundError
        If there is none of that name.
    ModelMismatchError
        If it is damaged, or of a kind that is not trained here.
    """
    folder = find_model(name_or_folder)
    check(folder)
    kind = json.loads((folder / "config.json").read_text(encoding="utf-8")).get("model_type")
    info = model_info(folder)
    if kind != TRAINABLE:
        raise ModelMismatchError(
            f"{info.name} is a {kind} model and cannot be fine-tuned: the objectives train the shared "
            "2D/3D encoder of medvlp's own models (size tiny, small or base, or one of them fine-tuned "
            "before). Use --from small; 'medvlp models list' shows what there is."
        )
    text = (folder / "preprocessing.json").read_text(encoding="utf-8")
    return StartModel(folder, info, Preprocessing.model_validate_json(text))


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


def choose_trained(model: UnifiedModel, settings: AdaptationConfig, text_frozen: bool) -> None:
    """Freeze what stays as it is; with LoRA, add the differences that are trained.

    The head that knows foreign images stays: a user's table holds none to train it with. A frozen
    text tower keeps its projection, too, so that all texts stay where they were.
    """
    model.domain.requires_grad_(False)
    if text_frozen:
        model.text.projection.requires_grad_(False)
    if settings.method == "full":
        return
    text = [layer for layer in linear_layers(model.text) if layer.weight.requires_grad]
    model.text.bert.requires_grad_(False)
    model.vision.requires_grad_(False)
    add_low_rank([*linear_layers(model.vision), *text], settings.rank, settings.alpha)
