from __future__ import annotations

import torch

from medvlp.models.text import tokenize
from medvlp_training.text.entities.linking import EntityLinker

CONCEPTS = ("pleural_effusion", "liver", "lung_left")


def linked(tokenizer, *texts: str) -> list[list[int]]:
    ids, mask = tokenize(tokenizer, texts)
    inner = torch.zeros_like(mask)
    inner[:, 1:-1] = mask[:, 2:]
    return EntityLinker(tokenizer, CONCEPTS).link(ids, inner.bool()).tolist()


def test_every_piece_of_a_name_is_linked(word_pieces):
    # [CLS] small pl ##eur ##al e ##ff ##usion . [SEP]
    assert linked(word_pieces, "Small pleural effusion.") == [[-1, -1, 0, 0, 0, 0, 0, 0, -1, -1]]


def test_plurals_are_linked_and_punctuation_separates_nothing(word_pieces):
    # [CLS] no pl ##eur ##al - e ##ff ##usions [SEP]: the hyphen is no word and is not linked.
    found = linked(word_pieces, "No pleural-effusions")
    assert found == [[-1, -1, 0, 0, 0, -1, 0, 0, 0, -1]]


def test_each_text_of_a_padded_batch_is_linked_on_its_own(word_pieces):
    both = linked(word_pieces, "The left lung is clear.", "Liver")
    assert both[0] == [-1, -1, 2, 2, -1, -1, -1, -1]
    assert both[1] == [-1, 1, -1, -1, -1, -1, -1, -1]


def test_a_concept_outside_the_vocabulary_is_not_linked(word_pieces):
    assert linked(word_pieces, "pneumothorax") == [[-1, -1, -1, -1]]


def test_unknown_words_and_empty_texts_name_nothing(word_pieces):
    assert linked(word_pieces, "qqq zzz", "") == [[-1] * 4] * 2
