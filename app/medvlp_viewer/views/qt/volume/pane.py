"""The 3D pane: a row of commands above the picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QPushButton,
    QStackedLayout,
    QToolBar,
    QVBoxLayout,
    QWidget,
)

from medvlp_viewer.views.keep import Picture
from medvlp_viewer.views.qt.icons import icon_folder
from medvlp_viewer.views.qt.snapshot import picture_of
from medvlp_viewer.views.qt.theme import THEME, follow_theme
from medvlp_viewer.views.qt.volume.canvas import VolumeCanvas
from medvlp_viewer.views.volume import VolumeText, VolumeView
from medvlp_widgets.translation import translate

# Names of commands and the short words on their buttons, in groups.
TOOLS: tuple[tuple[tuple[str, str], ...], ...] = (
    (("volume-bone", "Bone"), ("volume-lung", "Lung"), ("volume-soft-tissue", "Soft")),
    (
        ("volume-cut-axial", "Cut Ax"),
        ("volume-cut-coronal", "Cor"),
        ("volume-cut-sagittal", "Sag"),
        ("volume-turn-cuts", "\N{LEFT RIGHT ARROW}"),
    ),
    tuple((f"volume-from-{letter.lower()}", letter) for letter in "APLRSI"),
)
# The row has to fit above a picture of a quarter of the window.
_STYLE = """
QToolBar {{ padding: 2px; spacing: 0px; }}
QToolBar QToolButton {{ padding: 3px 1px; }}
QToolBar::separator {{ margin: 4px 2px; }}
QToolButton#qt_toolbar_ext_button {{ image: url({icons}/{chevron}.svg); width: 16px; }}
"""
_TICK_MILLISECONDS = 15


class QtVolume(VolumeView):
    """Qt form of the 3D pane; ``widget`` goes into a layout."""

    def __init__(self) -> None:
        self.widget = QFrame()
        self.widget.setObjectName("pane")
        self.canvas = VolumeCanvas()
        self.tools = QToolBar("3D")
        self.tools.setObjectName("volume-tools")
        self.tools.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        follow_theme(self.tools, self._style_tools)
        self._notice = _Notice()
        stack = QWidget()
        self._stack = QStackedLayout(stack)
        self._stack.addWidget(self.canvas)
        self._stack.addWidget(self._notice)
        layout = QVBoxLayout(self.widget)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(0)
        layout.addWidget(self.tools)
        layout.addWidget(stack, 1)
        self._timer = QTimer(self.widget)
        self._timer.setInterval(_TICK_MILLISECONDS)
        self._timer.timeout.connect(self.ticked.emit)
        self._connect()

    def install(self, action: Callable[[str], QAction], keys: Sequence[QAction]) -> None:
        """Put commands above the picture, and let keys work in this pane."""
        for i, group in enumerate(TOOLS):
            if i:
                self.tools.addSeparator()
            for name, words in group:
                self._add_button(action(name), words)
        for key in keys:
            self.widget.addAction(key)

    def set_ticking(self, ticking: bool) -> None:
        """Emit ``ticked`` only while the pane is open; nothing wakes the program for nothing."""
        if ticking:
            self._timer.start()
        else:
            self._timer.stop()

    def _style_tools(self) -> None:
        icons = icon_folder().replace("\\", "/")
        self.tools.setStyleSheet(_STYLE.format(icons=icons, chevron=THEME.chevron))

    def _add_button(self, action: QAction, words: str) -> None:
        action.setIconText(words)
        self.tools.addAction(action)
        button = self.tools.widgetForAction(action)
        button.setAccessibleName(action.text().rstrip("…"))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def set_active(self, active: bool) -> None:
        """Mark the pane while it has the keyboard."""
        self.widget.setProperty("active", active)
        self.widget.style().unpolish(self.widget)
        self.widget.style().polish(self.widget)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the picture in pixels of the screen."""
        return self.canvas.pixel_size

    def set_picture(self, picture: NDArray[np.uint8] | None) -> None:
        """Show a picture, or nothing."""
        self.canvas.set_picture(picture)

    def set_text(self, text: VolumeText | None) -> None:
        """Show letters, texts and scale bar."""
        self.canvas.text = text
        self.canvas.update()

    def set_annotated(self, annotated: bool) -> None:
        """Draw the annotations."""
        self.canvas.annotated = annotated
        self.canvas.update()

    def set_notice(self, notice: str, *, can_retry: bool = False) -> None:
        """Say why there is no picture yet; over a picture nothing is said."""
        self._notice.show_text(notice, can_retry)
        waits = bool(notice) and (can_retry or not self.canvas.has_picture)
        self._stack.setCurrentWidget(self._notice if waits else self.canvas)

    def picture(self) -> Picture:
        """The picture with its annotations."""
        return picture_of(self.canvas)

    def focus(self) -> None:
        """Give the pane the keyboard."""
        self.canvas.setFocus()

    def _connect(self) -> None:
        canvas = self.canvas
        canvas.turned.connect(self.turned.emit)
        canvas.moved.connect(self.moved.emit)
        canvas.zoomed.connect(self.zoomed.emit)
        canvas.resized.connect(self.resized.emit)
        canvas.maximise_requested.connect(self.maximise_requested.emit)
        canvas.activated.connect(self.activated.emit)
        self._notice.retry.clicked.connect(lambda: self.retry_requested.emit())


class _Notice(QWidget):
    """A sentence in place of the picture, and a button to try again."""

    def __init__(self) -> None:
        super().__init__()
        self._text = QLabel()
        self._text.setObjectName("muted")
        self._text.setWordWrap(True)
        self._text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.retry = QPushButton("Try again")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 24)
        layout.addStretch(1)
        layout.addWidget(self._text)
        layout.addSpacing(THEME.space)
        layout.addWidget(self.retry, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(1)

    def show_text(self, text: str, can_retry: bool) -> None:
        """Show a sentence."""
        self._text.setText(translate(text))
        self._text.setAccessibleName(self._text.text())
        self.retry.setVisible(can_retry)
