"""Commands of the View menu that act on the panes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from medvlp_viewer.commands import Command

if TYPE_CHECKING:
    from medvlp_viewer.controllers.viewer import ViewerController

_ZOOM = 1.25


def view_commands(viewer: ViewerController) -> tuple[Command, ...]:
    """Heat, crosshair, annotations; maximise, zoom, reset."""
    return (*_shown_commands(viewer), *_pane_commands(viewer))


def _shown_commands(viewer: ViewerController) -> tuple[Command, ...]:
    state = viewer.state
    return (
        Command(
            "toggle-heat",
            "Show heat",
            "View",
            viewer.toggle_heat,
            ("G",),
            "heat",
            lambda: state.overlay.visible,
        ),
        Command(
            "toggle-crosshair",
            "Show crosshair",
            "View",
            lambda: state.crosshair.show(not state.crosshair.visible),
            ("X",),
            "crosshair",
            lambda: state.crosshair.visible,
        ),
        Command(
            "toggle-annotations",
            "Show annotations",
            "View",
            lambda: state.display.set_annotations(not state.display.annotations),
            ("T",),
            "text",
            lambda: state.display.annotations,
        ),
        Command(
            "toggle-interpolation",
            "Interpolate pixels",
            "View",
            lambda: state.display.set_smooth(not state.display.smooth),
            ("I",),
            "",
            lambda: state.display.smooth,
        ),
    )


def _pane_commands(viewer: ViewerController) -> tuple[Command, ...]:
    return (
        Command(
            "maximise",
            "Maximise pane",
            "View",
            lambda: viewer.active_area.toggle_maximised(),
            ("M",),
            "maximise",
            lambda: viewer.active_area.maximised,
            starts_section=True,
        ),
        Command(
            "zoom-in",
            "Zoom in",
            "View",
            lambda: viewer.active_area.zoom(_ZOOM),
            ("+", "="),
            "zoom-in",
            repeats=True,
        ),
        Command(
            "zoom-out",
            "Zoom out",
            "View",
            lambda: viewer.active_area.zoom(1 / _ZOOM),
            ("-",),
            "zoom-out",
            repeats=True,
        ),
        Command(
            "reset",
            "Reset view and window",
            "View",
            lambda: viewer.active_area.reset(),
            ("R", "Ctrl+0"),
            "reset",
        ),
    )
