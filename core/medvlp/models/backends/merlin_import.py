"""Merlin's checkpoint, as published: a pickled state dict and, beside it, Clinical-Longformer's tokenizer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from medvlp.errors import ModelMismatchError
from medvlp.models.backends.bert_sizes import bert_config, count_layers, without
from medvlp.models.backends.catalogue import Published
from medvlp.models.backends.converted import Converted
from medvlp.models.backends.layouts import merlin_weights
from medvlp.models.backends.merlin import MERLIN_DENSE
from medvlp.models.backends.settings import TextSettings, VolumetricPreprocessing
from medvlp.models.backends.weights import read_tensors

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from torch import Tensor

IMAGE, TEXT = "encode_image.i3_resnet.", "encode_text.text_encoder."
UNUSED = (IMAGE + "classifier.", TEXT + "pooler.")
"""The phenotypes' classifier, and a pooler that is never asked."""
GLOBAL = ("query_global", "key_global", "value_global")
"""Projections of Longformer's global attention, which the published code does not ask for."""
HEAD_WIDTH = 64
PAD_ID, MARGIN = 1, 2
WINDOW_HALF = 256
"""Tokens to either side that Longformer attends to: half of its attention_window of 512."""
SIDES, CELLS = (224, 224, 160), (32, 32, 16)
PACKAGE = "package merlin-vlm 0.0.7, "
TRANSFORMS = PACKAGE + "merlin/data/monai_transforms.py"
SOURCES = {
    "orientation": TRANSFORMS,
    "spacing_mm": TRANSFORMS + ": 1.5, 1.5 and 3 mm, bilinear",
    "align": "MONAI's Spacing: the first voxel stays where it is",
    "side_voxels": TRANSFORMS,
    "cell_voxels": PACKAGE + "merlin/models/i3res.py: strides of the convolutions",
    "cell_centre": "ours: where the receptive field of those convolutions lies",
    "hu_range": TRANSFORMS + ": clipped to -1000 and 1000, over their distance",
    "pad": TRANSFORMS + ": zeros after scaling, the air of a CT",
    "odd_voxel": "MONAI's SpatialPad and CenterSpatialCrop",
    "cover": "ours: overlapping boxes over the body; the published crop is the centre alone",
    "body_hu": "ours",
}
TEXT_SOURCES = {
    "words": PACKAGE + "merlin/models/build.py, sanitize_report",
    "max_tokens": "as long as Longformer's local attention sees every token; published: 1024",
    "pad_id": "yikuan8/Clinical-Longformer, config.json",
}


def convert_merlin(folder: Path, known: Published) -> Converted:
    """Read a folder of Merlin; sizes come from the tensors.

    Raises
    ------
    ModelMismatchError
        If tensors that say the sizes are missing, or there is no tokenizer.
    """
    path = merlin_weights(folder)
    everything = read_tensors(path)
    try:
        config = _config(everything)
    except (KeyError, IndexError) as error:
        raise ModelMismatchError(
            f"{path} is not Merlin's image-text checkpoint: the tensor {error} is missing. Expected "
            "i3_resnet_clinical_longformer_best_clip_04-02-2024_23-21-36_epoch_99.pt; those for "
            "reports and diseases have no text tower of this kind."
        ) from error
    used = without(everything, UNUSED)
    return Converted(
        config=config,
        tensors={k: v for k, v in used.items() if not any(part in k for part in GLOBAL)},
        tokenizer=_tokenizer(folder),
        preprocessing=VolumetricPreprocessing(
            orientation="RAS",
            spacing_mm=(1.5, 1.5, 3.0),
            align="first",
            side_voxels=SIDES,
            cell_voxels=CELLS,
            cell_centre="first",
            hu_range=(-1000.0, 1000.0),
            pad="air",
            odd_voxel="last",
            dense=MERLIN_DENSE,
            sources=SOURCES | known.sources,
        ),
        texts=TextSettings(
            template=known.template,
            words="wordpunct",
            max_tokens=min(WINDOW_HALF + 1, config["text"]["max_position_embeddings"] - MARGIN),
            pad_id=PAD_ID,
            sources=TEXT_SOURCES,
        ),
        vocabulary=config["text"]["vocab_size"],
        softmax=True,
    )


def _config(tensors: dict[str, Tensor]) -> dict[str, Any]:
    levels = []
    for number in (1, 2, 3, 4):
        level = f"{IMAGE}layer{number}."
        width, outputs = (tensors[f"{level}0.conv{k}.weight"].shape[0] for k in (2, 3))
        levels.append([count_layers(tensors, level), width, outputs])
    text = bert_config(tensors, TEXT)
    return {
        "model_type": "medvlp-merlin",
        "stem": tensors[IMAGE + "conv1.weight"].shape[0],
        "levels": levels,
        "common_width": tensors[IMAGE + "contrastive_head.weight"].shape[0],
        "text": text
        | {
            "num_attention_heads": max(text["hidden_size"] // HEAD_WIDTH, 1),
            "type_vocab_size": tensors[TEXT + "embeddings.token_type_embeddings.weight"].shape[0],
            "layer_norm_eps": 1e-5,
            "pad_token_id": PAD_ID,
            "bos_token_id": 0,
            "eos_token_id": 2,
        },
    }


def _tokenizer(folder: Path) -> Tokenizer:
    """RoBERTa's byte pairs, between its first and its last token.

    Raises
    ------
    ModelMismatchError
        If the files are not there.
    """
    from transformers import RobertaTokenizer

    from medvlp.models.backends.converted import read_tokenizer

    if (folder / "tokenizer.json").is_file():
        return read_tokenizer(folder)
    files = [folder / "vocab.json", folder / "merges.txt"]
    if not all(path.is_file() for path in files):
        raise ModelMismatchError(
            f"{folder} has no tokenizer: expected vocab.json and merges.txt of "
            "yikuan8/Clinical-Longformer beside Merlin's weights."
        )
    tokenizer: Tokenizer = RobertaTokenizer(
        vocab=str(files[0]), merges=str(files[1])
    ).backend_tokenizer
    return tokenizer
