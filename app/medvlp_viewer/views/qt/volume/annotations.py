"""What is drawn over the 3D picture: letters, axes, crosshair, scale bar, texts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from medvlp_viewer.models.camera import Camera
from medvlp_viewer.views.pane import PaneSetup, PaneText
from medvlp_viewer.views.qt.annotations import Annotations, draw_annotations
from medvlp_viewer.views.qt.painting import draw_line, draw_text, fitted
from medvlp_viewer.views.qt.theme import ON_PICTURE
from medvlp_viewer.views.volume import SurfaceKey, VolumeText

_AXES = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
_NAMES = "LPS"
_ARM = 26.0
_CORNER = QPointF(52.0, -52.0)
_CROSS = 9.0
_MARGIN = 10.0


def draw_volume_annotations(
    painter: QPainter, area: QRectF, text: VolumeText, *, annotated: bool
) -> None:
    """Draw everything; the letters come from the camera, as those of the slices from the affine."""
    camera = text.camera
    scale = area.height() / (2.0 * camera.half_height)
    setup = PaneSetup("coronal", "", (1, 1), 1, (1.0, 1.0), "mm", camera.letters)
    state = Annotations(setup, text=PaneText(top_left=text.lines), shown=annotated)
    draw_annotations(painter, area, state, scale)
    if text.crosshair is not None:
        at = QPointF(*camera.on_screen(text.crosshair, area.width(), area.height()))
        for arm in (QPointF(_CROSS, 0.0), QPointF(0.0, _CROSS)):
            draw_line(painter, at - arm, at + arm, ON_PICTURE.crosshair, 1.4)
    if annotated:
        _draw_axes(painter, area.bottomLeft() + _CORNER, camera)
        _draw_keys(painter, area, text.keys)


def _draw_keys(painter: QPainter, area: QRectF, keys: Sequence[SurfaceKey]) -> None:
    """A filled square and words for every surface, at the upper right."""
    metrics = QFontMetricsF(painter.font())
    y = area.top() + _MARGIN + metrics.ascent()
    for key in keys:
        words = fitted(painter, key.label, area.width() / 2 - 5 * _MARGIN)
        x = area.right() - _MARGIN - metrics.horizontalAdvance(words)
        draw_text(painter, x, y, words, ON_PICTURE.text)
        painter.setPen(QPen(QColor(0, 0, 0), 1.0))
        painter.setBrush(QColor(*key.rgb))
        painter.drawRect(QRectF(x - 17.0, y - 10.0, 10.0, 10.0))
        y += metrics.lineSpacing() + 2.0


def _draw_axes(painter: QPainter, origin: QPointF, camera: Camera) -> None:
    """The patient's left, back and head as arrows; those that point away are thin and dark."""
    arms = []
    for name, axis in zip(_NAMES, _AXES, strict=True):
        vector = np.asarray(axis)
        tip = QPointF(float(vector @ camera.right), -float(vector @ camera.up)) * _ARM
        arms.append((float(vector @ camera.direction), name, tip))
    for depth, name, tip in sorted(arms, reverse=True):
        near = depth < 0.05
        draw_line(painter, origin, origin + tip, ON_PICTURE.letters, 2.2 if near else 1.0)
        if tip.manhattanLength() > _ARM * 0.3:
            painter.setPen(QPen(QColor(ON_PICTURE.letters)))
            place = origin + tip * 1.35 + QPointF(-4.0, 4.0)
            draw_text(painter, place.x(), place.y(), name, ON_PICTURE.letters)
