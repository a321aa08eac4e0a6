"""From where the 3D pane is looked at, and what is written in it."""

from __future__ import annotations

from collections.abc import Sequence

from medvlp.scan import Scan
from medvlp_viewer.models.camera import Camera
from medvlp_viewer.models.crosshair import CrosshairModel
from medvlp_viewer.models.volume_model import VolumeModel, faces
from medvlp_viewer.models.volume_scene import Surface
from medvlp_viewer.views.volume import SurfaceKey, VolumeText, VolumeView


class VolumeLook:
    """Moves the camera of the 3D pane.

    Parameters
    ----------
    model
        Holds the camera.
    """

    def __init__(self, model: VolumeModel) -> None:
        self.model = model
        self._view: VolumeView | None = None
        self._scan: Scan | None = None

    def look_from(self, name: str) -> None:
        """A standard view, by its letter."""
        if self._scan is not None and self._view is not None:
            width, height = self._view.size
            corners = faces(self._scan.geometry)
            self.model.look(Camera.standard(name, corners, width / max(height, 1)))

    def reset(self) -> None:
        """All of the scan, from the front."""
        self.look_from("A")

    def turn(self, right: float, down: float) -> None:
        """Turn the patient by radians."""
        if self.model.camera is not None:
            self.model.look(self.model.camera.turned(right, down))

    def move(self, right: float, down: float) -> None:
        """Move the patient by fractions of the picture's height."""
        if self.model.camera is not None:
            self.model.look(self.model.camera.moved(right, down))

    def zoom(self, factor: float) -> None:
        """Magnify."""
        if self.model.camera is not None:
            self.model.look(self.model.camera.zoomed(factor))


def volume_text(
    model: VolumeModel, camera: Camera, crosshair: CrosshairModel, surfaces: Sequence[Surface]
) -> VolumeText:
    """Preset, cuts, crosshair and the key of the surfaces, for the picture of a camera."""
    lines = [f"3D  {model.preset.title}"]
    if model.cuts:
        lines.append("cut: " + ", ".join(model.cuts))
    keys = tuple(
        SurfaceKey(f"{s.name}  ≥ {s.level:.2f}" if s.kind == "heat" else s.name, s.rgb)
        for s in surfaces
    )
    point = crosshair.world if crosshair.visible else None
    return VolumeText(tuple(lines), camera, point, keys)
