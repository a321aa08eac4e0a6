"""Commands that open something, and those of the study browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from medvlp_viewer.commands import Command
from medvlp_viewer.models.recent import LONGEST, short_name

if TYPE_CHECKING:
    from medvlp_viewer.controllers.viewer import ViewerController

_RECENT = "Open recent"


def open_commands(viewer: ViewerController) -> tuple[Command, ...]:
    """At the top of the File menu."""
    studies = viewer.studies
    return (
        Command(
            "open-file",
            "Open file…",
            "File",
            viewer.open_file,
            ("Ctrl+O",),
            "open",
            needs_scan=False,
        ),
        Command(
            "open-folder",
            "Open DICOM folder…",
            "File",
            viewer.open_folder,
            ("Ctrl+Shift+O",),
            "folder",
            needs_scan=False,
        ),
        *(_recent(viewer, number) for number in range(LONGEST)),
        Command(
            "clear-recent",
            "Clear this list",
            "File",
            studies.recent.clear,
            needs_scan=False,
            enabled=lambda: bool(studies.recent.sources),
            starts_section=True,
            submenu=_RECENT,
        ),
        Command("open-sample", "Open sample CT", "File", viewer.open_sample, needs_scan=False),
    )


def study_commands(viewer: ViewerController) -> tuple[Command, ...]:
    """Those of the study browser."""
    study = viewer.state.study
    return (
        Command(
            "toggle-study",
            "Show study browser",
            "View",
            lambda: study.show(not study.shown),
            ("Ctrl+B",),
            "study",
            lambda: study.shown,
            needs_scan=False,
            starts_section=True,
        ),
        Command(
            "clear-study",
            "Forget other studies",
            "View",
            study.keep_opened_only,
            enabled=lambda: len(study.sources) > 1,
        ),
    )


def _recent(viewer: ViewerController, number: int) -> Command:
    recent = viewer.studies.recent

    def there() -> bool:
        return number < len(recent.sources)

    def label() -> str:
        return f"{number + 1}  {short_name(recent.sources[number])}" if there() else ""

    return Command(
        f"open-recent-{number + 1}",
        f"Open recent {number + 1}",
        "File",
        _opening(viewer, number),
        needs_scan=False,
        enabled=there,
        label=label,
        submenu=_RECENT,
    )


def _opening(viewer: ViewerController, number: int) -> Callable[[], None]:
    return lambda: viewer.studies.open_recent(number)
