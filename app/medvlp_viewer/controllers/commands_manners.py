"""Commands of the program itself: palette, settings, undo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from medvlp_viewer.commands import Command

if TYPE_CHECKING:
    from medvlp_viewer.controllers.viewer import ViewerController


def manners_commands(viewer: ViewerController) -> tuple[Command, ...]:
    """Undo, redo, palette and settings."""
    return (*_undo_commands(viewer), *_program_commands(viewer))


def _undo_commands(viewer: ViewerController) -> tuple[Command, ...]:
    undo = viewer.state.undo
    return (
        Command(
            "undo",
            "Undo",
            "Edit",
            viewer.undo.undo,
            ("Ctrl+Z",),
            "undo",
            needs_scan=False,
            enabled=lambda: undo.can_undo,
        ),
        Command(
            "redo",
            "Redo",
            "Edit",
            viewer.undo.redo,
            ("Ctrl+Shift+Z", "Ctrl+Y"),
            "redo",
            needs_scan=False,
            enabled=lambda: undo.can_redo,
        ),
    )


def _program_commands(viewer: ViewerController) -> tuple[Command, ...]:
    return (
        Command(
            "settings",
            "Settings…",
            "Edit",
            viewer.window.show_settings,
            ("Ctrl+,",),
            "settings",
            needs_scan=False,
            starts_section=True,
        ),
        Command(
            "palette",
            "Find a command…",
            "Help",
            viewer.window.show_palette,
            ("Ctrl+K", "Ctrl+Shift+P"),
            "search",
            needs_scan=False,
        ),
    )
