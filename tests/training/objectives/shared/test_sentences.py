from __future__ import annotations

import torch
from torch.autograd import gradcheck

from medvlp_training.objectives.shared.sentences import only_sentence, sentence_vectors


def test_a_sentence_is_the_maximum_over_its_tokens():
    tokens = torch.tensor([[[9.0, 9.0], [1, 4], [3, 2], [5, -1], [8, 8]]])
    belongs = torch.tensor([[-1, 0, 0, 1, -1]])
    vectors, said = sentence_vectors(tokens, belongs, 3)
    assert vectors.tolist() == [[[3, 4], [5, -1], [0, 0]]]
    assert said.tolist() == [[True, True, False]]


def test_renumbering_sentences_permutes_them():
    generator = torch.Generator().manual_seed(0)
    tokens = torch.randn(1, 6, 4, generator=generator)
    belongs = torch.tensor([[0, 0, 1, 1, 2, 2]])
    vectors, _ = sentence_vectors(tokens, belongs, 3)
    moved, _ = sentence_vectors(tokens, torch.tensor([2, 0, 1])[belongs], 3)
    assert torch.equal(moved[:, [2, 0, 1]], vectors)


def test_the_only_sentence_lies_between_the_special_tokens():
    mask = torch.tensor([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0], [1, 1, 0, 0, 0]])
    assert only_sentence(mask).tolist() == [
        [-1, 0, 0, 0, -1],
        [-1, 0, -1, -1, -1],
        [-1, -1, -1, -1, -1],
    ]


def test_gradients_agree_with_finite_differences():
    generator = torch.Generator().manual_seed(0)
    tokens = torch.randn(2, 5, 3, generator=generator, dtype=torch.float64, requires_grad=True)
    belongs = torch.tensor([[-1, 0, 0, 1, -1], [-1, 0, -1, -1, -1]])
    assert gradcheck(lambda x: sentence_vectors(x, belongs, 3)[0], (tokens,))
