"""The frame every other organ is fitted to: body outline, rib cage, diaphragm, spine line."""

from __future__ import annotations

from copy import copy

import numpy as np

from medvlp_training.simulation.fields import Array
from medvlp_training.simulation.phantom.build import Build
from medvlp_training.simulation.phantom.painter import Painter


class Cage:
    """Signed distances and heights derived from a :class:`Build` on a painter's grid."""

    def __init__(self, painter: Painter, build: Build) -> None:
        self.painter = painter
        self.build = build
        u = painter.z / build.height
        rise = np.clip(u, 0.0, 1.15)
        self.width = build.half_width * (1 - 0.52 * rise**2.6) * (1 - 0.06 * np.clip(-u, 0, 1))
        self.depth = build.half_depth * (1 - 0.38 * rise**2.0) * (1 - 0.1 * np.clip(-u, 0, 1))
        self.middle = build.half_depth * (0.16 * rise**1.5) + build.kyphosis * (u - 0.45) ** 2 * 1.2
        self.inside = self._inside()
        self.dome = self._dome()

    def spine_y(self, z: Array | float) -> Array:
        """Where the middle of the vertebral bodies lies: kyphosis as a parabola."""
        u = np.asarray(z, np.float32) / self.build.height
        rise = np.clip(u, 0.0, 1.15)
        depth = self.build.half_depth * (1 - 0.38 * rise**2.0)
        middle = (
            self.build.half_depth * 0.16 * rise**1.5 + self.build.kyphosis * (u - 0.45) ** 2 * 1.2
        )
        low = np.clip(-u, 0, 1) * 14
        return np.asarray(middle + 0.66 * depth - low, np.float32)

    def spine_x(self, z: Array | float) -> Array:
        """Sideways bend of the spine."""
        return np.asarray(
            self.build.scoliosis * np.sin(np.asarray(z, np.float32) / self.build.height * np.pi),
            np.float32,
        )

    def window(self, box: tuple[slice, ...]) -> Cage:
        """The same cage on part of the grid."""
        part = copy(self)
        part.width, part.depth, part.middle = (
            a[box[0]] for a in (self.width, self.depth, self.middle)
        )
        part.inside, part.dome = self.inside[box], self.dome[:, box[1], box[2]]
        return part

    def _inside(self) -> Array:
        """Distance inside the inner surface of the rib cage, continued around the abdomen."""
        p = 2.25
        y = self.painter.y - self.middle
        # Flatter in front than at the back.
        y = np.where(y < 0, y * 1.06, y * 0.98)
        r = (np.abs(self.painter.x / self.width) ** p + np.abs(y / self.depth) ** p) ** (1 / p)
        bumps = 1.5 * self.painter.noise(55)
        return ((1 - r) * np.minimum(self.width, self.depth) * 1.05 + bumps).astype(np.float32)

    def _dome(self) -> Array:
        """Height of the diaphragm over each point of the plane, ``(1, P, L)``."""
        x, y = self.painter.x, self.painter.y
        width, depth = self.build.half_width, self.build.half_depth
        heights = []
        for side, top in ((-1, 0.0), (1, self.build.left_dome)):
            qx = np.maximum(np.abs(x - side * 0.44 * width) / (0.56 * width) - 0.15, 0) / 0.85
            qy = (y + 0.12 * depth) / depth
            fall = 46 * np.clip(qx, 0, 1.5) ** 2.2
            fall = fall + 72 * np.clip(qy, 0, 1.3) ** 2.0 + 22 * np.clip(-qy, 0, 1.3) ** 2
            heights.append(top - fall)
        blend = 1 / (1 + np.exp(-x / 9.0))
        height = heights[0] * (1 - blend) + heights[1] * blend
        wave = np.mean(self.painter.noise(60)[:2], axis=0, keepdims=True)
        return np.maximum(height + 2.0 * wave, -105.0).astype(np.float32)

    def above_diaphragm(self) -> Array:
        """Signed vertical distance above the diaphragm."""
        return (self.painter.z - self.dome).astype(np.float32)

    def outline(self, extra: float) -> Array:
        """Distance inside the body surface, moved outwards by ``extra`` millimetres."""
        b = self.build
        u = self.painter.z / b.height
        shoulder = np.clip((u - 0.62) / 0.4, 0, 1)
        wide = self.width + (b.half_width * 0.52) * shoulder**1.5 + b.muscle + 6
        front = self.depth + b.muscle + 4
        back = self.depth + b.muscle + 22
        p = 2.5
        y = self.painter.y - self.middle
        wide, front, back = wide + extra, front + extra, back + 0.8 * extra
        side = np.where(y < 0, front, back)
        r = (np.abs(self.painter.x / wide) ** p + np.abs(y / side) ** p) ** (1 / p)
        return ((1 - r) * np.minimum(wide, side)).astype(np.float32)
