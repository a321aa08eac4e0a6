from __future__ import annotations

import torch

from medvlp_training.objectives.shared.organ_pooling import (
    OrganQuery,
    OrganReader,
    cells_of,
    organ_mean,
)


def test_the_mean_weighs_cells_by_the_share_that_the_organ_fills() -> None:
    cells = torch.tensor([[[1.0, 0.0], [3.0, 4.0], [9.0, 9.0]]])
    masks = torch.tensor([[[0.25, 0.75, 0.0], [1.0, 1.0, 1.0]]])
    expected = torch.tensor([[[2.5, 3.0], [13 / 3, 13 / 3]]])
    torch.testing.assert_close(organ_mean(cells, masks), expected)


def test_the_scale_of_a_mask_does_not_matter_and_an_empty_one_gives_zeros() -> None:
    cells = torch.randn(2, 6, 3)
    masks = torch.rand(2, 4, 6)
    torch.testing.assert_close(organ_mean(cells, masks * 1e-3), organ_mean(cells, masks))
    masks[1, 2] = 0
    assert (organ_mean(cells, masks)[1, 2] == 0).all()


def test_a_query_sees_only_the_cells_that_its_organ_touches() -> None:
    torch.manual_seed(0)
    pooling = OrganQuery(3, 8)
    cells, masks = torch.randn(2, 5, 8), torch.zeros(2, 3, 5)
    masks[:, 0, :2] = 0.1
    masks[:, 1, 3] = 1
    before = pooling(cells, masks)
    cells[:, 4] += 10
    torch.testing.assert_close(pooling(cells, masks), before)
    cells[:, 1] += 10
    after = pooling(cells, masks)
    assert not torch.allclose(after[:, 0], before[:, 0])
    torch.testing.assert_close(after[:, 1], before[:, 1])
    assert (after[:, 2] == 0).all()


def test_an_empty_mask_gives_a_query_no_gradient_that_is_not_finite() -> None:
    pooling = OrganQuery(1, 8)
    cells = torch.randn(1, 5, 8, requires_grad=True)
    pooling(cells, torch.zeros(1, 1, 5)).sum().backward()
    assert cells.grad is not None
    assert (cells.grad == 0).all()


def test_one_cell_gets_all_attention() -> None:
    torch.manual_seed(0)
    pooling = OrganQuery(1, 8).double()
    cells = torch.randn(2, 4, 8, dtype=torch.float64)
    for n in range(4):
        masks = torch.zeros(2, 1, 4)
        masks[:, :, n] = 1
        torch.testing.assert_close(pooling(cells, masks)[:, 0], pooling.alone(cells)[:, n])


def test_each_organ_has_its_own_projection_if_asked() -> None:
    reader = OrganReader(4, 2, 3, "mean", per_organ=True)
    pooled = torch.randn(5, 3, 4)
    found = reader.project(pooled)
    for o, projection in enumerate(reader.projections):
        torch.testing.assert_close(found[:, o], projection(pooled[:, o]))
    assert len(OrganReader(4, 2, 3, "mean", per_organ=False).projections) == 1


def test_cells_of_a_dense_grid_are_its_block_means_in_token_order() -> None:
    features = torch.arange(16.0).reshape(1, 4, 4, 1)
    assert cells_of(features, (2, 2)).flatten().tolist() == [2.5, 4.5, 10.5, 12.5]
    volume = torch.arange(8.0).reshape(1, 2, 2, 2, 1)
    assert cells_of(volume, (1, 1, 2)).flatten().tolist() == [3.0, 4.0]
