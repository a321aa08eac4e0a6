"""A published model's folder to towers that can be trained, and a tokenizer for the objectives."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from medvlp.errors import ModelMismatchError
from medvlp.models.backends.loading import read_config, read_preprocessing
from medvlp.models.backends.network import PlanarNetwork
from medvlp.models.backends.networks import empty_network, fill
from medvlp.models.backends.settings import PlanarPreprocessing, TextSettings
from medvlp.models.folder import WEIGHTS
from medvlp.models.text import load_tokenizer
from medvlp_training.fine_tuning.published.text import TextForm
from medvlp_training.fine_tuning.published.towers import PublishedTowers

if TYPE_CHECKING:
    from tokenizers import Tokenizer

TRAINABLE = {
    "clip": "CLIP",
    "siglip": "SigLIP and MedSigLIP",
    "medvlp-biomedclip": "BiomedCLIP",
    "medvlp-biovil": "BioViL and BioViL-T",
    "medvlp-raddino": "RAD-DINO with its bridge",
}
"""``model_type`` of the published models whose towers the objectives know how to train."""
REFUSED = {
    "medvlp-colipri": "it is shown cubes of 192 voxels a side, and the objectives prepare pictures",
    "medvlp-merlin": "it is shown whole volumes, and the objectives prepare pictures",
    "medvlp-ctclip": "its cells are entries of a code book, through which no gradient passes",
}
"""Why the others are not trained."""


def load_towers(folder: Path) -> PublishedTowers:
    """Both towers with their weights, on the processor, in float32.

    Raises
    ------
    ModelMismatchError
        If the files do not fit each other.
    """
    from safetensors.torch import load_file

    network = empty_network(read_config(folder), str(folder))
    fill(network, load_file(folder / WEIGHTS), str(folder))
    return PublishedTowers(
        cast(PlanarNetwork, network), planar_preprocessing(folder), text_form(folder)
    )


def planar_preprocessing(folder: Path) -> PlanarPreprocessing:
    """What the image tower is shown.

    Raises
    ------
    ModelMismatchError
        If the file is none of a two-dimensional model.
    """
    settings = read_preprocessing(folder)
    if not isinstance(settings, PlanarPreprocessing):
        raise ModelMismatchError(
            f"{folder / 'preprocessing.json'}: expected medvlp/planar/1, found {settings.schema_}. "
            "Import the model again with 'medvlp models import'."
        )
    return settings


def text_form(folder: Path) -> TextForm:
    """How the text tower takes its texts.

    Raises
    ------
    ModelMismatchError
        If the tokenizer does not mark the end of a text.
    """
    texts, tokenizer = TextSettings.load(folder / "prompts.json"), _plain_tokenizer(folder)
    special = tokenizer.encode("a").special_tokens_mask
    if not special or not special[-1]:
        raise ModelMismatchError(
            f"{folder / 'tokenizer.json'} puts no token behind a text: expected one, as the published "
            "text towers read. Get the tokenizer of the model again."
        )
    denial = tokenizer.encode("no", add_special_tokens=False).ids
    fixed = texts.max_tokens if texts.pad_to_max else 0
    return TextForm(bool(special[0]), texts.pad_id, fixed, tuple(denial))


def longest_text(folder: Path) -> int:
    """Tokens of an objective's text, both ends included, that can be read behind a denial."""
    form = text_form(folder)
    own = TextSettings.load(folder / "prompts.json").max_tokens
    return own + (not form.starts) - len(form.denial)


def tokenizer_with_both_ends(folder: Path) -> Tokenizer:
    """The model's tokenizer; where its texts have no first token, their last one stands there, too."""
    from tokenizers.processors import TemplateProcessing

    tokenizer, form = _plain_tokenizer(folder), text_form(folder)
    if not form.starts:
        number = tokenizer.encode("a").ids[-1]
        name = tokenizer.id_to_token(number)
        tokenizer.post_processor = TemplateProcessing(
            single=f"{name} $A {name}", special_tokens=[(name, number)]
        )
    tokenizer.enable_truncation(longest_text(folder))
    tokenizer.enable_padding(pad_id=0)
    return tokenizer


def _plain_tokenizer(folder: Path) -> Tokenizer:
    tokenizer = load_tokenizer(folder)
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer
