"""A published checkpoint on its way to a model folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from medvlp.errors import ModelMismatchError
from medvlp.models.backends.layouts import read_json
from medvlp.models.backends.settings import (
    PlanarPreprocessing,
    TextSettings,
    VolumetricPreprocessing,
)

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from torch import Tensor


@dataclass(frozen=True)
class Converted:
    """Parts of a model folder.

    Parameters
    ----------
    config
        ``config.json``.
    tensors
        Weights under the names of the network.
    tokenizer
        Of the text tower.
    preprocessing, texts
        Settings files.
    vocabulary
        Rows of the table of word embeddings: the tokenizer must not have more.
    softmax
        Trained with a softmax over texts: presence is a question between a text and its denial.
    """

    config: dict[str, Any]
    tensors: dict[str, Tensor]
    tokenizer: Tokenizer
    preprocessing: PlanarPreprocessing | VolumetricPreprocessing
    texts: TextSettings
    vocabulary: int
    softmax: bool


def read_tokenizer(folder: Path) -> Tokenizer:
    """The tokenizer of a published folder: ``tokenizer.json``, BERT's or CLIP's vocabulary files.

    Raises
    ------
    ModelMismatchError
        If there is none, or none that can be read without SentencePiece.
    """
    from tokenizers.implementations import BertWordPieceTokenizer

    if (folder / "tokenizer.json").is_file():
        from medvlp.models.text import load_tokenizer

        tokenizer = load_tokenizer(folder)
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return tokenizer
    if (folder / "vocab.txt").is_file():
        lowercase = bool(read_json(folder / "tokenizer_config.json").get("do_lower_case", True))
        vocabulary = str(folder / "vocab.txt")
        return BertWordPieceTokenizer(vocabulary, lowercase=lowercase)._tokenizer
    if (folder / "vocab.json").is_file() and (folder / "merges.txt").is_file():
        from transformers import CLIPTokenizer

        parts = {"vocab": str(folder / "vocab.json"), "merges": str(folder / "merges.txt")}
        return CLIPTokenizer(**parts).backend_tokenizer
    also = " (spiece.model alone is not enough)" if (folder / "spiece.model").is_file() else ""
    raise ModelMismatchError(
        f"{folder} has no tokenizer{also}: expected tokenizer.json, vocab.txt, or vocab.json with "
        "merges.txt. Get them from the same repository."
    )
