"""The profile of an organ: one bar per slice of the scan."""

from __future__ import annotations

from collections.abc import Sequence

from qtpy.QtCore import QPointF, QRect, QSize, Qt, Signal
from qtpy.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from qtpy.QtWidgets import QSizePolicy, QWidget

from medvlp_widgets.translation import translate

NOTHING_SELECTED = "Select an organ to see it slice by slice"


class SliceProfile(QWidget):
    """Curve of a score along the slices; a click or the arrow keys choose a slice.

    Signals
    -------
    slice_chosen(int)
        Index of the slice under the click, or next to the current one.
    """

    slice_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values: tuple[float, ...] = ()
        self._current = 0
        self._nothing = NOTHING_SELECTED
        self.setAccessibleName("Profile along the slices")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def values(self) -> tuple[float, ...]:
        """One score in [0, 1] per slice."""
        return self._values

    @property
    def current(self) -> int:
        """Slice that is marked."""
        return self._current

    def set_values(self, values: Sequence[float], title: str = "") -> None:
        """Show a profile; an empty one is drawn as a sentence."""
        self._values = tuple(float(v) for v in values)
        self._nothing = f"{title}: no profile along slices" if title else NOTHING_SELECTED
        self._current = min(self._current, max(0, len(self._values) - 1))
        hottest = max(range(len(self._values)), key=self._values.__getitem__, default=None)
        self.setAccessibleDescription(
            f"{title}: highest on slice {hottest}" if hottest is not None else f"{title}: none"
        )
        self.update()

    def set_current(self, index: int) -> None:
        """Mark the slice on the screen, without a signal."""
        before, self._current = self._current, int(index)
        if before != self._current and self._values:
            for slice_ in (before, self._current):
                self.update(QRect(round(self._x(slice_)) - 2, 0, 5, self.height()))

    def sizeHint(self) -> QSize:
        """A strip."""
        return QSize(200, 56)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the slice under the pointer."""
        if len(self._values) > 1 and self.width() > 1:
            share = event.position().x() / (self.width() - 1)
            self._choose(round(share * (len(self._values) - 1)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys step, Home and End go to the ends."""
        steps: dict[int, int] = {
            Qt.Key.Key_Left: self._current - 1,
            Qt.Key.Key_Right: self._current + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: len(self._values) - 1,
        }
        target = steps.get(event.key())
        if self._values and target is not None:
            self._choose(target)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the area under the curve, its line and the marked slice."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        if len(self._values) < 2:
            painter.setPen(palette.placeholderText().color())
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, translate(self._nothing))
            return
        curve = self._curve()
        base = self.height() - 1.0
        area = QPolygonF([QPointF(0.0, base), *curve, QPointF(self.width() - 1.0, base)])
        fill = palette.highlight().color()
        fill.setAlpha(90)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawPolygon(area)
        painter.setPen(QPen(palette.highlight().color(), 1.5))
        painter.drawPolyline(QPolygonF(curve))
        painter.setPen(QPen(palette.text().color(), 1.0, Qt.PenStyle.DashLine))
        x = self._x(self._current)
        painter.drawLine(QPointF(x, 0.0), QPointF(x, base))

    def _curve(self) -> list[QPointF]:
        height = self.height() - 2.0
        return [
            QPointF(self._x(i), 1.0 + height * (1.0 - min(1.0, max(0.0, value))))
            for i, value in enumerate(self._values)
        ]

    def _x(self, index: int) -> float:
        return index / max(1, len(self._values) - 1) * (self.width() - 1)

    def _choose(self, index: int) -> None:
        index = min(len(self._values) - 1, max(0, index))
        self.set_current(index)
        self.slice_chosen.emit(index)
