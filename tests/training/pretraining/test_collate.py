from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from medvlp.errors import MedVLPError
from medvlp.models.config import UnifiedConfig
from medvlp_training.objectives.batch import UNKNOWN, UNSEEN_PHRASE, Vocabulary
from medvlp_training.pretraining.collate import Collator
from medvlp_training.pretraining.images import Augmentation
from medvlp_training.pretraining.model import tokenizer_of
from medvlp_training.pretraining.report_text import ReportTokeniser, swapped_order
from medvlp_training.pretraining.vocabulary import (
    build_vocabulary,
    load_vocabulary,
    save_vocabulary,
)
from medvlp_training.samples.sample import OrganStatement


@pytest.fixture
def make_collator(make_config):
    def make(vocabulary: Vocabulary, **data) -> Collator:
        config = make_config(data=data)
        windows = UnifiedConfig().windows
        return Collator(config.data, windows, tokenizer_of(config), vocabulary, None)

    return make


def rngs(count: int) -> list[np.random.Generator]:
    return [np.random.default_rng(n) for n in range(count)]


def words_of(tokeniser: ReportTokeniser, ids) -> list[str]:
    return [tokeniser.tokenizer.id_to_token(int(i)) for i in ids]


def test_a_batch_says_what_its_samples_say(samples, make_collator):
    vocabulary = build_vocabulary(samples)
    collator = make_collator(vocabulary)
    chosen = [samples[1], samples[2]]
    batch = collator(chosen, rngs(2))
    assert batch.images.shape == (2, 3, 24, 24, 32)
    assert batch.images.min() >= -1
    assert batch.images.max() <= 1
    assert batch.labels.tolist() == [[1], [0]]
    assert batch.has_report.tolist() == [True, True]
    assert batch.patients == ("patient-1", "patient-2")
    assert batch.organ_usable.tolist() == [[True], [True]]
    said = [vocabulary.phrases[int(n)] for n in batch.organ_phrase[:, 0]]
    assert said == ["The liver is enlarged.", "Normal liver."]
    words = words_of(collator.reports, batch.input_ids[0])
    assert words[0] == "[CLS]"
    assert words[int(batch.attention_mask[0].sum()) - 1] == "[SEP]"
    named = [w for w, c in zip(words, batch.concept_of_token[0], strict=True) if c >= 0]
    assert named == ["pleural", "effusion"]
    assert vocabulary.concepts == ("pleural_effusion",)
    sentence = batch.sentence_of_token[0]
    assert sentence.max() == 1
    assert (sentence[batch.attention_mask[0] == 0] == -1).all()


def test_a_ct_has_one_channel_per_window(make_sample, make_collator):
    sample = make_sample("CT", 1)
    even = replace(sample, image=np.full_like(sample.image, 40))
    collator = make_collator(build_vocabulary([sample]))
    channels = collator([even], rngs(1)).images[0]
    inside = channels[:, 12, 12, 16]
    # 40 HU in -1000 to 1000, in -160 to 240, and above -1000 to -400.
    torch.testing.assert_close(inside, torch.tensor([0.04, 0.0, 1.0]))


def test_a_text_is_filled_with_whole_sentences(make_sample, make_collator):
    collator = make_collator(Vocabulary(), max_tokens=16)
    sample = make_sample("CT", 0, sentences=("A b c d.", "E f g h.", "I j k l m n."), entities=())
    report = collator.reports(sample)
    assert len(report.ids) == 12
    assert set(report.sentences) == {-1, 0, 1}
    assert report.sentences_left_out == 1
    alone = make_sample("CT", 0, sentences=("a " * 40,), entities=())
    cut = collator.reports(alone)
    assert len(cut.ids) == 16
    assert cut.sentences == (-1, *[0] * 14, -1)


def test_label_only_data_have_a_text_of_special_tokens(make_sample, make_collator):
    collator = make_collator(Vocabulary(labels=("pleural_effusion", "pneumothorax")))
    told, untold = make_sample("XR", 1), make_sample("XR", 2, sentences=(), entities=())
    batch = collator([told, untold], rngs(2))
    assert batch.has_report.tolist() == [True, False]
    assert batch.attention_mask[1].sum() == 2
    assert batch.labels.tolist() == [[1, UNKNOWN], [0, UNKNOWN]]


def test_volumes_without_organs_give_no_usable_organ(make_sample, samples, make_collator):
    bare = make_sample("CT", 3, organs=None, organ_names={}, statements=())
    batch = make_collator(build_vocabulary(samples))([bare], rngs(1))
    assert batch.organ_masks.sum() == 0
    assert not batch.organ_usable.any()
    assert (batch.organ_phrase == -1).all()


def test_an_abnormal_statement_is_preferred_and_an_unknown_one_left_out(
    make_sample, samples, make_collator
):
    statements = (
        OrganStatement("liver", "Normal liver.", False),
        OrganStatement("liver", "The  liver is enlarged.", True),
    )
    vocabulary = build_vocabulary(samples)
    batch = make_collator(vocabulary)([make_sample("CT", 0, statements=statements)], rngs(1))
    assert vocabulary.phrase_abnormal[int(batch.organ_phrase[0, 0])]
    new = (OrganStatement("liver", "Never said in training.", True),)
    batch = make_collator(vocabulary)([make_sample("CT", 0, statements=new)], rngs(1))
    assert batch.organ_phrase.tolist() == [[UNSEEN_PHRASE]]


def test_a_label_out_of_range_names_the_sample(make_sample, make_collator):
    collator = make_collator(Vocabulary(labels=("pleural_effusion",)))
    with pytest.raises(MedVLPError, match="XR-0: label 'pleural_effusion' is 2"):
        collator([make_sample("XR", 0, labels={"pleural_effusion": 2})], rngs(1))


def test_kinds_do_not_mix_and_nothing_is_no_batch(make_sample, make_collator):
    collator = make_collator(Vocabulary())
    with pytest.raises(MedVLPError, match="one kind and shape"):
        collator([make_sample("XR", 0), make_sample("CT", 0)], rngs(2))
    with pytest.raises(MedVLPError, match="at least one"):
        collator([], [])


def test_a_vocabulary_counts_phrases_and_survives_a_file(samples, tmp_path):
    vocabulary = build_vocabulary(samples)
    assert vocabulary.phrases == ("Normal liver.", "The liver is enlarged.")
    assert vocabulary.phrase_counts == (12, 12)
    assert vocabulary.phrase_abnormal == (False, True)
    save_vocabulary(vocabulary, tmp_path / "v.json")
    assert load_vocabulary(tmp_path / "v.json") == vocabulary
    (tmp_path / "v.json").write_text("[1]")
    with pytest.raises(MedVLPError, match=r"v\.json is not a vocabulary"):
        load_vocabulary(tmp_path / "v.json")


def test_sentences_are_swapped_by_seed_and_none_is_lost():
    orders = [swapped_order(6, 0.2, np.random.default_rng(seed)) for seed in range(30)]
    assert all(sorted(order) == list(range(6)) for order in orders)
    assert len({tuple(order) for order in orders}) > 5
    assert swapped_order(6, 0.0, np.random.default_rng(0)) == list(range(6))


def test_augmented_rows_repeat_with_their_seed(samples, make_config):
    config = make_config()
    vocabulary = build_vocabulary(samples)
    change = Augmentation(8, 0.1, 0.05, 0.2, 0.01)
    collator = Collator(
        config.data, UnifiedConfig().windows, tokenizer_of(config), vocabulary, change
    )
    one, two = (collator(samples[:2], rngs(2)) for _ in range(2))
    assert torch.equal(one.images, two.images)
    assert torch.equal(one.organ_masks, two.organ_masks)
