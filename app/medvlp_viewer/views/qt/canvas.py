"""The picture of one pane: zoom, pan and mouse on a QGraphicsView, without OpenGL."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFocusEvent,
    QImage,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsItem,
    QGraphicsPathItem,
    QGraphicsPixmapItem,
    QGraphicsScene,
    QGraphicsView,
)

from medvlp_viewer.models.overlay import Contour, PaneOverlay
from medvlp_viewer.views.base import PaneSetup
from medvlp_viewer.views.qt.annotations import Annotations, draw_annotations
from medvlp_viewer.views.qt.theme import ON_PICTURE

_CLICK_PIXELS = 4.0
_ZOOM_LIMITS = (0.25, 40.0)
_WHEEL_STEP = 120
# Screen pixels per picture pixel above which half the picture's resolution would be seen.
_RESOLVED = 0.55


class Canvas(QGraphicsView):
    """Shows a slice in scene coordinates of millimetres; pixel centres lie at half pixels.

    Signals
    -------
    scrolled(int), pointed(float, float), pointer_moved(object), window_dragged(float, float),
    detail_changed(bool), maximise_requested(), activated()
        As in :class:`medvlp_viewer.views.base.PaneView`.
    """

    scrolled = Signal(int)
    pointed = Signal(float, float)
    pointer_moved = Signal(object)
    window_dragged = Signal(float, float)
    detail_changed = Signal(bool)
    maximise_requested = Signal()
    activated = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setScene(QGraphicsScene(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setBackgroundBrush(QColor(ON_PICTURE.canvas))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.FullViewportUpdate)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setMinimumSize(160, 120)
        self.setAccessibleName(f"{name} image")
        self._picture = QGraphicsPixmapItem()
        self.scene().addItem(self._picture)
        self._heat: list[QGraphicsItem] = []
        self._state = Annotations()
        self._crosshair: tuple[float, float] | None = None
        self._peaks: list[tuple[float, float]] = []
        self._smooth = True
        self._image = QImage()
        self._grey: NDArray[np.uint8] | None = None
        self._thinning = 0
        self._detailed: bool | None = None
        self._zoom = 1.0
        self._centre = QPointF()
        self._pressed: QPointF | None = None
        self._last = QPointF()
        self._dragging = False
        self._wheel = 0

    # What is shown

    def set_up(self, setup: PaneSetup | None) -> None:
        """Prepare for another scan."""
        self._state = Annotations(setup, shown=self._state.shown)
        self._crosshair, self._peaks = None, []
        self._image, self._grey, self._detailed = QImage(), None, None
        self._picture.setPixmap(QPixmap())
        self.set_overlay(PaneOverlay())
        self.fit()

    def set_image(self, grey: NDArray[np.uint8]) -> None:
        """Show a slice."""
        rows, columns = grey.shape
        image = QImage(grey.data, columns, rows, grey.strides[0], QImage.Format.Format_Grayscale8)
        self._image, self._grey = image, grey  # the image refers to the array's memory
        self._thinning = 0
        self._thin()

    def set_overlay(self, overlay: PaneOverlay) -> None:
        """Show heat and lines over the slice."""
        for item in self._heat:
            self.scene().removeItem(item)
        self._heat = [self._layer(layer) for layer in overlay.layers]
        self._heat += [self._line(contour) for contour in overlay.contours]
        for item in self._heat:
            self.scene().addItem(item)
        self.viewport().update()

    def set_crosshair(self, row: float, column: float, visible: bool) -> None:
        """Draw the crosshair at fractional pixels."""
        self._crosshair = (row, column) if visible else None
        self.viewport().update()

    def set_peaks(self, peaks: list[tuple[float, float]]) -> None:
        """Mark spots at fractional pixels."""
        self._peaks = peaks
        self.viewport().update()

    def annotate(self, **changes: object) -> None:
        """Change fields of the annotations."""
        for name, value in changes.items():
            setattr(self._state, name, value)
        self.viewport().update()

    def set_smooth(self, smooth: bool) -> None:
        """Interpolate between the pixels of the picture."""
        self._smooth = smooth
        self._picture.setTransformationMode(_mode(smooth))

    # Zoom and pan

    def fit(self) -> None:
        """Show the whole picture."""
        self._zoom, self._centre = 1.0, self._extent().center()
        self._apply()

    def zoom_by(self, factor: float, about: QPointF | None = None) -> None:
        """Magnify, keeping the viewport point ``about`` (the middle by default) in place."""
        low, high = _ZOOM_LIMITS
        zoom = min(high, max(low, self._zoom * factor))
        if about is not None:
            anchor = self._to_scene(about)
            self._centre = anchor + (self._centre - anchor) * (self._zoom / zoom)
        self._zoom = zoom
        self._apply()

    def pixels_per_unit(self) -> float:
        """Screen pixels per millimetre (or per image pixel without a known spacing)."""
        extent, area = self._extent(), self.viewport().rect()
        fit = min(area.width() / extent.width(), area.height() / extent.height())
        return max(fit, 1e-6) * self._zoom

    def screen_position(self, row: float, column: float) -> QPointF:
        """Where the centre of a pixel lies in the viewport."""
        height, width = self._pixel_size()
        scene = QPointF((column + 0.5) * width, (row + 0.5) * height)
        middle = QRectF(self.viewport().rect()).center()
        return middle + (scene - self._centre) * self.pixels_per_unit()

    def picture_position(self, point: QPointF) -> tuple[float, float]:
        """Fractional (row, column) under a viewport point."""
        height, width = self._pixel_size()
        scene = self._to_scene(point)
        return scene.y() / height - 0.5, scene.x() / width - 0.5

    def _to_scene(self, point: QPointF) -> QPointF:
        middle = QRectF(self.viewport().rect()).center()
        return self._centre + (point - middle) / self.pixels_per_unit()

    def _apply(self) -> None:
        scale = self.pixels_per_unit()
        area = QRectF(self.viewport().rect())
        origin = self._centre - area.center() / scale
        size = area.size() / scale
        self.setSceneRect(QRectF(origin, size))
        self.setTransform(QTransform.fromScale(scale, scale))
        self._thin()
        self.viewport().update()

    def _thin(self) -> None:
        """Average pixels that share a screen pixel: plain interpolation would skip most of them."""
        if self._state.setup is None:
            return
        shown = self._pixel_size()[1] * self.pixels_per_unit()
        if (shown > _RESOLVED) != self._detailed:
            self._detailed = shown > _RESOLVED
            self.detail_changed.emit(self._detailed)
        if self._image.isNull():
            return
        width = self._extent().width() / self._image.width() * self.pixels_per_unit()
        thinning = max(1, int(1.0 / max(width, 1e-3)))
        if thinning != self._thinning:
            self._thinning = thinning
            image = self._image
            if thinning > 1:
                size = image.size() / thinning
                image = image.scaled(
                    max(1, size.width()),
                    max(1, size.height()),
                    mode=Qt.TransformationMode.SmoothTransformation,
                )
            self._picture.setPixmap(QPixmap.fromImage(image))
            self._picture.setTransform(self._stretch(image.width(), image.height()))

    def _pixel_size(self) -> tuple[float, float]:
        return self._state.setup.pixel_size if self._state.setup else (1.0, 1.0)

    def _extent(self) -> QRectF:
        if self._state.setup is None:
            return QRectF(0, 0, 1, 1)
        rows, columns = self._state.setup.shape
        height, width = self._state.setup.pixel_size
        return QRectF(0, 0, columns * width, rows * height)

    def _stretch(self, columns: int, rows: int) -> QTransform:
        extent = self._extent()
        return QTransform.fromScale(extent.width() / columns, extent.height() / rows)

    def _layer(self, words: NDArray[np.uint32]) -> QGraphicsPixmapItem:
        rows, columns = words.shape
        words = np.ascontiguousarray(words)
        form = QImage.Format.Format_ARGB32_Premultiplied
        item = QGraphicsPixmapItem(
            QPixmap.fromImage(QImage(words.data, columns, rows, 4 * columns, form))
        )
        item.setTransformationMode(_mode(True))
        item.setTransform(self._stretch(columns, rows))
        return item

    def _line(self, contour: Contour) -> QGraphicsPathItem:
        height, width = self._pixel_size()
        path = QPainterPath()
        for r0, c0, r1, c1 in (contour.segments + 0.5).tolist():
            path.moveTo(c0 * width, r0 * height)
            path.lineTo(c1 * width, r1 * height)
        item = QGraphicsPathItem(path)
        pen = QPen(QColor(*contour.rgb), 1.8)
        pen.setCosmetic(True)
        item.setPen(pen)
        return item

    # Qt events

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        """Annotations, in screen pixels."""
        painter.resetTransform()
        painter.setFont(self.font())
        state = self._state
        state.crosshair = (
            None if self._crosshair is None else self.screen_position(*self._crosshair)
        )
        state.peaks = [self.screen_position(*peak) for peak in self._peaks]
        draw_annotations(painter, QRectF(self.viewport().rect()), state, self.pixels_per_unit())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the centre."""
        super().resizeEvent(event)
        self._apply()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell which pane has the keyboard."""
        super().focusInEvent(event)
        self.activated.emit()

    def leaveEvent(self, event: QEvent) -> None:
        """No pixel is under the pointer."""
        super().leaveEvent(event)
        self.pointer_moved.emit(None)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Report the pixel under the pointer."""
        super().enterEvent(event)
        self.pointer_moved.emit(self.picture_position(event.position()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a click or a drag."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._pressed = self._last = event.position()
        self._dragging = False
        if _shift(event):
            self.pointed.emit(*self.picture_position(event.position()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Left drag windows, middle drag pans, right drag zooms, Shift moves the crosshair."""
        position = event.position()
        self.pointer_moved.emit(self.picture_position(position))
        if _shift(event):
            self.pointed.emit(*self.picture_position(position))
        elif self._pressed is not None:
            moved = position - self._pressed
            self._dragging |= moved.manhattanLength() > _CLICK_PIXELS
            if self._dragging:
                self._drag(event.buttons(), position - self._last)
        self._last = position

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click without a drag moves the crosshair."""
        clicked = self._pressed is not None and not self._dragging
        if clicked and event.button() == Qt.MouseButton.LeftButton:
            self.pointed.emit(*self.picture_position(event.position()))
        self._pressed = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Maximise."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = None
            self.maximise_requested.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll through slices; with Ctrl zoom about the pointer."""
        turned = event.angleDelta().y()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_by(1.2 ** (turned / _WHEEL_STEP), event.position())
        else:
            self._wheel += turned
            steps = int(self._wheel / _WHEEL_STEP)
            self._wheel -= steps * _WHEEL_STEP
            if steps:
                self.scrolled.emit(-steps)
        event.accept()

    def _drag(self, buttons: Qt.MouseButton, step: QPointF) -> None:
        size = self.viewport().size()
        if buttons & Qt.MouseButton.LeftButton:
            self.window_dragged.emit(step.x() / size.width(), step.y() / size.height())
        elif buttons & Qt.MouseButton.MiddleButton:
            self._centre -= step / self.pixels_per_unit()
            self._apply()
        elif buttons & Qt.MouseButton.RightButton:
            self.zoom_by(2.0 ** (-step.y() / 120.0), self._pressed)


def _mode(smooth: bool) -> Qt.TransformationMode:
    modes = Qt.TransformationMode
    return modes.SmoothTransformation if smooth else modes.FastTransformation


def _shift(event: QMouseEvent) -> bool:
    return bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
