from __future__ import annotations

import pytest
import torch

from medvlp.errors import MedVLPError
from medvlp.models.text import TextConfig, TextTower, tokenize
from medvlp_training.text.entities.vectors import NameVectors, RelationVectors, lexicon_concepts


@pytest.fixture
def tower() -> TextTower:
    torch.manual_seed(0)
    return TextTower(TextConfig(40, 16, 1, 2, 32, 64, dim=8, n_prompts=2))


def test_relations_make_kinds_of_one_thing_alike():
    names = ["consolidation", "lung_opacity", "pleural_effusion", "spleen"]
    vectors = RelationVectors().vectors(names)
    torch.testing.assert_close(vectors.norm(dim=1), torch.ones(4))
    similarity = vectors @ vectors.T
    assert similarity[0, 1] > similarity[0, 2] > similarity[0, 3]
    assert similarity[0, 3] == 0


def test_every_concept_has_relations_of_its_own():
    source = RelationVectors()
    vectors = source.vectors(list(source.lexicon.concepts))
    similarity = vectors @ vectors.T - torch.eye(len(vectors))
    assert vectors.shape == (source.size, source.size)
    assert similarity.max() < 1 - 1e-4


def test_a_name_vector_is_the_mean_over_the_names(tower, word_pieces):
    names = lexicon_concepts(["liver"])[0].synonyms
    with torch.no_grad():
        pooled = tower.eval().pool(*tokenize(word_pieces, names))
    expected = torch.nn.functional.normalize(pooled, dim=1).mean(0)
    expected = torch.nn.functional.normalize(expected, dim=0)
    found = NameVectors(tower.train(), word_pieces).vectors(["pleural_effusion", "liver"])
    torch.testing.assert_close(found[1], expected)
    assert tower.training
    assert not found.requires_grad


def test_more_names_move_the_vector_of_their_concept_only(tower, word_pieces):
    plain = NameVectors(tower, word_pieces).vectors(["pleural_effusion", "liver"])
    more = NameVectors(tower, word_pieces, {"liver": ["clear lung"]})
    moved = more.vectors(["pleural_effusion", "liver"])
    torch.testing.assert_close(plain[0], moved[0])
    assert not torch.allclose(plain[1], moved[1], atol=1e-4)


def test_no_concepts_have_no_vectors(tower, word_pieces):
    assert NameVectors(tower, word_pieces).vectors([]).shape == (0, 16)
    assert RelationVectors().vectors([]).shape[0] == 0


def test_a_concept_of_another_lexicon_is_refused():
    with pytest.raises(MedVLPError, match="gallstone_of_mars"):
        RelationVectors().vectors(["liver", "gallstone_of_mars"])
