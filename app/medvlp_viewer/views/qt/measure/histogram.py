"""Histogram of grey values with the window drawn into it."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QKeyEvent,
    QLinearGradient,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from medvlp.scan import Intensity
from medvlp_viewer.models.histogram import Histogram
from medvlp_viewer.models.window import Window
from medvlp_viewer.views.qt.theme import THEME
from medvlp_widgets.translation import translate

_INSET = 6.0
_AXIS = 18.0
_RAMP = 6.0
_REACH = 7.0


class HistogramPlot(QWidget):
    """Bars of square-rooted counts; the grey ramp below shows what the window makes of the values.

    Dragging an edge of the window sets its width, dragging between the edges its level; the arrow
    keys do both.

    Signals
    -------
    window_chosen(object)
        :class:`Window`.
    """

    window_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._values: Histogram | None = None
        self._intensity: Intensity = "HU"
        self._window = Window(40.0, 400.0)
        self._dragged = ""
        self._from = 0.0
        self._started = self._window
        self.setAccessibleName("Histogram with the window")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setToolTip("Drag the edges of the window for its width, between them for its level")

    def show_values(self, values: Histogram | None, intensity: Intensity) -> None:
        """Show a histogram, or none."""
        self._values, self._intensity = values, intensity
        if values is not None and values.count:
            self.setAccessibleDescription(
                f"{values.count} values from {self._text(values.low)} to {self._text(values.high)}, "
                f"mean {self._text(values.mean)}"
            )
        self.update()

    def show_window(self, window: Window) -> None:
        """Draw the window."""
        if window != self._window:
            self._window = window
            self.update()

    def sizeHint(self) -> QSize:
        """A strip."""
        return QSize(240, 132)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Bars, window, axis."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(THEME.window))
        values = self._values
        if values is None or values.count == 0:
            painter.setPen(QColor(THEME.muted))
            centre = Qt.AlignmentFlag.AlignCenter
            painter.drawText(self.rect(), centre, translate("No values to count"))
            return
        self._draw_bars(painter, values)
        self._draw_window(painter)
        self._draw_axis(painter, values)
        if self.hasFocus():
            painter.setPen(QColor(THEME.accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of an edge or of the whole window."""
        if event.button() == Qt.MouseButton.LeftButton and self._values is not None:
            self._dragged = self._part_at(event.position().x())
            self._from, self._started = event.position().x(), self._window

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Set the window."""
        x = event.position().x()
        if not event.buttons() & Qt.MouseButton.LeftButton:
            edge = self._part_at(x) in ("low", "high")
            shapes = Qt.CursorShape
            self.setCursor(shapes.SizeHorCursor if edge else shapes.ArrowCursor)
        elif self._dragged and self._values is not None:
            moved = (x - self._from) / self._area().width() * self._span()
            self._choose(self._dragged, moved, self._started)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right move the level, up and down the width, by a twentieth of the width."""
        step = self._window.width / 20.0
        level, width = self._window.level, self._window.width
        windows: dict[int, Window] = {
            Qt.Key.Key_Left: Window(level - step, width),
            Qt.Key.Key_Right: Window(level + step, width),
            Qt.Key.Key_Up: Window(level, width + step),
            Qt.Key.Key_Down: Window(level, width - step),
        }
        if event.key() in windows:
            self.window_chosen.emit(windows[event.key()])
        else:
            super().keyPressEvent(event)

    def _choose(self, part: str, moved: float, start: Window) -> None:
        if part == "middle":
            self.window_chosen.emit(Window(start.level + moved, start.width))
            return
        low, high = start.level - start.width / 2, start.level + start.width / 2
        low, high = (low + moved, high) if part == "low" else (low, high + moved)
        if high > low:
            self.window_chosen.emit(Window((low + high) / 2, high - low))

    def _draw_bars(self, painter: QPainter, values: Histogram) -> None:
        area = self._area()
        heights = np.sqrt(values.counts / max(1, int(values.counts.max())))
        width = area.width() / len(heights)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(THEME.muted))
        for i, height in enumerate(heights.tolist()):
            if height > 0.0:
                tall = max(1.0, height * area.height())
                painter.drawRect(
                    QRectF(area.left() + i * width, area.bottom() - tall, width + 0.3, tall)
                )

    def _draw_window(self, painter: QPainter) -> None:
        area = self._area()
        low, high = self._edges()
        shade = QColor(THEME.accent)
        shade.setAlpha(40)
        inside = QRectF(QPointF(low, area.top()), QPointF(high, area.bottom()))
        painter.fillRect(inside.intersected(area), shade)
        ramp = QRectF(area.left(), area.bottom() + 1.0, area.width(), _RAMP)
        gradient = QLinearGradient(QPointF(low, 0.0), QPointF(max(high, low + 0.1), 0.0))
        gradient.setColorAt(0.0, QColor("black"))
        gradient.setColorAt(1.0, QColor("white"))
        painter.fillRect(ramp, gradient)
        painter.setPen(QPen(QColor(THEME.accent), 1.6))
        for x in (low, high):
            if area.left() <= x <= area.right():
                painter.drawLine(QPointF(x, area.top()), QPointF(x, ramp.bottom()))

    def _draw_axis(self, painter: QPainter, values: Histogram) -> None:
        area = self._area()
        metrics = QFontMetricsF(painter.font())
        baseline = self.height() - 4.0
        unit = " HU" if self._intensity == "HU" else ""
        left, right = self._text(values.low), self._text(values.high) + unit
        middle = translate(f"mean {self._text(values.mean)},  n {values.count:,}")
        painter.setPen(QColor(THEME.muted))
        painter.drawText(QPointF(area.left(), baseline), left)
        end = area.right() - metrics.horizontalAdvance(right)
        painter.drawText(QPointF(end, baseline), right)
        painter.setPen(QColor(THEME.text))
        start = area.center().x() - metrics.horizontalAdvance(middle) / 2
        painter.drawText(QPointF(start, baseline), middle)

    def _area(self) -> QRectF:
        return QRectF(self.rect()).adjusted(_INSET, _INSET, -_INSET, -_INSET - _AXIS - _RAMP)

    def _span(self) -> float:
        return self._values.high - self._values.low if self._values is not None else 1.0

    def _edges(self) -> tuple[float, float]:
        """Where the window's ends lie, in pixels of the widget."""
        area, window = self._area(), self._window
        low = self._values.low if self._values is not None else 0.0
        ends = (window.level - window.width / 2, window.level + window.width / 2)
        first, last = (area.left() + (v - low) / self._span() * area.width() for v in ends)
        return first, last

    def _part_at(self, x: float) -> str:
        low, high = self._edges()
        if abs(x - high) <= _REACH:
            return "high"
        if abs(x - low) <= _REACH:
            return "low"
        return "middle" if low < x < high else ""

    def _text(self, value: float) -> str:
        if math.isnan(value):
            return ""
        text = f"{value:.0f}" if self._intensity == "HU" else f"{value:.2f}"
        return text.replace("-", "\N{MINUS SIGN}")
