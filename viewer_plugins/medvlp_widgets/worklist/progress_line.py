"""How far the scoring in the background is, with Pause and Cancel."""

from __future__ import annotations

from qtpy.QtCore import Qt, Signal
from qtpy.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from medvlp_widgets.models.progress import ProgressModel, format_time_left

_STEPS = 1000


class ScoringProgress(QWidget):
    """Hidden while nothing is to be done.

    Signals
    -------
    pause_toggled()
        Pause, or go on.
    cancelled()
        Drop what waits.
    restarted()
        Score what was dropped after all.
    """

    pause_toggled = Signal()
    cancelled = Signal()
    restarted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model: ProgressModel | None = None
        self.label = QLabel()
        self.label.setObjectName("muted")
        self.label.setWordWrap(True)
        self.bar = QProgressBar()
        self.bar.setRange(0, _STEPS)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress of scoring")
        self.pause_button = QPushButton("Pause")
        self.cancel_button = QPushButton("Cancel")
        self.restart_button = QPushButton("Score the rest")
        self.pause_button.setAccessibleName("Pause scoring")
        self.cancel_button.setAccessibleName("Cancel scoring")
        self.restart_button.setAccessibleName("Score the rest")
        self.pause_button.clicked.connect(lambda: self.pause_toggled.emit())
        self.cancel_button.clicked.connect(lambda: self.cancelled.emit())
        self.restart_button.clicked.connect(lambda: self.restarted.emit())
        row = QHBoxLayout()
        row.addWidget(self.bar, 1)
        for button in (self.pause_button, self.cancel_button, self.restart_button):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignRight)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.label)
        layout.addLayout(row)
        self.show_state(paused=False, unfinished=False)

    def follow(self, model: ProgressModel) -> None:
        """Show this model from now on."""
        self._model = model
        model.changed.connect(self._show_progress)
        self._show_progress()

    def show_state(self, *, paused: bool, unfinished: bool) -> None:
        """Say whether it is paused, and whether scans remain that nobody is going to score."""
        running = self._model is not None and self._model.running
        self.pause_button.setText("Go on" if paused else "Pause")
        self.pause_button.setAccessibleName("Go on scoring" if paused else "Pause scoring")
        for widget in (self.bar, self.pause_button, self.cancel_button):
            widget.setVisible(running)
        self.restart_button.setVisible(unfinished and not running)
        self.setVisible(running or unfinished)
        self._show_progress()

    def _show_progress(self) -> None:
        model = self._model
        if model is None or not model.running:
            self.label.setText("")
            self.label.hide()
            return
        left = "" if model.message == "paused" else format_time_left(model.seconds_left)
        parts = (model.title, model.message, left)
        self.label.setText(" · ".join(part for part in parts if part))
        self.label.show()
        self.bar.setValue(round(model.fraction * _STEPS))
        self.bar.setAccessibleDescription(self.label.text())
