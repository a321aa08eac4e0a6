"""The style sheet of a window, given to its parts one after another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from PySide6.QtCore import QChildEvent, QEvent, QObject
from PySide6.QtWidgets import QSplitterHandle, QWidget
from shiboken6 import isValid

from medvlp_viewer.views.qt.icons import icon_folder
from medvlp_viewer.views.qt.theme import THEME, style_sheet

DIVIDED = "divided"
"""Dynamic property of containers that draw nothing by the style sheet: their children are parts."""


class StyledParts(QObject):
    """Keeps the parts of a window, which are its children, in the colours of the theme.

    To style a widget anew takes Qt some tenths of a millisecond, so a window with all its panels
    would block for longer than an eye overlooks. Each part is styled in a turn of its own, those on
    screen first; as the window appears, those on screen at once. Dialogs of the window are parts of
    it too.

    Parameters
    ----------
    window
        Its parts are styled before they are seen.
    later
        Runs a function in a later turn of the event loop.
    """

    def __init__(self, window: QWidget, later: Callable[[Callable[[], None]], None]) -> None:
        super().__init__(window)
        self._window, self._later = window, later
        self._sheet = ""
        self._read_theme()
        window.installEventFilter(self)
        THEME.changed.connect(self._on_theme)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Style the window as it first appears, and what joins it later; the event goes on."""
        if event.type() == QEvent.Type.Polish and watched is self._window:
            self._style_what_appears()
        elif event.type() == QEvent.Type.Show and isinstance(watched, QWidget):
            self._on_shown(watched)
        elif isinstance(event, QChildEvent) and event.polished():
            joined = event.child()
            if isinstance(joined, QWidget) and self._window.isVisible():
                self._style_now(joined)
        return False

    def _on_theme(self) -> None:
        self._read_theme()
        for part in sorted(self._parts(self._window), key=self._is_hidden):
            self._later(partial(self._style, part))

    def _on_shown(self, widget: QWidget) -> None:
        """A part that waits is styled before it is painted; a container has parts that wait."""
        if widget is not self._window and not widget.property(DIVIDED):
            self._style(widget)

    def _style_what_appears(self) -> None:
        """What is hidden at first has its turn later, or as it is shown, if that comes before."""
        for part in self._parts(self._window):
            if self._is_hidden(part):
                part.installEventFilter(self)
                self._later(partial(self._style, part))
            else:
                self._style(part)

    def _is_hidden(self, part: QWidget) -> bool:
        return not part.isVisibleTo(self._window)

    def _read_theme(self) -> None:
        self._sheet = style_sheet(THEME.theme, icon_folder())

    def _style_now(self, widget: QWidget) -> None:
        for part in self._parts(widget):
            self._style(part)

    def _parts(self, widget: QWidget) -> Iterator[QWidget]:
        """The widget itself, or the parts of what it holds; handles draw themselves."""
        if isinstance(widget, QSplitterHandle):
            return
        if widget is not self._window and not widget.property(DIVIDED):
            yield widget
            return
        widget.installEventFilter(self)  # what joins it later is a part as well
        for child in widget.children():
            if isinstance(child, QWidget):
                yield from self._parts(child)

    def _style(self, part: QWidget) -> None:
        """Nothing happens to a part that was deleted, or has these colours already."""
        if isValid(part) and part.styleSheet() != self._sheet:
            part.setStyleSheet(self._sheet)
