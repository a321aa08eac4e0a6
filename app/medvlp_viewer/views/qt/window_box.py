"""Level and width as numbers, beside the presets."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QLabel, QWidget

from medvlp.scan import Intensity
from medvlp_viewer.models.display import DisplayModel
from medvlp_viewer.models.scan_model import ScanModel
from medvlp_viewer.models.window import Window, limits
from medvlp_viewer.views.qt.theme import THEME

_DECIMALS = {"HU": 0, "normalised": 2}
_STEPS = {"HU": 10.0, "normalised": 0.05}


class WindowBox(QWidget):
    """Two spin boxes that follow the display and set its window when Enter is pressed.

    Parameters
    ----------
    display
        Its window is edited.
    scan
        Tells the unit: Hounsfield, or the normalised intensity of an X-ray.
    """

    def __init__(self, display: DisplayModel, scan: ScanModel) -> None:
        super().__init__()
        self._display, self._scan = display, scan
        self.width_box = _spin_box("Window width")
        self.level_box = _spin_box("Window level (centre)")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(THEME.space, 0, 0, 0)
        layout.setSpacing(4)
        for letter, box in (("W", self.width_box), ("L", self.level_box)):
            label = QLabel(letter)
            label.setObjectName("muted")
            label.setBuddy(box)
            layout.addWidget(label)
            layout.addWidget(box)
            box.valueChanged.connect(self._use)
        display.window_changed.connect(self._follow)
        scan.changed.connect(self._on_scan)
        self._on_scan()

    def _on_scan(self) -> None:
        scan = self._scan.scan
        self.setEnabled(scan is not None)
        intensity: Intensity = scan.intensity if scan is not None else "HU"
        levels, widths = limits(intensity)
        for box, (low, high) in ((self.level_box, levels), (self.width_box, widths)):
            box.blockSignals(True)
            box.setDecimals(_DECIMALS[intensity])
            box.setSingleStep(_STEPS[intensity])
            box.setRange(low, high)
            box.blockSignals(False)
        self._follow()

    def _follow(self) -> None:
        window = self._display.window
        for box, value in ((self.level_box, window.level), (self.width_box, window.width)):
            box.blockSignals(True)
            box.setValue(value)
            box.blockSignals(False)

    def _use(self) -> None:
        self._display.set_window(Window(self.level_box.value(), self.width_box.value()))


def _spin_box(name: str) -> QDoubleSpinBox:
    box = QDoubleSpinBox()
    box.setAccessibleName(name)
    box.setToolTip(name)
    box.setKeyboardTracking(False)
    box.setAlignment(Qt.AlignmentFlag.AlignRight)
    box.setFixedWidth(68)
    box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return box
