"""One answer in the list: mark, visibility, text, probability, where the peak is."""

from __future__ import annotations

from qtpy.QtCore import Qt, Signal
from qtpy.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QLabel,
    QProgressBar,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from medvlp_widgets.models.queries import QueryRow


class QueryRowWidget(QWidget):
    """Shows a :class:`QueryRow`. The number in the swatch stands for the colour.

    Signals
    -------
    removed(), visibility_changed(bool), next_peak(), previous_peak(), drawing_requested()
        The last one when the swatch is clicked: colour, opacity and threshold of this row.
    """

    removed = Signal()
    visibility_changed = Signal(bool)
    next_peak = Signal()
    previous_peak = Signal()
    drawing_requested = Signal()

    def __init__(self, row: QueryRow, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.visible_box = QCheckBox()
        self.swatch = QToolButton()
        self.swatch.setFixedSize(24, 24)
        self.swatch.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.text_label = QLabel()
        self.text_label.setProperty("verbatim", True)  # as typed, in every language
        self.text_label.setWordWrap(True)
        self.text_label.setTextFormat(Qt.TextFormat.PlainText)
        self.bar = QProgressBar()
        self.bar.setRange(0, 100)
        self.bar.setMinimumWidth(84)
        self.bar.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.verdict = QLabel()
        self.detail = QLabel()
        self.detail.setWordWrap(True)
        self.detail.setTextFormat(Qt.TextFormat.PlainText)
        self.previous_button = _tool("◀", "Previous peak (P)")
        self.next_button = _tool("▶", "Next peak (N)")
        self.remove_button = _tool("✕", "Remove (Delete)")
        self._lay_out()
        self.visible_box.toggled.connect(self.visibility_changed)
        self.previous_button.clicked.connect(lambda: self.previous_peak.emit())
        self.swatch.clicked.connect(lambda: self.drawing_requested.emit())
        self.next_button.clicked.connect(lambda: self.next_peak.emit())
        self.remove_button.clicked.connect(lambda: self.removed.emit())
        self.show_row(row)

    def show_row(self, row: QueryRow) -> None:
        """Show another state of the row."""
        self._show_identity(row)
        answered = row.probability is not None and not row.pending
        self.bar.setVisible(answered)
        self.bar.setValue(round(100 * (row.probability or 0.0)))
        self.bar.setFormat(row.verdict)
        self.bar.setAccessibleName(f"Probability of {row.text}")
        self.verdict.setVisible(not answered)
        self.verdict.setText(row.verdict)
        self.detail.setText("\n".join(row.details))
        self.detail.setVisible(bool(self.detail.text()))
        for button in (self.previous_button, self.next_button):
            button.setEnabled(bool(row.peak))
        self.setToolTip(row.spoken)
        self.setAccessibleName(row.spoken)

    def _show_identity(self, row: QueryRow) -> None:
        self.visible_box.blockSignals(True)
        self.visible_box.setChecked(row.visible)
        self.visible_box.blockSignals(False)
        self.visible_box.setAccessibleName(f"Show the heat of {row.text}")
        self.visible_box.setToolTip("Show its heat")
        self.swatch.setText(str(row.hue.number))
        frame = (
            "2px solid white"
            if row.opacity is not None or row.threshold is not None
            else ("1px solid black")
        )
        self.swatch.setStyleSheet(
            f"QToolButton {{ background: {row.hue.hex}; color: black; border: {frame};"
            "border-radius: 4px; font-weight: bold; padding: 0px; }"
        )
        own = row.opacity is not None or row.threshold is not None
        name = f"Colour {row.hue.number}, {row.hue.name}"
        self.swatch.setAccessibleName(f"{name}, drawn in its own way" if own else name)
        self.swatch.setToolTip("Colour, opacity and threshold of this question (C)")
        self.text_label.setText(row.text)

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(4, 3, 4, 3)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(1)
        grid.addWidget(self.visible_box, 0, 0)
        grid.addWidget(self.swatch, 0, 1)
        grid.addWidget(self.text_label, 0, 2)
        grid.addWidget(self.bar, 0, 3)
        grid.addWidget(self.verdict, 0, 3)
        grid.addWidget(self.previous_button, 0, 4)
        grid.addWidget(self.next_button, 0, 5)
        grid.addWidget(self.remove_button, 0, 6)
        grid.addWidget(self.detail, 1, 2, 1, 5)
        grid.setColumnStretch(2, 1)


def _tool(text: str, name: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setToolTip(name)
    button.setAccessibleName(name)
    button.setAutoRaise(True)
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return button
