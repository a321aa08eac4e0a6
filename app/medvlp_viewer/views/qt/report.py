"""The report as PDF, with the research notice at the foot of every page."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRectF, QSizeF, Qt, QUrl
from PySide6.QtGui import (
    QColor,
    QFont,
    QImage,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QTextDocument,
)

from medvlp import RESEARCH_NOTICE
from medvlp.progress import Progress, ignore_progress
from medvlp_viewer.models.report import TITLE, Report, report_html
from medvlp_widgets.translation import translate

# Layout is done in units of a 96th of an inch, as on a screen.
_UNITS_PER_INCH = 96
_DOTS_PER_INCH = 300
_MARGINS_MM = 15.0
_FOOT = 24.0
_BEFORE_PAGES = 0.4  # of the time


def pdf_of(
    content: Report, pictures: Sequence[QImage], progress: Progress = ignore_progress
) -> bytes:
    """Lay the report out on A4 pages. Uses nothing that belongs to the windows' thread.

    Parameters
    ----------
    content
        The words.
    pictures
        Shown above them.
    progress
        Called before the layout and after every page; may raise :class:`medvlp.Cancelled`.
    """
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(translate(TITLE))
    writer.setCreator("medvlp")
    writer.setResolution(_DOTS_PER_INCH)
    margins = QMarginsF(_MARGINS_MM, _MARGINS_MM, _MARGINS_MM, _MARGINS_MM)
    page = QPageSize(QPageSize.PageSizeId.A4)
    unit = QPageLayout.Unit.Millimeter
    writer.setPageLayout(QPageLayout(page, QPageLayout.Orientation.Portrait, margins, unit))
    _write(writer, content, pictures, progress)
    buffer.close()
    return bytes(data.data())


def _write(
    writer: QPdfWriter, content: Report, pictures: Sequence[QImage], progress: Progress
) -> None:
    progress(_BEFORE_PAGES / 2, "Laying out the pages")
    scale = _DOTS_PER_INCH / _UNITS_PER_INCH
    width, height = writer.width() / scale, writer.height() / scale
    document = _document(content, pictures, width, height - _FOOT)
    pages = document.pageCount()
    painter = QPainter(writer)
    try:
        painter.scale(scale, scale)
        for number in range(pages):
            if number:
                writer.newPage()
            painter.save()
            painter.translate(0.0, -number * (height - _FOOT))
            document.drawContents(
                painter, QRectF(0, number * (height - _FOOT), width, height - _FOOT)
            )
            painter.restore()
            _write_foot(painter, width, height, number + 1, pages)
            done = _BEFORE_PAGES + (1.0 - _BEFORE_PAGES) * (number + 1) / pages
            progress(done, f"Page {number + 1} of {pages}")
    finally:
        painter.end()


def _document(
    content: Report, pictures: Sequence[QImage], width: float, height: float
) -> QTextDocument:
    document = QTextDocument()
    document.setDocumentMargin(0)
    document.setDefaultFont(_font())
    for number, picture in enumerate(pictures):
        kind = QTextDocument.ResourceType.ImageResource
        document.addResource(kind, QUrl(f"picture:{number}"), picture)
    document.setPageSize(QSizeF(width, height))
    document.setHtml(report_html(content, round(width), len(pictures)))
    return document


def _write_foot(painter: QPainter, width: float, height: float, page: int, pages: int) -> None:
    painter.setFont(_font())
    painter.setPen(QColor("#4a5564"))
    line = QRectF(0, height - _FOOT + 8, width, _FOOT - 8)
    painter.drawText(line, Qt.AlignmentFlag.AlignLeft, translate(RESEARCH_NOTICE))
    painter.drawText(line, Qt.AlignmentFlag.AlignRight, f"{page} / {pages}")


def _font() -> QFont:
    font = QFont("Sans Serif")
    font.setStyleHint(QFont.StyleHint.SansSerif)
    font.setPixelSize(12)
    return font
