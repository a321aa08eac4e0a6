from __future__ import annotations

import pytest
import torch

from medvlp.errors import MedVLPError
from medvlp_training.objectives.shared.knowledge import Knowledge

CONCEPTS = ("pleural_effusion", "liver")


class Halves:
    """Two orthogonal vectors."""

    size = 2

    def vectors(self, concepts):
        return torch.eye(2)[: len(concepts)]


def test_each_concept_finds_its_row_and_no_concept_finds_zero():
    knowledge = Knowledge(CONCEPTS, "names", 2)
    knowledge.fill(Halves())
    found = knowledge(torch.tensor([[1, -1, 0]]))
    assert torch.equal(found, torch.tensor([[[0.0, 1.0], [0.0, 0.0], [1.0, 0.0]]]))
    assert list(knowledge.parameters()) == []


def test_an_empty_table_is_refused_until_it_is_filled():
    knowledge = Knowledge(CONCEPTS, "names", 2)
    with pytest.raises(MedVLPError, match="use_tokenizer"):
        knowledge(torch.tensor([0]))
    filled = Knowledge(CONCEPTS, "names", 2)
    filled.fill(Halves())
    knowledge.load_state_dict(filled.state_dict())
    assert torch.equal(knowledge.vectors(), filled.vectors())


def test_relations_need_no_tokenizer_and_no_concepts_need_nothing():
    knowledge = Knowledge(CONCEPTS, "relations", 2)
    assert knowledge.filled
    assert knowledge.vectors()[:-1].norm(dim=1).allclose(torch.ones(2))
    assert not knowledge.vectors()[-1].any()
    assert not Knowledge((), "names", 2)(torch.tensor([-1, -1])).any()


def test_without_tokenizer_no_phrase_is_linked():
    knowledge = Knowledge(CONCEPTS, "relations", 2)
    ids = torch.tensor([[2, 7, 3]])
    assert knowledge.link(ids, torch.tensor([[False, True, False]])).tolist() == [[-1, -1, -1]]
