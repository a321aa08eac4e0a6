from __future__ import annotations

import numpy as np
import pytest
import torch

from medvlp.errors import RefusedScanError
from medvlp_training.pretraining.images import AIR_HU, Augmentation, place_ct, place_xray

NONE = Augmentation()


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def test_a_crop_of_the_scan_s_own_grid_is_the_scan(make_sample):
    sample = make_sample("CT", 1)
    placed = place_ct(sample, (24, 20, 28), 3.0, NONE, rng(), centred=True)
    np.testing.assert_allclose(placed.pixels.numpy(), sample.image, atol=0.1)
    np.testing.assert_array_equal(placed.organs.numpy(), sample.organs)
    assert placed.inside.all()


def test_outside_the_scan_is_air_without_organs(make_sample):
    sample = make_sample("CT", 1)
    placed = place_ct(sample, (32, 32, 32), 3.0, NONE, rng(), centred=True)
    assert placed.inside.sum() == 24 * 20 * 28
    assert (placed.pixels[~placed.inside] == AIR_HU).all()
    assert (placed.organs[~placed.inside] == 0).all()
    np.testing.assert_allclose(placed.pixels[4:28, 6:26, 2:30].numpy(), sample.image, atol=0.1)


@pytest.mark.parametrize("axes", [(2, 0, 1), (1, 2, 0)])
def test_the_crop_does_not_depend_on_how_the_scan_is_stored(make_sample, axes):
    sample = make_sample("CT", 1)
    # Stored with other axes, and with one of them reversed: the affine says so.
    image = np.flip(sample.image.transpose(axes), 1).copy()
    organs = np.flip(sample.organs.transpose(axes), 1).copy()
    back = np.eye(4)[[*axes, 3]].T
    flip = np.eye(4)
    flip[1, 1], flip[1, 3] = -1, image.shape[1] - 1
    other = make_sample("CT", 1, image=image, organs=organs, affine=sample.affine @ back @ flip)
    one = place_ct(sample, (16, 16, 16), 4.0, NONE, rng(), centred=True)
    two = place_ct(other, (16, 16, 16), 4.0, NONE, rng(), centred=True)
    torch.testing.assert_close(one.pixels, two.pixels, atol=0.2, rtol=0)
    assert torch.equal(one.inside, two.inside)


def test_a_coarser_grid_averages_instead_of_picking(make_sample):
    shape = (32, 32, 32)
    board = np.indices(shape).sum(0) % 2 * 1000
    sample = make_sample("CT", 0, image=board.astype(np.int16), organs=None, organ_names={})
    placed = place_ct(sample, (16, 16, 16), 6.0, NONE, rng(), centred=True)
    np.testing.assert_allclose(placed.pixels.numpy(), 500, atol=1)


def test_a_random_crop_stays_in_the_scan_and_repeats_with_its_seed(make_sample):
    sample = make_sample("CT", 1)
    change = Augmentation(degrees=0, contrast=0.2, noise=0.01)
    crops = [
        place_ct(sample, (16, 16, 16), 3.0, change, np.random.default_rng(seed))
        for seed in (0, 0, 1)
    ]
    assert all(crop.inside.all() for crop in crops)
    assert torch.equal(crops[0].pixels, crops[1].pixels)
    assert not torch.equal(crops[0].pixels, crops[2].pixels)


def test_an_xray_is_padded_to_a_square_and_scaled_to_one(make_sample):
    image = np.full((60, 48), 255, np.uint8)
    placed = place_xray(make_sample("XR", 0, image=image), 64, NONE, rng())
    assert placed.pixels.shape == (64, 64)
    torch.testing.assert_close(placed.pixels[:, 10:54], torch.ones(64, 44))
    assert (placed.pixels[:, :5] == -1).all()
    assert (placed.pixels[:, -5:] == -1).all()
    assert not placed.inside[:, 0].any()
    assert placed.inside[:, 32].all()


def test_augmentation_never_mirrors(make_sample):
    image = np.zeros((64, 64), np.uint8)
    image[:, 40:] = 200
    sample = make_sample("XR", 0, image=image, organs=None, organ_names={})
    change = Augmentation(degrees=15, scale=0.2, shift=0.1, contrast=0.3, noise=0.02)
    for seed in range(20):
        placed = place_xray(sample, 64, change, np.random.default_rng(seed))
        assert placed.pixels[:, 48:].mean() > placed.pixels[:, :16].mean() + 0.5


def test_a_ct_without_geometry_is_refused(make_sample):
    with pytest.raises(RefusedScanError, match="CT-0 is a CT without an affine"):
        place_ct(make_sample("CT", 0, affine=None), (16, 16, 16), 3.0, NONE, rng())


def test_a_mask_of_another_size_is_refused(make_sample):
    sample = make_sample("XR", 0, organs=np.zeros((60, 50), np.uint8))
    with pytest.raises(RefusedScanError, match=r"\(60, 50\), the image \(60, 48\)"):
        place_xray(sample, 64, NONE, rng())


def test_an_image_of_the_wrong_kind_is_refused(make_sample):
    with pytest.raises(RefusedScanError, match="a CT image has 3 axes"):
        place_ct(
            make_sample("CT", 0, image=np.zeros((4, 4), np.int16)), (8, 8, 8), 3.0, NONE, rng()
        )
