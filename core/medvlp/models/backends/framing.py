"""How a picture of any shape is shown to a network that takes squares, and where its cells lie."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from medvlp.geometry import Geometry
from medvlp.models.backends.settings import PlanarPreprocessing

Pair = tuple[int, int]


@dataclass(frozen=True)
class Framing:
    """From the pixels of a picture to a canvas of whole cells, and squares on it.

    Parameters
    ----------
    pad
        Black pixels ``((above, below), (left, right))`` added before resizing.
    resized
        Shape after resizing.
    offset
        Where the resized picture starts on the canvas.
    canvas
        Shape of the canvas: whole cells, at least one square.
    squares
        First ``(row, column)`` of each square; together they cover the canvas.
    centre
        First ``(row, column)`` of the square that the published preprocessing takes.
    """

    pad: tuple[Pair, Pair]
    resized: Pair
    offset: Pair
    canvas: Pair
    squares: tuple[Pair, ...]
    centre: Pair

    def cells(self, plane: Geometry, settings: PlanarPreprocessing) -> Geometry:
        """Geometry of the cells on ``plane``: a picture, or a stack of pictures."""
        lead = plane.shape[:-2]
        zeros, ones = (0,) * len(lead), (1.0,) * len(lead)
        padded = tuple(n + sum(p) for n, p in zip(plane.shape[-2:], self.pad, strict=True))
        start = tuple(-before for before, _ in self.pad)
        square = plane.cropped(zeros + start, lead + padded).resampled(lead + self.resized)
        canvas = square.cropped(zeros + tuple(-n for n in self.offset), lead + self.canvas)
        cell = settings.cell_pixels
        grid = tuple(n // cell for n in self.canvas)
        factors = (*ones, float(cell), float(cell))
        shift = (1 - cell) / 2 if settings.cell_centre == "first" else 0.0
        return canvas.with_cells(lead + grid, factors, (*zeros, shift, shift))


def frame(shape: Pair, settings: PlanarPreprocessing) -> Framing:
    """How a picture of ``shape`` is shown."""
    size = settings.image_size
    if settings.fit == "crop":
        return _cropped(shape, settings)
    pad = ((0, 0), (0, 0))
    if settings.fit == "pad":
        missing = [max(shape) - n for n in shape]
        pad = ((missing[0] // 2, -(-missing[0] // 2)), (missing[1] // 2, -(-missing[1] // 2)))
    return Framing(pad, (size, size), (0, 0), (size, size), ((0, 0),), (0, 0))


def _cropped(shape: Pair, settings: PlanarPreprocessing) -> Framing:
    """The shorter side to ``resize_to``, the longer in proportion, as torchvision and transformers do."""
    size, cell = settings.image_size, settings.cell_pixels
    short = min(shape)
    resized = tuple(
        settings.resize_to if n == short else int(settings.resize_to * n / short) for n in shape
    )
    # Cells that come early end early: one more covers the end of the picture.
    canvas = tuple(-(-(n + settings.early) // cell) * cell for n in resized)
    spare = (whole - settings.early - n for whole, n in zip(canvas, resized, strict=True))
    offset = tuple(n // 2 for n in spare)
    inside = [
        (n - size) // 2 if settings.crop_offset == "floor" else round((n - size) / 2)
        for n in resized
    ]
    rows, columns = (window_starts(n, size, cell) for n in canvas)
    squares = tuple((r, c) for r in rows for c in columns)
    centre = (inside[0] + offset[0], inside[1] + offset[1])
    return Framing(((0, 0), (0, 0)), resized, offset, canvas, squares, centre)  # type: ignore[arg-type]


def window_starts(length: int, window: int, cell: int) -> list[int]:
    """First elements, whole cells apart, of evenly spaced windows that cover ``length``.

    Two neighbours overlap by a quarter of a window or more: the middle of a window is seen with
    its surroundings.
    """
    if length <= window:
        return [0]
    steps = -(-(length - window) // (window * 3 // 4))
    ideal = np.linspace(0, length - window, steps + 1)
    return sorted({round(x / cell) * cell for x in ideal})


def on_canvas(
    plane: NDArray[np.uint8], framing: Framing, settings: PlanarPreprocessing
) -> NDArray[np.uint8]:
    """One channel of a picture, padded and resized by Pillow as the published processors do it.

    Parameters
    ----------
    plane
        ``(rows, columns)``.

    Returns
    -------
    ndarray
        ``(*canvas)`` uint8, black outside the picture.
    """
    from PIL import Image

    how = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}
    padded = np.ascontiguousarray(np.pad(plane, framing.pad))
    rows, columns = framing.resized
    resized = Image.fromarray(padded).resize((columns, rows), how[settings.resample])
    canvas = np.zeros(framing.canvas, dtype=np.uint8)
    top, left = framing.offset
    canvas[top : top + rows, left : left + columns] = np.asarray(resized)
    return canvas
