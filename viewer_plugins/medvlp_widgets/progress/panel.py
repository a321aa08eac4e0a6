"""Progress bar with a message, the time left and a Cancel button."""

from __future__ import annotations

from qtpy.QtCore import Qt, Signal
from qtpy.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from medvlp_widgets.models.progress import ProgressModel, format_time_left

STEPS = 1000


class ProgressPanel(QWidget):
    """Shows a :class:`ProgressModel`; hidden parts keep their place, so nothing jumps.

    Signals
    -------
    cancelled()
        The user pressed Cancel. The host stops the job and calls ``model.finish``.
    """

    cancelled = Signal()

    def __init__(self, model: ProgressModel | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = model or ProgressModel()
        self.label = QLabel()
        self.label.setWordWrap(True)
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.bar = QProgressBar()
        self.bar.setRange(0, STEPS)
        self.bar.setAccessibleName("Progress")
        self.cancel_button = QPushButton("Cancel")
        self.cancel_button.setAccessibleName("Cancel the running job")
        self.cancel_button.clicked.connect(self._on_cancel)
        row = QHBoxLayout()
        row.addWidget(self.bar, 1)
        row.addWidget(self.cancel_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.label)
        layout.addLayout(row)
        for widget in (self.bar, self.cancel_button):
            policy = widget.sizePolicy()
            policy.setRetainSizeWhenHidden(True)
            widget.setSizePolicy(policy)
        self.model.changed.connect(self._show_state)
        self._show_state()

    def _on_cancel(self) -> None:
        self.model.request_cancel()
        self.cancelled.emit()

    def _show_state(self) -> None:
        model = self.model
        self.bar.setVisible(model.running)
        self.cancel_button.setVisible(model.running)
        self.cancel_button.setEnabled(model.running and not model.cancelling)
        self.bar.setValue(round(model.fraction * STEPS))
        self.bar.setFormat(f"{100 * model.fraction:.0f} %")
        self.label.setText(self._text())
        self.bar.setAccessibleDescription(self.label.text())

    def _text(self) -> str:
        model = self.model
        if model.failed:
            return f"Failed: {model.message}"
        if not model.running:
            return model.message
        parts = (model.title, model.message, format_time_left(model.seconds_left))
        return " · ".join(part for part in parts if part)
