"""Commands about studies of a PACS or DICOMweb server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from medvlp_viewer.commands import Command

if TYPE_CHECKING:
    from medvlp_viewer.controllers.viewer import ViewerController


def server_commands(viewer: ViewerController) -> tuple[Command, ...]:
    """In the File menu, below those that open files."""
    server = viewer.server
    return (
        Command(
            "open-server",
            "Open from a server…",
            "File",
            server.show,
            ("Ctrl+Shift+F",),
            needs_scan=False,
        ),
        Command(
            "clear-downloads",
            "Clear downloaded studies",
            "File",
            server.clear,
            needs_scan=False,
            enabled=lambda: server.can_clear,
        ),
    )
