"""How grey values are shown."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from psygnal import Signal

from medvlp.scan import Intensity, Scan
from medvlp_viewer.models.window import Window, first_window, lookup_table


class DisplayModel:
    """Window, interpolation and annotations, shared by all panes.

    ``caption`` says in every pane what is special about this side, such as its model.

    Events
    ------
    window_changed, options_changed
        Emitted after the window, or one of the switches, changed.
    """

    window_changed = Signal()
    options_changed = Signal()

    def __init__(self) -> None:
        self._window = Window(40.0, 400.0)
        self._intensity: Intensity = "HU"
        self._table: NDArray[np.uint8] | None = None
        self.smooth = True
        self.annotations = True
        self.caption = ""

    @property
    def window(self) -> Window:
        """The current window."""
        return self._window

    @property
    def table(self) -> NDArray[np.uint8]:
        """Grey of every stored value, made once per window."""
        if self._table is None:
            self._table = lookup_table(self._window, self._intensity)
        return self._table

    def attach(self, scan: Scan) -> None:
        """Start with the first window of another scan."""
        self._intensity, self._table = scan.intensity, None
        self._window = first_window(scan)
        self.window_changed.emit()

    def set_window(self, window: Window) -> None:
        """Use another window."""
        if window != self._window:
            self._window = window
            self._table = None
            self.window_changed.emit()

    def set_smooth(self, smooth: bool) -> None:
        """Interpolate between pixels, or show them as squares."""
        if smooth != self.smooth:
            self.smooth = smooth
            self.options_changed.emit()

    def set_caption(self, caption: str) -> None:
        """Write this on every pane; empty for nothing."""
        if caption != self.caption:
            self.caption = caption
            self.options_changed.emit()

    def set_annotations(self, shown: bool) -> None:
        """Show or hide letters, scale bar and text on the panes."""
        if shown != self.annotations:
            self.annotations = shown
            self.options_changed.emit()
