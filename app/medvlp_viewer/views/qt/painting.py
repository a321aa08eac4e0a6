"""Small drawings that the panes share."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF

_SHADOW = QColor(0, 0, 0, 210)


def draw_text(painter: QPainter, x: float, baseline: float, text: str, colour: str) -> None:
    """Text that stays readable on bright and on dark pictures."""
    painter.setPen(_SHADOW)
    for dx, dy in ((-1, 0), (1, 0), (0, -1), (0, 1), (1, 1)):
        painter.drawText(QPointF(x + dx, baseline + dy), text)
    painter.setPen(QColor(colour))
    painter.drawText(QPointF(x, baseline), text)


def draw_line(painter: QPainter, a: QPointF, b: QPointF, colour: str, width: float = 1.0) -> None:
    """Line with a dark border."""
    painter.setPen(QPen(_SHADOW, width + 2.0))
    painter.drawLine(a, b)
    painter.setPen(QPen(QColor(colour), width))
    painter.drawLine(a, b)


def draw_peak_mark(painter: QPainter, centre: QPointF, colour: str) -> None:
    """Four corner brackets around a spot, which do not hide it."""
    size, arm = 11.0, 5.0
    for sx in (-1.0, 1.0):
        for sy in (-1.0, 1.0):
            corner = centre + QPointF(sx * size, sy * size)
            bracket = QPolygonF(
                [corner - QPointF(0.0, sy * arm), corner, corner - QPointF(sx * arm, 0.0)]
            )
            for pen in (QPen(_SHADOW, 3.5), QPen(QColor(colour), 1.6)):
                painter.setPen(pen)
                painter.drawPolyline(bracket)


def nice_length(maximum: float) -> float:
    """Largest of 1, 2, 5 times a power of ten that is not above ``maximum``."""
    power = 10.0 ** int(f"{maximum:e}".split("e")[1])
    return next(f * power for f in (5.0, 2.0, 1.0) if f * power <= maximum * (1 + 1e-9))


def length_text(length: float, unit: str) -> str:
    """``"5 cm"``, ``"2 mm"``, ``"500 px"``."""
    if unit == "mm" and length >= 10:
        return f"{length / 10:g} cm"
    return f"{length:g} {unit}"


def scale_bar_length(area: QRectF, pixels_per_unit: float) -> float:
    """Length of the scale bar, in units of the picture."""
    return nice_length(min(170.0, area.width() / 3) / pixels_per_unit)


def draw_scale_bar(
    painter: QPainter, area: QRectF, pixels_per_unit: float, unit: str, colour: str
) -> None:
    """Bar of a round length, centred at the bottom of ``area``."""
    length = scale_bar_length(area, pixels_per_unit)
    half = length * pixels_per_unit / 2
    centre, y = area.center().x(), area.bottom() - 9.0
    draw_line(painter, QPointF(centre - half, y), QPointF(centre + half, y), colour, 1.5)
    for x in (centre - half, centre + half):
        draw_line(painter, QPointF(x, y - 4), QPointF(x, y + 4), colour, 1.5)
    text = length_text(length, unit)
    width = QFontMetricsF(painter.font()).horizontalAdvance(text)
    draw_text(painter, centre - width / 2, y - 8.0, text, colour)


def fitted(painter: QPainter, text: str, width: float) -> str:
    """Text shortened with an ellipsis."""
    metrics = QFontMetricsF(painter.font())
    return metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
