"""The command palette: type a few letters, press Enter."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from medvlp_viewer.models.palette import PaletteModel, PaletteRow
from medvlp_viewer.views.qt.theme import THEME
from medvlp_widgets.translation import translate

_WIDTH, _ROW, _SHOWN_ROWS = 620, 30, 12
_TOP = 0.12
AnyIndex = QModelIndex | QPersistentModelIndex


class _Rows(QAbstractListModel):
    """Rows of a :class:`PaletteModel` for a QListView; the user role gives the row itself."""

    def __init__(self, palette: PaletteModel, parent: QObject) -> None:
        super().__init__(parent)
        self._palette = palette
        self._shown = palette.rows
        palette.changed.connect(self._refresh)

    def rowCount(self, parent: AnyIndex | None = None) -> int:
        """Number of rows."""
        return 0 if parent is not None and parent.isValid() else len(self._shown)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Title, the whole line for screen readers, or the row."""
        row = self._shown[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(part for part in (row.title, translate(row.group), row.keys) if part)
        return row if role == Qt.ItemDataRole.UserRole else None

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        """What cannot be run cannot be chosen."""
        flags = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
        return flags if self._shown[index.row()].enabled else Qt.ItemFlag.NoItemFlags

    def _refresh(self) -> None:
        self.beginResetModel()
        self._shown = self._palette.rows
        self.endResetModel()


class _Line(QStyledItemDelegate):
    """Draws a row: what was typed in bold, menu and key at the right."""

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        """One line."""
        return QSize(_WIDTH, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Draw a row."""
        row: PaletteRow = index.data(Qt.ItemDataRole.UserRole)
        area: QRect = option.rect
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected:
            painter.fillRect(area, QColor(THEME.accent_dark))
        inner = area.adjusted(THEME.space + 4, 0, -THEME.space - 4, 0)
        ink = THEME.text if row.enabled else THEME.disabled
        side = THEME.text if selected else THEME.muted if row.enabled else THEME.disabled
        keys = QKeySequence(row.keys).toString(QKeySequence.SequenceFormat.NativeText)
        painter.setPen(QColor(side))
        right = "     ".join(part for part in (translate(row.group), keys) if part)
        painter.drawText(inner, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, right)
        inner.setRight(inner.right() - painter.fontMetrics().horizontalAdvance(right) - 16)
        self._draw_title(painter, inner, row, ink)

    def _draw_title(self, painter: QPainter, area: QRect, row: PaletteRow, ink: str) -> None:
        plain = painter.font()
        bold = QFont(plain)
        bold.setBold(True)
        painter.setPen(QColor(ink))
        x = area.left()
        for i, character in enumerate(row.title):
            painter.setFont(bold if i in row.matched else plain)
            advance = painter.fontMetrics().horizontalAdvance(character)
            if x + advance > area.right():
                break
            place = QRect(x, area.top(), advance + 2, area.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, character)
            x += advance
        painter.setFont(plain)


class CommandPalette(QFrame):
    """Lies over the window; Enter runs the chosen row, Esc or a click elsewhere closes it."""

    def __init__(self, model: PaletteModel, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("palette")
        self.setAccessibleName("Command palette")
        self._model = model
        self._window = parent
        self._before: QWidget = parent
        self.edit = QLineEdit()
        self.edit.setPlaceholderText("Type a command or a question")
        self.edit.setAccessibleName("Command or question")
        self.edit.setClearButtonEnabled(True)
        self.list = QListView()
        self.list.setAccessibleName("Commands found")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setItemDelegate(_Line(self.list))
        self.list.setModel(_Rows(model, self))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(THEME.space, THEME.space, THEME.space, THEME.space)
        layout.setSpacing(THEME.space)
        layout.addWidget(self.edit)
        layout.addWidget(self.list)
        self.edit.textChanged.connect(self._search)
        self.edit.installEventFilter(self)
        self.list.clicked.connect(self._run)
        self.hide()

    def open(self) -> None:
        """Show it empty, with the keyboard."""
        before = QApplication.focusWidget()
        if before is not self.edit:
            self._before = before or self._window
        self.edit.clear()
        self._search("")
        parent = self._window
        width = min(_WIDTH, parent.width() - 4 * THEME.space)
        height = self.edit.sizeHint().height() + 3 * THEME.space + _SHOWN_ROWS * _ROW + 4
        top = round(parent.height() * _TOP)
        self.setGeometry((parent.width() - width) // 2, top, width, height)
        self.show()
        self.raise_()
        self.edit.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrow keys move in the list while the text keeps the cursor; leaving it closes."""
        if event.type() == QEvent.Type.FocusOut:
            self.hide()
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._on_key(event.key())
        return False

    def _on_key(self, key: int) -> bool:
        steps: dict[int, int] = {
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_PageDown: _SHOWN_ROWS,
            Qt.Key.Key_PageUp: -_SHOWN_ROWS,
        }
        if key in steps:
            self._step(steps[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._run(self.list.currentIndex())
        elif key == Qt.Key.Key_Escape:
            self._leave()
        else:
            return False
        return True

    def _search(self, typed: str) -> None:
        self._model.search(typed)
        self._choose(0)

    def _step(self, by: int) -> None:
        enabled = [i for i, row in enumerate(self._model.rows) if row.enabled]
        if enabled:
            here = self.list.currentIndex().row()
            place = enabled.index(here) if here in enabled else -1
            self._choose(enabled[min(len(enabled) - 1, max(0, place + by))])

    def _choose(self, number: int) -> None:
        rows = self._model.rows
        if number < len(rows) and rows[number].enabled:
            index = self.list.model().index(number, 0)
            self.list.setCurrentIndex(index)
            self.list.scrollTo(index)

    def _run(self, index: AnyIndex) -> None:
        if not index.isValid():
            return
        row: PaletteRow = index.data(Qt.ItemDataRole.UserRole)
        if row.enabled:
            self._leave()
            row.run()

    def _leave(self) -> None:
        """The keyboard goes back to where it was before."""
        self.hide()
        there = isValid(self._before) and self._before.isVisible()
        (self._before if there else self._window).setFocus()
