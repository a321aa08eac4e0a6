from __future__ import annotations

import numpy as np
import pytest
from safetensors.numpy import save_file

from medvlp.errors import ModelMismatchError
from medvlp.grounding.query import parse_query
from medvlp.models.folder import WEIGHTS, model_info, write_manifest
from medvlp.models.load import load_model
from medvlp.models.text_vectors import (
    TEXT_VECTORS,
    lexicon_texts,
    read_text_vectors,
    write_text_vectors,
)


def _keep(folder, vectors):
    write_text_vectors(folder, vectors)
    write_manifest(folder, name="tiny", modalities=["CT", "XR"])


def test_the_texts_are_those_that_questions_for_concepts_ask():
    texts = lexicon_texts()
    assert len(set(texts)) == len(texts) > 1000
    asked = (
        "pleural effusion",
        "windpipe",
        "Left kidney",
        "right effusion",
        "bilateral rib fractures",
    )
    for question in (*asked, "nodule in the right upper lobe", "no consolidation at the left base"):
        assert set(parse_query(question).positives) <= set(texts)


def test_a_kept_vector_is_used_and_any_other_text_goes_to_the_tower(own_tiny_folder):
    plain = load_model(own_tiny_folder, device="cpu").embed_text(["a strange lung", "spleen"])
    mark = np.zeros(plain.shape[1], np.float32)
    mark[3] = 1.0
    _keep(own_tiny_folder, {"spleen": mark})
    model = load_model(own_tiny_folder, device="cpu")
    strange, kept = model.embed_text(["a strange lung", "spleen"])
    np.testing.assert_array_equal(kept, mark)
    np.testing.assert_allclose(strange, plain[0], atol=1e-6)


def test_vectors_of_other_weights_are_passed_over(own_tiny_folder):
    vector = np.eye(1, 8, dtype=np.float32)[0]
    _keep(own_tiny_folder, {"spleen": vector})
    sha256 = model_info(own_tiny_folder).sha256
    assert list(read_text_vectors(own_tiny_folder, sha256)) == ["spleen"]
    assert read_text_vectors(own_tiny_folder, "0" * 64) == {}
    (own_tiny_folder / TEXT_VECTORS).unlink()
    assert read_text_vectors(own_tiny_folder, sha256) == {}


def test_a_file_of_another_kind_is_refused_by_name(own_tiny_folder):
    save_file({"something": np.zeros(3)}, own_tiny_folder / TEXT_VECTORS)
    with pytest.raises(ModelMismatchError, match=rf"{TEXT_VECTORS} does not hold texts"):
        read_text_vectors(own_tiny_folder, "")
    assert (own_tiny_folder / WEIGHTS).is_file()
