"""The slice and its heat as items of a scene, in millimetres from the picture's upper left corner."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainterPath, QPen, QPixmap, QTransform
from PySide6.QtWidgets import (
    QGraphicsItem,
    QGraphicsPathItem,
    QGraphicsPixmapItem,
    QGraphicsScene,
)

from medvlp_viewer.models.overlay import Contour, PaneOverlay
from medvlp_viewer.models.tiles import Tile
from medvlp_viewer.views.pane import PaneSetup

_LINE_WIDTH = 1.8


class Picture:
    """Grey picture, filled heat and lines of one pane.

    Parameters
    ----------
    scene
        Gets the items.
    """

    def __init__(self, scene: QGraphicsScene) -> None:
        self._scene = scene
        self._setup: PaneSetup | None = None
        self._item = QGraphicsPixmapItem()
        scene.addItem(self._item)
        self._heat: list[QGraphicsItem] = []
        self._image = QImage()
        self._grey: NDArray[np.uint8] | None = None
        self._area = QRectF()
        self._thinning = 0

    @property
    def pixel_size(self) -> tuple[float, float]:
        """``(height, width)`` of a pixel in scene units."""
        return self._setup.pixel_size if self._setup else (1.0, 1.0)

    @property
    def extent(self) -> QRectF:
        """Of the whole picture, in scene units."""
        if self._setup is None:
            return QRectF(0, 0, 1, 1)
        rows, columns = self._setup.shape
        height, width = self._setup.pixel_size
        return QRectF(0, 0, columns * width, rows * height)

    def set_up(self, setup: PaneSetup | None) -> None:
        """Prepare for another scan; shows nothing yet."""
        self._setup = setup
        self._image, self._grey = QImage(), None
        self._item.setPixmap(QPixmap())
        self.set_overlay(PaneOverlay())

    def set_image(self, grey: NDArray[np.uint8], tile: Tile | None, pixels_per_unit: float) -> None:
        """Show a slice, or the part of it that a tile names."""
        grey = grey if grey.strides[1] == 1 else np.ascontiguousarray(grey)
        rows, columns = grey.shape
        form = QImage.Format.Format_Grayscale8
        image = QImage(grey.data, columns, rows, grey.strides[0], form)
        self._image, self._grey = image, grey  # the image refers to the array's memory
        height, width = self.pixel_size
        self._area = self.extent
        if tile is not None:
            corner = tile.column * width, tile.row * height
            self._area = QRectF(*corner, tile.columns * width, tile.rows * height)
        self._thinning = 0
        self.thin(pixels_per_unit)

    def thin(self, pixels_per_unit: float) -> None:
        """Average pixels that share a screen pixel: plain interpolation would skip most of them."""
        if self._image.isNull():
            return
        width = self._area.width() / self._image.width() * pixels_per_unit
        thinning = max(1, int(1.0 / max(width, 1e-3)))
        if thinning == self._thinning:
            return
        self._thinning = thinning
        image = self._image
        if thinning > 1:
            size = image.size() / thinning
            image = image.scaled(
                max(1, size.width()),
                max(1, size.height()),
                mode=Qt.TransformationMode.SmoothTransformation,
            )
        self._item.setPixmap(QPixmap.fromImage(image))
        self._item.setTransform(stretched(self._area, image.width(), image.height()))

    def set_smooth(self, smooth: bool) -> None:
        """Interpolate between the pixels, or show them as squares."""
        self._item.setTransformationMode(_mode(smooth))

    def set_overlay(self, overlay: PaneOverlay) -> None:
        """Show heat and lines over the slice."""
        for item in self._heat:
            self._scene.removeItem(item)
        self._heat = [self._layer(layer) for layer in overlay.layers]
        self._heat += [self._line(contour) for contour in overlay.contours]
        for item in self._heat:
            self._scene.addItem(item)

    def _layer(self, words: NDArray[np.uint32]) -> QGraphicsPixmapItem:
        rows, columns = words.shape
        words = np.ascontiguousarray(words)
        form = QImage.Format.Format_ARGB32_Premultiplied
        image = QImage(words.data, columns, rows, 4 * columns, form)
        item = QGraphicsPixmapItem(QPixmap.fromImage(image))
        item.setTransformationMode(_mode(True))
        item.setTransform(stretched(self.extent, columns, rows))
        return item

    def _line(self, contour: Contour) -> QGraphicsPathItem:
        height, width = self.pixel_size
        path = QPainterPath()
        for r0, c0, r1, c1 in (contour.segments + 0.5).tolist():
            path.moveTo(c0 * width, r0 * height)
            path.lineTo(c1 * width, r1 * height)
        item = QGraphicsPathItem(path)
        pen = QPen(QColor(*contour.rgb), _LINE_WIDTH)
        pen.setCosmetic(True)
        item.setPen(pen)
        return item


def stretched(area: QRectF, columns: int, rows: int) -> QTransform:
    """Puts a pixmap of ``columns`` times ``rows`` pixels onto an area of the scene."""
    scale = area.width() / columns, area.height() / rows
    return QTransform(scale[0], 0.0, 0.0, scale[1], area.x(), area.y())


def _mode(smooth: bool) -> Qt.TransformationMode:
    modes = Qt.TransformationMode
    return modes.SmoothTransformation if smooth else modes.FastTransformation
