"""Commands of choosing a model."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from medvlp_viewer.commands import Command

if TYPE_CHECKING:
    from medvlp_viewer.controllers.viewer import ViewerController

_MENU = "Model"


def model_commands(viewer: ViewerController) -> tuple[Command, ...]:
    """In the Ask menu; those about the selected model are the picker's buttons as well."""
    models, compare, download = viewer.models, viewer.compare_models, viewer.models.download

    def command(name: str, title: str, run: Callable[[], object], **more: Any) -> Command:
        return Command(f"models-{name}", title, "Ask", run, needs_scan=False, submenu=_MENU, **more)

    return (
        command("choose", "Choose a model…", models.choose, keys=("Ctrl+M",), icon="model"),
        command(
            "previous",
            "Back to the model before",
            models.go_back,
            keys=("Ctrl+Shift+M",),
            enabled=lambda: models.can_go_back,
        ),
        command(
            "use",
            "Use the selected model",
            models.use,
            enabled=lambda: models.can_use,
            starts_section=True,
        ),
        command(
            "compare",
            "Compare with the selected model",
            compare.begin,
            enabled=lambda: compare.available,
        ),
        command(
            "licence",
            "Accept the licence of the selected model",
            models.accept_licence,
            enabled=lambda: models.needs_licence,
        ),
        command(
            "download",
            "Accept its licence and download the selected model",
            download.begin,
            enabled=lambda: download.possible,
        ),
        command(
            "import",
            "Add a model from a folder…",
            download.import_folder,
            enabled=lambda: download.can_import,
        ),
        command(
            "stop",
            "Stop adding the model",
            download.cancel,
            enabled=lambda: download.running,
        ),
    )
