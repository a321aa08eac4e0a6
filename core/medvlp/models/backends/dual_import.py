"""CLIP and SigLIP checkpoints of transformers, as published."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import ValidationError

from medvlp.errors import ModelMismatchError
from medvlp.models.backends.bert_sizes import without
from medvlp.models.backends.catalogue import Published
from medvlp.models.backends.converted import Converted, read_tokenizer
from medvlp.models.backends.dual import CLIP_DENSE, SIGLIP_DENSE
from medvlp.models.backends.layouts import main_weights, read_json
from medvlp.models.backends.settings import PlanarPreprocessing, TextSettings
from medvlp.models.backends.weights import read_tensors

WEIGHTS = (
    "model.safetensors",
    "model.safetensors.index.json",
    "pytorch_model.bin",
    "pytorch_model.bin.index.json",
)
RESAMPLING = {2: "bilinear", 3: "bicubic"}
"""Pillow's numbers, as ``preprocessor_config.json`` has them."""
CLIP_MEAN = (0.48145466, 0.4578275, 0.40821073)
CLIP_STD = (0.26862954, 0.26130258, 0.27577711)
HALF = (0.5, 0.5, 0.5)


def convert_dual(folder: Path, known: Published) -> Converted:
    """Read a CLIP or SigLIP folder.

    Raises
    ------
    ModelMismatchError
        If a file is missing, unreadable, or describes something else.
    """
    config, processor = read_json(folder / "config.json"), _processor(folder)
    full = _with_defaults(config, folder)
    text, vision = full["text_config"], full["vision_config"]
    softmax = known.layout == "clip"
    sources = dict.fromkeys(("image_size", "cell_pixels"), "config.json") | known.sources
    said = "preprocessor_config.json" if processor else "default of the layout in transformers"
    sources = {
        "fit": said,
        "resize_to": said,
        "resample": said,
        "mean": said,
        "std": said,
    } | sources
    fields = _fields(processor, vision, softmax) | known.preprocessing
    if fields["fit"] != "crop":
        fields["resize_to"] = fields["image_size"]
    try:
        preprocessing = PlanarPreprocessing(**fields, sources=sources)
    except ValidationError as error:
        raise ModelMismatchError(
            f"{folder}: preprocessor_config.json and config.json describe no transform that can be "
            f"followed: {error}"
        ) from error
    return Converted(
        config=config,
        tensors=without(read_tensors(main_weights(folder, WEIGHTS))),
        tokenizer=read_tokenizer(folder),
        preprocessing=preprocessing,
        texts=TextSettings(
            template=known.template,
            max_tokens=int(text["max_position_embeddings"]),
            pad_to_max=not softmax,
            pad_id=int(text.get("pad_token_id") or 0),
            sources={"max_tokens": "config.json"} | known.sources,
        ),
        vocabulary=int(text["vocab_size"]),
        softmax=softmax,
    )


def _processor(folder: Path) -> dict[str, Any]:
    found = read_json(folder / "preprocessor_config.json")
    combined = read_json(folder / "processor_config.json").get("image_processor")
    return found or (combined if isinstance(combined, dict) else {})


def _with_defaults(config: dict[str, Any], folder: Path) -> dict[str, Any]:
    """``config.json`` with what it leaves to transformers' defaults."""
    from transformers import CLIPConfig, SiglipConfig

    kind: Any = CLIPConfig if config["model_type"] == "clip" else SiglipConfig
    try:
        full: dict[str, Any] = kind.from_dict(config).to_dict()
    except Exception as error:  # transformers validates with exceptions of its own
        raise ModelMismatchError(
            f"{folder / 'config.json'} is no configuration of {config['model_type']}: {error}"
        ) from error
    return full


def _fields(processor: dict[str, Any], vision: dict[str, Any], softmax: bool) -> dict[str, Any]:
    """Fields of the transform, from ``preprocessor_config.json`` or the defaults of its layout."""
    size = processor.get("size", {})
    short = size.get("shortest_edge") if isinstance(size, dict) else size
    crops = bool(processor.get("do_center_crop", softmax))
    image_size = int(vision["image_size"])
    return {
        "image_size": image_size,
        "cell_pixels": int(vision["patch_size"]),
        "fit": "crop" if crops else "squash",
        "resize_to": int(short or image_size),
        "resample": RESAMPLING.get(int(processor.get("resample", 3)), "bicubic"),
        "mean": tuple(processor.get("image_mean", CLIP_MEAN if softmax else HALF)),
        "std": tuple(processor.get("image_std", CLIP_STD if softmax else HALF)),
        "dense": CLIP_DENSE if softmax else SIGLIP_DENSE,
    }
