from __future__ import annotations

import numpy as np
from scipy import ndimage

from medvlp_training.simulation.canvas import Canvas
from medvlp_training.simulation.fields import distance_mm, nearest

SPACING = (4.0, 1.0, 2.5)


def _ragged(seed: int) -> np.ndarray:
    noise = np.random.default_rng(seed).standard_normal((17, 23, 19))
    return ndimage.gaussian_filter(noise, 2) > 0.05


def test_distances_in_a_box_are_those_of_the_whole_volume() -> None:
    for seed in range(6):
        mask = _ragged(seed)
        mask[:5] = False
        for own in (mask, ~mask):
            expected = ndimage.distance_transform_edt(~own, sampling=SPACING)
            np.testing.assert_allclose(distance_mm(own, SPACING), expected, atol=1e-4)


def test_distances_are_exact_up_to_their_reach_and_large_beyond() -> None:
    mask = np.zeros((30, 40, 30), bool)
    mask[4:6, 10:12, 5] = True
    exact = distance_mm(mask, SPACING)
    near = distance_mm(mask, SPACING, reach_mm=9.0)
    inside = exact <= 9.0
    np.testing.assert_array_equal(near[inside], exact[inside])
    assert (near[~inside] > 9.0).all()


def test_an_empty_mask_is_far_and_a_full_one_near() -> None:
    empty = np.zeros((3, 4, 5), bool)
    assert (distance_mm(empty, SPACING) > 1e3).all()
    assert (distance_mm(~empty, SPACING) == 0).all()


def test_nearest_takes_the_closest_voxel_and_knows_the_outside() -> None:
    values = np.arange(2 * 3 * 4, dtype=np.uint8).reshape(2, 3, 4)
    source = np.array(
        [[0.4, 1.4, 0.6, -0.7], [0.6, 2.4, 0.0, 1.0], [1.4, 3.4, 2.6, 0.0]], np.float32
    )
    np.testing.assert_array_equal(nearest(values, source), [5, 23, 15, 4])
    np.testing.assert_array_equal(nearest(values, source, outside=99), [5, 23, 15, 99])


def test_noise_has_the_deviation_of_the_host_in_a_box_of_any_size() -> None:
    rng = np.random.default_rng(0)
    host = (20 * rng.standard_normal((30, 30, 30)) + 60).astype(np.int16)
    canvas = Canvas(host, {}, (3.0, 3.0, 3.0), rng)
    assert 14 < canvas.noise_sd < 21
    large = canvas.noise((40, 40, 40)).std()
    small = np.array([canvas.noise((1, 1, 2)) for _ in range(4000)]).std()
    assert abs(large / (0.9 * canvas.noise_sd) - 1) < 0.03
    assert abs(small / (0.9 * canvas.noise_sd) - 1) < 0.05


def test_a_blend_changes_what_its_proportion_covers_and_nothing_else() -> None:
    canvas = Canvas(np.zeros((12, 12, 12), np.int16), {}, (3.0, 3.0, 3.0), np.random.default_rng(1))
    alpha = np.zeros((6, 6, 6), np.float32)
    alpha[2:4, 2:4, 2:4] = 0.5
    canvas.blend(alpha, 400.0, (slice(1, 7), slice(3, 9), slice(6, 12)))
    changed = canvas.volume != 0
    expected = np.zeros((12, 12, 12), bool)
    expected[3:5, 5:7, 8:10] = True
    np.testing.assert_array_equal(changed, expected)
    assert 180 < canvas.volume[changed].mean() < 220
