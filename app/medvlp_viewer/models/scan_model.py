"""The scan on screen."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from psygnal import Signal

from medvlp.scan import Scan
from medvlp_viewer.models.background import Background, run_at_once
from medvlp_viewer.models.planes import PlaneFrame, PlaneName
from medvlp_viewer.models.tiles import LARGE_PIXELS, Pyramid
from medvlp_viewer.models.window import display_values


class ScanModel:
    """Holds the open scan, how its planes are laid out, and its ``words`` for the display.

    ``words`` of a CT are there at once. Those of an X-ray are converted in the background, and a
    large one gets a ``pyramid`` in screen order; until then ``words`` is None.

    Parameters
    ----------
    background
        Where conversions run.

    Events
    ------
    changed
        Emitted after another scan was set, or the scan was closed.
    pixels_changed
        Emitted after ``words`` and ``pyramid`` of the scan are ready.
    """

    changed = Signal()
    pixels_changed = Signal()

    def __init__(self, background: Background = run_at_once) -> None:
        self.background = background
        self.scan: Scan | None = None
        self.frames: dict[PlaneName, PlaneFrame] = {}
        self.words: NDArray[np.uint16] | None = None
        self.pyramid: Pyramid | None = None

    def set(self, scan: Scan | None) -> None:
        """Show another scan, or none."""
        self.scan = scan
        frames = PlaneFrame.all_of(scan.geometry) if scan is not None else ()
        self.frames = {frame.name: frame for frame in frames}
        self.words, self.pyramid = None, None
        if scan is not None and scan.intensity == "HU":
            self.words = display_values(scan)
        self.changed.emit()
        if scan is not None and self.words is None:
            self.background(
                lambda: _converted(scan, frames[0]), lambda made: self._take(scan, made)
            )

    def _take(self, scan: Scan, made: tuple[NDArray[np.uint16], Pyramid | None]) -> None:
        """Unless another scan was opened meanwhile."""
        if self.scan is scan:
            self.words, self.pyramid = made
            self.pixels_changed.emit()


def _converted(scan: Scan, frame: PlaneFrame) -> tuple[NDArray[np.uint16], Pyramid | None]:
    words = display_values(scan)
    large = words.ndim == 2 and words.size > LARGE_PIXELS
    return words, Pyramid(frame.arrange(words)) if large else None
