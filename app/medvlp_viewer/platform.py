"""What has to be settled with the system before the first Qt object exists."""

from __future__ import annotations

import os
import sys
from collections.abc import MutableMapping

DESKTOP_ID = "org.medvlp.Viewer"


def has_display(environment: MutableMapping[str, str], system: str = sys.platform) -> bool:
    """Whether a window can be put on a screen."""
    if system in ("darwin", "win32"):
        return True
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


def choose_platform(
    environment: MutableMapping[str, str], *, offscreen: bool, system: str = sys.platform
) -> None:
    """Set ``QT_QPA_PLATFORM`` unless the user did.

    Offscreen for pictures. On Wayland the X11 platform where there is an X server, since later
    panes embed native surfaces, which abort on Wayland.
    """
    environment.setdefault("QT_API", "pyside6")
    if environment.get("QT_QPA_PLATFORM"):
        return
    if offscreen:
        environment["QT_QPA_PLATFORM"] = "offscreen"
    elif environment.get("WAYLAND_DISPLAY") and environment.get("DISPLAY") and system == "linux":
        environment["QT_QPA_PLATFORM"] = "xcb"


def font_warning() -> str:
    """A sentence when Qt finds no fonts (its wheels ship none), else empty."""
    from PySide6.QtGui import QFontDatabase

    if QFontDatabase.families():
        return ""
    return (
        "Qt found no fonts, so texts are drawn as boxes. Install one, for instance "
        "'apt-get install fonts-dejavu-core'."
    )


def prepare_environment(*, offscreen: bool) -> None:
    """:func:`choose_platform` for this process."""
    choose_platform(os.environ, offscreen=offscreen)
