"""How the cells of the worklist are drawn: the score with a bar, a path by its end."""

from __future__ import annotations

from qtpy.QtCore import QModelIndex, QPersistentModelIndex, QRectF, Qt
from qtpy.QtGui import QPainter, QPalette
from qtpy.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from medvlp_widgets.worklist.table_model import row_at

_BAR = 3.0
_MARGIN = 4.0


class ScoreDelegate(QStyledItemDelegate):
    """The number says it; the bar along the lower edge lets the eye run down the column."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw a cell."""
        super().paint(painter, option, index)
        probability = row_at(index).probability
        if probability is None:
            return
        cell = QRectF(option.rect)
        room = cell.width() - 2 * _MARGIN
        track = QRectF(cell.left() + _MARGIN, cell.bottom() - _BAR - 1, room, _BAR)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(option.palette.color(QPalette.ColorRole.Mid))
        painter.drawRoundedRect(track, _BAR / 2, _BAR / 2)
        track.setWidth(max(_BAR, room * probability))
        painter.setBrush(option.palette.color(QPalette.ColorRole.Link))
        painter.drawRoundedRect(track, _BAR / 2, _BAR / 2)
        painter.restore()


class PathDelegate(QStyledItemDelegate):
    """A path that does not fit loses its beginning: scans differ at the end."""

    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Say where the text is cut."""
        super().initStyleOption(option, index)
        option.textElideMode = Qt.TextElideMode.ElideLeft
