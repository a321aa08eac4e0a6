"""Commands of measuring, of the window that the file suggests, and of walking through peaks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from medvlp_viewer.commands import Command
from medvlp_viewer.models.measurements import MeasurementKind
from medvlp_viewer.models.window import own_window

if TYPE_CHECKING:
    from medvlp_viewer.controllers.viewer import ViewerController

_TOOLS: tuple[tuple[MeasurementKind, str, str], ...] = (
    ("distance", "Measure a distance", "D"),
    ("angle", "Measure an angle", "Shift+D"),
    ("ellipse", "Measure an ellipse", "E"),
    ("rectangle", "Measure a rectangle", "Shift+E"),
)


def look_commands(viewer: ViewerController) -> tuple[Command, ...]:
    """In menu order."""
    return (*_window_commands(viewer), *_measure_commands(viewer), *_peak_commands(viewer))


def _window_commands(viewer: ViewerController) -> tuple[Command, ...]:
    state, panes = viewer.state, viewer.panes

    def suggested() -> bool:
        return state.scan.scan is not None and own_window(state.scan.scan) is not None

    def is_used() -> bool:
        scan = state.scan.scan
        return scan is not None and own_window(scan) == state.display.window

    return (
        Command(
            "window-from-file",
            "From file",
            "Window",
            panes.use_file_window,
            ("0",),
            checked=is_used,
            enabled=suggested,
        ),
    )


def _measure_commands(viewer: ViewerController) -> tuple[Command, ...]:
    measurements, measuring = viewer.state.measurements, viewer.measuring

    def use(tool: MeasurementKind | None) -> Callable[[], None]:
        return lambda: measuring.use(tool)

    def in_hand(tool: MeasurementKind) -> Callable[[], bool]:
        return lambda: measurements.tool == tool

    tools = tuple(
        Command(f"measure-{kind}", title, "Measure", use(kind), (key,), kind, checked=in_hand(kind))
        for kind, title, key in _TOOLS
    )
    return (
        *tools,
        Command(
            "measure-nothing", "Put the tool down", "Measure", use(None), ("Esc",), in_panes=True
        ),
        Command(
            "remove-measurement",
            "Remove the chosen measurement",
            "Measure",
            measuring.remove_chosen,
            ("Del", "Backspace"),
            enabled=lambda: measurements.chosen is not None,
            in_panes=True,
            starts_section=True,
        ),
        Command(
            "remove-measurements",
            "Remove all measurements",
            "Measure",
            measuring.remove_all,
            enabled=lambda: len(measurements) > 0,
        ),
    )


def _peak_commands(viewer: ViewerController) -> tuple[Command, ...]:
    questions = viewer.questions
    return (
        Command(
            "next-peak-of-all",
            "Next peak of all questions",
            "Navigate",
            lambda: questions.step_all(1),
            ("Shift+N",),
        ),
        Command(
            "previous-peak-of-all",
            "Previous peak of all questions",
            "Navigate",
            lambda: questions.step_all(-1),
            ("Shift+P",),
        ),
    )
