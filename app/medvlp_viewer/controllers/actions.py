"""The list of commands and what each does."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from medvlp_viewer.commands import Command
from medvlp_viewer.controllers.commands_3d import volume_commands
from medvlp_viewer.controllers.commands_compare import compare_commands
from medvlp_viewer.controllers.commands_keep import keep_commands
from medvlp_viewer.controllers.commands_look import look_commands
from medvlp_viewer.controllers.commands_manners import manners_commands
from medvlp_viewer.controllers.commands_models import model_commands
from medvlp_viewer.controllers.commands_server import server_commands
from medvlp_viewer.controllers.commands_study import open_commands, study_commands
from medvlp_viewer.controllers.commands_triage import triage_commands
from medvlp_viewer.controllers.commands_view import view_commands
from medvlp_viewer.models.window import CT_PRESETS

if TYPE_CHECKING:
    from medvlp_viewer.controllers.viewer import ViewerController

_PAGE = 10


def build_commands(viewer: ViewerController) -> tuple[Command, ...]:
    """Every command, in menu order."""
    return (
        *_file_commands(viewer),
        *view_commands(viewer),
        *volume_commands(viewer),
        *study_commands(viewer),
        *_window_commands(viewer),
        *look_commands(viewer),
        *_navigation_commands(viewer),
        *_question_commands(viewer),
        *model_commands(viewer),
        *triage_commands(viewer),
        *manners_commands(viewer),
        Command(
            "shortcuts",
            "Keyboard and mouse",
            "Help",
            viewer.window.show_shortcuts,
            ("?", "F1"),
            "help",
            needs_scan=False,
        ),
    )


def _file_commands(viewer: ViewerController) -> tuple[Command, ...]:
    return (
        *open_commands(viewer),
        *server_commands(viewer),
        *compare_commands(viewer),
        *keep_commands(viewer),
        Command(
            "quit",
            "Quit",
            "File",
            viewer.window.close,
            ("Ctrl+Q",),
            needs_scan=False,
            starts_section=True,
        ),
    )


def _window_commands(viewer: ViewerController) -> tuple[Command, ...]:
    def use(number: int) -> Callable[[], None]:
        return lambda: viewer.panes.use_preset(number)

    def is_used(number: int) -> Callable[[], bool]:
        return lambda: viewer.state.display.window == CT_PRESETS[number].window

    def has_hounsfield() -> bool:
        scan = viewer.state.scan.scan
        return scan is not None and scan.intensity == "HU"

    presets = tuple(
        Command(
            f"window-{preset.name.lower()}",
            f"{preset.name}  (W {preset.window.width:.0f}, L {preset.window.level:.0f})",
            "Window",
            use(number),
            (preset.key,),
            checked=is_used(number),
            enabled=has_hounsfield,
        )
        for number, preset in enumerate(CT_PRESETS)
    )
    return (
        *presets,
        Command(
            "invert-drag",
            "Dragging down brightens",
            "Window",
            viewer.invert_drag,
            checked=lambda: viewer.state.settings.value.drag_down_brightens,
            needs_scan=False,
            starts_section=True,
        ),
    )


def _navigation_commands(viewer: ViewerController) -> tuple[Command, ...]:
    def scroll(slices: int) -> Callable[[], None]:
        return lambda: viewer.focused_panes.scroll(slices)

    def go_to_end(last: bool) -> Callable[[], None]:
        return lambda: viewer.focused_panes.go_to_end(last=last)

    def move(name: str, title: str, run: Callable[[], None], *keys: str) -> Command:
        return Command(name, title, "Navigate", run, keys, in_panes=True, repeats=True)

    return (
        move("next-slice", "Next slice", scroll(1), "Down", "Right", "F"),
        move("previous-slice", "Previous slice", scroll(-1), "Up", "Left", "B"),
        move("page-on", "Ten slices on", scroll(_PAGE), "PgDown"),
        move("page-back", "Ten slices back", scroll(-_PAGE), "PgUp"),
        move("first-slice", "First slice", go_to_end(False), "Home"),
        move("last-slice", "Last slice", go_to_end(True), "End"),
        Command(
            "next-peak",
            "Next peak",
            "Navigate",
            lambda: viewer.questions.step_peak(1),
            ("N",),
            "peak-next",
            starts_section=True,
        ),
        Command(
            "previous-peak",
            "Previous peak",
            "Navigate",
            lambda: viewer.questions.step_peak(-1),
            ("P",),
            "peak-previous",
        ),
    )


def _question_commands(viewer: ViewerController) -> tuple[Command, ...]:
    return (
        Command(
            "ask", "Ask…", "Ask", viewer.window.focus_question, ("Ctrl+L", "/"), needs_scan=False
        ),
        Command("score", "Score organs", "Ask", viewer.session.score, ("Ctrl+Shift+S",)),
        Command(
            "organ-masks",
            "Organ masks from a file…",
            "Ask",
            viewer.organ_masks.choose,
            enabled=lambda: viewer.organ_masks.available,
        ),
        Command(
            "cancel",
            "Cancel the running job",
            "Ask",
            viewer.session.cancel,
            ("Ctrl+.",),
            needs_scan=False,
            starts_section=True,
        ),
    )
