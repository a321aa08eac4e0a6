"""What the controllers know of the panel with measurements and histogram."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from psygnal import Signal

from medvlp.scan import Intensity
from medvlp_viewer.models.histogram import Histogram
from medvlp_viewer.models.window import Window


@dataclass(frozen=True)
class MeasurementRow:
    """One line of the list: ``number``, ``kind`` and ``place`` in words, ``value`` on one line."""

    number: int
    kind: str
    place: str
    value: str


class MeasureView(ABC):
    """List of measurements above a histogram.

    Events
    ------
    chosen(int), removed(int)
        Number of a measurement.
    cleared()
        All measurements shall go.
    window_chosen(object)
        :class:`Window` that was set in the histogram.
    visibility_changed(bool)
        Whether the panel can be seen; a hidden one needs no histogram.
    """

    chosen = Signal(int)
    removed = Signal(int)
    cleared = Signal()
    window_chosen = Signal(object)
    visibility_changed = Signal(bool)

    @abstractmethod
    def show_measurements(self, rows: Sequence[MeasurementRow], chosen: int) -> None:
        """Show the list; ``chosen`` is a number, or 0."""

    @abstractmethod
    def show_histogram(self, values: Histogram | None, title: str, intensity: Intensity) -> None:
        """Show a histogram of what ``title`` names, or none."""

    @abstractmethod
    def show_window(self, window: Window) -> None:
        """Draw the window into the histogram."""
