from __future__ import annotations

import numpy as np
import pytest
from scipy.ndimage import distance_transform_edt

from medvlp.geometry import Geometry
from medvlp.grounding.regions import NEIGHBOURHOOD_MM, NEIGHBOURHOOD_SHARE, neighbourhood


@pytest.mark.parametrize("seed", range(6))
def test_a_neighbourhood_is_all_within_the_radius_and_nothing_else(seed):
    rng = np.random.default_rng(seed)
    shape = tuple(int(n) for n in rng.integers(6, 30, 3))
    spacing = tuple(float(s) for s in rng.choice([1.5, 3.7, 4.0, 7.0], 3))
    mask = rng.random(shape) < 0.01
    mask[2, 3, 4] = True
    region = neighbourhood(mask, Geometry.axial(shape, spacing, (0, 0, 0)))

    assert region is not None
    near = np.zeros(shape, dtype=bool)
    near[region.box] = region.inside
    expected = distance_transform_edt(~mask, sampling=spacing) <= NEIGHBOURHOOD_MM
    np.testing.assert_array_equal(near, expected)


def test_without_spacing_the_radius_is_a_share_of_the_longer_side():
    mask = np.zeros((48, 40), dtype=bool)
    mask[20, 10] = mask[0, 39] = True
    region = neighbourhood(mask, Geometry.radiograph(mask.shape))

    assert region is not None
    near = np.zeros(mask.shape, dtype=bool)
    near[region.box] = region.inside
    np.testing.assert_array_equal(near, distance_transform_edt(~mask) <= NEIGHBOURHOOD_SHARE * 48)


def test_an_empty_mask_has_no_neighbourhood():
    assert neighbourhood(np.zeros((4, 4), dtype=bool), Geometry.radiograph((4, 4))) is None
