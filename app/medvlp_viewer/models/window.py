"""Window level and width: stored values to display grey."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from medvlp.scan import Intensity, Scan


@dataclass(frozen=True)
class Window:
    """Level (centre) and width in the scan's units: HU, or [0, 1] for an X-ray."""

    level: float
    width: float


@dataclass(frozen=True)
class WindowPreset:
    """A named window with its key."""

    name: str
    key: str
    window: Window


CT_PRESETS: tuple[WindowPreset, ...] = (
    WindowPreset("Lung", "1", Window(-600.0, 1500.0)),
    WindowPreset("Mediastinum", "2", Window(40.0, 400.0)),
    WindowPreset("Bone", "3", Window(400.0, 1800.0)),
    WindowPreset("Abdomen", "4", Window(60.0, 350.0)),
    WindowPreset("Brain", "5", Window(40.0, 80.0)),
)
XRAY_WINDOW = Window(0.5, 1.0)
_MINIMUM_WIDTH = {"HU": 2.0, "normalised": 0.01}
_LEVEL_LIMITS = {"HU": (-2000.0, 4000.0), "normalised": (-0.5, 1.5)}
_MAXIMUM_WIDTH = {"HU": 8000.0, "normalised": 4.0}


def display_values(scan: Scan) -> NDArray[np.uint16]:
    """The scan's array as 16-bit words that :func:`lookup_table` understands.

    CT: the bits of its int16, without a copy. X-ray: [0, 1] in 65535 steps.
    """
    if scan.intensity == "HU":
        return scan.array.view(np.uint16)
    words: NDArray[np.uint16] = (scan.array.astype(np.float32, copy=False) * 65535.0 + 0.5).astype(
        np.uint16
    )
    return words


def halved(words: NDArray[np.uint16]) -> NDArray[np.uint16]:
    """Means of 2 x 2 pixels of an X-ray's words (an odd last row or column is left out)."""
    rows, columns = (n // 2 * 2 for n in words.shape)
    quarters = [words[i:rows:2, j:columns:2] >> 2 for i in (0, 1) for j in (0, 1)]
    return quarters[0] + quarters[1] + quarters[2] + quarters[3]


def lookup_table(window: Window, intensity: Intensity) -> NDArray[np.uint8]:
    """``(65536,)`` grey of every 16-bit word of :func:`display_values`.

    Hounsfield units by the DICOM LINEAR function (PS3.3 C.11.2.1.2.1), which counts the window in
    whole steps: ``((x - (c - 0.5)) / (w - 1) + 0.5) * 255``; the normalised values of an X-ray by
    LINEAR_EXACT (C.11.2.1.3.2): ``((x - c) / w + 0.5) * 255``.
    """
    words = np.arange(65536, dtype=np.uint16)
    if intensity == "HU":
        x = words.view(np.int16).astype(np.float64)
        y = (x - (window.level - 0.5)) / max(window.width - 1.0, 1e-6) + 0.5
    else:
        y = (words / 65535.0 - window.level) / window.width + 0.5
    grey: NDArray[np.uint8] = np.rint(np.clip(y, 0.0, 1.0) * 255.0).astype(np.uint8)
    return grey


def file_window(scan: Scan) -> Window | None:
    """The window that the file suggests; None if it has none."""
    if scan.window is None or scan.window[1] <= 0:
        return None
    return Window(*scan.window)


def own_window(scan: Scan) -> Window | None:
    """The window that the file suggests; of an X-ray without one all values; None of such a CT."""
    suggested = file_window(scan)
    return XRAY_WINDOW if suggested is None and scan.intensity != "HU" else suggested


def first_window(scan: Scan) -> Window:
    """The scan's own window, else soft tissue."""
    return own_window(scan) or CT_PRESETS[1].window


def limits(intensity: Intensity) -> tuple[tuple[float, float], tuple[float, float]]:
    """Least and greatest level, least and greatest width."""
    return _LEVEL_LIMITS[intensity], (_MINIMUM_WIDTH[intensity], _MAXIMUM_WIDTH[intensity])


def limited(window: Window, intensity: Intensity) -> Window:
    """The nearest window that can be shown."""
    levels, widths = limits(intensity)
    return Window(float(np.clip(window.level, *levels)), float(np.clip(window.width, *widths)))


def dragged(window: Window, right: float, down: float, intensity: Intensity) -> Window:
    """Window after a drag by fractions of the pane: right widens, down raises the level (darker).

    The step is proportional to the current width, so that a narrow window is set finely.
    """
    scale = max(window.width, 20 * _MINIMUM_WIDTH[intensity])
    width = window.width + right * scale * 2.0
    level = window.level + down * scale
    return limited(Window(level, width), intensity)
