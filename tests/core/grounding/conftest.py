"""A patient of boxes whose organs the fake model knows by intensity."""

from __future__ import annotations

import numpy as np
import pytest

from medvlp.geometry import Geometry
from medvlp.scan import Scan

# Slices run to the head, rows to the back, columns to the patient's left; 4 mm voxels.
ORGANS = {
    "lung_left": (slice(20, 38), slice(8, 28), slice(36, 52), -700),
    "lung_right": (slice(20, 38), slice(8, 28), slice(8, 24), -700),
    "liver": (slice(4, 16), slice(10, 26), slice(8, 26), 60),
    "kidney_left": (slice(4, 12), slice(28, 34), slice(36, 42), 120),
    "kidney_right": (slice(4, 12), slice(28, 34), slice(18, 24), 120),
    "heart": (slice(22, 30), slice(12, 20), slice(26, 34), 80),
}
EFFUSION_LEFT = (slice(20, 26), slice(28, 34), slice(38, 50), 10)
EFFUSION_RIGHT = (slice(20, 26), slice(28, 34), slice(10, 22), 10)
SHAPE = (40, 40, 60)
GEOMETRY = Geometry.axial(SHAPE, (4.0, 4.0, 4.0), (-118.0, -80.0, 900.0))


class Phantom:
    """Boxes of Hounsfield units, and where they are."""

    geometry = GEOMETRY
    organs = ORGANS
    effusion_left = EFFUSION_LEFT
    effusion_right = EFFUSION_RIGHT

    def scan(self, *more, geometry=GEOMETRY) -> Scan:
        """CT of the organs and ``more`` boxes."""
        array = np.full(SHAPE, -100, np.int16)
        for *box, value in [*ORGANS.values(), *more]:
            array[tuple(box)] = value
        return Scan(array, geometry, "CT", "HU")

    def labels(self) -> np.ndarray:
        """Label map with TotalSegmentator's ids; the left lung consists of two lobes."""
        ids = {
            "liver": 5,
            "kidney_right": 2,
            "kidney_left": 3,
            "lung_right": 12,
            "lung_left": 10,
            "heart": 51,
        }
        array = np.zeros(SHAPE, np.int16)
        for name, (*box, _) in ORGANS.items():
            array[tuple(box)] = ids[name]
        array[29:38][array[29:38] == 10] = 11 - 1
        array[20:29][array[20:29] == 10] = 11
        return array

    def inside(self, box, index) -> bool:
        """Whether a scan index lies in a box."""
        return all(s.start <= i < s.stop for s, i in zip(box[:3], index, strict=True))


@pytest.fixture
def phantom() -> Phantom:
    return Phantom()


@pytest.fixture
def radiograph() -> Scan:
    """X-ray as it is hung (the patient's left on the right), without spacing; effusion left."""
    image = np.full((64, 80), 0.45, np.float32)
    image[8:44, 8:34] = 0.2
    image[8:44, 46:72] = 0.2
    image[36:44, 50:70] = 0.95
    return Scan(image, Geometry.radiograph((64, 80)), "XR", "normalised")
