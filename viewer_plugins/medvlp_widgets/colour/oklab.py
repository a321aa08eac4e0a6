"""Between sRGB and OKLab, a colour space in which equal steps look equal.

Matrices and formulas: B. Ottosson, "A perceptual color space for image processing" (2020).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

_RGB_TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_LMS_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def srgb_to_oklab(rgb: ArrayLike) -> NDArray[np.float64]:
    """``(..., 3)`` sRGB in [0, 1] to OKLab (L, a, b)."""
    rgb = np.asarray(rgb, dtype=np.float64)
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return np.cbrt(linear @ _RGB_TO_LMS.T) @ _LMS_TO_LAB.T


def oklab_to_srgb(lab: ArrayLike) -> NDArray[np.float64]:
    """``(..., 3)`` OKLab to sRGB, clipped to [0, 1]."""
    lms = (np.asarray(lab, dtype=np.float64) @ np.linalg.inv(_LMS_TO_LAB).T) ** 3
    linear = np.clip(lms @ np.linalg.inv(_RGB_TO_LMS).T, 0.0, 1.0)
    return np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
