"""Masks and boxes of one finding from samples, for :mod:`segmentation` and :mod:`detection`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from medvlp_training.samples.sample import ImageTextSample


def lesion_mask(sample: ImageTextSample, concept: str) -> NDArray[np.bool_]:
    """Bool mask of the image's shape; empty where the finding is not."""
    mask = sample.lesions.get(concept)
    return np.zeros(sample.image.shape, bool) if mask is None else mask.astype(bool)


def lesion_boxes(sample: ImageTextSample, concept: str) -> NDArray[np.float64]:
    """The sample's own boxes of a finding or, without any, those around the parts of its mask.

    Returns
    -------
    ndarray
        ``(G, 2 axes)``: start along each axis, then stop (exclusive), in array indices.
    """
    own = [(*box.start, *box.stop) for box in sample.boxes if box.concept == concept]
    if not own and concept in sample.lesions:
        # Parts that touch at a corner are one.
        touching = np.ones((3,) * sample.image.ndim, int)
        numbered, _ = ndimage.label(sample.lesions[concept], touching)
        own = [
            (*(s.start for s in part), *(s.stop for s in part))
            for part in ndimage.find_objects(numbered)
        ]
    return np.asarray(own, dtype=float).reshape(-1, 2 * sample.image.ndim)


def rescaled(
    boxes: NDArray[np.float64], old: Sequence[int], new: Sequence[int]
) -> NDArray[np.float64]:
    """The boxes after an image of shape ``old`` was resized to ``new``."""
    factor = np.asarray(new, float) / np.asarray(old, float)
    return boxes * np.concatenate([factor, factor])
