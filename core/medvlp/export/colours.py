"""The heat colour map: dark violet, red, orange, pale yellow, with even steps of lightness.

Built in OKLab (B. Ottosson, "A perceptual color space for image processing", 2020): lightness rises
linearly and hue turns through red, so the order of values survives colour-blindness and grey print.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

# Lightness, chroma and hue (degrees) at the ends and in between.
_STOPS = np.array(
    [
        [0.25, 0.10, -70.0],
        [0.45, 0.18, -5.0],
        [0.65, 0.19, 40.0],
        [0.82, 0.16, 75.0],
        [0.97, 0.08, 108.0],
    ]
)
_LAB_TO_LMS = np.array(
    [
        [1.0, 0.3963377774, 0.2158037573],
        [1.0, -0.1055613458, -0.0638541728],
        [1.0, -0.0894841775, -1.2914855480],
    ]
)
_LMS_TO_RGB = np.array(
    [
        [4.0767416621, -3.3077115913, 0.2309699292],
        [-1.2684380046, 2.6097574011, -0.3413193965],
        [-0.0041960863, -0.7034186147, 1.7076147010],
    ]
)


@cache
def heat_colours() -> NDArray[np.uint8]:
    """``(256, 3)`` sRGB look-up table; read-only."""
    position = np.linspace(0, 1, 256)
    at = np.linspace(0, 1, len(_STOPS))
    lightness, chroma, hue = (np.interp(position, at, _STOPS[:, i]) for i in range(3))
    angle = np.radians(hue)
    lab = np.stack([lightness, chroma * np.cos(angle), chroma * np.sin(angle)], axis=1)
    table = _srgb(lab)
    table.setflags(write=False)
    return table


def distinct_colours(n: int) -> list[tuple[int, int, int]]:
    """``n`` sRGB colours of like lightness, neighbours in the list far apart in hue (golden angle)."""
    angle = np.radians(137.508 * np.arange(n) + 65.0)
    lab = np.stack([np.full(n, 0.72), 0.13 * np.cos(angle), 0.13 * np.sin(angle)], axis=1)
    return [(int(r), int(g), int(b)) for r, g, b in _srgb(lab)]


def _srgb(lab: NDArray[np.float64]) -> NDArray[np.uint8]:
    """``(n, 3)`` OKLab to sRGB."""
    linear = np.clip((lab @ _LAB_TO_LMS.T) ** 3 @ _LMS_TO_RGB.T, 0.0, 1.0)
    curve = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.round(255 * curve).astype(np.uint8)
