"""The picture of one pane: zoom, pan and mouse on a QGraphicsView, without OpenGL."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFocusEvent,
    QMouseEvent,
    QPainter,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QGraphicsScene, QGraphicsView

from medvlp_viewer.models.marks import Mark
from medvlp_viewer.models.overlay import PaneOverlay
from medvlp_viewer.models.tiles import Tile
from medvlp_viewer.views.pane import PaneSetup
from medvlp_viewer.views.qt.annotations import Annotations, draw_annotations
from medvlp_viewer.views.qt.labels import contour_labels, draw_labels
from medvlp_viewer.views.qt.marks import draw_marks, mark_at
from medvlp_viewer.views.qt.picture import Picture
from medvlp_viewer.views.qt.placement import Placement
from medvlp_viewer.views.qt.theme import ON_PICTURE

_CLICK_PIXELS = 4.0
_WHEEL_STEP = 120


class Canvas(QGraphicsView):
    """Shows a slice in scene coordinates of millimetres; pixel centres lie at half pixels.

    Signals
    -------
    All are as in :class:`medvlp_viewer.views.pane.PaneView`.
    """

    scrolled = Signal(int)
    pointed = Signal(float, float)
    pointer_moved = Signal(object)
    window_dragged = Signal(float, float)
    viewport_changed = Signal(object)
    tool_pressed = Signal(float, float)
    tool_moved = Signal(float, float)
    tool_released = Signal(float, float, bool)
    mark_pressed = Signal(int)
    mark_dragged = Signal(int, int, float, float)
    mark_released = Signal(int)
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
        self.setMinimumSize(160, 120)
        self.setAccessibleName(f"{name} image")
        self._picture = Picture(self.scene())
        self._notes = Annotations()
        self._crosshair: tuple[float, float] | None = None
        self._peaks: list[tuple[float, float]] = []
        self._labels: list[tuple[tuple[float, float], str, tuple[int, int, int]]] = []
        self._marks: list[Mark] = []
        self._tool = False
        self._held: tuple[int, int] | None = None
        self._placement = Placement()
        self._pressed: QPointF | None = None
        self._last = QPointF()
        self._dragging = False
        self._wheel = 0
        self.set_tool(False)

    # What is shown

    def set_up(self, setup: PaneSetup | None) -> None:
        """Prepare for another scan."""
        self._notes = Annotations(setup, shown=self._notes.shown)
        self._crosshair, self._peaks, self._marks, self._labels = None, [], [], []
        self._held = None
        self._picture.set_up(setup)
        place = self._placement
        place.extent, place.pixel_size = self._picture.extent, self._picture.pixel_size
        self.fit()

    def set_image(self, grey: NDArray[np.uint8], tile: Tile | None = None) -> None:
        """Show a slice, or a tile of it."""
        self._picture.set_image(grey, tile, self.pixels_per_unit())
        self.viewport().update()

    def set_overlay(self, overlay: PaneOverlay) -> None:
        """Show heat and lines over the slice."""
        self._picture.set_overlay(overlay)
        self._labels = contour_labels(overlay.contours)
        self.viewport().update()

    def set_crosshair(self, row: float, column: float, visible: bool) -> None:
        """Draw the crosshair at fractional pixels."""
        self._crosshair = (row, column) if visible else None
        self.viewport().update()

    def set_peaks(self, peaks: list[tuple[float, float]]) -> None:
        """Mark spots at fractional pixels."""
        self._peaks = peaks
        self.viewport().update()

    def set_marks(self, marks: list[Mark]) -> None:
        """Show measurements."""
        self._marks = marks
        self.viewport().update()

    def set_tool(self, in_hand: bool) -> None:
        """Let the left button measure, or not."""
        self._tool = in_hand
        shapes = Qt.CursorShape
        self.setCursor(shapes.CrossCursor if in_hand else shapes.ArrowCursor)

    def annotate(self, **changes: Any) -> None:
        """Change fields of the annotations."""
        for name, value in changes.items():
            setattr(self._notes, name, value)
        self.viewport().update()

    def set_smooth(self, smooth: bool) -> None:
        """Interpolate between the pixels of the picture."""
        self._picture.set_smooth(smooth)

    # Zoom and pan

    def fit(self) -> None:
        """Show the whole picture."""
        self._placement.fit()
        self._apply()

    def zoom_by(self, factor: float, about: QPointF | None = None) -> None:
        """Magnify, keeping the viewport point ``about`` (the middle by default) in place."""
        self._placement.zoom_by(factor, about)
        self._apply()

    def viewpoint(self) -> tuple[float, float, float]:
        """Zoom, and the (row, column) in the middle of the pane."""
        return self._placement.viewpoint()

    def set_viewpoint(self, zoom: float, row: float, column: float) -> None:
        """Put the picture there."""
        self._placement.set_viewpoint(zoom, row, column)
        self._apply()

    def pixels_per_unit(self) -> float:
        """Screen pixels per millimetre (or per image pixel without a known spacing)."""
        return self._placement.scale

    def screen_position(self, row: float, column: float) -> QPointF:
        """Where the centre of a pixel lies in the viewport."""
        return self._placement.to_screen(row, column)

    def picture_position(self, point: QPointF) -> tuple[float, float]:
        """Fractional (row, column) under a viewport point."""
        return self._placement.to_picture(point)

    def _apply(self) -> None:
        place = self._placement
        self.setSceneRect(place.visible)
        self.setTransform(QTransform.fromScale(place.scale, place.scale))
        self._picture.thin(place.scale)
        if self._notes.setup is not None:
            self.viewport_changed.emit(place.viewport(self.devicePixelRatioF()))
        self.viewport().update()

    # Qt events

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        """Annotations, in screen pixels."""
        painter.resetTransform()
        painter.setFont(self.font())
        area, notes = QRectF(self.viewport().rect()), self._notes
        cross = self._crosshair
        notes.crosshair = None if cross is None else self.screen_position(*cross)
        notes.peaks = [self.screen_position(*peak) for peak in self._peaks]
        draw_annotations(painter, area, notes, self.pixels_per_unit())
        draw_labels(painter, area, self._labels, self.screen_position)
        draw_marks(painter, area, self._marks, self.screen_position)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the centre."""
        super().resizeEvent(event)
        self._placement.area = QRectF(self.viewport().rect())
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
        """Begin a click or a drag, of the picture, of a measurement or of a new one."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._pressed = self._last = event.position()
        self._dragging, self._held = False, None
        where = self.picture_position(event.position())
        if _shift(event):
            self.pointed.emit(*where)
        elif event.button() == Qt.MouseButton.LeftButton:
            if not any(mark.draft for mark in self._marks):
                self._held = mark_at(self._marks, self.screen_position, event.position())
            if self._held is not None:
                self.mark_pressed.emit(self._held[0])
            elif self._tool:
                self.tool_pressed.emit(*where)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Left drag windows or measures, middle drag pans, right drag zooms, Shift points."""
        position = event.position()
        where = self.picture_position(position)
        self.pointer_moved.emit(where)
        if self._pressed is not None:
            moved = (position - self._pressed).manhattanLength()
            self._dragging |= moved > _CLICK_PIXELS
        if _shift(event):
            self.pointed.emit(*where)
        elif self._held is not None:
            if self._dragging and self._held[1] >= 0:
                self.mark_dragged.emit(*self._held, *where)
        elif self._tool and not event.buttons() & ~Qt.MouseButton.LeftButton:
            self.tool_moved.emit(*where)
        elif self._pressed is not None and self._dragging:
            self._drag(event.buttons(), position - self._last)
        self._last = position

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click without a drag moves the crosshair; with a tool it sets a point."""
        where = self.picture_position(event.position())
        if event.button() == Qt.MouseButton.LeftButton and self._pressed is not None:
            if self._held is not None:
                self.mark_released.emit(self._held[0])
            elif self._tool:
                self.tool_released.emit(*where, self._dragging)
            elif not self._dragging:
                self.pointed.emit(*where)
        self._pressed = self._held = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Maximise; with a tool in hand it is a second click."""
        if self._tool:
            self.mousePressEvent(event)
        elif event.button() == Qt.MouseButton.LeftButton:
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
            self._placement.pan(step)
            self._apply()
        elif buttons & Qt.MouseButton.RightButton:
            self.zoom_by(2.0 ** (-step.y() / 120.0), self._pressed)


def _shift(event: QMouseEvent) -> bool:
    return bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
