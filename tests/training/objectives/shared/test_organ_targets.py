from __future__ import annotations

import pytest
import torch

from medvlp.grounding.lexicon import load_lexicon
from medvlp_training.objectives.batch import Vocabulary
from medvlp_training.objectives.shared.organ_targets import (
    OrganTexts,
    diagnosis_targets,
    draw,
    row_shares,
    text_likeness,
)
from medvlp_training.reports.abnormality_dictionary import entails

PHRASES = (
    ("liver", "The liver is normal.", False, 50),
    ("liver", "Cyst of unclear origin.", True, 1),
    ("lungs", "Consolidation in the left lower lobe.", True, 9),
    ("lungs", "Lung opacity.", True, 4),
    ("lungs", "Consolidation and pleural effusion.", True, 7),
    ("lungs", "Left pneumothorax.", True, 2),
    ("lungs", "Clear lungs.", False, 99),
)


@pytest.fixture
def texts() -> OrganTexts:
    organs, phrases, abnormal, counts = zip(*PHRASES, strict=True)
    labels, names = ("pneumothorax", "pleural_effusion"), ("liver", "lungs")
    vocabulary = Vocabulary(labels, names, (), phrases, organs, abnormal, counts)
    return OrganTexts(vocabulary, "a {organ} in the {image}", "{organ} shows nothing.", 2)


def test_texts_are_named_after_the_organ_and_the_image(texts: OrganTexts) -> None:
    assert texts.texts[texts.organs(True)] == ("a liver in the CT scan", "a lungs in the CT scan")
    assert texts.texts[texts.organs(False)][0] == "a liver in the chest X-ray"
    assert texts.texts[4] == "Liver shows nothing."


def test_what_a_report_states_is_its_abnormal_phrase_or_the_normal_text(texts: OrganTexts) -> None:
    phrases = torch.tensor([[0, 2], [1, -1], [-1, -2]])
    stated, abnormal = texts.stated(phrases)
    assert stated.tolist() == [[4, 8], [7, 5], [4, -1]]
    assert abnormal.tolist() == [[False, True], [True, False], [False, True]]


def test_the_dictionary_holds_the_most_frequent_abnormal_texts_of_the_organ(
    texts: OrganTexts,
) -> None:
    assert [texts.texts[n] for n in texts.dictionary["lungs"]] == [PHRASES[2][1], PHRASES[4][1]]
    assert [texts.texts[n] for n in texts.dictionary["liver"]] == [PHRASES[1][1]]


def test_exclusion_is_the_entailment_of_the_texts(texts: OrganTexts) -> None:
    every = torch.arange(6, len(texts.texts))
    found = texts.entailed(every, every)
    for row, positive in enumerate(every):
        for column, entry in enumerate(every):
            expected = entails(texts.texts[entry], texts.texts[positive], load_lexicon())
            assert found[row, column] == expected, (texts.texts[entry], texts.texts[positive])
    # The broader "lung opacity" is entailed by a consolidation, not the other way round.
    assert found[3, 2]
    assert not found[2, 3]


def test_a_normal_text_excludes_nothing_of_the_dictionary(texts: OrganTexts) -> None:
    assert not texts.entailed(torch.tensor([5]), texts.dictionary["lungs"]).any()


def test_a_text_of_nothing_but_the_patients_findings_is_true_of_the_patient(
    texts: OrganTexts,
) -> None:
    normal, consolidation, opacity, both, air = 5, 8, 9, 10, 11
    entries = torch.tensor([consolidation, opacity, both, air])
    positives = torch.tensor([consolidation, consolidation, opacity, normal, normal])
    labels = torch.tensor([[0, 0], [-2, 1], [-1, 0], [0, 0], [1, 0]], dtype=torch.int8)
    assert texts.true_of(positives, labels, entries).tolist() == [
        [True, True, False, False],
        [True, True, True, False],  # the effusion is a label, not of this statement
        [False, True, False, True],  # a doubted pneumothorax is no negative
        [False, False, False, False],
        [False, False, False, True],
    ]


def test_a_text_without_known_findings_is_never_taken_for_true(texts: OrganTexts) -> None:
    labels = torch.ones(1, 2, dtype=torch.int8)
    assert not texts.true_of(torch.tensor([4]), labels, torch.tensor([7])).any()


def test_targets_are_the_diagonal_both_normal_and_the_same_text() -> None:
    texts = torch.tensor([7, 7, 5, 5, 9])
    abnormal = torch.tensor([True, True, False, False, True])
    expected = torch.block_diag(torch.ones(2, 2), torch.ones(2, 2), torch.ones(1, 1))
    assert torch.equal(diagnosis_targets(texts, abnormal), expected)
    shares = row_shares(expected)
    torch.testing.assert_close(shares.sum(1), torch.ones(5))
    assert shares[0, 1] == 0.5


def test_different_texts_without_likeness_are_one_hot() -> None:
    targets = diagnosis_targets(torch.arange(4), torch.ones(4, dtype=torch.bool))
    assert torch.equal(targets, torch.eye(4))


def test_likeness_softens_targets_between_abnormal_texts_only() -> None:
    vectors = torch.tensor([[1.0, 0.0], [0.6, 0.8], [1.0, 0.0]])
    likeness = text_likeness(vectors, 0.5)
    assert likeness[0, 1].item() == pytest.approx(torch.tensor(-0.8).exp().item())
    torch.testing.assert_close(likeness.diagonal(), torch.ones(3))
    texts, abnormal = torch.tensor([3, 4, 5]), torch.tensor([True, True, False])
    targets = diagnosis_targets(texts, abnormal, likeness)
    assert targets[0, 1] == likeness[0, 1]
    assert targets[0, 2] == targets[2, 0] == 0


def test_draws_do_not_repeat_and_depend_on_the_seed_alone() -> None:
    entries = torch.arange(100)
    first = draw(entries, 10, torch.Generator().manual_seed(1))
    assert len(set(first.tolist())) == 10
    assert torch.equal(first, draw(entries, 10, torch.Generator().manual_seed(1)))
    assert not torch.equal(first, draw(entries, 10, torch.Generator().manual_seed(2)))
    assert draw(entries[:3], 10, torch.Generator()).sort().values.tolist() == [0, 1, 2]


def test_a_row_of_zeros_stays() -> None:
    assert row_shares(torch.zeros(1, 3)).tolist() == [[0, 0, 0]]
