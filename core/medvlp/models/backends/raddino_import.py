"""RAD-DINO's checkpoint: DINOv2 of transformers. It has no text tower, so it is imported with a bridge."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from medvlp.errors import ModelMismatchError
from medvlp.models.backends.catalogue import Published
from medvlp.models.backends.converted import Converted
from medvlp.models.backends.layouts import main_weights, read_json
from medvlp.models.backends.raddino import RADDINO_DENSE
from medvlp.models.backends.settings import PlanarPreprocessing, TextSettings
from medvlp.models.backends.weights import read_tensors

if TYPE_CHECKING:
    from torch import Tensor

    from medvlp.models.native import NativeModel

WEIGHTS = ("model.safetensors", "pytorch_model.bin")
PROCESSOR = "preprocessor_config.json"
RESAMPLING = {2: "bilinear", 3: "bicubic"}
"""Pillow's numbers, as ``preprocessor_config.json`` has them."""
RENAMED = {
    ".attention.attention.query.": ".attention.q_proj.",
    ".attention.attention.key.": ".attention.k_proj.",
    ".attention.attention.value.": ".attention.v_proj.",
    ".attention.output.dense.": ".attention.o_proj.",
}
"""Names of published files (transformers 4) to those of the modules (transformers 5)."""
SOURCES = {
    "image_size": "config.json",
    "cell_pixels": "config.json, patch_size",
    "fit": PROCESSOR,
    "resize_to": PROCESSOR,
    "crop_offset": "transformers, center_crop",
    "resample": PROCESSOR,
    "mean": PROCESSOR,
    "std": PROCESSOR,
}


@dataclass(frozen=True)
class ImageTower:
    """What a published folder of an image encoder holds: ``config.json``, tensors, transform."""

    config: dict[str, Any]
    tensors: dict[str, Tensor]
    preprocessing: PlanarPreprocessing


def convert_raddino(folder: Path, known: Published) -> Converted:
    """Refuse an image encoder that nothing connects with words.

    Raises
    ------
    ModelMismatchError
        Always, saying how a bridge is fitted.
    """
    raise ModelMismatchError(
        f"{folder} holds {known.title or 'a DINOv2'}, an image encoder without a text tower: no question "
        "can be asked of it while no bridge from text exists. Fit one on images with reports or labels "
        "(docs/how-to/use-a-published-model.md).",
        command_line=f"medvlp models bridge {folder} --data SHARDS",
    )


@dataclass(frozen=True)
class Bridge:
    """A fitted map from our text vectors into the space of an image encoder.

    Parameters
    ----------
    hidden
        Width of its middle layer; 0 for a linear map.
    tensors
        Under the names of :class:`~medvlp.models.backends.raddino.RadDinoNetwork`: ``bridge.*``,
        ``image_mean`` and ``logit_scale``.
    facts
        What it was fitted on, for ``config.json``.
    """

    hidden: int
    tensors: dict[str, Tensor]
    facts: dict[str, Any]


def with_bridge(tower: ImageTower, texts: NativeModel, bridge: Bridge) -> Converted:
    """An image tower, the text tower of one of our models, and the bridge between them: one model.

    The text tower is copied: the model stays what it is when ours changes.
    """
    from tokenizers import Tokenizer

    text = texts.network.text
    tokenizer = Tokenizer.from_str(texts.tokenizer.to_str())
    longest = (tokenizer.truncation or {}).get("max_length", text.config.max_positions)
    tokenizer.no_padding()
    tokenizer.no_truncation()
    tensors = {f"image.{k}": v for k, v in tower.tensors.items()}
    tensors |= {f"text.{k}": v.float().cpu() for k, v in text.state_dict().items()}
    return Converted(
        config={
            "model_type": "medvlp-raddino",
            "image": tower.config,
            "text": text.config.to_dict(),
            "bridge": {"hidden": bridge.hidden, "text_model": texts.model_id, **bridge.facts},
        },
        tensors=tensors | bridge.tensors,
        tokenizer=tokenizer,
        preprocessing=tower.preprocessing,
        texts=TextSettings(
            max_tokens=int(longest), sources={"max_tokens": f"text tower of {texts.model_id}"}
        ),
        vocabulary=text.config.vocab_size,
        softmax=True,
    )


def read_image_tower(folder: Path, known: Published) -> ImageTower:
    """Read a folder in the layout of DINOv2.

    Raises
    ------
    ModelMismatchError
        If a file is missing, unreadable, or describes something else.
    """
    config, shown = read_json(folder / "config.json"), read_json(folder / PROCESSOR)
    if not shown:
        raise ModelMismatchError(
            f"{folder} has no {PROCESSOR}, which says what the encoder is shown. Get it from the "
            "same repository."
        )
    tensors = read_tensors(main_weights(folder, WEIGHTS))
    try:
        preprocessing = _preprocessing(config, shown, known)
    except (KeyError, TypeError, ValueError, ValidationError) as error:
        raise ModelMismatchError(
            f"{folder}: config.json and {PROCESSOR} describe no transform that can be followed: "
            f"{error!r} is missing or wrong."
        ) from error
    return ImageTower(config, {_renamed(k): v for k, v in tensors.items()}, preprocessing)


def _renamed(name: str) -> str:
    for old, new in RENAMED.items():
        name = name.replace(old, new)
    return name


def _preprocessing(
    config: dict[str, Any], shown: dict[str, Any], known: Published
) -> PlanarPreprocessing:
    size = int(config["image_size"])
    crop = int(shown["crop_size"]["height"])
    if not shown.get("do_center_crop", True) or crop != size:
        raise ValueError(f"a centre crop of image_size {size}, found {crop}")
    return PlanarPreprocessing(
        image_size=size,
        cell_pixels=int(config["patch_size"]),
        fit="crop",
        resize_to=int(shown["size"]["shortest_edge"]),
        resample=RESAMPLING[int(shown["resample"])],  # type: ignore[arg-type]
        mean=tuple(shown["image_mean"]),
        std=tuple(shown["image_std"]),
        batch_size=1,
        dense=RADDINO_DENSE,
        sources=SOURCES | known.sources,
        **known.preprocessing,
    )
