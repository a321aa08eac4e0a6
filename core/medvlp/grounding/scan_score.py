"""The one number per scan and query that a calibration turns into a probability.

Training fits ``calibration.json`` on exactly this function.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from medvlp.geometry import Geometry

TOP_VOLUME_ML = 1.0
TOP_AREA_SHARE = 1.0 / 512.0
POOLED_WEIGHT = 0.25
_ROWS = 64


def top_cells(geometry: Geometry) -> int:
    """How many cells make the smallest thing that is worth a claim.

    1 ml of a volume (a nodule of 12 mm), or 1/512 of the area of an X-ray, whose scale may be
    unknown (there, a nodule of about 20 mm); at least one cell.
    """
    if geometry.ndim == 3:
        cell_ml = abs(float(np.linalg.det(geometry.affine[:3, :3]))) / 1000.0
        wanted = TOP_VOLUME_ML / cell_ml
    else:
        wanted = TOP_AREA_SHARE * float(np.prod(geometry.shape))
    return int(np.clip(round(wanted), 1, np.prod(geometry.shape)))


def top_mean(values: NDArray[np.floating], geometry: Geometry) -> float:
    """Mean of the ``top_cells`` greatest values of a token grid."""
    k, flat = top_cells(geometry), np.asarray(values, dtype=np.float32).ravel()
    return float(_greatest(flat, k).mean())


def _greatest(flat: NDArray[np.float32], k: int) -> NDArray[np.float32]:
    """The ``k`` greatest values, in any order.

    The k-th greatest of the maxima of columns is a lower bound: what lies below it is not sorted, which
    takes a third of the time.
    """
    columns = len(flat) // _ROWS
    if columns >= 2 * k:
        maxima = flat[: _ROWS * columns].reshape(_ROWS, columns).max(axis=0)
        # Written as a negation so that a value that is no number is kept, and seen.
        flat = flat[~(flat < np.partition(maxima, columns - k)[columns - k])]
    return np.partition(flat, len(flat) - k)[len(flat) - k :]


def scan_score(
    dense_logits: NDArray[np.floating],
    pooled_logit: float,
    geometry: Geometry,
    pooled_weight: float = POOLED_WEIGHT,
) -> float:
    r"""Scan-level score in logits: :math:`(1-w)\,\overline{l}_{(k)} + w\,l_{pooled}`.

    Parameters
    ----------
    dense_logits
        ``(*token shape)``: ``scale * <cell, text> + bias`` of every cell.
    pooled_logit
        ``scale * <pooled, text> + bias``.
    geometry
        Of the token grid: it says how many cells ``k`` the mean of the greatest goes over.
    pooled_weight
        :math:`w`, from the model's calibration.

    Returns
    -------
    float
        Comparable between scans of the same modality.
    """
    dense = top_mean(dense_logits, geometry)
    return (1.0 - pooled_weight) * dense + pooled_weight * pooled_logit
