"""From where the patient is looked at in the 3D pane: parallel projection in LPS millimetres."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import cos, sin

import numpy as np
from numpy.typing import ArrayLike, NDArray

from medvlp_viewer.models.planes import EdgeLetters, direction_letters

# Viewing direction and "up" on screen (LPS) of the standard views: seen from the front, the back,
# the patient's left and right, above and below. From above and below the front is up, as on
# axial slices seen from the feet.
STANDARD_VIEWS: Mapping[str, tuple[tuple[float, float, float], tuple[float, float, float]]] = {
    "A": ((0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "P": ((0.0, -1.0, 0.0), (0.0, 0.0, 1.0)),
    "L": ((-1.0, 0.0, 0.0), (0.0, 0.0, 1.0)),
    "R": ((1.0, 0.0, 0.0), (0.0, 0.0, 1.0)),
    "S": ((0.0, 0.0, -1.0), (0.0, -1.0, 0.0)),
    "I": ((0.0, 0.0, 1.0), (0.0, -1.0, 0.0)),
}
_MARGIN = 1.1
_LIMITS_MM = (5.0, 5000.0)


@dataclass(frozen=True, eq=False)
class Camera:
    """Where one looks at, in which direction, which way is up, and how much is seen.

    Parameters
    ----------
    focus
        ``(3,)`` LPS millimetres of the middle of the picture.
    direction
        ``(3,)`` unit vector from the eye into the picture.
    up
        ``(3,)`` unit vector, at right angles to ``direction``.
    half_height
        Millimetres from the middle to the upper edge of the picture.
    """

    focus: NDArray[np.float64]
    direction: NDArray[np.float64]
    up: NDArray[np.float64]
    half_height: float

    @classmethod
    def standard(cls, name: str, corners: NDArray[np.float64], aspect: float) -> Camera:
        """A standard view that shows all of a box.

        Parameters
        ----------
        name
            Key of :data:`STANDARD_VIEWS`.
        corners
            ``(8, 3)`` LPS corners of the box.
        aspect
            Width of the picture divided by its height.
        """
        direction, up = (np.asarray(v, dtype=np.float64) for v in STANDARD_VIEWS[name])
        focus = corners.mean(axis=0)
        camera = cls(focus, direction, up, 1.0)
        height = float(np.abs((corners - focus) @ up).max())
        width = float(np.abs((corners - focus) @ camera.right).max())
        return replace(camera, half_height=_MARGIN * max(height, width / max(aspect, 1e-3)))

    @property
    def right(self) -> NDArray[np.float64]:
        """``(3,)`` unit vector toward the right of the screen."""
        return np.cross(self.direction, self.up)

    @property
    def letters(self) -> EdgeLetters:
        """Patient directions at the edges of the picture."""
        return EdgeLetters(
            direction_letters(-self.right),
            direction_letters(self.right),
            direction_letters(self.up),
            direction_letters(-self.up),
        )

    def turned(self, right: float, down: float) -> Camera:
        """The patient turned with the pointer, by radians to the right and down."""
        direction = cos(right) * self.direction + sin(right) * self.right
        up = self.up
        direction, up = (
            cos(down) * direction - sin(down) * up,
            cos(down) * up + sin(down) * direction,
        )
        direction = direction / np.linalg.norm(direction)
        up = up - (up @ direction) * direction  # rounding adds up over a thousand small turns
        return replace(self, direction=direction, up=up / np.linalg.norm(up))

    def zoomed(self, factor: float) -> Camera:
        """Magnified about the middle."""
        low, high = _LIMITS_MM
        return replace(self, half_height=min(high, max(low, self.half_height / factor)))

    def moved(self, right: float, down: float) -> Camera:
        """The patient moved with the pointer, by fractions of the picture's height."""
        height = 2.0 * self.half_height
        return replace(self, focus=self.focus - height * (right * self.right - down * self.up))

    def part(self, window: tuple[int, int, int, int], width: int, height: int) -> Camera:
        """The camera of a part of its picture.

        Parameters
        ----------
        window
            First column and row, and those after the last.
        width, height
            Of the whole picture in pixels.
        """
        left, top, right, bottom = window
        mm = 2.0 * self.half_height / height
        x, y = (left + right - width) / 2 * mm, (top + bottom - height) / 2 * mm
        focus = self.focus + x * self.right - y * self.up
        return replace(self, focus=focus, half_height=(bottom - top) / 2 * mm)

    def on_screen(self, world: ArrayLike, width: float, height: float) -> tuple[float, float]:
        """Pixel ``(x, y)`` from the upper left corner at which an LPS point is seen."""
        offset = np.asarray(world, dtype=np.float64) - self.focus
        scale = height / (2.0 * self.half_height)
        x = width / 2 + float(offset @ self.right) * scale
        y = height / 2 - float(offset @ self.up) * scale
        return x, y
