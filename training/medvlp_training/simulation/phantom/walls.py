"""Skin, fat, muscle, breasts and the table."""

from __future__ import annotations

import numpy as np

from medvlp_training.simulation.fields import Array
from medvlp_training.simulation.phantom.build import Build
from medvlp_training.simulation.phantom.cage import Cage
from medvlp_training.simulation.phantom.painter import Painter


def paint_walls(painter: Painter, cage: Cage, build: Build) -> None:
    """From outside in: skin, subcutaneous fat, muscle with fat planes, abdominal and mediastinal fat."""
    body = cage.outline(build.fat) + 1.5 * painter.noise(80)
    if build.female:
        body = np.maximum(body, _breasts(painter, cage, build)).astype(np.float32)
    fat = -102 + 6 * painter.noise(12)
    painter.paint(np.asarray(body, np.float32), 10.0)
    painter.paint(np.asarray(body - 2.2, np.float32), fat)
    muscle = cage.outline(0.0) + 2.5 * painter.noise(40)
    painter.paint(muscle, 52 + 5 * painter.noise(10))
    # Fat between muscle layers follows the wall, here and there.
    depth = cage.inside + 16 + 6 * painter.noise(45)
    planes = 1.4 - 0.35 * np.abs(depth) + 1.2 * painter.noise(30) - 0.8
    painter.paint(np.minimum(planes, muscle - 3), fat)
    painter.paint(cage.inside, fat)
    if build.table:
        _paint_table(painter, cage, build)


def _breasts(painter: Painter, cage: Cage, build: Build) -> Array:
    size = painter.rng.uniform(30, 48)
    z = 0.35 * build.height
    y = float(np.interp(z, painter.z.ravel(), (cage.middle - cage.depth).ravel())) + 4
    # Lying down, the breasts flatten and fall to the sides.
    sides = [
        painter.ellipsoid((z, y, s * 0.62 * build.half_width), (size * 1.7, size, size * 1.6))
        for s in (-1, 1)
    ]
    return np.asarray(np.maximum(*sides), np.float32)


def _paint_table(painter: Painter, cage: Cage, build: Build) -> None:
    """A thin curved shell under the back."""
    bottom = float((cage.middle + cage.depth).max()) + build.muscle + 24 + 0.8 * build.fat
    surface = bottom + 6 - 0.0009 * painter.x**2
    shell = 1.4 - np.abs(painter.y - surface)
    painter.paint(np.broadcast_to(shell, painter.shape).astype(np.float32), -150.0)
