"""COLIPRI's checkpoint, as published: ``model.safetensors`` and CXR-BERT's vocabulary."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from medvlp.errors import ModelMismatchError
from medvlp.models.backends.bert_sizes import bert_config, count_layers, without
from medvlp.models.backends.catalogue import Published
from medvlp.models.backends.colipri import COLIPRI_DENSE
from medvlp.models.backends.converted import Converted, read_tokenizer
from medvlp.models.backends.layouts import COLIPRI_MARK, main_weights
from medvlp.models.backends.settings import TextSettings, VolumetricPreprocessing
from medvlp.models.backends.weights import read_tensors

if TYPE_CHECKING:
    from torch import Tensor

HEADS = 12
"""Of both image attention and pooling: the package's configs, eva_numheads and num_heads."""
GRID = 24
"""Cells along each side: input_size 192, patch_embed_size 8."""
PACKAGE = "package colipri 0.1.3, "
SOURCES = {
    "orientation": PACKAGE + "configs/config.yaml: RAS, since 0.1.2; 0.1.0 and 0.1.1 had SAR",
    "spacing_mm": PACKAGE + "configs/config.yaml",
    "side_voxels": PACKAGE + "configs/config.yaml, input_size",
    "cell_voxels": "kernel of the patch embedding",
    "hu_range": PACKAGE + "configs/processor/image_transform/default.yaml, clamp",
    "pad": PACKAGE + "configs/config.yaml, padding_mode: minimum",
    "odd_voxel": "TorchIO, CropOrPad",
    "cover": "ours: bodies wider than the centre crop of 384 mm are seen in several cubes",
    "body_hu": "ours",
}


def convert_colipri(folder: Path, known: Published) -> Converted:
    """Read a COLIPRI folder; sizes come from the tensors.

    Raises
    ------
    ModelMismatchError
        If tensors that say the sizes are missing, or there is no tokenizer.
    """
    path = main_weights(folder, ("model.safetensors",))
    tensors = without(read_tensors(path))
    try:
        config = _config(tensors)
    except (KeyError, IndexError) as error:
        raise ModelMismatchError(
            f"{path} is not COLIPRI's: the tensor {error} is missing. Get the file again."
        ) from error
    patch = config["patch"]
    return Converted(
        config=config,
        tensors=tensors,
        tokenizer=read_tokenizer(folder),
        preprocessing=VolumetricPreprocessing(
            orientation="RAS",
            spacing_mm=2.0,
            side_voxels=GRID * patch,
            cell_voxels=patch,
            hu_range=(-1000.0, 1000.0),
            dense=COLIPRI_DENSE,
            sources=SOURCES | known.sources,
        ),
        texts=TextSettings(
            max_tokens=config["text"]["max_position_embeddings"],
            sources={"max_tokens": PACKAGE + "processor.py, max_length"},
        ),
        vocabulary=config["text"]["vocab_size"],
        softmax=True,
    )


def _config(tensors: dict[str, Tensor]) -> dict[str, Any]:
    image, text = "image_encoder.backbone.", "text_encoder.backbone."
    patches = tensors[image + "down_projection.proj.weight"]
    return {
        "model_type": "medvlp-colipri",
        "width": patches.shape[0],
        "heads": HEADS,
        "depth": count_layers(tensors, image + "eva.blocks."),
        "feed_forward": tensors[COLIPRI_MARK.replace("attn.q_proj", "mlp.fc1_g")].shape[0],
        "patch": patches.shape[-1],
        "common_width": tensors["image_encoder.projector.weight"].shape[0],
        "pool_heads": HEADS,
        "text": bert_config(tensors, text),
    }
