"""CT-CLIP's checkpoint, as published: a pickled state dict and, beside it, CXR-BERT's vocabulary."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from medvlp.errors import ModelMismatchError
from medvlp.models.backends.bert_sizes import bert_config, count_layers, without
from medvlp.models.backends.catalogue import Published
from medvlp.models.backends.converted import Converted, read_tokenizer
from medvlp.models.backends.ctclip import CTCLIP_DENSE
from medvlp.models.backends.layouts import CTCLIP_WEIGHTS, main_weights
from medvlp.models.backends.settings import TextSettings, VolumetricPreprocessing
from medvlp.models.backends.weights import read_tensors

if TYPE_CHECKING:
    from torch import Tensor

VISION = "visual_transformer."
UNUSED = (
    "to_text_latent_extra.",
    "to_visual_latent_extra.",
    "text_transformer.pooler.",
    *(
        VISION + part
        for part in ("dec_", "to_pixels", "to_patch_emb_first_frame.", "vgg.", "discr.")
    ),
)
"""A second projection, BERT's pooler, and what only rebuilt images from the codes."""
NOT_RUN = (".context_norm.gamma", ".context_norm.beta", ".null_kv", ".initted", ".cluster_size")
"""Parts of layers that have nothing to do in them, and counters of training."""
REPOSITORY = "ibrahimethemhamamci/CT-CLIP, "
PREPARED = REPOSITORY + "scripts/data_inference_nii.py"
SOURCES = {
    "orientation": REPOSITORY + "issue 41, and TorchIO issue 1282: trained on axes to S, L, P",
    "spacing_mm": PREPARED + ": 1.5 mm along slices, 0.75 mm within",
    "side_voxels": PREPARED + ": 240 slices of 480 x 480",
    "cell_voxels": REPOSITORY + "scripts/run_zero_shot.py: temporal_patch_size 10, patch_size 20",
    "hu_range": PREPARED + ": clipped to -1000 and 1000, over 1000",
    "pad": PREPARED + ": -1",
    "odd_voxel": PREPARED,
    "cover": "ours: several boxes along the patient, where its positions do not count; one within "
    "slices, where they do",
    "body_hu": "ours",
}


def convert_ctclip(folder: Path, known: Published) -> Converted:
    """Read a CT-CLIP folder; sizes come from the tensors.

    Raises
    ------
    ModelMismatchError
        If tensors that say the sizes are missing, or there is no tokenizer.
    """
    path = main_weights(folder, CTCLIP_WEIGHTS)
    everything = read_tensors(path)
    try:
        config = _config(everything)
    except (KeyError, IndexError) as error:
        raise ModelMismatchError(
            f"{path} is not CT-CLIP's second version: the tensor {error} is missing or of another "
            "size. Get CT-CLIP_v2.pt of the CT-RATE repository."
        ) from error
    used = without(everything, UNUSED)
    side, patch, slices = config["side"], config["patch"], config["slices"]
    return Converted(
        config=config,
        tensors={k: v for k, v in used.items() if not k.endswith(NOT_RUN)},
        tokenizer=read_tokenizer(folder),
        preprocessing=VolumetricPreprocessing(
            orientation="SLP",
            spacing_mm=(1.5, 0.75, 0.75),
            side_voxels=(side * slices, side * patch, side * patch),
            cell_voxels=(slices, patch, patch),
            hu_range=(-1000.0, 1000.0),
            cover=(True, False, False),
            pad="air",
            odd_voxel="last",
            dense=CTCLIP_DENSE,
            sources=SOURCES | known.sources,
        ),
        texts=TextSettings(
            template=known.template,
            max_tokens=config["text"]["max_position_embeddings"],
            sources={"max_tokens": REPOSITORY + "scripts/zero_shot.py, max_length 512"}
            | {k: v for k, v in known.sources.items() if k == "template"},
        ),
        vocabulary=config["text"]["vocab_size"],
        softmax=True,
    )


def _config(tensors: dict[str, Tensor]) -> dict[str, Any]:
    attention = VISION + "enc_spatial_transformer.layers.0.1."
    flat = tensors[VISION + "to_patch_emb_first_frame.1.weight"].numel()
    width = tensors[VISION + "to_patch_emb.2.weight"].shape[0]
    head_width = tensors[attention + "q_scale"].shape[0]
    projected = tensors["to_visual_latent.weight"]
    side = math.isqrt(projected.shape[1] // width)
    patch = math.isqrt(flat)
    if side * side * width != projected.shape[1] or patch * patch != flat:
        raise KeyError("to_visual_latent.weight")
    return {
        "model_type": "medvlp-ctclip",
        "width": width,
        "heads": tensors[attention + "to_q.weight"].shape[0] // head_width,
        "head_width": head_width,
        "feed_forward": tensors[VISION + "enc_spatial_transformer.layers.0.3.4.weight"].shape[1],
        "spatial_depth": count_layers(tensors, VISION + "enc_spatial_transformer.layers."),
        "temporal_depth": count_layers(tensors, VISION + "enc_temporal_transformer.layers."),
        "patch": patch,
        "slices": tensors[VISION + "to_patch_emb.1.weight"].numel() // flat,
        "side": side,
        "codes": tensors[VISION + "vq._codebook.embed"].shape[1],
        "common_width": projected.shape[0],
        "text": bert_config(tensors, "text_transformer."),
    }
