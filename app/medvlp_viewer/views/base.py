"""What the controllers know of the screen: small interfaces with psygnal events.

An implementation holds its toolkit's widget; it does not inherit from it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray
from psygnal import Signal

from medvlp.grounding.organs import OrganTable
from medvlp_viewer.models.marks import Mark
from medvlp_viewer.models.overlay import Legend, PaneOverlay
from medvlp_viewer.models.planes import EdgeLetters, PlaneName
from medvlp_viewer.models.settings import LanguageChoice, ThemeChoice
from medvlp_viewer.models.tiles import Tile
from medvlp_viewer.views.keep import KeepView
from medvlp_viewer.views.measure import MeasureView
from medvlp_viewer.views.volume import VolumeView
from medvlp_viewer.views.worklist import WorklistView

if TYPE_CHECKING:
    from medvlp_viewer.views.compare import CompareView

Severity = Literal["info", "warning", "error"]


@dataclass(frozen=True)
class PaneSetup:
    """What stays the same while a pane is scrolled.

    ``pixel_size`` is ``(height, width)`` in ``unit`` ("mm", or "px" without a known spacing).
    """

    plane: PlaneName
    title: str
    shape: tuple[int, int]
    n_slices: int
    pixel_size: tuple[float, float]
    unit: Literal["mm", "px"]
    letters: EdgeLetters


@dataclass(frozen=True)
class PaneText:
    """Lines in the corners of a pane."""

    top_left: tuple[str, ...] = ()
    top_right: tuple[str, ...] = ()
    bottom_left: tuple[str, ...] = ()


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


class PaneView(ABC):
    """One picture with its annotations.

    Events
    ------
    scrolled(int)
        By so many slices.
    slice_requested(int)
        The slice slider was moved to a position.
    pointed(float, float)
        A row and column were chosen for the crosshair.
    pointer_moved(object)
        ``(row, column)`` under the pointer, or None when it left.
    window_dragged(float, float)
        Window drag to the right and down, in fractions of the pane.
    viewport_changed(object)
        :class:`medvlp_viewer.models.tiles.Viewport`: zoomed, panned or resized.
    tool_pressed(float, float), tool_moved(float, float), tool_released(float, float, bool)
        Left button at a row and column while a tool is in hand; ``tool_moved`` also without it.
        The last argument says whether the pointer was dragged since the press.
    mark_pressed(int), mark_dragged(int, int, float, float)
        A mark was pressed; point number so and so of a mark was dragged to a row and column.
    mark_released(int)
        The button was released over a mark that had been pressed.
    maximise_requested()
        By double click.
    activated()
        The pane got the keyboard focus.
    """

    scrolled = Signal(int)
    slice_requested = Signal(int)
    pointed = Signal(float, float)
    pointer_moved = Signal(object)
    window_dragged = Signal(float, float)
    viewport_changed = Signal(object)
    tool_pressed = Signal(float, float)
    tool_moved = Signal(float, float)
    tool_released = Signal(float, float, bool)
    mark_pressed = Signal(int)
    mark_dragged = Signal(int, int, float, float)
    mark_released = Signal(int)
    maximise_requested = Signal()
    activated = Signal()

    @abstractmethod
    def set_up(self, setup: PaneSetup | None) -> None:
        """Prepare for another scan and fit it, or clear the pane."""

    @abstractmethod
    def set_image(self, grey: NDArray[np.uint8], tile: Tile | None = None) -> None:
        """Show a ``(rows, columns)`` slice, or the tile of it that the samples cover."""

    @abstractmethod
    def set_overlay(self, overlay: PaneOverlay) -> None:
        """Show heat and lines over the slice."""

    @abstractmethod
    def set_crosshair(self, row: float, column: float, visible: bool) -> None:
        """Draw the crosshair at fractional pixels."""

    @abstractmethod
    def set_peaks(self, peaks: Sequence[tuple[float, float]]) -> None:
        """Mark hot spots that lie on this slice, at fractional (row, column)."""

    @abstractmethod
    def set_slice(
        self,
        position: int,
        profile: NDArray[np.float32] | None,
        rgb: tuple[int, int, int] | None = None,
    ) -> None:
        """Show where the slice is, and the heat of all slices along the slider in a colour."""

    @abstractmethod
    def set_text(self, text: PaneText) -> None:
        """Show the corner texts."""

    @abstractmethod
    def set_legend(self, legend: Legend) -> None:
        """Show what the colours of the heat mean."""

    @abstractmethod
    def set_marks(self, marks: Sequence[Mark]) -> None:
        """Show the measurements on this slice."""

    @abstractmethod
    def set_tool(self, in_hand: bool) -> None:
        """Whether the left button measures, or moves the crosshair and sets the window."""

    @abstractmethod
    def set_options(self, *, smooth: bool, annotations: bool) -> None:
        """Interpolate the picture; draw the annotations."""

    @abstractmethod
    def reset_view(self) -> None:
        """Fit the whole picture."""

    @abstractmethod
    def zoom(self, factor: float) -> None:
        """Magnify about the centre of the pane."""


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
    def picture(self) -> bytes:
        """The window as it is on screen, as PNG."""

    @abstractmethod
    def close(self) -> None:
        """Close the window."""
