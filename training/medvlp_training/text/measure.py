"""Measures of a text embedding, from plain arrays: no model, no files."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]


def auroc(positive: Array, negative: Array) -> float:
    """Probability that a positive scores above a negative, ties counting half (Mann-Whitney)."""
    from scipy.stats import rankdata

    if not len(positive) or not len(negative):
        return float("nan")
    ranks = rankdata(np.concatenate([positive, negative]))
    n, m = len(positive), len(negative)
    return float((ranks[:n].sum() - n * (n + 1) / 2) / (n * m))


def retrieval(queries: Array, bank: Array, truth: Sequence[int]) -> dict[str, float]:
    """Top-1, top-5 and mean reciprocal rank of the true row of ``bank`` (unit rows)."""
    scores = queries @ bank.T
    own = scores[np.arange(len(truth)), list(truth)]
    rank = 1 + (scores > own[:, None]).sum(1)
    return {
        "n": len(rank),
        "top1": float((rank == 1).mean()),
        "top5": float((rank <= 5).mean()),
        "mrr": float((1.0 / rank).mean()),
    }


def mean_cosine(a: Array, b: Array) -> float:
    """Mean cosine of paired unit rows."""
    return float((a * b).sum(1).mean())


def unit(rows: Array) -> Array:
    """Rows scaled to length 1."""
    return rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-12)
