"""The text tower of a finished model, taken out of it."""

import numpy as np

from medvlp.models.load import load_model
from medvlp.models.native import MAX_TOKENS
from medvlp.models.text import embed_texts, load_tokenizer
from medvlp_training.text.shipped import keep_tower
from medvlp_training.text.tower import load_tower

NEW = ["a shadow that nobody asked about", "no such thing on the left"]


def test_the_tower_alone_makes_the_model_s_vectors(tmp_path):
    keep_tower(None, tmp_path / "tower")
    tower = load_tower(tmp_path / "tower")
    tokenizer = load_tokenizer(tmp_path / "tower", MAX_TOKENS)
    assert np.array_equal(embed_texts(tower, tokenizer, NEW), load_model().embed_text(NEW))
