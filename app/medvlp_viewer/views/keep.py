"""What keeping and restoring needs of the screen."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import NamedTuple

from medvlp.progress import Progress
from medvlp_viewer.models.planes import PlaneName
from medvlp_viewer.models.report import Report


class FileKind(NamedTuple):
    """A kind of file for the dialogs: words, and the suffix with its dot."""

    words: str
    suffix: str


class Picture(ABC):
    """Pixels of the screen, taken already. They may be encoded in any thread."""

    @abstractmethod
    def png(self) -> bytes:
        """As PNG."""


class KeepView(ABC):
    """Dialogs for files, pictures of the panes, and how the window is laid out."""

    @abstractmethod
    def choose_source(self, title: str, kind: FileKind) -> str | None:
        """Ask for a file to read."""

    @abstractmethod
    def choose_target(self, title: str, suggestion: str, kind: FileKind) -> str | None:
        """Ask where to write a file."""

    @abstractmethod
    def picture_of_pane(self, plane: PlaneName) -> Picture:
        """One pane without its slider, with the research notice below it."""

    @abstractmethod
    def picture_of_panes(self) -> Picture:
        """All panes that are shown, with the research notice below them."""

    @abstractmethod
    def report(self, content: Report, pictures: Sequence[Picture], progress: Progress) -> bytes:
        """The report as PDF; tells its progress page by page. May be called in any thread."""

    @abstractmethod
    def layout(self) -> dict[str, list[int]]:
        """Sizes of the parts of every named splitter, in pixels; 0 for a hidden part."""

    @abstractmethod
    def set_layout(self, sizes: dict[str, list[int]]) -> None:
        """Put the splitters back. Names that are not known are passed over."""
