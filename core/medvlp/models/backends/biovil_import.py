"""BioViL-T's and BioViL's checkpoints: an image model (.pt) beside CXR-BERT."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from medvlp.errors import ModelMismatchError
from medvlp.models.backends.bert_sizes import bert_config, count_layers, without
from medvlp.models.backends.biovil import BIOVIL_DENSE, STRIDE
from medvlp.models.backends.catalogue import Published
from medvlp.models.backends.converted import Converted, read_tokenizer
from medvlp.models.backends.layouts import BIOVIL_IMAGES, main_weights
from medvlp.models.backends.settings import PlanarPreprocessing, TextSettings
from medvlp.models.backends.weights import read_tensors

if TYPE_CHECKING:
    from torch import Tensor

TEXT_WEIGHTS = ("model.safetensors", "pytorch_model.bin")
UNUSED_IMAGE = ("encoder.encoder.fc.", "encoder.vit_pooler.")
"""ImageNet's classifier, and the transformer that compares with an earlier image."""
UNUSED_TEXT = ("cls.predictions.", "bert.pooler.")
"""Heads of masked language modelling and of sentence pairs."""
RESIZE = 512
CROP = {True: 448, False: 480}
LOGIT_SCALE = 10.0
PACKAGE = "hi-ml-multimodal 0.2.2, "
SOURCES = {
    "image_size": PACKAGE + "image/utils.py: centre crop of 448 (BioViL-T) or 480 (BioViL)",
    "resize_to": PACKAGE + "image/utils.py: 512",
    "cell_pixels": "stride of a ResNet",
    "cell_centre": "ours: where the receptive field of those padded convolutions lies",
    "resample": "torchvision Resize: bilinear",
    "crop_offset": "torchvision CenterCrop",
    "mean": PACKAGE + "image/data/transforms.py: ToTensor alone, no normalisation",
    "std": PACKAGE + "image/data/transforms.py: ToTensor alone, no normalisation",
    "stretch": PACKAGE + "image/data/io.py: remap_to_uint8",
    "logit_scale": "ours: the checkpoint does not hold the temperature of its loss",
}


def convert_biovil(folder: Path, known: Published) -> Converted:
    """Read a BioViL-T or BioViL folder.

    Raises
    ------
    ModelMismatchError
        If one of its two models is missing or is another one.
    """
    path = main_weights(folder, BIOVIL_IMAGES)
    text_path = main_weights(folder, TEXT_WEIGHTS)
    image = without(read_tensors(path), UNUSED_IMAGE)
    text = without(read_tensors(text_path), UNUSED_TEXT)
    try:
        config = _config(image, text)
    except (KeyError, IndexError) as error:
        raise ModelMismatchError(
            f"{path.name} and {text_path.name} in {folder} are not BioViL's: the tensor {error} is "
            "missing. Get both files again."
        ) from error
    tensors = {f"image.{k}": v for k, v in image.items()}
    tensors |= {f"text.{k}": v for k, v in text.items()}
    return Converted(
        config=config,
        tensors=tensors,
        tokenizer=read_tokenizer(folder),
        preprocessing=PlanarPreprocessing(
            image_size=CROP[bool(config["half_width"])],
            cell_pixels=STRIDE,
            cell_centre="first",
            fit="crop",
            resize_to=RESIZE,
            crop_offset="round",
            resample="bilinear",
            mean=(0.0, 0.0, 0.0),
            std=(1.0, 1.0, 1.0),
            stretch=True,
            batch_size=1,
            dense=BIOVIL_DENSE,
            sources=SOURCES | known.sources,
        ),
        texts=TextSettings(
            max_tokens=config["text"]["max_position_embeddings"],
            sources={"max_tokens": "number of position embeddings"},
        ),
        vocabulary=config["text"]["vocab_size"],
        softmax=True,
    )


def _config(image: dict[str, Tensor], text: dict[str, Tensor]) -> dict[str, Any]:
    levels = [count_layers(image, f"encoder.encoder.layer{n}.") for n in range(1, 5)]
    temporal = image.get("encoder.missing_previous_emb")
    projection = image["projector.model.0.weight"]
    return {
        "model_type": "medvlp-biovil",
        "stem": image["encoder.encoder.conv1.weight"].shape[0],
        "depths": levels,
        "half_width": 0 if temporal is None else temporal.shape[1],
        "width": projection.shape[1],
        "common_width": projection.shape[0],
        "logit_scale": LOGIT_SCALE,
        "text": bert_config(text, "bert."),
    }
