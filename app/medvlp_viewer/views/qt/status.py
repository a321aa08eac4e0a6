"""The status bar: research notice, job with Cancel, and what runs where."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QStatusBar, QWidget
from superqt import QElidingLabel

from medvlp import RESEARCH_NOTICE
from medvlp_viewer.views.base import EngineStatus
from medvlp_widgets.models.progress import ProgressModel, format_time_left

_STEPS = 1000
_SHORTEST = 60
_PADDING = 18  # of labels in the status bar, by the style sheet


class StatusBar(QStatusBar):
    """Always visible at the bottom. Signals ``cancelled()`` when the user stops the job."""

    cancelled = Signal()

    def __init__(self, progress: ProgressModel) -> None:
        super().__init__()
        self.setSizeGripEnabled(False)
        self._progress = progress
        notice = QLabel(RESEARCH_NOTICE)
        notice.setObjectName("research-notice")
        self.addWidget(notice)
        self.job = self._make_job()
        self.addWidget(self.job, 1)
        self.scan = _Shortened()
        self.model, self.device, self.memory = (QLabel() for _ in range(3))
        for label, name in (
            (self.scan, "Scan"),
            (self.model, "Model"),
            (self.device, "Device"),
            (self.memory, "Memory in use"),
        ):
            label.setAccessibleName(name)
            label.setToolTip(name)
            self.addPermanentWidget(label)
        progress.changed.connect(self._show_progress)
        self._show_progress()

    def show_status(self, status: EngineStatus) -> None:
        """Show what runs where."""
        self.scan.setText(status.scan)
        self.model.setText(f"Model {status.model}" if status.model else "")
        self.device.setText(status.device)
        self.memory.setText(status.memory)
        for label in (self.model, self.device, self.memory):
            label.setVisible(bool(label.text()))

    def _make_job(self) -> QWidget:
        job = QWidget()
        self.text = _Shortened()
        self.bar = QProgressBar()
        self.bar.setRange(0, _STEPS)
        self.bar.setFixedWidth(150)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress")
        self.cancel = QPushButton("Cancel")
        self.cancel.setStyleSheet("padding: 1px 10px;")
        self.cancel.setAccessibleName("Cancel the running job")
        self.cancel.clicked.connect(self._on_cancel)
        for widget in (self.bar, self.cancel):  # a job that starts must not move the panes
            policy = widget.sizePolicy()
            policy.setRetainSizeWhenHidden(True)
            widget.setSizePolicy(policy)
        layout = QHBoxLayout(job)
        layout.setContentsMargins(8, 0, 8, 0)
        layout.addWidget(self.bar)
        layout.addWidget(self.cancel)
        layout.addWidget(self.text, 1)
        return job

    def _on_cancel(self) -> None:
        self._progress.request_cancel()
        self.cancelled.emit()

    def _show_progress(self) -> None:
        model = self._progress
        for widget in (self.bar, self.cancel):
            widget.setVisible(model.running)
        self.cancel.setEnabled(not model.cancelling)
        self.bar.setValue(round(model.fraction * _STEPS))
        parts = (model.title, model.message, format_time_left(model.seconds_left))
        self.text.setText(" · ".join(p for p in parts if p) if model.running else "")
        self.bar.setAccessibleDescription(self.text.text())


class _Shortened(QElidingLabel):
    """A label that gives way: a long text must not widen the window."""

    def __init__(self) -> None:
        super().__init__()
        self.setEllipsesWidth(_PADDING)
        self.setMinimumWidth(_SHORTEST)

    def sizeHint(self) -> QSize:
        """Room for the whole text."""
        width = self.fontMetrics().horizontalAdvance(self.text()) + 2 * _PADDING
        return QSize(width, super().sizeHint().height())
