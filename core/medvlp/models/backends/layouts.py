"""Which published layout a folder has."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from medvlp.errors import ModelMismatchError
from medvlp.models.folder import WEIGHTS
from medvlp.models.memory import weights_header

KNOWN = (
    "CLIP or SigLIP of transformers, BiomedCLIP of open_clip, COLIPRI, CT-CLIP, Merlin, BioViL-T, BioViL, "
    "RAD-DINO"
)
COLIPRI_MARK = "image_encoder.backbone.eva.blocks.0.attn.q_proj.weight"
"""A tensor that only COLIPRI's checkpoint has."""
OPEN_CLIP_CONFIG = "open_clip_config.json"
BIOVIL_IMAGES = (
    "biovil_t_image_model_proj_size_128.pt",
    "biovil_image_resnet50_proj_size_128.pt",
)
CTCLIP_WEIGHTS = ("CT-CLIP_v2.pt", "CT_VocabFine_v2.pt")
"""As the repository of CT-RATE names them."""
MERLIN_WEIGHTS = "i3_resnet_clinical_longformer_best_clip*.pt"
"""As the repository of Merlin names them, with the day of training."""
_HINTS = {
    "adapter_config.json": "adapters of the PEFT library: merge them into their base model first",
    "modules.json": "a sentence-transformers model: it has no image tower",
    "tf_model.h5": "TensorFlow weights: get the safetensors or PyTorch files",
    "flax_model.msgpack": "Flax weights: get the safetensors or PyTorch files",
}
_WITH_WEIGHTS = ("adapter_config.json", "modules.json")
"""Hints that hold whatever weights lie beside."""


def recognise(folder: Path) -> str:
    """Name of the layout.

    Raises
    ------
    ModelMismatchError
        If it is none that medvlp knows, saying what it looks like.
    """
    kind = str(read_json(folder / "config.json").get("model_type", ""))
    if kind in ("clip", "siglip"):
        return kind
    if (folder / OPEN_CLIP_CONFIG).is_file():
        return "biomedclip"
    if kind == "dinov2":
        return "raddino"
    if any((folder / name).is_file() for name in CTCLIP_WEIGHTS):
        return "ctclip"
    if any(folder.glob(MERLIN_WEIGHTS)):
        return "merlin"
    if kind == "cxr-bert" or any((folder / name).is_file() for name in BIOVIL_IMAGES):
        return "biovil"
    if (folder / WEIGHTS).is_file() and COLIPRI_MARK in weights_header(folder):
        return "colipri"
    raise ModelMismatchError(
        f"{folder} holds no model that medvlp can import: {_looks_like(folder, kind)}. "
        f"Expected one of: {KNOWN}, or a folder that medvlp wrote. See docs/reference/models.md."
    )


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object; empty if the file is not there.

    Raises
    ------
    ModelMismatchError
        If it is there and is no JSON object.
    """
    if not path.is_file():
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelMismatchError(f"{path} is not JSON ({error}). Get the file again.") from error
    if not isinstance(found, dict):
        raise ModelMismatchError(f"{path}: expected a JSON object, found {type(found).__name__}.")
    return found


def _looks_like(folder: Path, kind: str) -> str:
    for name, hint in _HINTS.items():
        if (folder / name).is_file() and (name in _WITH_WEIGHTS or not weight_files(folder)):
            return hint
    if kind:
        return f"config.json has model_type {kind!r}, which is not an image-text model it knows"
    inner = sorted(p.parent.name for p in folder.glob("*/config.json"))
    if inner and not any(path.is_file() for path in folder.iterdir()):
        return f"it holds only folders; name the one with the model, such as {folder / inner[0]}"
    names = sorted(p.name for p in folder.iterdir())[:6]
    return f"there is no config.json with a model_type (found {', '.join(names) or 'nothing'})"


def weight_files(folder: Path) -> list[Path]:
    """Files with weights, the best first: safetensors, their index, then pickled state dicts."""
    patterns = ("*.safetensors.index.json", "*.safetensors", "*.bin.index.json", "*.bin", "*.pt")
    found = [path for pattern in patterns for path in sorted(folder.glob(pattern))]
    return [p for p in found if p.name not in ("training_args.bin", "optimizer.pt", "scheduler.pt")]


def merlin_weights(folder: Path) -> Path:
    """Merlin's image-text checkpoint: the last day, where there are several.

    Raises
    ------
    ModelMismatchError
        If there is none.
    """
    found = sorted(folder.glob(MERLIN_WEIGHTS))
    return found[-1] if found else main_weights(folder, (MERLIN_WEIGHTS,))


def main_weights(folder: Path, names: tuple[str, ...]) -> Path:
    """The first of ``names`` that is there.

    Raises
    ------
    ModelMismatchError
        If none is.
    """
    for name in names:
        if (folder / name).is_file():
            return folder / name
    raise ModelMismatchError(
        f"{folder} has no weights: expected one of {', '.join(names)}. The download may not be "
        "complete, or the weights are under another name."
    )
