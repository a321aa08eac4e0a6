"""MLIP of the smallest size, and what its tests share."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace
from torch import Tensor

from medvlp_training.objectives.batch import Batch
from medvlp_training.objectives.mlip import MLIP


@pytest.fixture
def small() -> dict[str, object]:
    return {"size": 16, "hidden": 32, "prototypes": 5, "entity_vectors": "relations"}


@pytest.fixture
def make_mlip(make_model, vocabulary, small) -> Callable[..., MLIP]:
    """``make_mlip(**settings)``: in training mode."""

    def make(**settings) -> MLIP:
        return MLIP(make_model(), MLIP.Settings(**small | settings), vocabulary).train()

    return make


@pytest.fixture
def run() -> Callable[[MLIP, Batch], dict[str, Tensor]]:
    """``run(objective, batch)``: its terms."""
    return lambda objective, batch: objective(objective.encode(batch), batch)


@pytest.fixture
def settle(run) -> Callable[[MLIP, Batch], MLIP]:
    """``settle(objective, batch)``: in evaluation mode; statistics and categories know the batch."""

    def settled(objective: MLIP, batch: Batch) -> MLIP:
        run(objective.train(), batch)
        return objective.eval()

    return settled


@pytest.fixture
def letters() -> Tokenizer:
    """Knows the names of two organs, and no other word."""
    words = {"[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "[SEP]": 3, "liver": 4, "spleen": 5}
    tokenizer = Tokenizer(WordLevel(words, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.enable_padding()
    return tokenizer
