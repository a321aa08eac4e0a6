"""Vertical slider through the slices, with the heat of every slice drawn along it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from medvlp_viewer.views.qt.theme import THEME

_INSET = 8.0


class SliceSlider(QWidget):
    """First slice at the top. Signals ``chosen(int)`` with the slice that the user asked for."""

    chosen = Signal(int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._n = 1
        self._position = 0
        self._profile: NDArray[np.float32] | None = None
        self._rgb: tuple[int, int, int] | None = None
        self._drawn = QPixmap()
        # It fills its whole rectangle: nothing below needs to be painted first.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        THEME.changed.connect(self._draw_anew)
        self.setAccessibleName(f"Slice slider, {name}")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def set_count(self, n: int) -> None:
        """Number of slices."""
        self._n, self._profile, self._drawn = n, None, QPixmap()
        self.update()

    def set_position(
        self,
        position: int,
        profile: NDArray[np.float32] | None,
        rgb: tuple[int, int, int] | None = None,
    ) -> None:
        """Mark a slice; ``profile`` holds one heat in [0, 1] per slice, drawn in a colour."""
        if profile is not self._profile or rgb != self._rgb:
            self._profile, self._rgb, self._drawn = profile, rgb, QPixmap()
        self._position = position
        self.setAccessibleDescription(f"slice {position + 1} of {self._n}")
        self.update()

    def sizeHint(self) -> QSize:
        """A strip."""
        return QSize(30, 120)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Jump to the slice under the pointer."""
        self._choose_at(event.position().y())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag through the slices."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._choose_at(event.position().y())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow and page keys step, Home and End go to the ends."""
        steps: dict[int, int] = {
            Qt.Key.Key_Up: self._position - 1,
            Qt.Key.Key_Down: self._position + 1,
            Qt.Key.Key_PageUp: self._position - 10,
            Qt.Key.Key_PageDown: self._position + 10,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: self._n - 1,
        }
        if event.key() in steps:
            self.chosen.emit(min(self._n - 1, max(0, steps[event.key()])))
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The profile is drawn anew."""
        super().resizeEvent(event)
        self._draw_anew()

    def _draw_anew(self) -> None:
        self._drawn = QPixmap()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Track, profile, handle."""
        painter = QPainter(self)
        if self._drawn.isNull():
            self._drawn = self._draw_track()
        painter.drawPixmap(0, 0, self._drawn)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        y = self._y(self._position)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(THEME.accent if self.hasFocus() else THEME.text))
        painter.drawRoundedRect(QRectF(2.0, y - 1.5, self.width() - 4.0, 3.0), 1.5, 1.5)

    def _draw_track(self) -> QPixmap:
        """What stays while slices are scrolled: a curve of many points takes milliseconds."""
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap(self.size() * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(QColor(THEME.window))
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        right = self.width() - 5.0
        painter.setPen(QPen(QColor(THEME.hover), 2.0))
        painter.drawLine(QPointF(right, _INSET), QPointF(right, self.height() - _INSET))
        if self._profile is not None and len(self._profile) == self._n > 1:
            self._draw_profile(painter, right, self._profile)
        painter.end()
        return pixmap

    def _draw_profile(self, painter: QPainter, right: float, profile: NDArray[np.float32]) -> None:
        room = right - 4.0
        curve = [QPointF(right - room * v, self._y(i)) for i, v in enumerate(profile.tolist())]
        ends = QPointF(right, curve[0].y()), QPointF(right, curve[-1].y())
        colour = QColor(*self._rgb) if self._rgb is not None else QColor(THEME.warning)
        fill = QColor(colour)
        fill.setAlpha(110)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawPolygon(QPolygonF([ends[0], *curve, ends[1]]))
        painter.setPen(QPen(colour, 1.2))
        painter.drawPolyline(QPolygonF(curve))

    def _y(self, position: int) -> float:
        return _INSET + position / max(1, self._n - 1) * (self.height() - 2 * _INSET)

    def _choose_at(self, y: float) -> None:
        share = (y - _INSET) / max(1.0, self.height() - 2 * _INSET)
        self.chosen.emit(round(min(1.0, max(0.0, share)) * (self._n - 1)))
