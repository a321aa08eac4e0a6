"""Hounsfield units: putting values into int16, and telling whether values can be HU at all."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from medvlp.errors import RefusedScanError

AIR_HU = -1024
INT16_MIN, INT16_MAX = -32768, 32767

LOWEST_MUST_REACH = -150
"""Fat is -120 to -80 HU and air -1000: a CT of a body always holds voxels below this."""
FAT_OR_AIR_BELOW = -50
FAT_OR_AIR_SHARE = 0.005
"""At least this share of a body CT is fat or air."""
LABEL_MAP_VALUES = 256
"""An integer image with no negative value and at most this one as largest is taken for a label map."""


def to_int16(values: NDArray[Any], out: NDArray[np.int16]) -> tuple[int, int]:
    """Round ``values`` (any shape) to the nearest integer and clip them into ``out``.

    Returns
    -------
    tuple
        How many values were clipped, and how many were not finite (these become air).
    """
    if values.dtype == np.int16:
        out[...] = values
        return 0, 0
    if np.issubdtype(values.dtype, np.integer):
        low, high = int(values.min()), int(values.max())
        clipped = 0
        if low < INT16_MIN or high > INT16_MAX:
            clipped = int(np.count_nonzero((values < INT16_MIN) | (values > INT16_MAX)))
            values = np.clip(values, INT16_MIN, INT16_MAX)
        out[...] = values.astype(np.int16)
        return clipped, 0
    finite = np.isfinite(values)
    lost = int(values.size - np.count_nonzero(finite))
    rounded = np.rint(np.where(finite, values, AIR_HU) if lost else values)
    outside = (rounded < INT16_MIN) | (rounded > INT16_MAX)
    out[...] = np.clip(rounded, INT16_MIN, INT16_MAX).astype(np.int16)
    return int(np.count_nonzero(outside)), lost


def refuse_unless_hounsfield(values: NDArray[np.int16], name: str, whole_numbers: bool) -> None:
    """Refuse a volume whose values cannot be a body in Hounsfield units.

    NIfTI, NRRD and MHA do not say what their numbers mean, so the numbers themselves are judged:
    a CT of a person holds fat and usually air, which are negative. Magnetic resonance, label maps,
    photographs and CT without its rescale intercept hold none (a little negative ringing is
    no exception).

    Parameters
    ----------
    values
        ``(slices, rows, columns)``.
    name
        What to call the file in the message.
    whole_numbers
        Whether the file stored integers.

    Raises
    ------
    RefusedScanError
        With the values found and the values expected.
    """
    low, high = int(values.min()), int(values.max())
    if whole_numbers and low >= 0 and high < LABEL_MAP_VALUES:
        kinds = len(np.unique(values))
        raise RefusedScanError(
            f"{name}: this looks like a label map or an 8-bit image, not a CT: its values are "
            f"{kinds} whole numbers from {low} to {high}. Expected Hounsfield units (air near -1000, "
            "water 0). Open the CT that it was drawn on, and pass a label map as organs."
        )
    share = fat_or_air(values)
    if low > LOWEST_MUST_REACH or share < FAT_OR_AIR_SHARE:
        raise RefusedScanError(
            f"{name}: the values are not Hounsfield units: they run from {low} to {high} and "
            f"{100 * share:.1f} % of them are below {FAT_OR_AIR_BELOW}. Expected a CT with air near "
            "-1000 and fat near -100; this may be magnetic resonance, or a CT saved without its "
            "rescale intercept. Convert it from the original DICOM."
        )


def fat_or_air(values: NDArray[np.int16]) -> float:
    """Share of the values that are as low as fat and air in Hounsfield units."""
    return float(np.count_nonzero(values < FAT_OR_AIR_BELOW)) / values.size
