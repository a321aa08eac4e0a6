import random

import pytest

from medvlp.grounding.lexicon import load_lexicon
from medvlp.grounding.negation import assertion
from medvlp.grounding.words import tokens
from medvlp_training.text.meanings import Meaning
from medvlp_training.text.phrases import (
    ABSENT,
    HELD_OUT_ABSENT,
    HELD_OUT_PRESENT,
    PRESENT,
    PhraseMaker,
    split_synonyms,
)


def test_kept_back_synonyms_are_many_and_never_preferred():
    kept = 0
    for concept in load_lexicon().concepts.values():
        train, held = split_synonyms(concept)
        assert set(train).isdisjoint(held)
        assert {*train, *held} == {*concept.synonyms}
        assert concept.preferred in train
        kept += len(held)
    assert kept > 200


def test_no_kept_back_synonym_or_template_is_ever_drawn(space):
    lexicon = space.lexicon
    maker = PhraseMaker(lexicon, random.Random(3))
    for name in ("pleural_effusion", "kidney_left", "lung_nodule", "vertebrae_L3", "trachea"):
        train, held = (
            list(map(str.lower, part)) for part in split_synonyms(lexicon.concepts[name])
        )
        drawn = [maker.text(Meaning(name))[0].lower() for _ in range(300)]
        for phrase in held:
            if not any(phrase in other for other in train):
                assert not any(phrase in text for text in drawn)
    assert set(HELD_OUT_PRESENT).isdisjoint(PRESENT)
    assert set(HELD_OUT_ABSENT).isdisjoint(ABSENT)


def test_one_seed_gives_one_text(space):
    meanings = space.meanings[::37]
    first = [PhraseMaker(space.lexicon, random.Random(1)).text(m) for m in meanings]
    again = [PhraseMaker(space.lexicon, random.Random(1)).text(m) for m in meanings]
    other = [PhraseMaker(space.lexicon, random.Random(2)).text(m) for m in meanings]
    assert first == again != other


def test_the_side_of_the_meaning_is_said_and_the_other_is_not(space):
    maker = PhraseMaker(space.lexicon, random.Random(0))
    for _ in range(50):
        words = tokens(maker.text(Meaning("pleural_effusion", "left"))[0])
        assert "left" in words
        assert "right" not in words


@pytest.mark.parametrize("template", [*ABSENT, *HELD_OUT_ABSENT])
def test_the_rules_of_the_query_layer_read_every_denial_as_one(template):
    words = tokens(template.replace("{x}", "pneumothorax"))
    at = words.index("pneumothorax")
    assert assertion(words, at, at + 1) == "absent"


@pytest.mark.parametrize("template", [*PRESENT, *HELD_OUT_PRESENT])
def test_the_rules_of_the_query_layer_read_no_statement_as_a_denial(template):
    words = tokens(template.replace("{x}", "pneumothorax"))
    at = words.index("pneumothorax")
    assert assertion(words, at, at + 1) != "absent"
