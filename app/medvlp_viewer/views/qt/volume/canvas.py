"""The 3D picture as an image in a plain widget: no native surface, so no trouble with one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from medvlp_viewer.views.qt.theme import ON_PICTURE
from medvlp_viewer.views.qt.volume.annotations import draw_volume_annotations
from medvlp_viewer.views.volume import VolumeText

# A drag across the height of the pane turns the patient half around.
_HALF_TURN = 3.14159265
_WHEEL_STEP = 120


class VolumeCanvas(QWidget):
    """Picture, letters and mouse of the 3D pane.

    Signals
    -------
    turned(float, float), moved(float, float), zoomed(float), resized(), maximise_requested(),
    activated()
        As in :class:`medvlp_viewer.views.volume.VolumeView`.
    """

    turned = Signal(float, float)
    moved = Signal(float, float)
    zoomed = Signal(float)
    resized = Signal()
    maximise_requested = Signal()
    activated = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setMinimumSize(160, 120)
        self.setAccessibleName("3D image")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._image = QImage()
        self._pixels: NDArray[np.uint8] | None = None
        self.text: VolumeText | None = None
        self.annotated = True
        self._last: QPointF | None = None

    @property
    def pixel_size(self) -> tuple[int, int]:
        """Width and height in pixels of the screen."""
        ratio = self.devicePixelRatioF()
        return round(self.width() * ratio), round(self.height() * ratio)

    def set_picture(self, picture: NDArray[np.uint8] | None) -> None:
        """Show ``(height, width, 3)`` RGB."""
        self._pixels = None if picture is None else np.ascontiguousarray(picture)
        self._image = QImage()
        if self._pixels is not None:
            height, width = self._pixels.shape[:2]
            form = QImage.Format.Format_RGB888
            self._image = QImage(self._pixels.data, width, height, 3 * width, form)
        self.update()

    @property
    def has_picture(self) -> bool:
        """Whether there is something to see."""
        return self._pixels is not None

    def paintEvent(self, event: QPaintEvent) -> None:
        """The picture, and what is written over it."""
        painter = QPainter(self)
        area = QRectF(self.rect())
        painter.fillRect(area, ON_PICTURE.canvas)
        if not self._image.isNull():
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(_fitted(self._image, area), self._image)
        if self.text is not None and self.has_picture:
            draw_volume_annotations(painter, area, self.text, annotated=self.annotated)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another size needs another picture."""
        super().resizeEvent(event)
        self.resized.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell which pane has the keyboard."""
        super().focusInEvent(event)
        self.activated.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a drag."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._last = event.position()
        self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Left drag turns, middle drag moves, right drag zooms, as in the slices."""
        if self._last is None:
            return
        step = (event.position() - self._last) / max(self.height(), 1)
        self._last = event.position()
        buttons = event.buttons()
        if buttons & Qt.MouseButton.LeftButton:
            self.turned.emit(step.x() * _HALF_TURN, step.y() * _HALF_TURN)
        elif buttons & Qt.MouseButton.MiddleButton:
            self.moved.emit(step.x(), step.y())
        elif buttons & Qt.MouseButton.RightButton:
            self.zoomed.emit(2.0 ** (-4.0 * step.y()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a drag."""
        self._last = None
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Maximise."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.maximise_requested.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom; there are no slices here."""
        self.zoomed.emit(1.2 ** (event.angleDelta().y() / _WHEEL_STEP))
        event.accept()


def _fitted(image: QImage, area: QRectF) -> QRectF:
    """The picture at the pane's height, which the camera fixes, whatever its width was."""
    width = image.width() * area.height() / max(image.height(), 1)
    return QRectF(area.center().x() - width / 2, area.top(), width, area.height())
