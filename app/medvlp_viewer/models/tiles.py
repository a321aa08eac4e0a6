"""A large picture at several resolutions, so that no more is windowed than the screen can show."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, log2

import numpy as np
from numpy.typing import NDArray

from medvlp_viewer.models.window import halved

# A larger picture is kept at several resolutions.
LARGE_PIXELS = 1_500_000
# A reduced level is used while its samples are no larger than so many screen pixels.
_LARGEST_SAMPLE = 1.5
# So much of the visible part is drawn beyond each edge, so that panning seldom windows anew.
_MARGIN = 0.15


@dataclass(frozen=True)
class Viewport:
    """What a pane shows of its picture, in full-resolution pixels.

    Parameters
    ----------
    scale
        Screen pixels per picture pixel, along the side where it is larger.
    top, left, bottom, right
        Visible part; may reach beyond the picture.
    """

    scale: float
    top: float
    left: float
    bottom: float
    right: float


@dataclass(frozen=True)
class Tile:
    """A rectangle of full-resolution pixels, shown by every ``2**level``-th sample.

    Parameters
    ----------
    level
        Of the pyramid; 0 is the full resolution.
    row, column
        First pixel.
    rows, columns
        Extent in full-resolution pixels.
    """

    level: int
    row: int
    column: int
    rows: int
    columns: int

    def covers(self, other: Tile) -> bool:
        """Whether ``other`` can be drawn from this tile."""
        return (
            self.level == other.level
            and self.row <= other.row
            and self.column <= other.column
            and self.row + self.rows >= other.row + other.rows
            and self.column + self.columns >= other.column + other.columns
        )


class Pyramid:
    """Means of 2 x 2 pixels, again and again, until the picture is small.

    Parameters
    ----------
    words
        ``(rows, columns)`` in the order of the array, as :func:`display_values` gives them.
    """

    def __init__(self, words: NDArray[np.uint16]) -> None:
        self.levels = [words]
        while self.levels[-1].size > LARGE_PIXELS:
            self.levels.append(halved(self.levels[-1]))

    def tile(self, viewport: Viewport, shape: tuple[int, int], margin: float = _MARGIN) -> Tile:
        """The part of a picture of ``shape`` (in screen order) that a viewport needs.

        Edges lie on whole samples of the level; the last samples may be one pixel short where a
        side is not divisible.
        """
        wanted = floor(log2(_LARGEST_SAMPLE / max(viewport.scale, 1e-6)))
        level = min(max(0, wanted), len(self.levels) - 1)
        step = 2**level
        starts, sizes = [], []
        spans = (viewport.top, viewport.bottom), (viewport.left, viewport.right)
        for (low, high), n in zip(spans, shape, strict=True):
            room = margin * (high - low)
            whole = n // step * step
            first = int(np.clip((low - room) // step * step, 0, whole - step))
            last = int(np.clip(-((-high - room) // step) * step, first + step, whole))
            starts.append(first)
            sizes.append(last - first)
        return Tile(level, starts[0], starts[1], sizes[0], sizes[1])

    def cut(self, plane: NDArray[np.uint16], tile: Tile) -> NDArray[np.uint16]:
        """The tile's samples of a level that was laid out in screen order."""
        step = 2**tile.level
        row, column = tile.row // step, tile.column // step
        return plane[row : row + tile.rows // step, column : column + tile.columns // step]
