"""Menus, toolbar and keys, all made from the list of commands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtGui import QAction, QKeySequence, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QMainWindow, QMenu, QToolBar, QWidget
from shiboken6 import isValid

from medvlp_viewer.commands import GROUPS, Command
from medvlp_viewer.models.window import CT_PRESETS
from medvlp_viewer.views.qt.icons import icon
from medvlp_viewer.views.qt.theme import THEME

_CUSTOM = "Custom"
_FROM_FILE = "From file"
_ICON = 20


class Actions(QObject):
    """QActions of all commands.

    Parameters
    ----------
    window
        Gets the menus, the toolbar and the keys.
    panes
        Keys of commands with ``in_panes`` work only below these widgets. (The keys of those with
        ``in_volume`` are given to the 3D pane when it is made.)
    has_scan
        Whether commands that need a scan are enabled.
    later
        Runs a function in a later turn of the event loop.
    window_box
        Stands beside the window presets in the toolbar.
    """

    def __init__(
        self,
        commands: Sequence[Command],
        window: QMainWindow,
        panes: Sequence[QWidget],
        has_scan: Callable[[], bool],
        later: Callable[[Callable[[], None]], None],
        window_box: QWidget | None = None,
    ) -> None:
        super().__init__(window)
        self._window_box, self._later = window_box, later
        self._commands = commands
        self._has_scan = has_scan
        self._claimed: set[str] = set()
        self._actions = {command.name: self._action(command, window) for command in commands}
        for command in commands:
            for widget in _owners(command, window, panes):
                widget.addAction(self._actions[command.name])
        self._fill_menus(window)
        self.presets = _preset_box(self)
        self._fill_toolbar(window)
        for command in commands:
            self._draw_icon(command)
        THEME.changed.connect(self._on_theme)
        self.refresh()

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def refresh(self) -> None:
        """Bring check marks and enabled states up to date."""
        has_scan = self._has_scan()
        used = _CUSTOM
        self._share_keys()
        for command in self._commands:
            action = self._actions[command.name]
            allowed = command.enabled is None or command.enabled()
            action.setEnabled(allowed and (has_scan or not command.needs_scan))
            if command.checked is not None:
                action.setChecked(command.checked())
            if command.label is not None:
                words = command.label()
                action.setText(words.replace("&", "&&") or command.title)
                action.setVisible(bool(words))
        for i, name in enumerate(_preset_names(), 1):
            action = self._actions[_preset_command(name)]
            set_choosable(self.presets, i, action.isEnabled())
            if action.isChecked() and used == _CUSTOM:
                used = name
        self.presets.setEnabled(has_scan)
        self.presets.setCurrentIndex(self.presets.findData(used))

    def _share_keys(self) -> None:
        """Two actions that answer to one key are ambiguous, and Qt runs neither."""
        claimed = {
            key
            for command in self._commands
            if command.claims_keys and (command.enabled is None or command.enabled())
            for key in command.keys
        }
        if claimed == self._claimed:
            return
        self._claimed = claimed
        for command in self._commands:
            if not command.claims_keys:
                keys = [QKeySequence(key) for key in command.keys if key not in claimed]
                self._actions[command.name].setShortcuts(keys)

    def _action(self, command: Command, window: QMainWindow) -> QAction:
        action = QAction(command.title, window)
        action.setObjectName(command.name)
        action.setShortcuts([QKeySequence(key) for key in command.keys])
        if command.in_panes or command.in_volume:
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.setAutoRepeat(command.repeats or command.in_volume)
        if command.checked is not None:
            action.setCheckable(True)
        action.setToolTip(_tool_tip(command))
        action.triggered.connect(lambda _=False: self._run(command))
        return action

    def _run(self, command: Command) -> None:
        command.run()
        self.refresh()  # a checkable action has toggled itself; the model decides what is true

    def _on_theme(self) -> None:
        """Each icon takes milliseconds the first time: one in each turn."""
        for command in self._commands:
            if command.icon:
                self._later(partial(self._draw_icon, command))

    def _draw_icon(self, command: Command) -> None:
        action = self._actions[command.name]
        if command.icon and isValid(action):  # the window may be gone when its turn comes
            action.setIcon(icon(command.icon, THEME.text, THEME.disabled))

    def _fill_menus(self, window: QMainWindow) -> None:
        for group in GROUPS:
            menu = window.menuBar().addMenu(group)
            submenus: dict[str, QMenu] = {"": menu}
            for command in self._commands:
                if command.group == group:
                    if command.submenu not in submenus:
                        submenus[command.submenu] = menu.addMenu(command.submenu)
                    within = submenus[command.submenu]
                    if command.starts_section:
                        within.addSeparator()
                    within.addAction(self._actions[command.name])

    def _fill_toolbar(self, window: QMainWindow) -> None:
        """Commands with icons by their menus; the window's width and level follow the view."""
        bar = QToolBar("Tools")
        bar.setObjectName("tools")
        bar.setMovable(False)
        bar.setIconSize(QSize(_ICON, _ICON))
        for group in GROUPS:
            shown = [c for c in self._commands if c.group == group and c.icon]
            if shown and bar.actions():
                bar.addSeparator()
            for command in shown:
                action = self._actions[command.name]
                bar.addAction(action)
                bar.widgetForAction(action).setAccessibleName(command.title.rstrip("…"))
            if group == "View":
                self._add_window_box(bar)
        window.addToolBar(bar)

    def _add_window_box(self, bar: QToolBar) -> None:
        bar.addSeparator()
        bar.addWidget(self.presets)
        if self._window_box is not None:
            bar.addWidget(self._window_box)


def _owners(command: Command, window: QMainWindow, panes: Sequence[QWidget]) -> Sequence[QWidget]:
    """Where the keys of a command work."""
    if command.in_volume:
        return ()
    return panes if command.in_panes else (window,)


def _tool_tip(command: Command) -> str:
    if not command.keys:
        return command.title.rstrip("…")
    keys = QKeySequence(command.keys[0]).toString(QKeySequence.SequenceFormat.NativeText)
    return f"{command.title.rstrip('…')}  ({keys})"


def _preset_names() -> tuple[str, ...]:
    return (*(preset.name for preset in CT_PRESETS), _FROM_FILE)


def _preset_command(name: str) -> str:
    return f"window-{name.lower().replace(' ', '-')}"


def set_choosable(box: QComboBox, i: int, choosable: bool) -> None:
    """Let an item of a list be chosen, or show it greyed."""
    model = box.model()
    assert isinstance(model, QStandardItemModel)
    model.item(i).setEnabled(choosable)


def _preset_box(actions: Actions) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName("Window preset")
    box.setToolTip("Window preset (1 to 5, 0 from the file)")
    for name in (_CUSTOM, *_preset_names()):
        box.addItem(name, name)
    box.setMinimumWidth(120)
    box.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def use(index: int) -> None:
        name = box.itemData(index)
        if name != _CUSTOM:
            actions[_preset_command(name)].trigger()

    box.activated.connect(use)
    return box
