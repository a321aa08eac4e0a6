"""What is drawn over a picture in screen pixels: letters, texts, scale bar, legend, crosshair."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QLinearGradient, QPainter, QPen

from medvlp_viewer.models.overlay import ColourBar, Legend
from medvlp_viewer.views.pane import PaneSetup, PaneText
from medvlp_viewer.views.qt.painting import (
    draw_line,
    draw_peak_mark,
    draw_scale_bar,
    draw_text,
    fitted,
    scale_bar_length,
)
from medvlp_viewer.views.qt.theme import ON_PICTURE
from medvlp_widgets.translation import translate

_MARGIN = 10.0
_GAP = 14.0
_LETTER_UP = 44.0
"""From the lower border to the letter there."""
_ABOVE_LETTER = _LETTER_UP + 18.0
_SAMPLE = 24.0
"""Width of the sample of a line or a colour before its words."""
_BAR_HEIGHT = 150.0
_ROOM_FOR_BAR = 480.0


@dataclass
class Annotations:
    """The state that the painter below draws."""

    setup: PaneSetup | None = None
    text: PaneText = field(default_factory=PaneText)
    legend: Legend = field(default_factory=Legend)
    crosshair: QPointF | None = None
    peaks: list[QPointF] = field(default_factory=list)
    shown: bool = True


def draw_annotations(
    painter: QPainter, area: QRectF, state: Annotations, pixels_per_unit: float
) -> None:
    """Draw everything; positions in ``state`` are already in screen pixels."""
    setup = state.setup
    if setup is None:
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if state.crosshair is not None:
        _draw_crosshair(painter, area, state.crosshair)
    for peak in state.peaks:
        draw_peak_mark(painter, peak, ON_PICTURE.text)
    if not state.shown:
        return
    _draw_letters(painter, area, setup, _below_corner(painter, area, state.text))
    half_bar = scale_bar_length(area, pixels_per_unit) * pixels_per_unit / 2
    beside_bar = area.width() / 2 - half_bar - 2 * _MARGIN
    _draw_corners(painter, area, state.text, beside_bar)
    draw_scale_bar(painter, area, pixels_per_unit, setup.unit, ON_PICTURE.text)
    if area.height() > _ROOM_FOR_BAR:
        if state.legend.bar is not None:
            _draw_colour_bar(painter, area, state.legend.bar)
        _draw_keys(painter, area, state.legend, beside_bar)


def _draw_crosshair(painter: QPainter, area: QRectF, at: QPointF) -> None:
    """Filled rectangles one pixel thick: antialiased lines across a pane take milliseconds."""
    colour = QColor(ON_PICTURE.crosshair)
    colour.setAlphaF(0.75)
    x, y = round(at.x()), round(at.y())
    for box in (
        QRectF(QPointF(area.left(), y), QPointF(at.x() - _GAP, y + 1)),
        QRectF(QPointF(at.x() + _GAP, y), QPointF(area.right(), y + 1)),
        QRectF(QPointF(x, area.top()), QPointF(x + 1, at.y() - _GAP)),
        QRectF(QPointF(x, at.y() + _GAP), QPointF(x + 1, area.bottom())),
    ):
        if box.width() > 0.0 and box.height() > 0.0:
            painter.fillRect(box, colour)


def _below_corner(painter: QPainter, area: QRectF, text: PaneText) -> float:
    """How far the upper letter moves down: below a corner text that reaches the middle of the pane."""
    metrics = QFontMetricsF(painter.font())
    longest = max((metrics.horizontalAdvance(line) for line in text.top_left), default=0.0)
    reaches = longest + 2 * _MARGIN > area.width() / 2
    return len(text.top_left) * metrics.lineSpacing() + _MARGIN / 2 if reaches else 0.0


def _draw_letters(painter: QPainter, area: QRectF, setup: PaneSetup, lower: float) -> None:
    font = QFont(painter.font())
    painter.save()
    font.setPixelSize(ON_PICTURE.font_pixels + 2)
    font.setBold(True)
    painter.setFont(font)
    metrics = QFontMetricsF(font)
    middle = area.center()
    half = metrics.capHeight() / 2
    letters = setup.letters
    width = metrics.horizontalAdvance
    for text, x, y in (
        (letters.left, area.left() + _MARGIN, middle.y() + half),
        (letters.right, area.right() - _MARGIN - width(letters.right), middle.y() + half),
        (letters.top, middle.x() - width(letters.top) / 2, area.top() + _MARGIN + 2 * half + lower),
        (letters.bottom, middle.x() - width(letters.bottom) / 2, area.bottom() - _LETTER_UP),
    ):
        draw_text(painter, x, y, text, ON_PICTURE.letters)
    painter.restore()


def _draw_corners(painter: QPainter, area: QRectF, text: PaneText, beside_bar: float) -> None:
    """Texts of three corners; what is too long for its place beside the scale bar goes above it."""
    metrics = QFontMetricsF(painter.font())
    whole = area.width() - 2 * _MARGIN
    longest = max((metrics.horizontalAdvance(line) for line in text.bottom_left), default=0.0)
    below = _MARGIN if longest <= beside_bar else _ABOVE_LETTER
    taken = [metrics.horizontalAdvance(line) + 2 * _MARGIN for line in text.top_left]
    # In a narrow pane the window goes below the number of the slice.
    first = max((metrics.horizontalAdvance(line) for line in text.top_right[:1]), default=0.0)
    lowered = len(taken) > 1 and first > whole - taken[0]
    beside = [whole - own for own in (*taken[lowered:], 0.0, 0.0)]
    for lines, widths, right, bottom in (
        (text.top_left, [whole] * len(text.top_left), False, False),
        (text.top_right, beside, True, False),
        (text.bottom_left, [whole] * len(text.bottom_left), False, True),
    ):
        shown = [fitted(painter, line, max(w, 0.0)) for line, w in zip(lines, widths, strict=False)]
        if not shown:
            continue
        lengths = [metrics.horizontalAdvance(line) for line in shown]
        height = len(shown) * metrics.lineSpacing()
        top = area.bottom() - below - height if bottom else area.top() + _MARGIN
        top += metrics.lineSpacing() if right and lowered else 0.0
        left = area.right() - _MARGIN - max(lengths) if right else area.left() + _MARGIN
        # Bright bone or the border of a radiograph would swallow the text.
        plate = QRectF(left - 4.0, top - 2.0, max(lengths) + 8.0, height + 4.0)
        painter.fillRect(plate, QColor(0, 0, 0, 120))
        for i, (line, length) in enumerate(zip(shown, lengths, strict=True)):
            x = area.right() - _MARGIN - length if right else left
            baseline = top + metrics.ascent() + i * metrics.lineSpacing()
            strong = bottom or (i == 0 and not right)
            colour = ON_PICTURE.text if strong else ON_PICTURE.muted
            draw_text(painter, x, baseline, line, colour)


def _draw_colour_bar(painter: QPainter, area: QRectF, bar: ColourBar) -> None:
    """Vertical legend at the lower right; what the threshold hides is left dark."""
    box = QRectF(area.right() - 24, area.bottom() - _BAR_HEIGHT - 22, 11, _BAR_HEIGHT)
    gradient = QLinearGradient(box.bottomLeft(), box.topLeft())
    for i in range(0, 256, 15):
        gradient.setColorAt(i / 255, QColor(*(int(v) for v in bar.table[i])))
    painter.fillRect(box, gradient)
    hidden = QRectF(box)
    hidden.setTop(box.bottom() - bar.threshold * box.height())
    painter.fillRect(hidden, QColor(0, 0, 0, 190))
    painter.setPen(QPen(QColor(ON_PICTURE.muted), 1.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(box)
    y = hidden.top()
    draw_line(painter, QPointF(box.left() - 4, y), QPointF(box.right() + 4, y), ON_PICTURE.text)
    metrics = QFontMetricsF(painter.font())
    for value in (0.0, 0.5, 1.0):
        text = f"{value:g}"
        x = box.left() - 6 - metrics.horizontalAdvance(text)
        at = box.bottom() - value * box.height() + metrics.capHeight() / 2
        draw_text(painter, x, at, text, ON_PICTURE.text)
    label = fitted(painter, translate(f"heat: {bar.label}"), area.width() - 2 * _MARGIN)
    x = area.right() - _MARGIN - metrics.horizontalAdvance(label)
    draw_text(painter, x, box.top() - 10, label, ON_PICTURE.text)


def _draw_keys(painter: QPainter, area: QRectF, legend: Legend, beside_bar: float) -> None:
    """One line per query at the lower right: a filled square or a line, its number and text."""
    metrics = QFontMetricsF(painter.font())
    step = metrics.lineSpacing() + 2.0
    room = area.width() - 2 * _MARGIN - _SAMPLE
    keys = [
        (key, fitted(painter, f"{key.number}  {key.label}", room)) for key in reversed(legend.keys)
    ]
    longest = max((metrics.horizontalAdvance(text) + _SAMPLE for _, text in keys), default=0.0)
    raised = 2 * _MARGIN if longest <= beside_bar else _ABOVE_LETTER
    bottom = area.bottom() - (raised if legend.bar is None else _BAR_HEIGHT + 56.0)
    for i, (key, text) in enumerate(keys):
        x = area.right() - _MARGIN - metrics.horizontalAdvance(text)
        baseline = bottom - i * step
        draw_text(painter, x, baseline, text, ON_PICTURE.text)
        height = metrics.capHeight() if key.filled else 2.5
        middle = baseline - metrics.capHeight() / 2
        box = QRectF(x - _SAMPLE, middle - height / 2, 16.0, height)
        painter.fillRect(box.adjusted(-1, -1, 1, 1), QColor(0, 0, 0, 210))
        painter.fillRect(box, QColor(*key.rgb))
