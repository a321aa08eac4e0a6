"""How the user names the second of two scans."""

from __future__ import annotations

from collections.abc import Sequence

from medvlp_viewer.controllers.compare import CompareController
from medvlp_viewer.controllers.study import read_together
from medvlp_viewer.models.session_file import SUFFIX
from medvlp_viewer.views.base import WindowView


class CompareOpening:
    """Opens beside the first scan what is chosen in a dialog or dropped on the right."""

    def __init__(self, window: WindowView, compare: CompareController) -> None:
        self._window, self._compare = window, compare
        window.dropped_beside.connect(self.drop)

    def choose(self) -> None:
        """Ask for the second scan."""
        path = self._window.choose_file()
        if path:
            self._compare.open(path)

    def choose_folder(self) -> None:
        """Ask for a folder with the second scan."""
        path = self._window.choose_folder()
        if path:
            self._compare.open(path)

    def drop(self, paths: Sequence[str]) -> None:
        """Compare with what was dropped; a session file is no second scan."""
        if paths[0].lower().endswith(SUFFIX):
            self._window.paths_dropped.emit(list(paths))
        else:
            self._compare.open(read_together(paths))
