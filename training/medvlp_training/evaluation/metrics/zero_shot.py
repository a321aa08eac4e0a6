"""Zero-shot answers from similarities of images and prompts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

TEMPLATES = (
    ("{x}", "no {x}"),
    ("There is {x}.", "There is no {x}."),
    ("{x} is present.", "{x} is not present."),
    ("{x}.", "Not {x}."),
    ("Findings consistent with {x}.", "No evidence of {x}."),
)
"""Positive and negative prompt: bare; CARZero and RadZero; CT-CLIP; fVLM; our own."""


def pair_scores(
    images: NDArray[np.floating],
    positive: NDArray[np.floating],
    negative: NDArray[np.floating],
) -> NDArray[np.floating]:
    """Similarity with the positive prompt minus that with the negative one, ``(images,)``.

    Its logistic, times the model's scale, is the softmax over the pair (CheXzero, Tiu et al., Nature
    BME 2022).

    Parameters
    ----------
    images
        ``(n, D)`` unit vectors.
    positive, negative
        ``(D,)`` unit vectors.
    """
    return images @ (positive - negative)


def prompt_sensitivity(areas: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """Spread of a measure over templates: its standard deviation and range, averaged over findings.

    Parameters
    ----------
    areas
        Finding to the measure with each template.
    """
    known = [np.asarray(v, dtype=float) for v in areas.values() if np.isfinite(v).all()]
    if not known:
        return {"deviation": float("nan"), "range": float("nan")}
    return {
        "deviation": float(np.mean([v.std() for v in known])),
        "range": float(np.mean([v.max() - v.min() for v in known])),
    }
