"""Colour, opacity and threshold of one question, in a small window at its row."""

from __future__ import annotations

from qtpy.QtCore import QPoint, Qt
from qtpy.QtWidgets import (
    QButtonGroup,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QWidget,
)

from medvlp_widgets.colour.hues import HUES
from medvlp_widgets.models.overlay import OverlayModel
from medvlp_widgets.models.queries import QueryModel
from medvlp_widgets.query.overlay_controls import unit_slider


class RowDrawing(QFrame):
    """Edits how one row of a :class:`QueryModel` is drawn; Escape or a click beside it closes it.

    Parameters
    ----------
    model
        Holds the row.
    overlay
        What the row follows until it has its own values.
    key
        Of the row.
    """

    def __init__(
        self, model: QueryModel, overlay: OverlayModel, key: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._model, self._overlay, self._key = model, overlay, key
        self.setObjectName("row-drawing")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        row = model[key]
        self.opacity_slider = unit_slider(f"Opacity of {row.text}")
        self.threshold_slider = unit_slider(f"Threshold of {row.text}")
        self.follow_button = QPushButton("As all questions")
        self.hue_buttons: list[QToolButton] = []
        self._lay_out(row.text)
        self._show()
        self.opacity_slider.valueChanged.connect(self._use)
        self.threshold_slider.valueChanged.connect(self._use)
        self.follow_button.clicked.connect(self._follow)

    def open_at(self, corner: QPoint) -> None:
        """Show it with its upper left corner at a point of the screen."""
        self.move(corner)
        self.show()
        self.hue_buttons[0].setFocus()

    def _lay_out(self, text: str) -> None:
        title = QLabel(text)
        title.setTextFormat(Qt.TextFormat.PlainText)
        hues = QHBoxLayout()
        group = QButtonGroup(self)
        for hue in HUES:
            button = QToolButton()
            button.setCheckable(True)
            button.setFixedSize(24, 24)
            button.setChecked(hue.rgb == self._model[self._key].hue.rgb)
            button.setStyleSheet(
                f"QToolButton {{ background: {hue.hex}; border: 1px solid black;"
                "border-radius: 4px; }"
                "QToolButton:checked { border: 3px solid white; }"
                "QToolButton:focus { border: 2px dashed black; }"
            )
            button.setToolTip(hue.name)
            button.setAccessibleName(f"Colour {hue.name}")
            button.clicked.connect(lambda _=False, h=hue: self._model.set_hue(self._key, h))
            group.addButton(button)
            hues.addWidget(button)
            self.hue_buttons.append(button)
        hues.addStretch(1)
        form = QFormLayout(self)
        form.addRow(title)
        form.addRow("Colour", hues)
        form.addRow("Opacity", self.opacity_slider)
        form.addRow("Threshold", self.threshold_slider)
        form.addRow(self.follow_button)
        self.setMinimumWidth(300)

    def _show(self) -> None:
        row, overlay = self._model[self._key], self._overlay
        opacity = overlay.opacity if row.opacity is None else row.opacity
        threshold = overlay.threshold if row.threshold is None else row.threshold
        for slider, value in ((self.opacity_slider, opacity), (self.threshold_slider, threshold)):
            slider.blockSignals(True)
            slider.setValue(value)
            slider.blockSignals(False)
        self.follow_button.setEnabled(row.opacity is not None or row.threshold is not None)

    def _use(self) -> None:
        if self._key in self._model:
            opacity, threshold = self.opacity_slider.value(), self.threshold_slider.value()
            self._model.set_drawing(self._key, float(opacity), float(threshold))
            self.follow_button.setEnabled(True)

    def _follow(self) -> None:
        if self._key in self._model:
            self._model.set_drawing(self._key, None, None)
            self._show()
