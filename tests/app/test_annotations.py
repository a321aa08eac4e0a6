"""What is written over a picture, and where, in wide and in narrow panes."""

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF, QImage, QPainter

from medvlp_viewer.models.overlay import Legend, LegendKey
from medvlp_viewer.models.planes import EdgeLetters
from medvlp_viewer.views.pane import PaneSetup, PaneText
from medvlp_viewer.views.qt import annotations, painting
from medvlp_viewer.views.qt.annotations import Annotations, draw_annotations

READOUT = ("\N{MINUS SIGN}834 HU   heat 0.93", "131 L, 102 P, 1214 I mm")
TOP_LEFT, TOP_RIGHT = ("Sagittal  363 / 512", "L 57.5 mm"), ("W 1600  L -600", "Lung")
KEY = LegendKey(6, "pneumothorax on the left", (200, 90, 0), True)


@pytest.fixture
def written(qt_application, monkeypatch):
    """Draws a pane of some size and gives the box of every text."""

    def draw(width, height):
        boxes = {}

        def note(painter, x, baseline, text, colour):
            metrics = QFontMetricsF(painter.font())
            size = metrics.horizontalAdvance(text), metrics.capHeight()
            boxes[text] = QRectF(x, baseline - size[1], *size)

        for module in (annotations, painting):
            monkeypatch.setattr(module, "draw_text", note)
        image = QImage(width, height, QImage.Format.Format_RGB32)
        painter = QPainter(image)
        setup = PaneSetup(
            "axial", "Axial", (99, 99), 9, (1.0, 1.0), "mm", EdgeLetters("R", "L", "A", "P")
        )
        text = PaneText(TOP_LEFT, TOP_RIGHT, READOUT)
        state = Annotations(setup, text, Legend(keys=(KEY,)))
        draw_annotations(painter, QRectF(0, 0, width, height), state, 1.5)
        painter.end()
        return boxes

    return draw


@pytest.mark.parametrize("size", [(430, 900), (238, 330)])
def test_the_window_is_whole_beside_or_below_the_number_of_the_slice(written, size):
    boxes = written(*size)
    above = (*TOP_LEFT, *TOP_RIGHT)
    assert set(above) <= set(boxes)
    for i, text in enumerate(above):
        assert not any(boxes[text].intersects(boxes[other]) for other in above[i + 1 :])


@pytest.mark.parametrize("size", [(430, 900), (238, 330), (600, 500), (330, 500)])
def test_value_and_place_are_whole_and_nothing_below_lies_on_anything_else(written, size):
    boxes = written(*size)
    assert set(READOUT) <= set(boxes)
    below = [*READOUT, "P", next(text for text in boxes if text.endswith("cm"))]
    below += [text for text in boxes if text.startswith("6 ")]
    for i, text in enumerate(below):
        for other in below[i + 1 :]:
            apart = not boxes[text].intersects(boxes[other])
            keys_above = {text, other} <= {
                *READOUT,
                *below[4:],
            }  # a narrow pane has no room for both
            assert apart or keys_above, (text, other)
