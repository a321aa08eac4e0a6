"""An imported model folder to a model ready to use."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from medvlp.errors import ModelMismatchError
from medvlp.models import folder as model_folder
from medvlp.models.backends.networks import KINDS, empty_network, fill
from medvlp.models.backends.settings import (
    PlanarPreprocessing,
    TextSettings,
    VolumetricPreprocessing,
)
from medvlp.models.memory import FLOAT_BYTES, Need, place, weights_bytes

if TYPE_CHECKING:
    from medvlp.models.backends.published import PublishedModel

Preprocessing = PlanarPreprocessing | VolumetricPreprocessing


def load_published(folder: Path, device: str) -> PublishedModel:
    """Load a model that was imported.

    Raises
    ------
    ModelMismatchError
        If files are missing or altered, or do not fit each other.
    NotEnoughMemoryError
        If it fits no device; ``"auto"`` falls back to the processor first.
    """
    from safetensors.torch import load_file

    from medvlp.grounding.calibration import Calibration
    from medvlp.models.text import load_tokenizer

    model_folder.check(folder)
    info, config = model_folder.model_info(folder), read_config(folder)
    preprocessing = read_preprocessing(folder)
    texts = TextSettings.load(folder / "prompts.json")
    placement, items = place(info.name, memory_need(folder), device)
    network = empty_network(config, str(folder))
    fill(network, load_file(folder / model_folder.WEIGHTS), str(folder))
    parts = (
        network,
        load_tokenizer(folder, texts.max_tokens),
        texts,
        Calibration.load(folder / "calibration.json"),
        info,
        placement,
    )
    if isinstance(preprocessing, PlanarPreprocessing):
        from medvlp.models.backends.planar import PlanarModel

        return PlanarModel(preprocessing, *parts, batch_size=items)
    from medvlp.models.backends.volumetric import VolumetricModel

    return VolumetricModel(preprocessing, *parts)


def read_config(folder: Path) -> dict[str, Any]:
    """``config.json`` of an imported model.

    Raises
    ------
    ModelMismatchError
        If it is unreadable or of no published network.
    """
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        kind = config["model_type"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelMismatchError(f"{folder}: config.json is unreadable ({error}).") from error
    if kind not in KINDS:
        raise ModelMismatchError(f"{folder}: model_type {kind!r}; expected {', '.join(KINDS)}.")
    return config  # type: ignore[no-any-return]


def read_preprocessing(folder: Path) -> Preprocessing:
    """``preprocessing.json`` of an imported model."""
    path = folder / "preprocessing.json"
    try:
        volumetric = "volumetric" in json.loads(path.read_bytes())["schema"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelMismatchError(f"{path} is unreadable ({error}).") from error
    return (VolumetricPreprocessing if volumetric else PlanarPreprocessing).load(path)


def memory_need(folder: Path) -> Need:
    """What an imported model takes, before it is loaded.

    Activations: per token, one block holds its input, norm, query, key, value, attention output and
    sum (8 widths) and the feed-forward part (3 of its widths); blocks run one after the other.
    """
    config, settings = read_config(folder), read_preprocessing(folder)
    kind = KINDS[str(config["model_type"])]
    per_token = (8 * kind.width(config) + 3 * kind.feed_forward(config)) * FLOAT_BYTES
    if isinstance(settings, PlanarPreprocessing):
        tokens = (settings.image_size // settings.cell_pixels) ** 2 + 1
        pixels = 3 * settings.image_size**2
        items = settings.batch_size
    else:
        tokens = math.prod(n // c for n, c in zip(settings.sides, settings.cells, strict=True))
        pixels, items = math.prod(settings.sides), 1
    return Need(weights_bytes(folder), tokens * per_token + 2 * pixels * FLOAT_BYTES, items)
