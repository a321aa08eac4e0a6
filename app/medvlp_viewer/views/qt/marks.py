"""Measurements on a picture: drawn in screen pixels, and found under the pointer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from math import hypot

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from medvlp_viewer.models.marks import Mark
from medvlp_viewer.views.qt.painting import draw_text
from medvlp_viewer.views.qt.theme import ON_PICTURE
from medvlp_widgets.translation import translate

ToScreen = Callable[[float, float], QPointF]
_SHADOW = QColor(0, 0, 0, 200)
_HANDLE = 4.0
_REACH = 8.0
_GAP = 10.0


def draw_marks(painter: QPainter, area: QRectF, marks: Sequence[Mark], screen: ToScreen) -> None:
    """Lines, handles, numbers and texts of all marks."""
    for mark in marks:
        points = [screen(*point) for point in mark.points]
        colour = ON_PICTURE.warning if mark.chosen else ON_PICTURE.measure
        for pen in (QPen(_SHADOW, 3.5), QPen(QColor(colour), 1.6)):
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            _draw_shape(painter, mark, points)
        painter.setPen(QPen(_SHADOW, 1.0))
        painter.setBrush(QColor(colour))
        for point in points:
            painter.drawEllipse(point, _HANDLE, _HANDLE)
        _write(painter, area, mark, points, colour)


def mark_at(marks: Sequence[Mark], screen: ToScreen, where: QPointF) -> tuple[int, int] | None:
    """Number of the mark under the pointer and which of its points; -1 for the line between."""
    for mark in reversed(marks):
        points = [screen(*point) for point in mark.points]
        distances = [_length(point - where) for point in points]
        nearest = min(range(len(points)), key=distances.__getitem__)
        if distances[nearest] <= _REACH:
            return mark.number, nearest
    for mark in reversed(marks):
        points = [screen(*point) for point in mark.points]
        if mark.kind in ("distance", "angle") and any(
            _distance_to_line(where, a, b) <= _REACH / 2 for a, b in pairwise(points)
        ):
            return mark.number, -1
    return None


def _draw_shape(painter: QPainter, mark: Mark, points: list[QPointF]) -> None:
    if mark.kind == "rectangle":
        painter.drawRect(QRectF(points[0], points[1]).normalized())
    elif mark.kind == "ellipse":
        painter.drawEllipse(QRectF(points[0], points[1]).normalized())
    else:
        painter.drawPolyline(points)


def _write(painter: QPainter, area: QRectF, mark: Mark, points: list[QPointF], colour: str) -> None:
    """Text at the right of the mark, moved inside the pane."""
    lines = [f"{mark.number}:  {mark.lines[0]}", *mark.lines[1:]] if mark.lines else []
    lines = [translate(line) for line in lines]
    if not lines:
        return
    metrics = QFontMetricsF(painter.font())
    width = max(metrics.horizontalAdvance(line) for line in lines)
    height = metrics.lineSpacing() * len(lines)
    right = max(point.x() for point in points)
    middle = sum(point.y() for point in points) / len(points)
    x = right + _GAP
    if x + width > area.right() - _GAP:
        x = min(point.x() for point in points) - _GAP - width
    x = max(area.left() + _GAP, min(x, area.right() - _GAP - width))
    y = max(area.top() + _GAP, min(middle - height / 2, area.bottom() - _GAP - height))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(0, 0, 0, 170))
    painter.drawRoundedRect(QRectF(x - 4.0, y - 2.0, width + 8.0, height + 4.0), 4.0, 4.0)
    for i, line in enumerate(lines):
        baseline = y + metrics.ascent() + i * metrics.lineSpacing()
        draw_text(painter, x, baseline, line, colour)


def _length(vector: QPointF) -> float:
    return hypot(vector.x(), vector.y())


def _distance_to_line(point: QPointF, a: QPointF, b: QPointF) -> float:
    along = b - a
    squared = QPointF.dotProduct(along, along)
    share = QPointF.dotProduct(point - a, along) / squared if squared else 0.0
    return _length(point - (a + along * min(1.0, max(0.0, share))))
