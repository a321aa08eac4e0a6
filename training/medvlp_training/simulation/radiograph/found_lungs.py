"""Lungs of films that nobody outlined, as a trained model finds them: more films to paint on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from medvlp_training.simulation.case import Mask

if TYPE_CHECKING:
    from medvlp.models.protocol import GroundingModel

QUESTIONS = ("left lung", "right lung", "heart")
INSIDE = 0.5
LEAST_SHARE, MOST_SHARE = 0.04, 0.35
"""Of the film, that one lung may cover."""


def find_lungs(model: GroundingModel, film: Path) -> tuple[Mask, Mask, Mask] | None:
    """Left lung, right lung and heart ``(rows, columns)`` on the film's own pixels.

    None where they are not to be believed: a lung too small or too large, twice the size of the other,
    or on the wrong side of it (the patient's left is to the right of a frontal film).
    """
    import medvlp

    scan = medvlp.open_scan(film)
    maps = medvlp.ground(model, model.encode(scan, cache=False), list(QUESTIONS))
    if any(found.abstained for found in maps):
        return None
    left, right, heart = (largest_part(found.on(scan) >= INSIDE) for found in maps)
    return (left, right, heart) if believable(left, right, heart) else None


def largest_part(mask: Mask) -> Mask:
    """The largest connected part, its holes filled."""
    from scipy import ndimage

    labels, count = ndimage.label(mask)
    if count == 0:
        return mask
    largest = np.argmax(np.bincount(labels.ravel())[1:]) + 1
    return np.asarray(ndimage.binary_fill_holes(labels == largest), dtype=bool)


def believable(left: Mask, right: Mask, heart: Mask) -> bool:
    """Whether these can be the lungs and the heart of a frontal film."""
    sizes = [float(mask.mean()) for mask in (left, right)]
    if min(sizes) < LEAST_SHARE or max(sizes) > MOST_SHARE or max(sizes) > 2 * min(sizes):
        return False
    if not heart.any() or (left & right).sum() > 0.02 * left.sum():
        return False
    columns = [float(np.nonzero(mask)[1].mean()) for mask in (right, heart, left)]
    return columns == sorted(columns)
