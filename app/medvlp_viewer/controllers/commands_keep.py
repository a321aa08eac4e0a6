"""Commands that save and restore."""

from __future__ import annotations

from typing import TYPE_CHECKING

from medvlp_viewer.commands import Command

if TYPE_CHECKING:
    from medvlp_viewer.controllers.viewer import ViewerController


def keep_commands(viewer: ViewerController) -> tuple[Command, ...]:
    """In the File menu, below what opens something."""
    keep, sessions = viewer.keep, viewer.session_files

    def has_answers() -> bool:
        return keep.has_answers

    return (
        Command(
            "open-session",
            "Open session…",
            "File",
            sessions.choose,
            ("Ctrl+Alt+O",),
            needs_scan=False,
            starts_section=True,
        ),
        Command("save-session", "Save session…", "File", sessions.save, ("Ctrl+Alt+S",)),
        Command(
            "save-panes",
            "Save picture of the panes…",
            "File",
            keep.save_panes,
            ("Ctrl+S",),
            "camera",
            starts_section=True,
        ),
        Command("save-pane", "Save picture of this pane…", "File", keep.save_pane, ("Ctrl+Alt+P",)),
        Command("save-picture", "Save picture of the window…", "File", keep.save_window),
        Command("save-csv", "Save scores as CSV…", "File", keep.save_csv, enabled=has_answers),
        Command("save-json", "Save scores as JSON…", "File", keep.save_json, enabled=has_answers),
        Command(
            "save-report",
            "Save PDF report…",
            "File",
            keep.save_report,
            ("Ctrl+P",),
            enabled=has_answers,
        ),
    )
