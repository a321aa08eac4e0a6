from __future__ import annotations

import pytest
import torch

from medvlp_training.pretraining.images import GridImage
from medvlp_training.pretraining.organs import OrganTokens


def grid_image(labels: torch.Tensor, inside: torch.Tensor | None = None) -> GridImage:
    everywhere = torch.ones(labels.shape, dtype=torch.bool)
    return GridImage(labels.float(), labels, everywhere if inside is None else inside)


def test_a_token_s_share_is_the_filled_part_of_its_cell():
    labels = torch.zeros(16, 16, 24, dtype=torch.int64)
    labels[2:8, 2:8, 2:8] = 5
    labels[4:12, 2:8, 10:14] = 7
    found = OrganTokens(("liver", "spleen", "aorta"), 0.1)(
        grid_image(labels), {5: "liver", 7: "spleen"}
    )
    assert found.shares.shape == (3, 2, 2, 3)
    assert found.shares[0, 0, 0, 0] == pytest.approx(6**3 / 512)
    assert found.shares[0].sum() == pytest.approx(6**3 / 512)
    assert found.shares[1, :, 0, 1].tolist() == pytest.approx([4 * 6 * 4 / 512] * 2)
    assert found.shares[2].sum() == 0
    assert found.usable.tolist() == [True, True, False]


def test_an_organ_that_touches_the_border_is_not_usable():
    labels = torch.zeros(64, 64, dtype=torch.int64)
    labels[10:50, 10:30], labels[10:50, 40:64] = 1, 2
    organs = OrganTokens(("lung_right", "lung_left"), 0.1)
    names = {1: "lung_right", 2: "lung_left"}
    assert organs(grid_image(labels), names).usable.tolist() == [True, False]
    # A film that ends within the grid cuts an organ, too: at its own border.
    inside = torch.ones(64, 64, dtype=torch.bool)
    inside[:, :10] = False
    assert organs(grid_image(labels, inside), names).usable.tolist() == [False, False]


def test_an_organ_smaller_than_the_limit_is_not_usable():
    labels = torch.zeros(64, 64, dtype=torch.int64)
    labels[4:12, 4:20] = 1
    names = {1: "heart"}
    assert OrganTokens(("heart",), 0.125)(grid_image(labels), names).usable.item()
    assert not OrganTokens(("heart",), 0.13)(grid_image(labels), names).usable.item()


def test_a_group_of_the_lexicon_is_the_union_of_its_parts():
    labels = torch.zeros(64, 64, dtype=torch.int64)
    labels[10:50, 4:28], labels[10:50, 36:60] = 1, 2
    names = {1: "lung_right", 2: "lung_left"}
    found = OrganTokens(("lungs", "lung_left", "lung_right"), 0.1)(grid_image(labels), names)
    assert torch.equal(found.shares[0], found.shares[1] + found.shares[2])
    assert (found.shares.sum((1, 2)) > 0).all()


def test_no_organs_at_all():
    labels = torch.zeros(16, 16, 24, dtype=torch.int64)
    found = OrganTokens((), 0.1)(grid_image(labels), {})
    assert found.shares.shape == (0, 2, 2, 3)
    assert found.usable.shape == (0,)
