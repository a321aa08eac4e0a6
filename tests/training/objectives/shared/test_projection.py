from __future__ import annotations

import torch

from medvlp_training.objectives.shared.projection import ProjectionHead, RowNorm


def test_a_single_row_in_training_is_normalised_as_in_evaluation():
    torch.manual_seed(0)
    norm = RowNorm(3)
    for _ in range(5):
        norm(torch.randn(8, 3) * 2 + 1)
    row = torch.randn(1, 3)
    before = norm.running_mean.clone()
    single = norm(row)
    assert torch.equal(norm.running_mean, before)
    torch.testing.assert_close(single, norm.eval()(row))


def test_two_rows_or_more_are_plain_batch_normalisation():
    torch.manual_seed(0)
    ours, plain, rows = RowNorm(3), torch.nn.BatchNorm1d(3), torch.randn(6, 3)
    torch.testing.assert_close(ours(rows), plain(rows))
    torch.testing.assert_close(ours.running_var, plain.running_var)


def test_a_head_takes_any_leading_axes_and_none_at_all_rows():
    head = ProjectionHead(4, 8, 3)
    rows = torch.randn(2, 5, 4)
    torch.testing.assert_close(head(rows), head(rows.flatten(0, 1)).unflatten(0, (2, 5)))
    assert head(torch.zeros(0, 4)).shape == (0, 3)
