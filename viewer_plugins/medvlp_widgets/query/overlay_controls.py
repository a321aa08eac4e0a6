"""Opacity, threshold and colour map of all heatmaps, with a colour bar."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from qtpy.QtCore import QSize, Qt
from qtpy.QtGui import QColor, QLinearGradient, QPainter, QPaintEvent
from qtpy.QtWidgets import (
    QAbstractSlider,
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QWidget,
)
from superqt import QLabeledDoubleSlider

from medvlp_widgets.colour.hues import HUES
from medvlp_widgets.colour.maps import colour_map, colour_map_names, hue_map
from medvlp_widgets.models.overlay import AUTOMATIC, BY_QUERY, OverlayModel


class ColourBar(QWidget):
    """The colour map from 0 to 1; what lies below the threshold is hatched."""

    def __init__(self, model: OverlayModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._hues: tuple[tuple[int, int, int], ...] = ()
        self.setAccessibleName("Colour bar of the heat, from 0 to 1")
        model.changed.connect(self._refresh)

    def sizeHint(self) -> QSize:
        """A strip."""
        return QSize(160, 14)

    def minimumSizeHint(self) -> QSize:
        """A short strip."""
        return QSize(60, 14)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the gradient and the part that is not shown."""
        painter = QPainter(self)
        maps = self._maps()
        for row, colours in enumerate(maps):
            gradient = QLinearGradient(0.0, 0.0, float(self.width()), 0.0)
            for i, colour in enumerate(colours):
                gradient.setColorAt(i / (len(colours) - 1), QColor.fromRgbF(*map(float, colour)))
            top, bottom = (round(self.height() * n / len(maps)) for n in (row, row + 1))
            painter.fillRect(0, top, self.width(), bottom - top, gradient)
        hidden = round(self._model.threshold * self.width())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(Qt.BrushStyle.BDiagPattern)
        painter.fillRect(0, 0, hidden, self.height(), self.palette().window())
        painter.fillRect(0, 0, hidden, self.height(), Qt.BrushStyle.BDiagPattern)

    def show_hues(self, hues: tuple[tuple[int, int, int], ...]) -> None:
        """Colours of the questions on the picture, which may each have a stripe of their own."""
        if hues != self._hues:
            self._hues = hues
            self.update()

    def _maps(self) -> list[NDArray[np.float32]]:
        if not self._model.by_hue(len(self._hues)):
            return [colour_map(self._model.map_name, 32)]
        return [hue_map(rgb, 32) for rgb in self._hues or (HUES[0].rgb,)]

    def _refresh(self) -> None:
        self.update()


class OverlayControls(QWidget):
    """Edits an :class:`OverlayModel`; follows it when something else changes it."""

    def __init__(self, model: OverlayModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.visible_box = QCheckBox("Heat")
        self.opacity_slider = unit_slider("Opacity of the heat")
        self.threshold_slider = unit_slider("Threshold: heat below it is not drawn")
        self.map_box = QComboBox()
        for name in (AUTOMATIC, BY_QUERY, *colour_map_names()):
            self.map_box.addItem(name, name)  # the words may be translated, the value stays
        self.map_box.setAccessibleName("Colour map of the heat")
        self.map_box.setToolTip(
            "Automatic: one question is drawn in a colour map, several each in their own colour"
        )
        self.map_box.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.bar = ColourBar(model)
        self._lay_out()
        self._follow()
        self.visible_box.toggled.connect(lambda value: setattr(model, "visible", value))
        self.opacity_slider.valueChanged.connect(lambda value: setattr(model, "opacity", value))
        self.threshold_slider.valueChanged.connect(lambda value: setattr(model, "threshold", value))
        self.map_box.currentIndexChanged.connect(
            lambda i: setattr(model, "colour_map", self.map_box.itemData(i))
        )
        model.changed.connect(self._follow)

    def _lay_out(self) -> None:
        first = QHBoxLayout()
        first.addWidget(self.visible_box)
        first.addWidget(self.map_box, 1)
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.addRow(first)
        form.addRow(self.bar)
        form.addRow("Opacity", self.opacity_slider)
        form.addRow("Threshold", self.threshold_slider)

    def _follow(self) -> None:
        model = self._model
        self.visible_box.setChecked(model.visible)
        self.map_box.setCurrentIndex(self.map_box.findData(model.colour_map))
        if abs(self.opacity_slider.value() - model.opacity) > 1e-6:
            self.opacity_slider.setValue(model.opacity)
        if abs(self.threshold_slider.value() - model.threshold) > 1e-6:
            self.threshold_slider.setValue(model.threshold)


def unit_slider(name: str) -> QLabeledDoubleSlider:
    """Slider from 0 to 1 with its number."""
    slider = QLabeledDoubleSlider(Qt.Orientation.Horizontal)
    slider.setRange(0.0, 1.0)
    # superqt's float sliders inherit integer annotations of QSlider.
    slider.setSingleStep(0.05)  # type: ignore[arg-type]
    slider.setPageStep(0.1)  # type: ignore[arg-type]
    slider.setDecimals(2)
    for part in (
        slider,
        *slider.findChildren(QAbstractSlider),
        *slider.findChildren(QAbstractSpinBox),
    ):
        part.setAccessibleName(name)
    slider.setToolTip(name)
    slider.setMaximumHeight(26)
    return slider
