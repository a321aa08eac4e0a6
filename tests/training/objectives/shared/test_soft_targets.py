from __future__ import annotations

import math

import pytest
import torch
from pydantic import ValidationError

from medvlp.errors import MedVLPError
from medvlp_training.objectives.batch import UNKNOWN
from medvlp_training.objectives.shared.patients import same_patient
from medvlp_training.objectives.shared.soft_targets import (
    SoftTargetSettings,
    label_cosine,
    label_vectors,
    normal_rows,
    same_text,
    soft_targets,
)

LABELS = torch.tensor(
    [
        [1, 0, 0],
        [1, 1, UNKNOWN],
        [0, 0, UNKNOWN],
        [0, 0, 0],
        [1, 0, 0],
        [UNKNOWN, UNKNOWN, UNKNOWN],
        [0, -1, 0],
    ],
    dtype=torch.int8,
)
STRANGERS = same_patient([str(n) for n in range(len(LABELS))])


def targets_of(**settings: object) -> torch.Tensor:
    return soft_targets(SoftTargetSettings(**settings), STRANGERS, LABELS)[0]


def test_with_no_source_the_targets_are_the_identity():
    assert torch.equal(targets_of(), torch.eye(len(LABELS)))


def test_label_vectors_have_a_bit_for_no_finding():
    expected = [
        [1, 0, 0, 0],
        [1, 1, 0, 0],
        [0, 0, 0, 1],
        [0, 0, 0, 1],
        [1, 0, 0, 0],
        [0, 0, 0, 0],
        [0, 0, 0, 0],
    ]
    assert label_vectors(LABELS).tolist() == expected
    assert label_vectors(LABELS, uncertain=0.5)[6].tolist() == [0, 0.5, 0, 0]


def test_label_cosine_by_hand():
    cosine = label_cosine(LABELS)
    assert cosine[0, 1].item() == pytest.approx(1 / math.sqrt(2))
    assert cosine[0, 2] == 0
    assert cosine[2, 3].item() == pytest.approx(1)


def test_rows_are_divided_by_their_sum():
    targets = targets_of(labels=True)
    total = 1 + 1 / math.sqrt(2) + 1
    expected = [1 / total, 1 / math.sqrt(2) / total, 0, 0, 1 / total, 0, 0]
    assert targets[0].tolist() == pytest.approx(expected)


@pytest.mark.parametrize("normalise", ["rows", "softmax"])
@pytest.mark.parametrize("uncertain", ["absent", "half", "present"])
def test_rows_sum_to_one_and_every_sample_is_its_own_target(normalise: str, uncertain: str):
    targets = targets_of(labels=True, normalise=normalise, uncertain=uncertain)
    assert torch.isfinite(targets).all()
    assert torch.allclose(targets.sum(1), torch.ones(len(LABELS)))
    assert (targets.diagonal() > 0).all()
    assert torch.equal(targets.argmax(1)[[1, 5]], torch.tensor([1, 5]))


@pytest.mark.parametrize("normalise", ["rows", "softmax"])
def test_the_same_labels_get_the_same_targets(normalise: str):
    targets = targets_of(labels=True, normalise=normalise)
    assert torch.allclose(targets[0], targets[4])
    assert torch.allclose(targets[2], targets[3])
    assert not torch.allclose(targets[0], targets[1])


def test_what_nothing_is_known_of_is_like_itself_alone():
    assert torch.equal(targets_of(labels=True)[5], torch.eye(len(LABELS))[5])


def test_an_uncertain_finding_counts_as_the_setting_says():
    positive = LABELS.clone()
    positive[6, 1] = 1
    as_present = targets_of(labels=True, uncertain="present")
    assert torch.allclose(
        as_present, soft_targets(SoftTargetSettings(labels=True), STRANGERS, positive)[0]
    )
    assert torch.equal(targets_of(labels=True)[6], torch.eye(len(LABELS))[6])


def test_a_small_label_temperature_leaves_only_equals():
    sharp = targets_of(labels=True, normalise="softmax", label_temperature=1e-3)
    assert sharp[0].tolist() == pytest.approx([0.5, 0, 0, 0, 0.5, 0, 0])


def test_normal_samples_are_alike_only_where_asked():
    assert normal_rows(LABELS).tolist() == [False, False, True, True, False, False, False]
    targets = targets_of(normal_normal=True)
    assert targets[2].tolist() == [0, 0, 0.5, 0.5, 0, 0, 0]
    assert torch.equal(targets[0], torch.eye(len(LABELS))[0])


def test_the_same_report_is_the_same_target_but_no_report_is_none():
    ids = torch.tensor([[2, 7, 3], [2, 7, 3], [2, 8, 3], [2, 3, 0], [2, 3, 0]])
    alike = same_text(ids, torch.tensor([True, True, True, False, False]))
    targets, _ = soft_targets(
        SoftTargetSettings(same_text=True), torch.zeros(5, 5, dtype=torch.bool), same_text=alike
    )
    expected = torch.eye(5)
    expected[:2, :2] = 0.5
    assert torch.equal(targets, expected)


def test_a_patients_other_samples_are_left_out_shared_or_judged_as_any():
    patients = same_patient(["a", "b", "a"])
    labels = torch.tensor([[1, 0], [0, 1], [1, 0]])
    targets, excluded = soft_targets(SoftTargetSettings(labels=True), patients, labels)
    assert torch.equal(targets, torch.eye(3))
    assert excluded.nonzero().tolist() == [[0, 2], [2, 0]]
    shared, none = soft_targets(SoftTargetSettings(same_patient="positive"), patients)
    assert shared[0].tolist() == [0.5, 0, 0.5]
    assert not none.any()
    apart, none = soft_targets(SoftTargetSettings(same_patient="any"), patients)
    assert torch.equal(apart, torch.eye(3))
    assert not none.any()
    soft, _ = soft_targets(
        SoftTargetSettings(labels=True, normalise="softmax"), patients, torch.zeros(3, 2)
    )
    assert soft[0, 2] == 0


def test_found_pairs_may_be_left_out_instead_of_shared():
    targets, excluded = soft_targets(
        SoftTargetSettings(labels=True, found="excluded"), STRANGERS, LABELS
    )
    assert torch.equal(targets, torch.eye(len(LABELS)))
    assert excluded[0].nonzero()[:, 0].tolist() == [1, 4]
    assert not excluded.diagonal().any()


def test_text_similarity_joins_abnormal_texts_from_the_threshold_on():
    vectors = torch.tensor([[1.0, 0.0], [0.8, 0.6], [0.0, 1.0], [1.0, 0.0]], requires_grad=True)
    normal = torch.tensor([False, False, False, True])
    targets, _ = soft_targets(
        SoftTargetSettings(text_similarity=0.7),
        torch.zeros(4, 4, dtype=torch.bool),
        normal=normal,
        text_vectors=vectors,
    )
    assert targets[0].tolist() == pytest.approx([1 / 1.8, 0.8 / 1.8, 0, 0])
    assert targets[3].tolist() == [0, 0, 0, 1]
    assert not targets.requires_grad


def test_order_of_the_samples_does_not_matter():
    order = torch.randperm(len(LABELS))
    settings = SoftTargetSettings(labels=True, normal_normal=True)
    permuted = soft_targets(settings, STRANGERS, LABELS[order])[0]
    assert torch.allclose(permuted, soft_targets(settings, STRANGERS, LABELS)[0][order][:, order])


def test_a_source_that_the_objective_lacks_is_named():
    with pytest.raises(MedVLPError, match="text_similarity is switched on"):
        targets_of(text_similarity=0.5)
    with pytest.raises(ValidationError, match="lables"):
        SoftTargetSettings(lables=True)
