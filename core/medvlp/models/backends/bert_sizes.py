"""Sizes of a published BERT, read off its tensors."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor

HEADS = 12
"""Of BERT-base: PubMedBERT's and CXR-BERT's."""
POSITIONS = (".position_ids", ".token_type_ids")
"""0, 1, 2, ... and zeros: older versions of transformers stored them."""


def without(tensors: Mapping[str, Tensor], prefixes: tuple[str, ...] = ()) -> dict[str, Tensor]:
    """Tensors but for those that begin so, and stored counters."""
    return {
        name: tensor
        for name, tensor in tensors.items()
        if not name.startswith(prefixes) and not name.endswith(POSITIONS)
    }


def count_layers(tensors: Mapping[str, Tensor], prefix: str) -> int:
    """How many numbered modules there are below ``prefix``; 0 if none."""
    found = (re.match(re.escape(prefix) + r"(\d+)\.", name) for name in tensors)
    return 1 + max((int(m.group(1)) for m in found if m is not None), default=-1)


def bert_config(tensors: Mapping[str, Tensor], prefix: str) -> dict[str, Any]:
    """Fields of a ``BertConfig``.

    Raises
    ------
    KeyError
        Naming the tensor that is not there.
    """
    words = tensors[prefix + "embeddings.word_embeddings.weight"]
    positions = tensors[prefix + "embeddings.position_embeddings.weight"]
    return {
        "vocab_size": words.shape[0],
        "hidden_size": words.shape[1],
        "num_hidden_layers": count_layers(tensors, prefix + "encoder.layer."),
        "num_attention_heads": HEADS,
        "intermediate_size": tensors[prefix + "encoder.layer.0.intermediate.dense.weight"].shape[0],
        "max_position_embeddings": positions.shape[0],
    }
