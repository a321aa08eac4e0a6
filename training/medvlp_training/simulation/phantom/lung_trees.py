"""Branching vessels and airways that fill a lung from its hilum."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from medvlp_training.simulation.case import Mask
from medvlp_training.simulation.phantom.painter import Painter

_STEP_MM = 8.0
_MURRAY = 2.8  # exponent of Murray's law: r_parent^m is the sum of r_child^m


def grow_tree(
    hilum: NDArray[np.floating], targets: NDArray[np.floating], rng: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """Connect each target to the tree grown so far, nearest to the hilum first.

    Returns
    -------
    nodes
        ``(n, 3)`` positions.
    parents
        ``(n,)`` index of the node each one hangs from; the root is its own parent.
    tips
        ``(n,)`` number of targets that each node feeds.
    """
    order = np.argsort(np.linalg.norm(targets - hilum, axis=1))
    nodes: list[NDArray[np.floating]] = [hilum]
    parents = [0]
    ends: list[int] = []
    for target in targets[order]:
        known = np.array(nodes)
        gaps = np.linalg.norm(known - target, axis=1)
        # A longer way back to the hilum costs a little: branches leave at acute angles.
        nearest = int(np.argmin(gaps + 0.25 * np.linalg.norm(known - hilum, axis=1)))
        start = known[nearest]
        count = max(1, int(gaps[nearest] / _STEP_MM))
        for k in range(1, count + 1):
            point = start + (target - start) * k / count
            bend = 0.12 * gaps[nearest] * rng.normal(size=3) * np.sin(np.pi * k / count)
            nodes.append(point + 0.4 * bend)
            parents.append(nearest if k == 1 else len(nodes) - 2)
        ends.append(len(nodes) - 1)
    tips = np.zeros(len(nodes), np.int64)
    for end in ends:
        node = end
        while node:
            tips[node] += 1
            node = parents[node]
    return np.array(nodes), np.array(parents), tips


def paint_trees(
    painter: Painter,
    lung: Mask,
    hilum: tuple[float, float, float],
    blood: float,
    rng: np.random.Generator,
) -> None:
    """Arteries and veins, then airways beside the larger ones, clipped to the lung."""
    from scipy import ndimage

    inside = np.argwhere(ndimage.binary_erosion(lung, iterations=2))
    if len(inside) < 500:
        return
    near = ndimage.binary_dilation(lung, iterations=2)
    root = np.array(hilum)
    for shift, count, tip in (((4, -4, 0), 420, 0.66), ((-8, -6, 0), 360, 0.64)):
        chosen = inside[rng.choice(len(inside), count, replace=False)]
        targets = chosen * painter.spacing + painter.origin
        nodes, parents, tips = grow_tree(root + np.array(shift), targets, rng)
        radii = tip * np.maximum(tips, 1) ** (1 / _MURRAY)
        hu = max(blood, 45.0)
        for k in range(1, len(nodes)):
            pair = nodes[[parents[k], k]]
            painter.tube(pair, radii[[k, k]], hu, None, near)
    _paint_airways(painter, inside, root, near, rng)


def _paint_airways(
    painter: Painter,
    inside: NDArray[np.int64],
    root: NDArray[np.floating],
    near: Mask,
    rng: np.random.Generator,
) -> None:
    chosen = inside[rng.choice(len(inside), 40, replace=False)]
    targets = chosen * painter.spacing + painter.origin
    targets = root + 0.6 * (targets - root)
    nodes, parents, tips = grow_tree(root + np.array([0, 6, 0]), targets, rng)
    radii = 0.75 * np.maximum(tips, 1) ** (1 / 2.4)
    for wall, hu in ((1.2, -150.0), (0.0, -960.0)):
        for k in range(1, len(nodes)):
            if tips[k] >= 2:
                pair = nodes[[parents[k], k]]
                painter.tube(pair, radii[[k, k]] + wall, hu, None, near)
