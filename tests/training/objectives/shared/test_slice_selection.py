from __future__ import annotations

import math

import pytest
import torch

from medvlp.models.config import UnifiedConfig
from medvlp.models.vision import UnifiedVisionEncoder
from medvlp_training.objectives.shared.slice_selection import (
    axial_images,
    middle_slice,
    slice_hit_rate,
    slice_scores,
    slice_sequence,
    top_depths,
    uniform_depths,
)

CPU = torch.device("cpu")


def test_a_slice_scores_the_mean_attention_of_its_own_tokens():
    grid = torch.zeros(1, 3, 2, 2)
    grid[0, 1] = torch.tensor([[0.1, 0.2], [0.3, 0.4]])
    assert slice_scores(grid.flatten(1), 3)[0].tolist() == pytest.approx([0, 0.25, 0])


def test_the_best_depths_come_from_low_to_high():
    scores = torch.tensor([[0.5, 0.1, 0.9, 0.3], [0.1, 0.2, 0.3, 0.4]])
    assert top_depths(scores, 2).tolist() == [[0, 2], [2, 3]]
    assert top_depths(scores, 9).tolist() == [[0, 1, 2, 3]] * 2
    assert not top_depths(scores.requires_grad_(), 2).requires_grad


def test_all_slices_is_no_selection():
    scores = torch.rand(2, 5)
    assert torch.equal(top_depths(scores, 5), uniform_depths(2, 5, 5, CPU))


def test_uniform_depths_are_symmetric_and_different():
    assert uniform_depths(1, 9, 3, CPU).tolist() == [[1, 4, 7]]
    assert uniform_depths(1, 20, 3, CPU).tolist() == [[3, 10, 16]]


def test_slices_lie_in_the_middle_of_their_tokens():
    assert middle_slice(torch.tensor([0, 2])).tolist() == [4, 20]


def test_axial_images_are_the_named_slices_of_the_named_window_enlarged():
    volume = torch.arange(2 * 3 * 16.0).reshape(2, 3, 16, 1, 1).expand(-1, -1, -1, 8, 16)
    images = axial_images(volume, torch.tensor([[4, 12], [3, 5]]), window=1)
    assert images.shape == (4, 1, 32, 64)
    assert images[:, 0, 0, 0].tolist() == [16 + 4, 16 + 12, 64 + 3, 64 + 5]


def test_an_enlarged_slice_keeps_its_rows_and_columns_where_they_are():
    volume = torch.zeros(1, 1, 8, 8, 16)
    volume[0, 0, 4, 2, 13] = 1
    image = axial_images(volume, torch.tensor([[4]]), 0)[0, 0]
    rows, columns = torch.meshgrid(torch.arange(32.0), torch.arange(64.0), indexing="ij")
    weight = image / image.sum()
    assert float((weight * rows).sum()) == pytest.approx(2 * 4 + 1.5)
    assert float((weight * columns).sum()) == pytest.approx(13 * 4 + 1.5)


def test_slice_tokens_stand_at_their_own_places_among_the_volumes():
    torch.manual_seed(0)
    vision = UnifiedVisionEncoder(UnifiedConfig.of_size("tiny"))
    volume = torch.randn(2, 3, 24, 16, 8)
    found = slice_sequence(vision, volume, torch.tensor([[4, 20], [3, 12]]), 0)
    own = vision.sequence(volume)
    assert found.tokens.shape == (2, 2 * 2 * 1, 32)
    # Token 2 of a depth spans voxels 16 to 23, with its middle at 19.5; voxel 20 is 1/16 above it.
    assert found.positions[0, :, 0].tolist() == [0.0625] * 2 + [2.0625] * 2
    assert found.positions[1, :, 0].tolist() == [-0.0625] * 2 + [1.0625] * 2
    assert torch.equal(found.positions[0, :2, 1:], own.positions[:2, 1:].float())
    alone = vision.sequence(axial_images(volume[1:], torch.tensor([[12]]), 0))
    torch.testing.assert_close(found.tokens[1, 2:], alone.tokens[0])


def test_hit_rate_by_hand():
    lesions = torch.zeros(3, 32, dtype=torch.bool)
    lesions[0, 10:14] = True  # candidates are 4, 12, 20, 28: one of four shows it
    lesions[1, 3:21] = True  # three of four
    rate = slice_hit_rate(torch.tensor([[4, 12], [20, 28], [4, 12]]), lesions)
    assert rate.count == 2
    assert rate.slices == pytest.approx((1 + 1) / 4)
    assert rate.slices_by_chance == pytest.approx((1 + 3) / 8)
    assert rate.scans == 1
    # Two of four: missed with 3/6 of the draws in the first scan, and never in the second.
    assert rate.scans_by_chance == pytest.approx((0.5 + 1) / 2)


def test_chance_is_what_random_slices_give():
    generator = torch.Generator().manual_seed(0)
    lesions = torch.zeros(4000, 48, dtype=torch.bool)
    lesions[:, 9:22] = True
    selected = middle_slice(torch.rand(4000, 6, generator=generator).topk(2).indices)
    rate = slice_hit_rate(selected, lesions)
    assert rate.slices == pytest.approx(rate.slices_by_chance, abs=0.02)
    assert rate.scans == pytest.approx(rate.scans_by_chance, abs=0.02)


def test_hit_rate_of_masks_is_that_of_their_slices():
    masks = torch.zeros(2, 16, 4, 4, dtype=torch.bool)
    masks[0, 4, 1, 2] = masks[1, 7, 0, 0] = True
    selected = torch.tensor([[4], [4]])
    assert slice_hit_rate(selected, masks) == slice_hit_rate(selected, masks.any((2, 3)))
    assert slice_hit_rate(selected, masks).scans == 0.5


def test_reach_counts_lesions_near_a_slice():
    lesions = torch.zeros(1, 16, dtype=torch.bool)
    lesions[0, 7] = True
    assert slice_hit_rate(torch.tensor([[4]]), lesions, reach=2).scans == 0
    assert slice_hit_rate(torch.tensor([[4]]), lesions, reach=3).scans == 1


def test_all_slices_hit_as_often_as_chance():
    lesions = torch.rand(5, 32) > 0.8
    lesions[:, 4] = True
    rate = slice_hit_rate(middle_slice(uniform_depths(5, 4, 4, CPU)), lesions)
    assert rate.slices == pytest.approx(rate.slices_by_chance)
    assert rate.scans == rate.scans_by_chance == 1


def test_without_any_lesion_there_is_no_rate():
    rate = slice_hit_rate(torch.tensor([[4]]), torch.zeros(1, 16, dtype=torch.bool))
    assert rate.count == 0
    assert math.isnan(rate.slices)
