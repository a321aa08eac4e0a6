"""Commands of the 3D pane."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from medvlp_viewer.commands import Command
from medvlp_viewer.models.planes import PLANES, PlaneName
from medvlp_viewer.models.volume_presets import VOLUME_PRESETS, VolumePreset

if TYPE_CHECKING:
    from medvlp_viewer.controllers.viewer import ViewerController

_MENU = "3D"
_STEP = 0.2618  # 15 degrees
_VIEWS = (
    ("A", "From the front", "F2"),
    ("P", "From the back", "F3"),
    ("L", "From the left", "F4"),
    ("R", "From the right", "F5"),
    ("S", "From above", "F6"),
    ("I", "From below", "F7"),
)
_TURNS = (
    ("left", "Turn left", (-_STEP, 0.0), "Left"),
    ("right", "Turn right", (_STEP, 0.0), "Right"),
    ("up", "Turn up", (0.0, -_STEP), "Up"),
    ("down", "Turn down", (0.0, _STEP), "Down"),
)


def volume_commands(viewer: ViewerController) -> tuple[Command, ...]:
    """In menu order."""
    volume = viewer.volume
    model = volume.model

    def toggle() -> None:
        if viewer.panes.maximised and not model.shown:  # one pane alone leaves no room
            viewer.panes.arrange(viewer.panes.active, maximised=False)
        volume.toggle()

    def save() -> None:
        if volume.view is not None:
            viewer.keep.save_picture("Save the 3D picture", "medvlp-3d.png", volume.view.picture)

    return (
        Command(
            "volume",
            "3D pane",
            "View",
            toggle,
            ("Ctrl+3",),
            "cube",
            checked=lambda: model.shown,
            enabled=lambda: volume.available or model.shown,
            starts_section=True,
            submenu=_MENU,
        ),
        *_preset_commands(viewer),
        *_cut_commands(viewer),
        *_view_commands(viewer),
        _command(
            viewer,
            "save",
            "Save the 3D picture…",
            save,
            keys=("Ctrl+Alt+3",),
            starts_section=True,
        ),
    )


def _command(
    viewer: ViewerController, name: str, title: str, run: Callable[[], object], **more: Any
) -> Command:
    """A command that is there while the pane is."""
    shown = viewer.volume.model
    return Command(
        f"volume-{name}", title, "View", run, enabled=lambda: shown.shown, submenu=_MENU, **more
    )


def _preset_commands(viewer: ViewerController) -> tuple[Command, ...]:
    volume = viewer.volume

    def use(preset: VolumePreset) -> Callable[[], None]:
        return lambda: volume.use_preset(preset)

    def is_used(preset: VolumePreset) -> Callable[[], bool]:
        return lambda: volume.model.preset is preset

    return tuple(
        _command(
            viewer,
            preset.name,
            preset.title,
            use(preset),
            checked=is_used(preset),
            starts_section=preset is VOLUME_PRESETS[0],
        )
        for preset in VOLUME_PRESETS
    )


def _cut_commands(viewer: ViewerController) -> tuple[Command, ...]:
    volume = viewer.volume

    def cut(plane: PlaneName) -> Callable[[], None]:
        return lambda: volume.toggle_cut(plane)

    def is_cut(plane: PlaneName) -> Callable[[], bool]:
        return lambda: plane in volume.model.cuts

    planes = tuple(
        _command(
            viewer,
            f"cut-{plane}",
            f"Cut {plane}",
            cut(plane),
            checked=is_cut(plane),
            starts_section=plane == PLANES[0],
        )
        for plane in PLANES
    )
    return (*planes, _command(viewer, "turn-cuts", "Other side", volume.model.turn_cuts))


def _view_commands(viewer: ViewerController) -> tuple[Command, ...]:
    volume = viewer.volume

    def look(name: str) -> Callable[[], None]:
        return lambda: volume.look_from(name)

    def turn(by: tuple[float, float]) -> Callable[[], None]:
        return lambda: volume.turn(*by)

    views = tuple(
        _command(
            viewer,
            f"from-{letter.lower()}",
            title,
            look(letter),
            keys=(key,),
            starts_section=letter == "A",
        )
        for letter, title, key in _VIEWS
    )
    turns = tuple(
        _command(viewer, f"turn-{name}", title, turn(by), keys=(key,), in_volume=True)
        for name, title, by, key in _TURNS
    )
    return (*views, *turns)
