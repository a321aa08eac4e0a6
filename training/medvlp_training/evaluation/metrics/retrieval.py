"""Is an image's own report among the nearest reports, and the other way round?"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray


def own_rank(
    similarity: NDArray[np.floating], queries: Sequence[Hashable], items: Sequence[Hashable]
) -> NDArray[np.intp]:
    """Rank (0 is best) of the best item that means the same as each query.

    Parameters
    ----------
    similarity
        ``(queries, items)``.
    queries, items
        What each row and column means; equal values belong together (several reports may have the
        same text, and each of them is right).

    Returns
    -------
    ndarray
        ``(queries,)``; ties count half of the items they are tied with, rounded up, so that a
        constant similarity ranks no item first.
    """
    keys = {key: number for number, key in enumerate(dict.fromkeys([*queries, *items]))}
    rows = np.array([keys[key] for key in queries])
    columns = np.array([keys[key] for key in items])
    right = rows[:, None] == columns[None, :]
    if not right.any(1).all():
        raise ValueError("Each query needs an item that belongs to it.")
    best = np.where(right, similarity, -np.inf).max(1, keepdims=True)
    above = ((similarity > best) & ~right).sum(1)
    tied = ((similarity == best) & ~right).sum(1)
    return above + (tied + 1) // 2


def recall_at(ranks: NDArray[np.intp], k: int) -> NDArray[np.bool_]:
    """Per query, whether a right item is among the ``k`` nearest."""
    return ranks < k


def recall_by_chance(
    queries: Sequence[Hashable], items: Sequence[Hashable], k: int
) -> NDArray[np.float64]:
    """Per query, the chance that one of ``k`` items drawn at random belongs to it.

    With :math:`m` right items of :math:`n`: :math:`1 - \\binom{n - m}{k} / \\binom{n}{k}`.
    """
    n, right = len(items), Counter(items)
    k = min(k, n)
    found = [1 - math.comb(n - right[query], k) / math.comb(n, k) for query in queries]
    return np.array(found, dtype=float)
