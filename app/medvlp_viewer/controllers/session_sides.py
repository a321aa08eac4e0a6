"""Putting the 3D pane and the second scan of a session file back."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from medvlp.scan import Scan
from medvlp_viewer.controllers.compare import CompareController
from medvlp_viewer.controllers.volume import VolumeController
from medvlp_viewer.models.camera import Camera
from medvlp_viewer.models.session_file import SessionError, found_origin
from medvlp_viewer.models.session_parts import CameraPart, ComparePart, VolumePart
from medvlp_viewer.models.study import Origin
from medvlp_viewer.models.volume_presets import VOLUME_PRESETS
from medvlp_viewer.models.window import Window
from medvlp_viewer.views.base import Message, WindowView
from medvlp_viewer.views.pane import Viewpoint

_OTHER_SCAN = (
    "The second scan has changed since the session was saved: how it was looked at is not restored."
)


def restore_volume(volume: VolumeController, part: VolumePart | None) -> None:
    """Open the 3D pane as it was, or close it."""
    volume.show(part is not None)
    if part is None or not volume.model.shown:
        return
    volume.use_preset(next(p for p in VOLUME_PRESETS if p.name == part.preset))
    volume.model.set_cuts({plane: int(side) for plane, side in part.cuts.items()})
    volume.model.look(_camera(part.camera))
    if volume.maximised != part.alone:
        volume.toggle_maximised()


class SecondSide:
    """Opens the second scan of a session, and restores its view once it was read."""

    def __init__(self, compare: CompareController, window: WindowView) -> None:
        self._compare, self._window = compare, window
        self._pending: tuple[Origin, ComparePart] | None = None
        compare.opened.connect(self._on_opened)

    def restore(self, part: ComparePart | None, file: Path, device: str) -> None:
        """Begin to open it, or close what is there.

        Parameters
        ----------
        part
            What the session says, or None.
        file
            The session file.
        device
            Where a second model runs.
        """
        self._pending = None
        self._compare.close()
        if part is None:
            return
        try:
            origin = found_origin(part.scan, file)
        except SessionError as error:
            self._window.show_message(Message("warning", str(error)))
            return
        self._pending = origin, part
        if part.other_model:
            name = part.other_model
            if name.startswith("./"):
                name = str((file.parent / name).resolve())
            self._compare.open_model(name, device, origin)
        else:
            self._compare.open(origin.source, origin.series)

    def _on_opened(self, scan: Scan) -> None:
        pending, self._pending = self._pending, None
        if pending is None or self._compare.origin != pending[0]:
            return
        part = pending[1]
        if scan.scan_id != part.scan.scan_id:
            self._window.show_message(Message("warning", _OTHER_SCAN))
            return
        compare, right = self._compare, self._compare.right
        compare.model.restore(part.linked, part.step)
        right.display.set_window(Window(part.window.level, part.window.width))
        right.crosshair.move_to(part.position)
        assert compare.panes is not None
        for plane, pane in part.panes.items():
            if plane in right.scan.frames:
                view = compare.panes.panes[plane].view
                view.set_viewpoint(Viewpoint(pane.zoom, pane.row, pane.column))


def _camera(part: CameraPart) -> Camera:
    return Camera(
        np.array(part.focus), np.array(part.direction), np.array(part.up), part.half_height
    )
