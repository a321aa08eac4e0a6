"""The evaluation, judged by two embeddings whose quality is known: an oracle and noise."""

import hashlib

import numpy as np
import pytest

from medvlp.grounding.negation import assertion
from medvlp.grounding.words import SIDES, tokens
from medvlp_training.text.evaluate import (
    Bank,
    Remembered,
    measure_negation,
    measure_outside,
    measure_reports,
    measure_sides,
    measure_synonyms,
)
from medvlp_training.text.measure import unit
from medvlp_training.text.reports import Report


@pytest.fixture(scope="module")
def oracle(space):
    """Reads texts with the lexicon itself: concept, side and denial each in their own axes."""
    lexicon = space.lexicon
    column = {name: i for i, name in enumerate(lexicon.concepts)}

    def embed(texts):
        rows = np.zeros((len(texts), len(column) + 4), np.float32)
        for row, text in zip(rows, texts, strict=True):
            words = tokens(text)
            for match in lexicon.find_all(words):
                sign = -1.0 if assertion(words, match.start, match.end) == "absent" else 1.0
                row[column[match.concept.name]] = sign
            for word in words:
                if SIDES.get(word) in ("left", "right"):
                    row[len(column) + (SIDES[word] == "right")] = 0.5
            if not row.any():
                row[-1] = 1.0
        return unit(rows)

    return embed


def noise(texts):
    """Another direction for every text."""
    seeds = [int(hashlib.sha256(text.encode()).hexdigest()[:8], 16) for text in texts]
    return unit(np.stack([np.random.default_rng(seed).normal(size=64) for seed in seeds]))


def test_an_oracle_finds_every_concept_and_noise_finds_none(space, oracle):
    good = measure_synonyms(space.lexicon, oracle, Bank.of(space.lexicon, oracle))
    bad = measure_synonyms(space.lexicon, noise, Bank.of(space.lexicon, noise))
    for label in ("organs", "findings_and_devices"):
        assert good[label]["n"] > 100
        assert good[label]["top1"] > 0.95
        assert bad[label]["top1"] < 0.1


def test_denial_is_separated_by_an_oracle_and_not_by_noise(space, oracle):
    assert measure_negation(space.lexicon, oracle)["auroc_stated_over_denied"] > 0.99
    assert 0.4 < measure_negation(space.lexicon, noise)["auroc_stated_over_denied"] < 0.6


def test_sides_are_told_apart_by_an_oracle_and_guessed_by_noise(space, oracle):
    assert measure_sides(space.lexicon, oracle)["accuracy"] > 0.95
    assert 0.4 < measure_sides(space.lexicon, noise)["accuracy"] < 0.6


def test_words_of_another_world_are_below_every_concept(space, oracle):
    words = ["harbor", "castle", "orchestra"]
    result = measure_outside(space.lexicon, oracle, Bank.of(space.lexicon, oracle), words)
    assert result["auroc_general_words"] > 0.99
    assert result["pizza"] < result["threshold_at_95_percent_sensitivity"]


def test_reports_are_scored_against_their_own_labels(space, oracle):
    def absent(texts):
        return oracle([f"no {text}" for text in texts])

    reports = [
        Report(str(i), ("There is a pleural effusion.",) if i % 2 else ("No pleural effusion.",),
               {"pleural_effusion": bool(i % 2)})
        for i in range(80)
    ]  # fmt: skip
    result = measure_reports(reports, space.lexicon, oracle, absent)
    assert result["reports"] == sum(report.held_out for report in reports)
    assert result["auroc"] == {"pleural_effusion": 1.0}


def test_each_text_is_embedded_once():
    asked = []

    def counted(texts):
        asked.extend(texts)
        return noise(texts)

    remembered = Remembered(counted)
    np.testing.assert_array_equal(remembered(["b", "a", "b"]), noise(["b", "a", "b"]))
    remembered(["a", "c"])
    assert sorted(asked) == ["a", "b", "c"]
