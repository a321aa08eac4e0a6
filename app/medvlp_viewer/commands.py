"""One object per action: it feeds the menu, the toolbar, the keys and the sheet of keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Group = Literal["File", "Edit", "View", "Window", "Measure", "Navigate", "Ask", "Triage", "Help"]
GROUPS: tuple[Group, ...] = (
    "File",
    "Edit",
    "View",
    "Window",
    "Measure",
    "Navigate",
    "Ask",
    "Triage",
    "Help",
)


@dataclass(frozen=True)
class Command:
    """Something the user can do.

    Parameters
    ----------
    name
        Stable, kebab-case.
    title
        In menus.
    group
        Menu.
    run
        Does it.
    keys
        Shortcuts, in Qt's portable notation; the first is shown in the menu.
    icon
        SVG of that name; with an icon it also stands in the toolbar.
    checked
        For switches: the present state.
    needs_scan
        Disabled while no scan is open.
    enabled
        A further condition, such as a scan in Hounsfield units.
    in_panes
        The keys work only while a pane has the keyboard (arrow keys mean other things elsewhere).
    in_volume
        The keys work only while the 3D pane has the keyboard; held down they go on turning.
    starts_section
        A separator precedes it.
    claims_keys
        While it is enabled, no other command answers to its keys.
    label
        For a command whose words change: the present ones; "" leaves it out of its menu.
    repeats
        Goes on while its key is held down, such as scrolling; a decision must not.
    submenu
        Title of a menu within the menu; commands of one submenu follow each other.
    """

    name: str
    title: str
    group: Group
    run: Callable[[], object]
    keys: tuple[str, ...] = ()
    icon: str = ""
    checked: Callable[[], bool] | None = None
    needs_scan: bool = True
    enabled: Callable[[], bool] | None = None
    in_panes: bool = False
    in_volume: bool = False
    starts_section: bool = False
    claims_keys: bool = False
    label: Callable[[], str] | None = None
    submenu: str = ""
    repeats: bool = False


# What the mouse does, for the sheet of keys.
MOUSE: tuple[tuple[str, str], ...] = (
    ("Wheel", "Scroll through slices"),
    ("Ctrl + wheel", "Zoom about the pointer"),
    ("Left click", "Move the crosshair"),
    ("Shift + move", "Crosshair follows the pointer in all panes"),
    ("Left drag", "Window: right widens, down darkens; with a tool in hand it measures"),
    ("Middle drag", "Pan"),
    ("Right drag", "Zoom"),
    ("Double click", "Maximise the pane, or show all"),
    ("Drag in the 3D pane", "Left turns the patient, middle moves, right zooms"),
)
