"""PNG overlays: the scan in grey, the heat in colour, and everything a reader needs burnt in.

Burnt in: query, answer, orientation letters, position of each plane, colour bar, research notice.
Never burnt in: anything that identifies the patient (a :class:`~medvlp.scan.Scan` holds nothing).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from medvlp import RESEARCH_NOTICE
from medvlp.export.colours import heat_colours
from medvlp.export.panes import Pane, panes_at_peak
from medvlp.export.staging import staged
from medvlp.scan import Scan

if TYPE_CHECKING:
    from PIL import Image, ImageDraw

    from medvlp.grounding.heatmap import Heatmap

MARGIN = 8
HEADER = 52
FOOTER = 44
OPACITY = 0.65
# Pixels of a pane's longer side: alone, or one of three.
LONE_SIZE, SHARED_SIZE = 768, 448
# (level, width) in HU.
SOFT_TISSUE, LUNG = (40.0, 400.0), (-600.0, 1500.0)
_WHITE, _GREY, _BLACK = (255, 255, 255), (170, 170, 170), (0, 0, 0)


def write_png(heatmap: Heatmap, scan: Scan, path: Path) -> None:
    """Write :func:`overlay` as PNG."""
    with staged(path) as temporary:
        overlay(heatmap, scan).save(temporary, format="PNG")


def overlay(heatmap: Heatmap, scan: Scan) -> Image.Image:
    """Picture of the panes through the hottest point, with header and footer, RGB."""
    from PIL import Image, ImageDraw

    panes = panes_at_peak(scan, heatmap)
    size = LONE_SIZE if len(panes) == 1 else SHARED_SIZE
    window = display_window(scan, heatmap)
    pictures = [_draw_pane(pane, window, size) for pane in panes]
    width = max(sum(p.width + MARGIN for p in pictures) + MARGIN, 480)
    height = HEADER + max(p.height for p in pictures) + FOOTER
    canvas = Image.new("RGB", (width, height), _BLACK)
    left = MARGIN
    for picture in pictures:
        canvas.paste(picture, (left, HEADER))
        left += picture.width + MARGIN
    draw = ImageDraw.Draw(canvas)
    _draw_header(draw, heatmap, width)
    _draw_footer(canvas, draw)
    return canvas


def display_window(scan: Scan, heatmap: Heatmap) -> tuple[float, float]:
    """(level, width): the file's own, or lung or soft tissue by the HU around the hottest point."""
    if scan.window is not None:
        return scan.window
    if scan.intensity == "normalised":
        return (0.5, 1.0)
    peak = heatmap.peak_index or tuple(n // 2 for n in scan.array.shape)
    reach = [max(1, round(10.0 / s)) for s in scan.geometry.spacing]
    near = tuple(slice(max(0, p - r), p + r + 1) for p, r in zip(peak, reach, strict=True))
    return LUNG if np.median(np.asarray(scan.array[near], np.float32)) < -300.0 else SOFT_TISSUE


def blend(
    image: NDArray[np.floating], heat: NDArray[np.floating], window: tuple[float, float]
) -> NDArray[np.uint8]:
    """``(height, width, 3)``: windowed grey under heat whose opacity grows with its value."""
    level, width = window
    grey = np.clip((image - (level - width / 2)) / width, 0.0, 1.0)[..., None] * 255.0
    value = np.clip(heat, 0.0, 1.0)
    alpha = OPACITY * value[..., None]
    colour = heat_colours()[np.round(value * 255).astype(np.uint8)]
    return np.round(grey * (1.0 - alpha) + colour * alpha).astype(np.uint8)


def _draw_pane(pane: Pane, window: tuple[float, float], size: int) -> Image.Image:
    from PIL import Image, ImageDraw

    height, width = (n * s for n, s in zip(pane.image.shape, pane.spacing, strict=True))
    scale = size / max(height, width)
    shape = (max(1, round(width * scale)), max(1, round(height * scale)))
    image, heat = (
        np.asarray(Image.fromarray(np.ascontiguousarray(a, np.float32)).resize(shape, method))
        for a, method in (
            (pane.image, Image.Resampling.BICUBIC),
            (pane.heat, Image.Resampling.BILINEAR),
        )
    )
    picture = Image.fromarray(blend(image, heat, window))
    draw = ImageDraw.Draw(picture)
    _mark_peak(draw, pane, shape)
    _draw_letters(draw, pane, shape)
    return picture


def _mark_peak(draw: ImageDraw.ImageDraw, pane: Pane, shape: tuple[int, int]) -> None:
    """An open ring with four ticks: it hides neither the finding nor its colour."""
    if pane.peak is None:
        return
    x = (pane.peak[1] + 0.5) / pane.image.shape[1] * shape[0]
    y = (pane.peak[0] + 0.5) / pane.image.shape[0] * shape[1]
    for colour, width in ((_BLACK, 3), (_WHITE, 1)):
        draw.ellipse((x - 9, y - 9, x + 9, y + 9), outline=colour, width=width)
        for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            line = (x + 9 * dx, y + 9 * dy, x + 15 * dx, y + 15 * dy)
            draw.line(line, fill=colour, width=width)


def _draw_letters(draw: ImageDraw.ImageDraw, pane: Pane, shape: tuple[int, int]) -> None:
    width, height = shape
    places = (
        (width / 2, 4, "ma"),
        (width / 2, height - 4, "md"),
        (6, height / 2, "lm"),
        (width - 6, height / 2, "rm"),
    )
    for letter, (x, y, anchor) in zip(pane.letters, places, strict=True):
        _write(draw, (x, y), letter, 18, anchor)
    if pane.title:
        _write(draw, (6, 4), pane.title, 13, "la")


def _draw_header(draw: ImageDraw.ImageDraw, heatmap: Heatmap, width: int) -> None:
    if heatmap.abstained:
        answer = f"not sure: {heatmap.reason}"
    else:
        answer = f"probability {heatmap.probability:.2f}"
    _write(draw, (MARGIN, 6), _fitted(draw, heatmap.query.text, 18, width), 18, "la")
    _write(draw, (MARGIN, 30), _fitted(draw, answer, 14, width), 14, "la", _GREY)


def _draw_footer(canvas: Image.Image, draw: ImageDraw.ImageDraw) -> None:
    """Colour bar at the left, research notice at the right."""
    from PIL import Image

    top = canvas.height - FOOTER + 14
    bar = np.repeat(heat_colours()[None, ::2], 12, axis=0)
    canvas.paste(Image.fromarray(np.ascontiguousarray(bar)), (MARGIN + 14, top))
    _write(draw, (MARGIN, top + 6), "0", 13, "lm", _GREY)
    _write(draw, (MARGIN + 14 + bar.shape[1] + 6, top + 6), "1 heat", 13, "lm", _GREY)
    _write(draw, (canvas.width - MARGIN, top + 6), RESEARCH_NOTICE, 13, "rm")


def _fitted(draw: ImageDraw.ImageDraw, text: str, size: int, width: int) -> str:
    """One line of printable text that fits the picture, with an ellipsis if it had to be cut."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    room = width - 2 * MARGIN
    if draw.textlength(line, font=_font(size)) <= room:
        return line
    while line and draw.textlength(line + "…", font=_font(size)) > room:
        line = line[:-1]
    return line + "…"


def _write(
    draw: ImageDraw.ImageDraw,
    at: tuple[float, float],
    text: str,
    size: int,
    anchor: str,
    colour: tuple[int, int, int] = _WHITE,
) -> None:
    font = _font(size)
    draw.text(at, text, fill=colour, font=font, anchor=anchor, stroke_width=2, stroke_fill=_BLACK)


def _font(size: int):  # type: ignore[no-untyped-def]  # Pillow's own union of two font classes
    from PIL import ImageFont

    return ImageFont.load_default(size)
