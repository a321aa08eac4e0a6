"""Figures of a result as functions of the patients drawn, so that results can be resampled together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medvlp_training.evaluation.statistics import auroc

Rows = NDArray[np.intp]
Figure = Callable[[Rows], float]
"""Value over the samples drawn, by their numbers; a sample may be drawn several times."""

DEFAULT_TEMPLATE = "1"
RECALL = 5


def figures(measures: dict[str, Any]) -> dict[str, Figure]:
    """Every figure of one kind of image of one result; see :mod:`.measure` for what is in it."""
    count = len(measures["patients"])
    asked, organs, probe = measures["zero_shot"], measures["organs"], measures["probe"]
    ranks = measures["retrieval"]
    found = {
        "zero_shot": _areas(asked["scores"][DEFAULT_TEMPLATE], asked["truth"]),
        "zero_shot_learned": _areas(asked["scores"]["learned"], asked["truth"]),
        "retrieval": _recall([ranks["image_to_text"], ranks["text_to_image"]]),
        "pointing": _of_lesions(measures["local"], "hit", count),
        "pointing_centre": _of_lesions(measures["local"], "centre_hit", count),
        "pointing_random": _of_lesions(measures["local"], "random_hit", count),
        "contrast": _of_lesions(measures["local"], "contrast", count),
    }
    for share in ("0.1", "1"):
        scored = probe[share]
        found[f"probe_{share}"] = _areas(scored["scores"], scored["truth"])
        if "overlap" in scored:
            found[f"segmentation_{share}"] = _dice(scored)
    if organs:
        found["organ_recognition"] = _means(organs["recognised_in"], organs["recognised"], count)
        for reading in ("organ", "image"):
            found[f"organ_auroc_by_{reading}"] = _areas(organs["scores"][reading], organs["truth"])
    return found


def _areas(scores: list[list[float | None]], truth: list[list[int]]) -> Figure:
    """Mean AUROC over findings."""
    s, t = np.array(scores, dtype=float), np.array(truth)

    def figure(rows: Rows) -> float:
        areas = []
        for one, label in zip(s[:, rows], t[:, rows], strict=True):
            known = np.isin(label, (0, 1)) & np.isfinite(one)
            areas.append(auroc(one[known], label[known] == 1))
        return float(np.nanmean(areas)) if np.isfinite(areas).any() else float("nan")

    return figure


def _recall(ranks: list[list[int]]) -> Figure:
    hits = np.array(ranks) < RECALL
    return lambda rows: float(hits[:, rows].mean())


def _of_lesions(lesions: list[dict[str, Any]], key: str, count: int) -> Figure:
    known = [one for one in lesions if one[key] is not None]
    return _means([one["sample"] for one in known], [float(one[key]) for one in known], count)


def _means(samples: list[int], values: list[float], count: int) -> Figure:
    """Mean over what the drawn samples hold, each value counting once per draw."""
    sums = np.bincount(samples, weights=np.asarray(values, dtype=float), minlength=count)
    numbers = np.bincount(samples, minlength=count)

    def figure(rows: Rows) -> float:
        total = numbers[rows].sum()
        return float(sums[rows].sum() / total) if total else float("nan")

    return figure


def _dice(drawn: dict[str, list[int]]) -> Figure:
    """Dice over the pixels of all samples."""
    overlap = np.array(drawn["overlap"])
    total = np.array(drawn["predicted"]) + np.array(drawn["true"])

    def figure(rows: Rows) -> float:
        area = total[rows].sum()
        return float(2 * overlap[rows].sum() / area) if area else float("nan")

    return figure
