"""What a widget shows, as a picture that can leave the program: with the research notice below."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRect, Qt
from PySide6.QtGui import QColor, QFont, QImage, QImageWriter, QPainter
from PySide6.QtWidgets import QWidget

from medvlp import RESEARCH_NOTICE
from medvlp_viewer.views.keep import Picture
from medvlp_viewer.views.qt.theme import ON_PICTURE

_STRIP = 26


class QtPicture(Picture):
    """An image of its own, so that the widget may change meanwhile."""

    def __init__(self, image: QImage) -> None:
        self.image = image

    def png(self) -> bytes:
        """As PNG."""
        return png_of(self.image)


def picture_of(widget: QWidget) -> QtPicture:
    """What a widget shows, with the notice below it, at the density of the screen."""
    seen = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    density = seen.devicePixelRatio()
    strip = round(_STRIP * density)
    image = QImage(seen.width(), seen.height() + strip, QImage.Format.Format_RGB32)
    image.fill(QColor(ON_PICTURE.window))
    painter = QPainter(image)
    seen.setDevicePixelRatio(1.0)
    painter.drawImage(0, 0, seen)
    font = QFont(widget.font())
    font.setPixelSize(round(12 * density))
    painter.setFont(font)
    painter.setPen(QColor(ON_PICTURE.warning))
    line = QRect(0, seen.height(), seen.width(), strip)
    painter.drawText(line, Qt.AlignmentFlag.AlignCenter, RESEARCH_NOTICE)
    painter.end()
    return QtPicture(image)


def png_of(image: QImage) -> bytes:
    """An image as PNG."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(data.data())
