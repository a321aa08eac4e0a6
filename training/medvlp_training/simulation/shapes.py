"""Solid shapes with anti-aliased edges, on open grids of millimetres from their centre."""

from __future__ import annotations

import numpy as np

from medvlp_training.simulation.fields import Array


def lumpy_radius(
    grids: list[Array], radius: float, roughness: float, rng: np.random.Generator
) -> tuple[Array, Array]:
    """Distance from the centre, and the radius of a lobulated surface in that direction.

    The surface is a sum of random plane waves on the unit sphere; ``roughness`` is its relative
    standard deviation.
    """
    z, y, x = grids
    stretch = np.exp(rng.normal(0, 0.1, 3))
    z, y, x = z * stretch[0], y * stretch[1], x * stretch[2]
    distance = np.sqrt(z * z + y * y + x * x) + 1e-3
    bumps = np.zeros(np.broadcast_shapes(z.shape, y.shape, x.shape), np.float32)
    waves = 8
    for _ in range(waves):
        wave = rng.normal(0, 2.2, 3)
        phase = rng.uniform(0, 2 * np.pi)
        bumps += np.cos((wave[0] * z + wave[1] * y + wave[2] * x) / distance + phase)
    surface = radius * np.clip(1 + roughness * bumps / np.sqrt(waves / 2), 0.4, 1.7)
    return distance.astype(np.float32), surface.astype(np.float32)


def edge(signed_mm: Array, width_mm: float) -> Array:
    """Partial volume of a surface: 1 well inside (positive), 0 well outside."""
    return np.clip(0.5 + signed_mm / width_mm, 0.0, 1.0).astype(np.float32)


def blob(
    grids: list[Array], radius: float, roughness: float, width_mm: float, rng: np.random.Generator
) -> Array:
    """Lobulated ball, 0 to 1, with an edge ``width_mm`` wide."""
    distance, surface = lumpy_radius(grids, radius, roughness, rng)
    return edge(surface - distance, width_mm)


def spicules(
    grids: list[Array], radius: float, length: float, count: int, rng: np.random.Generator
) -> Array:
    """Thin spikes that leave a ball of ``radius`` and taper over ``length`` millimetres."""
    z, y, x = grids
    alpha = np.zeros(np.broadcast_shapes(z.shape, y.shape, x.shape), np.float32)
    for _ in range(count):
        d = rng.normal(size=3)
        d /= np.linalg.norm(d)
        along = d[0] * z + d[1] * y + d[2] * x
        across = np.sqrt(np.maximum(z * z + y * y + x * x - along * along, 0))
        own = length * rng.uniform(0.5, 1.2)
        thickness = 2.6 * (1 - (along - radius * 0.7) / (own + radius * 0.3))
        spike = edge(thickness - across, 2.5) * (along > radius * 0.6) * (thickness > 0)
        alpha = np.maximum(alpha, spike * 0.85)
    return alpha
