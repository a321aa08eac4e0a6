"""Menus, toolbar and keys, all made from the list of commands."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QComboBox, QLabel, QMainWindow, QToolBar, QWidget

from medvlp_viewer.commands import GROUPS, Command
from medvlp_viewer.models.window import CT_PRESETS
from medvlp_viewer.views.qt.icons import icon
from medvlp_viewer.views.qt.theme import THEME

_CUSTOM = "Custom"


class Actions:
    """QActions of all commands.

    Parameters
    ----------
    window
        Gets the menus, the toolbar and the keys.
    panes
        Keys of commands with ``in_panes`` work only below this widget.
    has_scan
        Whether commands that need a scan are enabled.
    """

    def __init__(
        self,
        commands: Sequence[Command],
        window: QMainWindow,
        panes: QWidget,
        has_scan: Callable[[], bool],
    ) -> None:
        self._commands = commands
        self._has_scan = has_scan
        self._actions = {command.name: self._action(command, window) for command in commands}
        for command in commands:
            (panes if command.in_panes else window).addAction(self._actions[command.name])
        self._fill_menus(window)
        self.presets = _preset_box(self)
        self._fill_toolbar(window)
        self.refresh()

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def refresh(self) -> None:
        """Bring check marks and enabled states up to date."""
        has_scan = self._has_scan()
        used = _CUSTOM
        for command in self._commands:
            action = self._actions[command.name]
            allowed = command.enabled is None or command.enabled()
            action.setEnabled(allowed and (has_scan or not command.needs_scan))
            if command.checked is not None:
                action.setChecked(command.checked())
            if command.name.startswith("window-") and action.isChecked():
                used = command.name.removeprefix("window-").capitalize()
            if command.name.startswith("window-"):
                self.presets.setEnabled(action.isEnabled())
        self.presets.setCurrentText(used)

    def _action(self, command: Command, window: QMainWindow) -> QAction:
        action = QAction(command.title, window)
        action.setObjectName(command.name)
        action.setShortcuts([QKeySequence(key) for key in command.keys])
        if command.in_panes:
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        if command.checked is not None:
            action.setCheckable(True)
        if command.icon:
            action.setIcon(icon(command.icon, THEME.text))
        keys = f"  ({command.keys[0]})" if command.keys else ""
        action.setToolTip(command.title.rstrip("…") + keys)
        action.triggered.connect(lambda _=False: self._run(command))
        return action

    def _run(self, command: Command) -> None:
        command.run()
        self.refresh()  # a checkable action has toggled itself; the model decides what is true

    def _fill_menus(self, window: QMainWindow) -> None:
        for group in GROUPS:
            menu = window.menuBar().addMenu(group)
            for command in self._commands:
                if command.group == group:
                    if command.starts_section:
                        menu.addSeparator()
                    menu.addAction(self._actions[command.name])

    def _fill_toolbar(self, window: QMainWindow) -> None:
        bar = QToolBar("Tools")
        bar.setObjectName("tools")
        bar.setMovable(False)
        bar.setIconSize(QSize(20, 20))
        group = ""
        for command in self._commands:
            if not command.icon:
                continue
            if group and command.group != group:
                bar.addSeparator()
                if group == "View":
                    bar.addWidget(QLabel("  Window  "))
                    bar.addWidget(self.presets)
                    bar.addSeparator()
            group = command.group
            bar.addAction(self._actions[command.name])
        window.addToolBar(bar)


def _preset_box(actions: Actions) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName("Window preset")
    box.setToolTip("Window preset (1 to 5)")
    box.addItem(_CUSTOM)
    box.addItems([preset.name for preset in CT_PRESETS])
    box.setMinimumWidth(120)
    box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    box.textActivated.connect(
        lambda name: actions[f"window-{name.lower()}"].trigger() if name != _CUSTOM else None
    )
    return box
