"""What the triage controller knows of the worklist on screen."""

from __future__ import annotations

from abc import ABC, abstractmethod

from psygnal import Signal

from medvlp_widgets.models.progress import ProgressModel


class WorklistView(ABC):
    """The panel that shows a :class:`medvlp_widgets.models.worklist.WorklistModel`.

    It selects, filters and sorts in the model by itself.

    Events
    ------
    order_requested(str)
        A query to order the scans by.
    note_entered(str)
        A note for the selected scan.
    open_requested()
        Another worklist is wanted.
    pause_toggled(), scoring_cancelled(), scoring_restarted()
        About the scoring in the background.
    """

    order_requested = Signal(str)
    note_entered = Signal(str)
    open_requested = Signal()
    pause_toggled = Signal()
    scoring_cancelled = Signal()
    scoring_restarted = Signal()

    @property
    @abstractmethod
    def visible(self) -> bool:
        """Whether the panel is on screen."""

    @abstractmethod
    def set_visible(self, visible: bool) -> None:
        """Show or hide the panel."""

    @abstractmethod
    def follow(self, progress: ProgressModel) -> None:
        """Show how far this job is."""

    @abstractmethod
    def show_scoring(self, *, paused: bool, unfinished: bool) -> None:
        """Say whether scoring is paused, and whether scans remain that nobody will score."""

    @abstractmethod
    def focus_order(self) -> None:
        """Put the cursor into the field that orders the scans."""

    @abstractmethod
    def focus_note(self) -> None:
        """Put the cursor into the note of the selected scan."""

    @abstractmethod
    def keep_note(self) -> None:
        """Enter a note that is still being typed."""

    @abstractmethod
    def choose_folder(self) -> str | None:
        """Ask for a folder of scans."""

    @abstractmethod
    def choose_list(self) -> str | None:
        """Ask for a manifest or a list of hits."""

    @abstractmethod
    def choose_export(self, suggestion: str) -> str | None:
        """Ask where to write the decisions."""
