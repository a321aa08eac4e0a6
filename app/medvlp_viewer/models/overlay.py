"""From heat to what is drawn over one pane. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from medvlp.grounding.heatmap import Heatmap
from medvlp_viewer.models.contours import contour_segments
from medvlp_viewer.models.heat import grid_plane, heat_plane
from medvlp_viewer.models.heat_model import HeatModel
from medvlp_viewer.models.outline import LEVEL, OutlineModel
from medvlp_viewer.models.planes import PlaneFrame
from medvlp_widgets.colour.maps import colour_map, overlay_lut
from medvlp_widgets.models.overlay import OverlayModel
from medvlp_widgets.models.queries import QueryModel, QueryRow

# A line at zero would surround the whole picture.
_LOWEST_LINE = 0.05
# White would be lost along the chest wall in a lung window; no question has this colour.
_OUTLINE_RGB = (126, 231, 135)
# Cells are several pixels wide: more samples would not move a line visibly.
_LINE_SAMPLES = 128
_MOST_PIECES = 1000


@dataclass(frozen=True, eq=False)
class Contour:
    """A line over a pane: ``segments`` ``(n, 4)`` in image pixels (row, column, row, column).

    ``label`` is written beside it, so that the colour never says it alone.
    """

    segments: NDArray[np.float32]
    rgb: tuple[int, int, int]
    label: str


@dataclass(frozen=True, eq=False)
class PaneOverlay:
    """What lies over one slice: filled layers (premultiplied ARGB32) and lines."""

    layers: tuple[NDArray[np.uint32], ...] = ()
    contours: tuple[Contour, ...] = ()


@dataclass(frozen=True, eq=False)
class ColourBar:
    """The scale of one filled heat: ``table`` ``(256, 3)`` RGB, cold to hot."""

    label: str
    table: NDArray[np.uint8]
    threshold: float


@dataclass(frozen=True)
class LegendKey:
    """Which colour stands for which query; ``filled``, or drawn as a line only."""

    number: int
    label: str
    rgb: tuple[int, int, int]
    filled: bool


@dataclass(frozen=True)
class Legend:
    """A scale when one heat is filled by a colour map, keys when several queries are drawn."""

    bar: ColourBar | None = None
    keys: tuple[LegendKey, ...] = ()


def premultiplied(table: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """``(256, 4)`` RGBA to the 0xAARRGGBB words, premultiplied, that QImage draws fastest."""
    alpha = table[:, 3:].astype(np.uint32)
    colours = (table[:, :3] * alpha + 127) // 255
    words: NDArray[np.uint32] = np.concatenate([colours, alpha], axis=1).astype(np.uint32)
    return words @ np.array([1 << 16, 1 << 8, 1, 1 << 24], dtype=np.uint32)


def row_colours(row: QueryRow, overlay: OverlayModel, *, by_hue: bool) -> NDArray[np.float32]:
    """``(256, 3)`` in [0, 1]: the chosen map, or the row's own hue throughout."""
    if by_hue:
        return np.tile(np.asarray(row.hue.rgb, dtype=np.float32) / 255.0, (256, 1))
    return colour_map(overlay.map_name)


def row_style(row: QueryRow, overlay: OverlayModel) -> tuple[float, float]:
    """Opacity and threshold of a row: its own, else those of all queries."""
    opacity = overlay.opacity if row.opacity is None else row.opacity
    threshold = overlay.threshold if row.threshold is None else row.threshold
    return opacity, threshold


def blended(
    alphas: Sequence[NDArray[np.float32]], colours: Sequence[tuple[int, int, int]]
) -> NDArray[np.uint32]:
    """Several fills as one premultiplied ARGB32 layer, whatever their order.

    What the fills together leave of the picture is the product of what each leaves; their colour
    is the mean of their colours weighted by their alphas.

    Parameters
    ----------
    alphas
        Of each fill, ``(rows, columns)`` in [0, 1].
    colours
        sRGB of each fill in [0, 255].
    """
    left, total = np.float32(1.0) - alphas[0], alphas[0].copy()
    for alpha in alphas[1:]:
        left *= np.float32(1.0) - alpha
        total += alpha
    opaque = np.float32(1.0) - left
    share = opaque / np.maximum(total, np.float32(1e-6))
    words: NDArray[np.uint32] = (opaque * np.float32(255.0) + np.float32(0.5)).astype(np.uint32)
    for channel in range(3):
        mixed = np.full_like(share, 0.5)
        for alpha, colour in zip(alphas, colours, strict=True):
            mixed += alpha * share * np.float32(colour[channel])
        words <<= np.uint32(8)
        words |= mixed.astype(np.uint32)
    return words


def drawn_rows(queries: QueryModel, heats: HeatModel) -> list[tuple[QueryRow, Heatmap]]:
    """Visible rows that have heat to draw; what the model abstained from is not drawn."""
    drawn = []
    for row in queries.rows:
        heatmap = heats.get(row.key)
        if row.visible and heatmap is not None and not heatmap.abstained:
            drawn.append((row, heatmap))
    return drawn


def filled_keys(rows: list[QueryRow], selected: str, overlay: OverlayModel) -> set[str]:
    """Rows drawn as filled heat: all by their hue, or one (the selected) in the colour map."""
    keys = [row.key for row in rows]
    if overlay.by_hue(len(keys)) or not keys:
        return set(keys)
    return {selected if selected in keys else keys[-1]}


def outline_contour(frame: PlaneFrame, position: int, outline: OutlineModel) -> Contour | None:
    """Line around the organ that is selected in the table."""
    if outline.shown is None:
        return None
    plane = grid_plane(*outline.shown, frame, position, _LINE_SAMPLES)
    return _contour(plane, frame, LEVEL, _OUTLINE_RGB, outline.label)


def heat_overlay(
    frame: PlaneFrame, position: int, queries: QueryModel, heats: HeatModel, overlay: OverlayModel
) -> PaneOverlay:
    """Heat and lines of all visible queries over one slice."""
    if not overlay.visible:
        return PaneOverlay()
    drawn = drawn_rows(queries, heats)
    filled = filled_keys([row for row, _ in drawn], queries.selected, overlay)
    lines = tuple(
        _heat_line(row, heatmap, frame, position, overlay)
        for row, heatmap in drawn
        if row.key not in filled or len(filled) > 1
    )
    fills = [
        (row, heat_plane(heatmap, frame, position)) for row, heatmap in drawn if row.key in filled
    ]
    if len(fills) > 1:
        return PaneOverlay((_blended_fills(fills, overlay),), lines)
    by_hue = overlay.by_hue(len(drawn))
    layers = []
    for row, plane in fills:
        lut = overlay_lut(row_colours(row, overlay, by_hue=by_hue), *row_style(row, overlay))
        layers.append(premultiplied(lut).take(_steps(plane)))
    return PaneOverlay(tuple(layers), lines)


def _blended_fills(
    fills: list[tuple[QueryRow, NDArray[np.float32]]], overlay: OverlayModel
) -> NDArray[np.uint32]:
    alphas = []
    for row, plane in fills:
        lut = overlay_lut(row_colours(row, overlay, by_hue=True), *row_style(row, overlay))
        alpha = lut[:, 3].astype(np.float32) / np.float32(255.0)
        alphas.append(alpha.take(_steps(plane)))
    return blended(alphas, [row.hue.rgb for row, _ in fills])


def _steps(plane: NDArray[np.float32]) -> NDArray[np.uint8]:
    steps: NDArray[np.uint8] = (plane * np.float32(255.0) + np.float32(0.5)).astype(np.uint8)
    return steps


def _heat_line(
    row: QueryRow, heatmap: Heatmap, frame: PlaneFrame, position: int, overlay: OverlayModel
) -> Contour:
    level = max(row_style(row, overlay)[1], _LOWEST_LINE)
    plane = grid_plane(heatmap.values, heatmap.interpolation, frame, position, _LINE_SAMPLES)
    return _contour(plane, frame, level, row.hue.rgb, str(row.hue.number))


def _contour(
    plane: NDArray[np.float32],
    frame: PlaneFrame,
    level: float,
    rgb: tuple[int, int, int],
    label: str,
) -> Contour:
    """Line of equal heat, in image pixels; a ragged one is drawn more coarsely."""
    pieces = contour_segments(plane, level)
    scale = np.asarray(frame.shape) / np.asarray(plane.shape)
    if len(pieces) > _MOST_PIECES:
        rows, columns = (n // 2 for n in plane.shape)
        halves = plane[: 2 * rows, : 2 * columns].reshape(rows, 2, columns, 2)
        pieces, scale = contour_segments(halves.max(axis=(1, 3)), level), 2.0 * scale
    segments = (pieces + 0.5) * np.tile(scale, 2) - 0.5
    return Contour(segments.astype(np.float32), rgb, label)


def legend(queries: QueryModel, heats: HeatModel, overlay: OverlayModel) -> Legend:
    """What the colours mean; empty while nothing is drawn."""
    rows = [row for row, _ in drawn_rows(queries, heats)]
    if not overlay.visible or not rows:
        return Legend()
    filled, by_hue = filled_keys(rows, queries.selected, overlay), overlay.by_hue(len(rows))
    keys = tuple(
        LegendKey(row.hue.number, row.text, row.hue.rgb, row.key in filled) for row in rows
    )
    if len(filled) > 1:
        return Legend(None, keys)
    row = next(row for row in rows if row.key in filled)
    table = np.rint(row_colours(row, overlay, by_hue=by_hue) * 255.0).astype(np.uint8)
    bar = ColourBar(row.text, table, row_style(row, overlay)[1])
    return Legend(bar, tuple(key for key in keys if not key.filled))
