from __future__ import annotations

import torch

from medvlp_training.objectives.batch import join


def test_a_joined_batch_holds_each_row_as_it_was(make_batch):
    short, long = make_batch("CT", 2, seed=1), make_batch("CT", 3, seed=2)
    short = type(short)(
        **{
            **vars(short),
            "input_ids": short.input_ids[:, :10],
            "attention_mask": short.attention_mask[:, :10],
            "sentence_of_token": short.sentence_of_token[:, :10],
            "concept_of_token": short.concept_of_token[:, :10],
        }
    )
    joined = join([short, long])
    assert len(joined) == 5
    assert joined.patients == short.patients + long.patients
    assert torch.equal(joined.input_ids[:2, :10], short.input_ids)
    assert (joined.input_ids[:2, 10:] == 0).all()
    assert (joined.sentence_of_token[:2, 10:] == -1).all()
    assert (joined.attention_mask[:2, 10:] == 0).all()
    assert torch.equal(joined.part(slice(2, 5)).organ_masks, long.organ_masks)


def test_sentences_are_counted_over_the_batch(make_batch):
    batch = make_batch("XR", 3)
    assert batch.sentence_count == int(batch.sentence_of_token.max()) + 1
    assert not batch.volumetric
