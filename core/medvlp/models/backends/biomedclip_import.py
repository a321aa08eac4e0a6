"""BiomedCLIP's checkpoint, as ``open_clip`` publishes it."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from medvlp.errors import ModelMismatchError
from medvlp.models.backends.bert_sizes import bert_config, count_layers, without
from medvlp.models.backends.catalogue import Published
from medvlp.models.backends.converted import Converted, read_tokenizer
from medvlp.models.backends.dual import CLIP_DENSE
from medvlp.models.backends.dual_import import CLIP_MEAN, CLIP_STD
from medvlp.models.backends.layouts import OPEN_CLIP_CONFIG, main_weights, read_json
from medvlp.models.backends.settings import PlanarPreprocessing, TextSettings
from medvlp.models.backends.weights import read_tensors

if TYPE_CHECKING:
    from torch import Tensor

WEIGHTS = ("open_clip_model.safetensors", "open_clip_pytorch_model.bin", "model.safetensors")
UNUSED = ("text.transformer.pooler.",)
"""BERT's own pooler: the published pooling takes the first state itself."""
HEAD_WIDTH = 64
"""Of timm's tiny, small, base and large vision transformers."""
SOURCES = {
    "image_size": OPEN_CLIP_CONFIG,
    "resize_to": OPEN_CLIP_CONFIG + ", image_size",
    "cell_pixels": "kernel of the patch embedding",
    "fit": "open_clip, transform.py: resize_mode 'shortest', then the centre",
    "crop_offset": "torchvision CenterCrop",
    "resample": "open_clip, transform.py: bicubic",
    "mean": OPEN_CLIP_CONFIG + ", preprocess_cfg",
    "std": OPEN_CLIP_CONFIG + ", preprocess_cfg",
}


def convert_biomedclip(folder: Path, known: Published) -> Converted:
    """Read a BiomedCLIP folder.

    Raises
    ------
    ModelMismatchError
        If its configuration or tensors describe another kind of ``open_clip`` model.
    """
    settings = read_json(folder / OPEN_CLIP_CONFIG)
    model, shown = settings.get("model_cfg", {}), settings.get("preprocess_cfg", {})
    _check_kind(folder, model)
    path = main_weights(folder, WEIGHTS)
    tensors = without(read_tensors(path), UNUSED)
    try:
        config = _config(tensors, int(model["vision_cfg"]["image_size"]))
        size = config["image_size"]
        preprocessing = PlanarPreprocessing(
            image_size=size,
            cell_pixels=config["patch"],
            fit="crop",
            resize_to=size,
            crop_offset="round",
            resample=shown.get("interpolation", "bicubic"),
            mean=tuple(shown.get("mean", CLIP_MEAN)),
            std=tuple(shown.get("std", CLIP_STD)),
            dense=CLIP_DENSE,
            sources=SOURCES | known.sources,
            **known.preprocessing,
        )
    except (KeyError, IndexError, ValidationError) as error:
        raise ModelMismatchError(
            f"{path} and {OPEN_CLIP_CONFIG} do not describe BiomedCLIP: {error} is missing or wrong."
        ) from error
    longest = config["text"]["max_position_embeddings"]
    return Converted(
        config=config,
        tensors=tensors,
        tokenizer=read_tokenizer(folder),
        preprocessing=preprocessing,
        texts=TextSettings(
            template=known.template,
            max_tokens=min(int(model["text_cfg"].get("context_length", longest)), longest),
            sources={"max_tokens": OPEN_CLIP_CONFIG + ", context_length"} | known.sources,
        ),
        vocabulary=config["text"]["vocab_size"],
        softmax=True,
    )


def _check_kind(folder: Path, model: dict[str, Any]) -> None:
    vision, text = model.get("vision_cfg", {}), model.get("text_cfg", {})
    found = {
        "timm_model_name": str(vision.get("timm_model_name", ""))[:4],
        "timm_proj": vision.get("timm_proj"),
        "hf_proj_type": text.get("hf_proj_type"),
        "hf_pooler_type": text.get("hf_pooler_type"),
    }
    expected = {
        "timm_model_name": "vit_",
        "timm_proj": "linear",
        "hf_proj_type": "mlp",
        "hf_pooler_type": "cls_last_hidden_state_pooler",
    }
    if found != expected:
        raise ModelMismatchError(
            f"{folder / OPEN_CLIP_CONFIG}: of open_clip's models medvlp imports those built as "
            f"BiomedCLIP is, {expected}; found {found}. Many others are published for "
            "transformers too: import that one."
        )


def _config(tensors: dict[str, Tensor], image_size: int) -> dict[str, Any]:
    trunk = "visual.trunk."
    width, _, patch, _ = tensors[trunk + "patch_embed.proj.weight"].shape
    cells = tensors[trunk + "pos_embed"].shape[1] - 1
    if math.isqrt(cells) * patch != image_size:
        raise KeyError(f"image_size {image_size} for {cells} cells of {patch} pixels")
    return {
        "model_type": "medvlp-biomedclip",
        "image_size": image_size,
        "patch": patch,
        "width": width,
        "heads": max(width // HEAD_WIDTH, 1),
        "depth": count_layers(tensors, trunk + "blocks."),
        "feed_forward": tensors[trunk + "blocks.0.mlp.fc1.weight"].shape[0],
        "common_width": tensors["visual.head.proj.weight"].shape[0],
        "text": bert_config(tensors, "text.transformer."),
    }
