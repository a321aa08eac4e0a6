"""What the controllers know of the screen: small interfaces with psygnal events.

An implementation holds its toolkit's widget; it does not inherit from it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from psygnal import Signal

from medvlp.grounding.organs import OrganTable
from medvlp_viewer.models.planes import PlaneName
from medvlp_viewer.models.settings import LanguageChoice, ThemeChoice
from medvlp_viewer.views.keep import KeepView
from medvlp_viewer.views.measure import MeasureView
from medvlp_viewer.views.pane import PaneView
from medvlp_viewer.views.server import ServerView
from medvlp_viewer.views.volume import VolumeView
from medvlp_viewer.views.worklist import WorklistView

if TYPE_CHECKING:
    from medvlp_viewer.views.compare import CompareView

Severity = Literal["info", "warning", "error"]


@dataclass(frozen=True)
class MessageAction:
    """What the user can do about a message: the words on a button and what it does."""

    label: str
    run: Callable[[], object]


@dataclass(frozen=True)
class Message:
    """A sentence for the message bar."""

    severity: Severity
    text: str
    details: str = ""
    action: MessageAction | None = None


@dataclass(frozen=True)
class EngineStatus:
    """Short texts of the status bar."""

    scan: str = ""
    model: str = ""
    device: str = ""
    memory: str = ""


class WindowView(ABC):
    """The main window around the panes.

    Events
    ------
    paths_dropped(object)
        List of paths dropped on the window.
    dropped_beside(object)
        List of paths dropped on the right half of the panes: to compare with the open scan.
    cancel_requested()
        The user wants the running job to stop.
    asked(str)
        A question was asked; its row is already in the query model, pending.
    removed(str), next_peak(str), previous_peak(str)
        With the key of a query row.
    score_requested()
        The organ table is wanted.
    organ_selected(object), organ_activated(object)
        :class:`medvlp_widgets.OrganEntry` to outline, or to jump to.
    slice_chosen(int)
        A slice of the array's first axis was chosen in an organ's profile.
    series_chosen(object), source_chosen(object)
        :class:`medvlp.io.survey.SurveyedSeries`, or a tuple of paths, to open from the study
        browser.
    sample_asked(str)
        A question about the sample, asked before a scan was open.
    setting_chosen(str, object)
        Name of a field of the settings, and its new value.
    defaults_requested()
        All settings shall be as they were at first.
    cache_clear_requested()
        The encodings on disk shall be removed.
    closed()
        The window was closed.
    """

    paths_dropped = Signal(object)
    dropped_beside = Signal(object)
    cancel_requested = Signal()
    asked = Signal(str)
    removed = Signal(str)
    next_peak = Signal(str)
    previous_peak = Signal(str)
    score_requested = Signal()
    organ_selected = Signal(object)
    organ_activated = Signal(object)
    slice_chosen = Signal(int)
    series_chosen = Signal(object)
    source_chosen = Signal(object)
    sample_asked = Signal(str)
    setting_chosen = Signal(str, object)
    defaults_requested = Signal()
    cache_clear_requested = Signal()
    closed = Signal()

    @property
    @abstractmethod
    def worklist(self) -> WorklistView:
        """The panel with the worklist."""

    @property
    @abstractmethod
    def keep(self) -> KeepView:
        """Dialogs for files, pictures of the panes, and the layout."""

    @abstractmethod
    def pane(self, plane: PlaneName) -> PaneView:
        """The pane of a plane. It exists for the life of the window."""

    @abstractmethod
    def show_panes(self, planes: Sequence[PlaneName]) -> None:
        """Lay these panes out, the first one largest; no pane shows the empty state."""

    @abstractmethod
    def focus_pane(self, plane: PlaneName) -> None:
        """Give a pane the keyboard."""

    @abstractmethod
    def show_message(self, message: Message | None) -> None:
        """Show a sentence in the message bar, or close the bar."""

    @abstractmethod
    def show_status(self, status: EngineStatus) -> None:
        """Show what runs where."""

    @abstractmethod
    def show_examples(self, examples: Sequence[str]) -> None:
        """Offer queries to try."""

    @abstractmethod
    def allow_asking(self, allowed: bool, reason: str = "") -> None:
        """Let questions be typed, or say why none can be asked."""

    @abstractmethod
    def focus_question(self) -> None:
        """Put the cursor into the question field."""

    @abstractmethod
    def ask(self, text: str) -> None:
        """Ask as if the text had been typed: adds the row, emits ``asked``."""

    @abstractmethod
    def show_organs(self, table: OrganTable | None) -> None:
        """Show the organ table, or none."""

    @abstractmethod
    def show_organ_note(self, text: str) -> None:
        """Say why a selected organ cannot be outlined; empty for nothing to say."""

    @abstractmethod
    def volume_view(self) -> VolumeView:
        """The 3D pane. It is made when it is first asked for."""

    @abstractmethod
    def show_volume(self, shown: bool, *, alone: bool = False) -> None:
        """Show the 3D pane beside the others, or alone, or hide it."""

    @abstractmethod
    def compare_view(self) -> CompareView:
        """The side of a second scan. It is made when it is first asked for."""

    @abstractmethod
    def show_compare(self, shown: bool) -> None:
        """Show that side beside the panes, or hide it."""

    @abstractmethod
    def measure_view(self) -> MeasureView:
        """The panel with measurements and histogram."""

    @abstractmethod
    def show_slice_in_profile(self, index: int) -> None:
        """Mark the slice on screen in the organ's profile."""

    @abstractmethod
    def show_shortcuts(self) -> None:
        """Show the sheet of keys."""

    @abstractmethod
    def show_palette(self) -> None:
        """Show the command palette."""

    @abstractmethod
    def show_settings(self) -> None:
        """Show the settings panel."""

    @abstractmethod
    def show_models(self) -> None:
        """Show the model picker."""

    @abstractmethod
    def server_view(self) -> ServerView:
        """The panel of a server. It is made when it is first asked for."""

    @abstractmethod
    def set_appearance(self, theme: ThemeChoice, language: LanguageChoice) -> None:
        """Use these colours and this language, at once."""

    @abstractmethod
    def refresh_commands(self) -> None:
        """Bring check marks and enabled states up to date."""

    @abstractmethod
    def set_title(self, scan: str) -> None:
        """Name the scan in the title of the window."""

    @abstractmethod
    def choose_file(self) -> str | None:
        """Ask for a file to open."""

    @abstractmethod
    def choose_folder(self) -> str | None:
        """Ask for a folder to open."""

    @abstractmethod
    def choose_model_folder(self) -> str | None:
        """Ask for a folder with a model."""

    @abstractmethod
    def picture(self) -> bytes:
        """The window as it is on screen, as PNG."""

    @abstractmethod
    def close(self) -> None:
        """Close the window."""
