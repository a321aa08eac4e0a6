"""Dialogs for files, pictures of the panes, and the splitters of the window."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QFileDialog, QSplitter, QWidget

from medvlp.progress import Progress
from medvlp_viewer.models.planes import PlaneName
from medvlp_viewer.models.report import Report
from medvlp_viewer.views.keep import FileKind, KeepView, Picture
from medvlp_viewer.views.qt.panes_area import PanesArea
from medvlp_viewer.views.qt.report import pdf_of
from medvlp_viewer.views.qt.save_dialog import choose_name
from medvlp_viewer.views.qt.snapshot import QtPicture, picture_of
from medvlp_widgets.translation import translate


class QtKeep(KeepView):
    """Parameters
    ----------
    window
        Parent of the dialogs; its splitters with an object name are the layout.
    area
        Holds the panes.
    """

    def __init__(self, window: QWidget, area: PanesArea) -> None:
        self._window = window
        self._area = area

    def choose_source(self, title: str, kind: FileKind) -> str | None:
        """Ask for a file to read."""
        words = f"{kind.words} (*{kind.suffix})"
        return QFileDialog.getOpenFileName(self._window, translate(title), "", words)[0] or None

    def choose_target(self, title: str, suggestion: str, kind: FileKind) -> str | None:
        """Ask where to write a file; the suffix is added where it was left out."""
        return choose_name(self._window, translate(title), suggestion, (kind,))

    def picture_of_pane(self, plane: PlaneName) -> Picture:
        """One pane without its slider."""
        return picture_of(self._area.panes[plane].canvas)

    def picture_of_panes(self) -> Picture:
        """All panes that are shown."""
        return picture_of(self._area)

    def report(self, content: Report, pictures: Sequence[Picture], progress: Progress) -> bytes:
        """The report as PDF."""
        return pdf_of(content, [p.image for p in pictures if isinstance(p, QtPicture)], progress)

    def layout(self) -> dict[str, list[int]]:
        """Sizes of every named splitter."""
        return {name: splitter.sizes() for name, splitter in self._splitters().items()}

    def set_layout(self, sizes: dict[str, list[int]]) -> None:
        """Put the splitters back."""
        for name, splitter in self._splitters().items():
            wanted = sizes.get(name, [])
            if len(wanted) == splitter.count() and any(wanted):
                splitter.setSizes(wanted)

    def _splitters(self) -> dict[str, QSplitter]:
        found = self._window.findChildren(QSplitter)
        return {splitter.objectName(): splitter for splitter in found if splitter.objectName()}
