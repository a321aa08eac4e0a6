"""The scan on screen."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from psygnal import Signal

from medvlp.scan import Scan
from medvlp_viewer.models.planes import PlaneFrame, PlaneName
from medvlp_viewer.models.window import display_values, halved

# A larger picture is windowed at half size until it is magnified, so that dragging stays smooth.
_LARGE_PIXELS = 3_000_000


class ScanModel:
    """Holds the open scan, how its planes are laid out, and its ``words`` for the display.

    ``overview`` is a large X-ray at half size, else None.

    Events
    ------
    changed
        Emitted after another scan was set, or the scan was closed.
    """

    changed = Signal()

    def __init__(self) -> None:
        self.scan: Scan | None = None
        self.frames: dict[PlaneName, PlaneFrame] = {}
        self.words: NDArray[np.uint16] | None = None
        self.overview: NDArray[np.uint16] | None = None

    def set(self, scan: Scan | None) -> None:
        """Show another scan, or none."""
        self.scan = scan
        frames = PlaneFrame.all_of(scan.geometry) if scan is not None else ()
        self.frames = {frame.name: frame for frame in frames}
        self.words = display_values(scan) if scan is not None else None
        self.overview = None
        if self.words is not None and self.words.ndim == 2 and self.words.size > _LARGE_PIXELS:
            self.overview = halved(self.words)
        self.changed.emit()
