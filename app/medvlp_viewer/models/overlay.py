"""From heat to what is drawn over one pane. Pure functions."""

from __future__ import annotations

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
from medvlp_widgets.models.overlay import BY_QUERY, OverlayModel
from medvlp_widgets.models.queries import QueryModel, QueryRow

# A line at zero would surround the whole picture.
_LOWEST_LINE = 0.05
_OUTLINE_RGB = (255, 255, 255)
# Cells are several pixels wide: more samples would not move a line visibly.
_LINE_SAMPLES = 128


@dataclass(frozen=True, eq=False)
class Contour:
    """A line over a pane: ``segments`` ``(n, 4)`` in image pixels (row, column, row, column)."""

    segments: NDArray[np.float32]
    rgb: tuple[int, int, int]
    label: str


@dataclass(frozen=True, eq=False)
class PaneOverlay:
    """What lies over one slice: filled layers (premultiplied ARGB32) and lines."""

    layers: tuple[NDArray[np.uint32], ...] = ()
    contours: tuple[Contour, ...] = ()


@dataclass(frozen=True)
class ColourBar:
    """The legend of the filled heat: ``table`` ``(256, 3)`` RGB, cold to hot."""

    label: str
    table: NDArray[np.uint8]
    threshold: float


def premultiplied(table: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """``(256, 4)`` RGBA to the 0xAARRGGBB words, premultiplied, that QImage draws fastest."""
    alpha = table[:, 3:].astype(np.uint32)
    colours = (table[:, :3] * alpha + 127) // 255
    words: NDArray[np.uint32] = np.concatenate([colours, alpha], axis=1).astype(np.uint32)
    return words @ np.array([1 << 16, 1 << 8, 1, 1 << 24], dtype=np.uint32)


def row_colours(row: QueryRow, overlay: OverlayModel) -> NDArray[np.float32]:
    """``(256, 3)`` in [0, 1]: the chosen map, or the row's own hue throughout."""
    if overlay.colour_map == BY_QUERY:
        return np.tile(np.asarray(row.hue.rgb, dtype=np.float32) / 255.0, (256, 1))
    return colour_map(overlay.colour_map)


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
    if overlay.colour_map == BY_QUERY or not keys:
        return set(keys)
    return {selected if selected in keys else keys[-1]}


def outline_contour(frame: PlaneFrame, position: int, outline: OutlineModel) -> Contour | None:
    """Line around the organ that is selected in the table."""
    if outline.shown is None:
        return None
    plane = grid_plane(*outline.shown, frame, position, _LINE_SAMPLES)
    return _contour(plane, frame, LEVEL, _OUTLINE_RGB, outline.chosen)


def heat_overlay(
    frame: PlaneFrame, position: int, queries: QueryModel, heats: HeatModel, overlay: OverlayModel
) -> PaneOverlay:
    """Heat and lines of all visible queries over one slice."""
    if not overlay.visible:
        return PaneOverlay()
    drawn = drawn_rows(queries, heats)
    filled = filled_keys([row for row, _ in drawn], queries.selected, overlay)
    layers, contours = [], []
    for row, heatmap in drawn:
        if row.key in filled:
            plane = heat_plane(heatmap, frame, position)
            lut = overlay_lut(row_colours(row, overlay), overlay.opacity, overlay.threshold)
            layers.append(premultiplied(lut).take(np.rint(plane * 255.0).astype(np.uint8)))
        else:
            level = max(overlay.threshold, _LOWEST_LINE)
            grid = heatmap.values, heatmap.interpolation
            plane = grid_plane(*grid, frame, position, _LINE_SAMPLES)
            contours.append(_contour(plane, frame, level, row.hue.rgb, str(row.hue.number)))
    return PaneOverlay(tuple(layers), tuple(contours))


def _contour(
    plane: NDArray[np.float32],
    frame: PlaneFrame,
    level: float,
    rgb: tuple[int, int, int],
    label: str,
) -> Contour:
    """Line of equal heat, in image pixels."""
    scale = np.asarray(frame.shape) / np.asarray(plane.shape)
    segments = (contour_segments(plane, level) + 0.5) * np.tile(scale, 2) - 0.5
    return Contour(segments.astype(np.float32), rgb, label)


def colour_bar(queries: QueryModel, heats: HeatModel, overlay: OverlayModel) -> ColourBar | None:
    """Legend of the filled heat, when one map stands for it."""
    rows = [row for row, _ in drawn_rows(queries, heats)]
    filled = filled_keys(rows, queries.selected, overlay)
    if not overlay.visible or len(filled) != 1:
        return None
    row = next(row for row in rows if row.key in filled)
    table = np.rint(row_colours(row, overlay) * 255.0).astype(np.uint8)
    return ColourBar(row.text, table, overlay.threshold)
