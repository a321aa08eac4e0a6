"""Signs of the states of a scan: each has a shape of its own, the colour only repeats it."""

from __future__ import annotations

from functools import lru_cache

from qtpy.QtCore import QPointF, QRectF, Qt
from qtpy.QtGui import QColor, QIcon, QPainter, QPainterPath, QPen, QPixmap

# Each reaches a contrast of 3 : 1 on white and on a dark panel (WCAG 2.2, 1.4.11).
COLOURS = {
    "new": "#808a99",
    "accepted": "#2e9e5b",
    "rejected": "#e0564b",
    "unsure": "#b98200",
    "unreadable": "#b98200",
}
_SIDE = 16
_SCALES = (1, 2)


@lru_cache(maxsize=len(COLOURS))
def status_icon(status: str) -> QIcon:
    """Ring (new), check mark, cross, question mark, or a warning triangle (unreadable)."""
    icon = QIcon()
    for scale in _SCALES:
        pixmap = QPixmap(_SIDE * scale, _SIDE * scale)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(scale, scale)
        pen = QPen(QColor(COLOURS[status]), 2.0)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        _draw(painter, status)
        painter.end()
        pixmap.setDevicePixelRatio(scale)
        icon.addPixmap(pixmap)
    return icon


def _draw(painter: QPainter, status: str) -> None:
    """In a square of 16 units."""
    if status == "new":
        painter.drawEllipse(QPointF(8, 8), 4.5, 4.5)
    elif status == "accepted":
        painter.drawPolyline([QPointF(3, 8.5), QPointF(6.5, 12), QPointF(13, 4.5)])
    elif status == "rejected":
        painter.drawLine(QPointF(4, 4), QPointF(12, 12))
        painter.drawLine(QPointF(12, 4), QPointF(4, 12))
    elif status == "unsure":
        curve = QPainterPath(QPointF(5, 5.5))
        curve.arcTo(QRectF(5, 2.5, 6, 6), 180, -225)
        curve.lineTo(8, 9.8)
        painter.drawPath(curve)
        painter.drawPoint(QPointF(8, 13.2))
    else:
        painter.drawPolygon([QPointF(8, 2.5), QPointF(14, 13.5), QPointF(2, 13.5)])
        painter.drawLine(QPointF(8, 7), QPointF(8, 9.5))
        painter.drawPoint(QPointF(8, 11.7))
