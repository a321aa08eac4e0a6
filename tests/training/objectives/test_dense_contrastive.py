from __future__ import annotations

import torch
from torch.autograd import gradcheck

from medvlp_training.objectives.dense_contrastive import (
    balanced_sigmoid,
    dense_loss,
    plain_sigmoid,
    soft_dice,
    text_infonce,
)


def table(*rows: list[int]) -> torch.Tensor:
    return torch.tensor(rows, dtype=torch.int8)


def test_one_positive_per_cell_is_cross_entropy():
    torch.manual_seed(0)
    logits = torch.randn(5, 7)
    labels = torch.randint(0, 5, (7,))
    targets = torch.nn.functional.one_hot(labels, 5).T.to(torch.int8)
    expected = torch.nn.functional.cross_entropy(logits.T, labels)
    torch.testing.assert_close(text_infonce(logits, targets), expected)


def test_several_positives_share_the_credit():
    logits = torch.zeros(4, 1)
    both = text_infonce(logits, table([1], [1], [0], [0]))
    one = text_infonce(logits, table([1], [0], [0], [0]))
    torch.testing.assert_close(one - both, torch.log(torch.tensor(2.0)))


def test_unknown_pairs_change_nothing():
    torch.manual_seed(0)
    logits, targets = torch.randn(2, 6), table([1, 0, 0, 1, -1, -1], [0, 0, 1, 0, 1, -1])
    changed = logits.clone()
    changed[targets == -1] += 5
    for term in (balanced_sigmoid, plain_sigmoid, soft_dice, text_infonce):
        torch.testing.assert_close(term(logits, targets), term(changed, targets))


def test_positives_and_negatives_of_a_text_weigh_the_same():
    logits = torch.zeros(1, 101)
    targets = torch.zeros(1, 101, dtype=torch.int8)
    targets[0, 0] = 1
    logits.requires_grad_()
    balanced_sigmoid(logits, targets).backward()
    assert logits.grad is not None
    torch.testing.assert_close(-logits.grad[0, 0], logits.grad[0, 1:].sum())


def test_dice_is_zero_for_a_perfect_and_one_for_a_missed_map():
    targets = table([1] * 50 + [0] * 50)
    perfect = torch.where(targets == 1, 40.0, -40.0)
    assert float(soft_dice(perfect, targets)) < 0.01
    assert float(soft_dice(-perfect, targets)) > 0.98


def test_a_text_that_is_nowhere_asks_for_silence():
    quiet, loud = torch.full((1, 9), -6.0), torch.full((1, 9), 6.0)
    nowhere = torch.zeros(1, 9, dtype=torch.int8)
    assert balanced_sigmoid(quiet, nowhere) < balanced_sigmoid(loud, nowhere)
    assert float(soft_dice(loud, nowhere)) == 0
    assert float(text_infonce(loud, nowhere)) == 0


def test_gradients_agree_with_finite_differences_in_double_precision():
    torch.manual_seed(0)
    targets = table([1, 0, -1, 0, 1, 0], [0, 1, 1, 0, 0, -1], [0, 0, 0, 1, 0, 0])
    uniform = torch.randn(3, 6, dtype=torch.float64, requires_grad=True)
    balanced = torch.randn(3, 6, dtype=torch.float64, requires_grad=True)

    def total(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
        return sum(dense_loss(a, targets, b, targets).values(), torch.zeros(()))

    assert gradcheck(total, (uniform, balanced))
