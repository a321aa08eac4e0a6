r"""Is the map hot where the finding is?

Maps are real-valued, ``truth`` is a bool mask of the same shape; both may have any number of axes.
``valid`` leaves padding out.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Map = NDArray[np.floating]
Mask = NDArray[np.bool_]
IOU_THRESHOLDS = (0.1, 0.2, 0.3, 0.4, 0.5)


def contrast_to_noise(heat: Map, truth: Mask, valid: Mask | None = None) -> float:
    r""":math:`|\mu_{in} - \mu_{out}| / \sqrt{\sigma_{in}^2 + \sigma_{out}^2}`.

    As BioViL (Boecking et al., ECCV 2022, arXiv 2204.09817) reports it on MS-CXR. NaN where the mask
    is empty or fills everything, or where both parts are constant.
    """
    inside, outside = _parts(heat, truth, valid)
    if not len(inside) or not len(outside):
        return float("nan")
    noise = np.sqrt(inside.var() + outside.var())
    return float(abs(inside.mean() - outside.mean()) / noise) if noise > 0 else float("nan")


def mean_iou(
    heat: Map,
    truth: Mask,
    valid: Mask | None = None,
    thresholds: Sequence[float] = IOU_THRESHOLDS,
) -> float:
    """Intersection over union of ``heat > t`` and the mask, averaged over thresholds.

    The thresholds 0.1 to 0.5 are those of the MS-CXR protocol as recalled ([U] in the specification).
    """
    heat, truth = _valid(heat, truth, valid)
    scores = []
    for threshold in thresholds:
        hot = heat > threshold
        union = (hot | truth).sum()
        scores.append((hot & truth).sum() / union if union else float("nan"))
    return float(np.mean(scores))


def pointing_hit(
    heat: Map,
    truth: Mask,
    valid: Mask | None = None,
    *,
    spacing: Sequence[float] | None = None,
    tolerance: float = 0.0,
) -> bool:
    """Whether the hottest place lies in the mask, or within ``tolerance`` of it.

    The pointing game of Zhang et al. (IJCV 2018, arXiv 1608.00507); of several hottest places the
    first counts.

    Parameters
    ----------
    heat, truth, valid
        See the module.
    spacing
        Of the axes, in the unit of ``tolerance`` (mm); 1 where omitted.
    tolerance
        Distance to the nearest place of the mask that still counts.
    """
    if not truth.any():
        return False
    shown = heat if valid is None else np.where(valid, heat, -np.inf)
    peak = np.unravel_index(int(np.argmax(shown)), shown.shape)
    if truth[peak] or tolerance <= 0:
        return bool(truth[peak])
    step = np.ones(truth.ndim) if spacing is None else np.asarray(spacing, dtype=float)
    offsets = (np.argwhere(truth) - np.asarray(peak)) * step
    return bool((offsets**2).sum(1).min() <= tolerance**2)


def dice(heat: Map, truth: Mask, threshold: float = 0.5, valid: Mask | None = None) -> float:
    """Dice of ``heat > threshold`` and the mask; 1 where both are empty."""
    heat, truth = _valid(heat, truth, valid)
    hot = heat > threshold
    total = hot.sum() + truth.sum()
    return float(2 * (hot & truth).sum() / total) if total else 1.0


def best_dice(
    heats: Sequence[Map], truths: Sequence[Mask], thresholds: Sequence[float]
) -> tuple[float, float]:
    """Greatest mean Dice over one common threshold, and that threshold.

    Chosen on the very images it is reported on, so an upper bound; say so beside the figure.
    """
    means = [
        np.mean([dice(h, t, threshold) for h, t in zip(heats, truths, strict=True)])
        for threshold in thresholds
    ]
    best = int(np.argmax(means))
    return float(means[best]), float(thresholds[best])


def centre_prior(shape: Sequence[int]) -> NDArray[np.float64]:
    """A map that knows nothing but that things tend to be in the middle: a broad Gaussian."""
    axes = [(np.arange(n) + 0.5) / n - 0.5 for n in shape]
    squares = sum(axis**2 for axis in np.meshgrid(*axes, indexing="ij"))
    return np.exp(-np.asarray(squares) / (2 * 0.25**2))


def random_hit_chance(truth: Mask, valid: Mask | None = None) -> float:
    """Chance that a random valid place lies in the mask."""
    inside = truth if valid is None else truth[valid]
    return float(inside.mean()) if inside.size else float("nan")


def _valid(heat: Map, truth: Mask, valid: Mask | None) -> tuple[Map, Mask]:
    if heat.shape != truth.shape:
        raise ValueError(f"The map is {heat.shape}, the mask {truth.shape}: they must be alike.")
    return (heat, truth) if valid is None else (heat[valid], truth[valid])


def _parts(heat: Map, truth: Mask, valid: Mask | None) -> tuple[Map, Map]:
    heat, truth = _valid(heat, truth, valid)
    return heat[truth], heat[~truth]
