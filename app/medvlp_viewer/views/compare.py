"""What the controllers know of the second scan's side of the window."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

from psygnal import Signal

from medvlp_viewer.models.compare import ComparisonRow
from medvlp_viewer.models.planes import PlaneName
from medvlp_viewer.views.pane import PaneView


class CompareView(ABC):
    """Panes of the second scan, and the table of differences below them.

    Events
    ------
    ticked()
        Now and then while it is on screen: time to see what the second process has done.
    cancel_requested()
        The job of the second scan shall stop.
    row_chosen(str)
        Key of a query.
    """

    ticked = Signal()
    cancel_requested = Signal()
    row_chosen = Signal(str)

    @abstractmethod
    def pane(self, plane: PlaneName) -> PaneView:
        """The pane of a plane of the second scan."""

    @abstractmethod
    def show_panes(self, planes: Sequence[PlaneName]) -> None:
        """Lay these panes out."""

    @abstractmethod
    def focus_pane(self, plane: PlaneName) -> None:
        """Mark a pane."""

    @abstractmethod
    def set_titles(self, left: str, right: str) -> None:
        """Name both scans; never by a patient's name."""

    @abstractmethod
    def set_headings(self, left: str, right: str, *, agreement: bool) -> None:
        """Name both columns of answers; with columns for the agreement of two models."""

    @abstractmethod
    def set_match(self, words: str) -> None:
        """Say how the scans are linked."""

    @abstractmethod
    def set_progress(self, words: str, fraction: float | None) -> None:
        """Show what the second process is doing; empty for nothing, None for an unknown part."""

    @abstractmethod
    def set_rows(self, rows: Sequence[ComparisonRow], selected: str) -> None:
        """Show the table."""
