"""Colour maps for heat: perceptually uniform, monotone in lightness, safe for colour-blind eyes.

Each map is a path through OKLab (:mod:`medvlp_widgets.colour.oklab`) walked at constant speed, so
equal steps of heat look like equal steps of colour, and printing in grey keeps the order.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from medvlp_widgets.colour.oklab import oklab_to_srgb, srgb_to_oklab

DEFAULT_COLOUR_MAP = "ember"

# Stops in sRGB, dark to light. All paths avoid red against green at equal lightness.
_STOPS: dict[str, tuple[tuple[int, int, int], ...]] = {
    "ember": (
        (0, 0, 0),
        (64, 10, 92),
        (154, 30, 96),
        (222, 92, 34),
        (250, 176, 40),
        (255, 246, 190),
    ),
    "glacier": (
        (0, 0, 0),
        (16, 30, 92),
        (20, 90, 150),
        (70, 160, 190),
        (160, 215, 215),
        (240, 252, 250),
    ),
    "dusk": ((0, 32, 78), (60, 74, 108), (122, 122, 120), (186, 174, 108), (254, 232, 70)),
    "grey": ((0, 0, 0), (255, 255, 255)),
}


def colour_map_names() -> tuple[str, ...]:
    """Names that :func:`colour_map` knows, the default first."""
    return tuple(_STOPS)


@lru_cache(maxsize=32)
def colour_map(name: str = DEFAULT_COLOUR_MAP, n: int = 256) -> NDArray[np.float32]:
    """``(n, 3)`` sRGB in [0, 1], from cold to hot.

    Raises
    ------
    KeyError
        If there is no map of that name.
    """
    if name not in _STOPS:
        raise KeyError(f"No colour map {name!r}; there are {', '.join(_STOPS)}.")
    return _walk(np.asarray(_STOPS[name], dtype=np.float64) / 255.0, n)


@lru_cache(maxsize=64)
def hue_map(rgb: tuple[int, int, int], n: int = 256) -> NDArray[np.float32]:
    """``(n, 3)`` from black to one colour: for several queries on one picture, blended additively."""
    return _walk(np.array([(0.0, 0.0, 0.0), np.asarray(rgb) / 255.0]), n)


def overlay_lut(
    colours: NDArray[np.float32], opacity: float = 0.6, threshold: float = 0.0
) -> NDArray[np.uint8]:
    """``(256, 4)`` RGBA for a heat quantised to 8 bit, blended over an image.

    Below ``threshold`` nothing is drawn. Above it the alpha rises with the heat up to ``opacity``,
    so that faint heat does not hide the anatomy.

    Parameters
    ----------
    colours
        ``(256, 3)`` in [0, 1], of :func:`colour_map` or :func:`hue_map`.
    opacity, threshold
        In [0, 1].
    """
    heat = np.linspace(0.0, 1.0, 256)
    alpha = np.where(heat >= max(threshold, 1 / 255), 0.25 + 0.75 * heat, 0.0) * opacity
    return np.round(np.column_stack([colours, alpha]) * 255.0).astype(np.uint8)


def _walk(stops: NDArray[np.float64], n: int) -> NDArray[np.float32]:
    """``n`` colours along the polyline through ``stops``, equally far apart in OKLab."""
    fine = _polyline(srgb_to_oklab(stops), 4096)
    lengths = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(fine, axis=0), axis=1))])
    wanted = np.linspace(0.0, lengths[-1], n)
    lab = np.column_stack([np.interp(wanted, lengths, fine[:, i]) for i in range(3)])
    colours = oklab_to_srgb(lab).astype(np.float32)
    colours.setflags(write=False)
    return colours


def _polyline(points: NDArray[np.float64], n: int) -> NDArray[np.float64]:
    position = np.linspace(0.0, len(points) - 1.0, n)
    knots = np.arange(len(points))
    return np.column_stack([np.interp(position, knots, points[:, i]) for i in range(3)])
