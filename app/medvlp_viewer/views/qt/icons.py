"""The project's own icons, drawn in the theme's colours."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

_SIZE = 20
_SCALES = (1, 2, 3)
APPLICATION_ICON = "org.medvlp.Viewer.svg"


def icon_folder() -> str:
    """Folder of the SVG files."""
    return str(files("medvlp_resources") / "icons")


def icon(name: str, colour: str, disabled: str = "") -> QIcon:
    """Line icon in one colour, and another one while disabled; sharp on screens of high density."""
    result = QIcon()
    for mode, ink in ((QIcon.Mode.Normal, colour), (QIcon.Mode.Disabled, disabled or colour)):
        for scale in _SCALES:
            result.addPixmap(QPixmap.fromImage(_image(name, ink, scale)), mode)
    return result


@cache
def _image(name: str, colour: str, scale: int) -> QImage:
    """Kept, so that going back to a theme draws nothing."""
    source = (files("medvlp_resources") / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    renderer = QSvgRenderer(QByteArray(source.replace("currentColor", colour).encode()))
    image = QImage(_SIZE * scale, _SIZE * scale, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter, QRectF(image.rect()))
    painter.end()
    image.setDevicePixelRatio(scale)
    return image


def application_icon() -> QIcon:
    """Icon of the program."""
    return QIcon(str(files("medvlp_resources") / "icons" / APPLICATION_ICON))
