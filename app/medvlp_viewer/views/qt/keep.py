"""Dialogs for files, pictures of the panes, and the splitters of the window."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRect, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter
from PySide6.QtWidgets import QFileDialog, QSplitter, QWidget

from medvlp import RESEARCH_NOTICE
from medvlp_viewer.models.planes import PlaneName
from medvlp_viewer.models.report import Report
from medvlp_viewer.views.keep import FileKind, KeepView, Picture, Viewpoint
from medvlp_viewer.views.qt.panes_area import PanesArea
from medvlp_viewer.views.qt.report import pdf_of
from medvlp_viewer.views.qt.theme import ON_PICTURE

_STRIP = 26


class QtPicture(Picture):
    """An image of its own, so that the widget may change meanwhile."""

    def __init__(self, image: QImage) -> None:
        self.image = image

    def png(self) -> bytes:
        """As PNG."""
        data = QByteArray()
        buffer = QBuffer(data)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        self.image.save(buffer, "PNG")
        return bytes(data.data())


class QtKeep(KeepView):
    """Parameters
    ----------
    window
        Parent of the dialogs; its splitters with an object name are the layout.
    area
        Holds the panes.
    """

    def __init__(self, window: QWidget, area: PanesArea) -> None:
        self._window = window
        self._area = area

    def choose_source(self, title: str, kind: FileKind) -> str | None:
        """Ask for a file to read."""
        words = f"{kind.words} (*{kind.suffix})"
        return QFileDialog.getOpenFileName(self._window, title, "", words)[0] or None

    def choose_target(self, title: str, suggestion: str, kind: FileKind) -> str | None:
        """Ask where to write a file; the suffix is added where it was left out."""
        words = f"{kind.words} (*{kind.suffix})"
        path = QFileDialog.getSaveFileName(self._window, title, suggestion, words)[0]
        if not path:
            return None
        return path if path.lower().endswith(kind.suffix) else path + kind.suffix

    def picture_of_pane(self, plane: PlaneName) -> Picture:
        """One pane without its slider."""
        return _picture(self._area.panes[plane].canvas)

    def picture_of_panes(self) -> Picture:
        """All panes that are shown."""
        return _picture(self._area)

    def report(self, content: Report, pictures: Sequence[Picture]) -> bytes:
        """The report as PDF."""
        return pdf_of(content, [p.image for p in pictures if isinstance(p, QtPicture)])

    def layout(self) -> dict[str, list[int]]:
        """Sizes of every named splitter."""
        return {name: splitter.sizes() for name, splitter in self._splitters().items()}

    def set_layout(self, sizes: dict[str, list[int]]) -> None:
        """Put the splitters back."""
        for name, splitter in self._splitters().items():
            wanted = sizes.get(name, [])
            if len(wanted) == splitter.count() and any(wanted):
                splitter.setSizes(wanted)

    def viewpoint(self, plane: PlaneName) -> Viewpoint:
        """Zoom and position of a pane."""
        return Viewpoint(*self._area.panes[plane].canvas.viewpoint())

    def set_viewpoint(self, plane: PlaneName, viewpoint: Viewpoint) -> None:
        """Put a pane there."""
        self._area.panes[plane].canvas.set_viewpoint(
            viewpoint.zoom, viewpoint.row, viewpoint.column
        )

    def _splitters(self) -> dict[str, QSplitter]:
        found = self._window.findChildren(QSplitter)
        return {splitter.objectName(): splitter for splitter in found if splitter.objectName()}


def _picture(widget: QWidget) -> QtPicture:
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
