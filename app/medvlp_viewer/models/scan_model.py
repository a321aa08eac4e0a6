"""The scan on screen."""

from __future__ import annotations

from psygnal import Signal

from medvlp.scan import Scan
from medvlp_viewer.models.planes import PlaneFrame, PlaneName


class ScanModel:
    """Holds the open scan and how its planes are laid out.

    Events
    ------
    changed
        Emitted after another scan was set, or the scan was closed.
    """

    changed = Signal()

    def __init__(self) -> None:
        self.scan: Scan | None = None
        self.title = ""
        self.frames: dict[PlaneName, PlaneFrame] = {}

    def set(self, scan: Scan | None, title: str = "") -> None:
        """Show another scan, or none."""
        self.scan = scan
        self.title = title
        frames = PlaneFrame.all_of(scan.geometry) if scan is not None else ()
        self.frames = {frame.name: frame for frame in frames}
        self.changed.emit()
