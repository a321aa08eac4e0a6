from __future__ import annotations

import numpy as np
import pytest

from medvlp_training.simulation.radiograph.contrast import contrast


def test_contrast_is_the_middle_above_the_ring_whatever_lies_farther_away() -> None:
    y, x = np.indices((80, 120))
    mask = np.hypot(y - 30, x - 85) < 8
    image = np.full(mask.shape, 100, np.uint8)
    image[mask] = 151
    image[:, :50] = 255
    assert contrast(image, mask) == pytest.approx(51 / 255)
    assert contrast(255 - image, mask) == pytest.approx(-51 / 255)
    assert contrast(image, np.zeros_like(mask)) is None
