"""How a line of the study browser is drawn: picture, description, facts, notes."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter, QPen, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from medvlp.io.thumbnail import Thumbnail
from medvlp_viewer.models.planes import PlaneFrame
from medvlp_viewer.models.study import StudyRow
from medvlp_viewer.views.qt.study.list_model import (
    ROW_ROLE,
    facts,
    heading,
    heading_state,
    title,
)
from medvlp_viewer.views.qt.theme import ON_PICTURE, THEME
from medvlp_widgets.translation import translate

PICTURE = 64
_MARGIN = 8
_GAP = 10
_CHOSEN_BAR = 3
_MOST_PICTURES = 500


class CardDelegate(QStyledItemDelegate):
    """Draws headings and cards; pictures are laid out like the panes."""

    def __init__(self, view: QAbstractItemView) -> None:
        super().__init__()
        self._view = view
        self._pictures: dict[int, tuple[Thumbnail, QPixmap]] = {}

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Cards are as high as their picture; headings as their words."""
        row: StudyRow = index.data(ROW_ROLE)
        width = self._view.viewport().width()
        if row.entry is not None:
            height = max(PICTURE, len(_lines(row)) * _line(option)) + 2 * _MARGIN
            return QSize(width, height)
        below = _wrapped(option, heading_state(row), width - 2 * _MARGIN - 2)
        return QSize(width, _line(option) + below + 2 * _MARGIN)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw one line."""
        row: StudyRow = index.data(ROW_ROLE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_ground(painter, option, row)
        if row.entry is None:
            _draw_heading(painter, option, row)
        else:
            self._draw_card(painter, option, row)
        painter.restore()

    def _draw_ground(self, painter: QPainter, option: QStyleOptionViewItem, row: StudyRow) -> None:
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        under = bool(option.state & QStyle.StateFlag.State_MouseOver) and row.entry is not None
        if row.chosen or selected:
            painter.fillRect(option.rect, QColor(THEME.accent_dark if row.chosen else THEME.hover))
        elif under:
            painter.fillRect(option.rect, QColor(THEME.raised))
        if row.chosen:
            bar = QRect(option.rect)
            bar.setWidth(_CHOSEN_BAR)
            painter.fillRect(bar, QColor(THEME.accent))
        if selected and option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(THEME.accent), 1.0))
            painter.drawRect(QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5))

    def _draw_card(self, painter: QPainter, option: QStyleOptionViewItem, row: StudyRow) -> None:
        area = option.rect
        box = QRectF(area.left() + _MARGIN + 2, area.top() + _MARGIN, PICTURE, PICTURE)
        self._draw_picture(painter, box, row)
        left = round(box.right()) + _GAP
        text = QRect(left, area.top() + _MARGIN, area.right() - left - _MARGIN, area.height())
        for number, (words, ink) in enumerate(_lines(row)):
            _draw_line(painter, option, text, number, words, ink, bold=number == 0)

    def _draw_picture(self, painter: QPainter, box: QRectF, row: StudyRow) -> None:
        assert row.entry is not None
        painter.fillRect(box, QColor(ON_PICTURE.canvas))
        thumbnail = row.entry.thumbnail
        if thumbnail is None:
            painter.setPen(QColor(ON_PICTURE.muted))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, row.entry.info.modality or "?")
        else:
            picture = self._pixmap(thumbnail)
            size = QSize(picture.size()).scaled(
                PICTURE, PICTURE, Qt.AspectRatioMode.KeepAspectRatio
            )
            corner = box.center() - QPointF(size.width() / 2, size.height() / 2)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(QRectF(corner, size).toRect(), picture)
        if row.chosen:
            _draw_badge(painter, box)

    def _pixmap(self, thumbnail: Thumbnail) -> QPixmap:
        """Screen order and the proportions of the pixels, as in the panes; made once."""
        known = self._pictures.get(id(thumbnail))
        if known is None or known[0] is not thumbnail:
            if len(self._pictures) >= _MOST_PICTURES:
                self._pictures.clear()
            known = self._pictures[id(thumbnail)] = (thumbnail, QPixmap(_image(thumbnail)))
        return known[1]


def _lines(row: StudyRow) -> list[tuple[str, str]]:
    """Words beside the picture, with their colours."""
    entry = row.entry
    assert entry is not None
    lines = [(title(entry), THEME.text if entry.info.usable else THEME.disabled)]
    lines += [(entry.patient, THEME.accent)] if entry.patient else []
    lines += [(line, THEME.muted) for line in facts(entry)]
    if not entry.info.usable:
        lines += [("Not usable:", THEME.warning), (entry.info.reason, THEME.warning)]
    elif row.notes:
        count = f"{len(row.notes)} notes" if len(row.notes) > 1 else "1 note"
        lines.append((f"\N{WARNING SIGN} {count}", THEME.warning))
    return lines


def _wrapped(option: QStyleOptionViewItem, words: str, width: int) -> int:
    """Height of words that may take several lines."""
    if not words:
        return 0
    room = QRect(0, 0, width, 10_000)
    flags = Qt.TextFlag.TextWordWrap
    return QFontMetrics(option.font).boundingRect(room, flags, words).height()


def _image(thumbnail: Thumbnail) -> QImage:
    (frame,) = PlaneFrame.all_of(thumbnail.geometry)
    grey = frame.arrange(thumbnail.grey).copy()
    rows, columns = grey.shape
    image = QImage(grey.data, columns, rows, columns, QImage.Format.Format_Grayscale8).copy()
    height, width = (n * size for n, size in zip(grey.shape, frame.pixel_size, strict=True))
    scale = 2 * PICTURE / max(height, width)  # sharp on screens of double density
    return image.scaled(
        max(1, round(width * scale)),
        max(1, round(height * scale)),
        Qt.AspectRatioMode.IgnoreAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )


def _draw_badge(painter: QPainter, box: QRectF) -> None:
    """A word, so that colour does not say it alone."""
    font = QFont(painter.font())
    font.setPixelSize(11)
    font.setBold(True)
    painter.setFont(font)
    strip = QRectF(box.left(), box.bottom() - 16, box.width(), 16)
    painter.fillRect(strip, QColor(THEME.accent))
    painter.setPen(QColor(THEME.on_accent))
    painter.drawText(strip, Qt.AlignmentFlag.AlignCenter, translate("On screen"))


def _draw_heading(painter: QPainter, option: QStyleOptionViewItem, row: StudyRow) -> None:
    area = option.rect.adjusted(_MARGIN + 2, _MARGIN, -_MARGIN, -_MARGIN)
    _draw_line(painter, option, area, 0, heading(row), THEME.text, bold=True)
    state = heading_state(row)
    if state:
        survey = row.source.survey
        failed = survey is not None and bool(survey.problem)
        painter.setFont(option.font)
        painter.setPen(QColor(THEME.error if failed else THEME.muted))
        below = area.adjusted(0, _line(option), 0, 4)
        painter.drawText(below, Qt.TextFlag.TextWordWrap, translate(state))


def _draw_line(
    painter: QPainter,
    option: QStyleOptionViewItem,
    area: QRect,
    number: int,
    words: str,
    ink: str,
    *,
    bold: bool,
) -> None:
    font = QFont(option.font)
    font.setBold(bold)
    painter.setFont(font)
    painter.setPen(QColor(ink))
    metrics = QFontMetrics(font)
    line = QRect(area.left(), area.top() + number * _line(option), area.width(), _line(option))
    shown = metrics.elidedText(translate(words), Qt.TextElideMode.ElideRight, line.width())
    painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)


def _line(option: QStyleOptionViewItem) -> int:
    return QFontMetrics(option.font).lineSpacing() + 1
