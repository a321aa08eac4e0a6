"""Short tags beside lines of equal heat and organ outlines."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from medvlp_viewer.models.overlay import Contour
from medvlp_widgets.translation import translate_name

Label = tuple[tuple[float, float], str, tuple[int, int, int]]
_PAD = 4.0


def contour_labels(contours: Sequence[Contour]) -> list[Label]:
    """For each line its topmost point (row, column), its text and its colour."""
    labels = []
    for contour in contours:
        if len(contour.segments) and contour.label:
            row, column = contour.segments[contour.segments[:, 0].argmin(), :2]
            labels.append(((float(row), float(column)), translate_name(contour.label), contour.rgb))
    return labels


def draw_labels(
    painter: QPainter,
    area: QRectF,
    labels: Sequence[Label],
    screen: Callable[[float, float], QPointF],
) -> None:
    """Dark tags with text in the colour of the line."""
    metrics = QFontMetricsF(painter.font())
    for where, text, rgb in labels:
        point = screen(*where)
        width = metrics.horizontalAdvance(text) + 2 * _PAD
        box = QRectF(0.0, 0.0, width, metrics.height())
        box.moveCenter(point - QPointF(0.0, metrics.height() / 2 + 2.0))
        if not area.contains(box):
            continue
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0, 0, 0, 190))
        painter.drawRoundedRect(box, 3.0, 3.0)
        painter.setPen(QColor(*rgb))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
