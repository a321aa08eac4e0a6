from __future__ import annotations

import numpy as np
import torch

from medvlp_training.datasets.foreign import foreign_image, foreign_volume
from medvlp_training.datasets.xray import XRCase, augment_xr, read_xr, write_xr


def lopsided() -> XRCase:
    image = np.zeros((384, 384), dtype=np.uint8)
    image[60:300, 40:170] = 90
    image[80:280, 220:340] = 90
    left = np.zeros((384, 384), dtype=bool)
    left[80:280, 220:340] = True
    spot = np.zeros((384, 384), dtype=bool)
    spot[120:150, 250:280] = True
    image[spot] = 250
    return XRCase(
        "p", image, {"lung_left": left, "lung_nodule": spot}, {"lung_nodule": "left"},
        frozenset({"lung_nodule"}), frozenset({"pneumothorax"}), "test-PA",
    )  # fmt: skip


def test_an_x_ray_survives_being_written_and_read(tmp_path):
    case = lopsided()
    write_xr(tmp_path / "x.safetensors", case)
    back = read_xr(tmp_path / "x.safetensors")
    np.testing.assert_array_equal(back.image, case.image)
    np.testing.assert_array_equal(back.masks["lung_nodule"], case.masks["lung_nodule"])
    assert (back.present, back.absent, back.sides) == (case.present, case.absent, case.sides)


def test_masks_move_with_the_image_and_left_stays_right_of_the_middle():
    for seed in range(8):
        image, masks = augment_xr(lopsided(), np.random.default_rng(seed))
        assert image.shape == (384, 384)
        spot = masks["lung_nodule"]
        if int(spot.sum()) > 100:
            assert float(image[spot].mean()) > float(image[masks["lung_left"] & ~spot].mean()) + 0.1
            assert float(torch.nonzero(spot)[:, 1].float().mean()) > 192


def test_foreign_images_differ_by_seed_and_stay_in_range():
    first = foreign_image(96, np.random.default_rng(0))
    second = foreign_image(96, np.random.default_rng(1))
    assert not torch.equal(first, second)
    for image in (first, second):
        assert image.min() >= -1.001
        assert image.max() <= 1.001


def test_a_foreign_volume_keeps_air_but_not_tissue_contrast():
    hu = torch.full((16, 16, 16), -1000.0)
    hu[4:12, 4:12, 4:12] = 50
    hu[6:10, 6:10, 6:10] = 300
    changed = [foreign_volume(hu, np.random.default_rng(s)) for s in range(6)]
    assert all(c.shape == hu.shape for c in changed)
    assert all(float((c - hu).abs().max()) > 50 for c in changed)
