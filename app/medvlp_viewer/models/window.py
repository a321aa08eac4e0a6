"""Window level and width: stored values to display grey."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medvlp.scan import Scan


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


def window_grey(values: NDArray[Any], window: Window, *, whole_numbers: bool) -> NDArray[np.uint8]:
    """Map stored values to 0..255.

    ``whole_numbers`` selects the DICOM LINEAR function (PS3.3 C.11.2.1.2.1), which counts the
    window in whole steps: ``((x - (c - 0.5)) / (w - 1) + 0.5) * 255``; otherwise LINEAR_EXACT
    (C.11.2.1.3.2): ``((x - c) / w + 0.5) * 255``.
    """
    x = np.asarray(values, dtype=np.float32)
    if whole_numbers:
        y = (x - (window.level - 0.5)) / max(window.width - 1.0, 1e-6) + 0.5
    else:
        y = (x - window.level) / window.width + 0.5
    grey: NDArray[np.uint8] = np.rint(np.clip(y, 0.0, 1.0) * 255.0).astype(np.uint8)
    return grey


def lookup_table(window: Window) -> NDArray[np.uint8]:
    """Grey of every int16 value, indexed by its bits read as uint16."""
    values = np.arange(65536, dtype=np.uint16).view(np.int16)
    return window_grey(values, window, whole_numbers=True)


def apply_window(
    plane: NDArray[Any], window: Window, table: NDArray[np.uint8] | None = None
) -> NDArray[np.uint8]:
    """Grey image of a plane, contiguous: int16 through a table, float32 by the formula."""
    plane = np.ascontiguousarray(plane)
    if plane.dtype == np.int16:
        table = lookup_table(window) if table is None else table
        return table.take(plane.view(np.uint16))
    return window_grey(plane, window, whole_numbers=False)


def first_window(scan: Scan) -> Window:
    """The file's own window, else soft tissue for CT and everything for an X-ray."""
    if scan.window is not None and scan.window[1] > 0:
        return Window(*scan.window)
    return CT_PRESETS[1].window if scan.intensity == "HU" else XRAY_WINDOW


def dragged(window: Window, right: float, down: float, intensity: str) -> Window:
    """Window after a drag by fractions of the pane: right widens, down raises the level (darker).

    The step is proportional to the current width, so that a narrow window is set finely.
    """
    scale = max(window.width, 20 * _MINIMUM_WIDTH[intensity])
    low, high = _LEVEL_LIMITS[intensity]
    width = window.width + right * scale * 2.0
    level = window.level + down * scale
    return Window(
        float(np.clip(level, low, high)),
        float(np.clip(width, _MINIMUM_WIDTH[intensity], _MAXIMUM_WIDTH[intensity])),
    )
