"""From where the 3D pane is looked at."""

from __future__ import annotations

from medvlp.scan import Scan
from medvlp_viewer.models.camera import Camera
from medvlp_viewer.models.volume_model import VolumeModel, faces
from medvlp_viewer.views.volume import VolumeView


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
