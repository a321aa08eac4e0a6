"""Commands of comparing two scans."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from medvlp_viewer.commands import Command

if TYPE_CHECKING:
    from medvlp_viewer.controllers.viewer import ViewerController

_MENU = "Compare"


def compare_commands(viewer: ViewerController) -> tuple[Command, ...]:
    """In the File menu."""
    return (*_open_commands(viewer), *_link_commands(viewer))


def _open_commands(viewer: ViewerController) -> tuple[Command, ...]:
    compare = viewer.compare
    return (
        _command(
            "open",
            "Compare with…",
            viewer.compare_opening.choose,
            keys=("Ctrl+D",),
            icon="compare",
            enabled=lambda: compare.available,
        ),
        _command(
            "open-folder",
            "Compare with a DICOM folder…",
            viewer.compare_opening.choose_folder,
            keys=("Ctrl+Shift+D",),
            enabled=lambda: compare.available,
        ),
    )


def _link_commands(viewer: ViewerController) -> tuple[Command, ...]:
    compare = viewer.compare
    model = compare.model
    return (
        _command(
            "link",
            "Link the two scans",
            compare.toggle_linked,
            keys=("L",),
            checked=lambda: model.linked,
            enabled=lambda: model.can_link,
            starts_section=True,
        ),
        _command(
            "align",
            "Align at the two crosshairs",
            compare.align,
            keys=("Shift+L",),
            enabled=lambda: model.can_align,
            label=lambda: "" if model.other_model else "Align at the two crosshairs",
        ),
        _command(
            "close",
            "Close the second side",
            compare.close,
            keys=("Ctrl+W",),
            enabled=lambda: model.active,
            starts_section=True,
        ),
    )


def _command(name: str, title: str, run: Callable[[], object], **more: Any) -> Command:
    return Command(f"compare-{name}", title, "File", run, submenu=_MENU, **more)
