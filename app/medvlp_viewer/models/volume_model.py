"""What the 3D pane shows: preset, cuts, camera. No VTK, no Qt."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from psygnal import Signal

from medvlp.geometry import Geometry
from medvlp_viewer.models.camera import Camera
from medvlp_viewer.models.planes import PLANES, PlaneFrame, PlaneName
from medvlp_viewer.models.volume_presets import VOLUME_PRESETS, VolumePreset
from medvlp_viewer.models.volume_scene import CutPlane

# Below it the viewer looks along a plane, and neither side of it is nearer.
_FACING = 0.1


class VolumeModel:
    """State of the 3D pane.

    Events
    ------
    changed
        Emitted after preset, cuts, organ surface or visibility of the pane changed.
    camera_changed
        Emitted after the camera moved.
    """

    changed = Signal()
    camera_changed = Signal()

    def __init__(self) -> None:
        self.shown = False
        self.preset: VolumePreset = VOLUME_PRESETS[0]
        self.camera: Camera | None = None
        self._cuts: dict[PlaneName, int] = {}

    @property
    def cuts(self) -> dict[PlaneName, int]:
        """Planes that cut the CT open; 1 keeps the side of the next slices, -1 the other."""
        return dict(self._cuts)

    def show(self, shown: bool) -> None:
        """Open or close the pane."""
        if shown != self.shown:
            self.shown = shown
            self.changed.emit()

    def use_preset(self, preset: VolumePreset) -> None:
        """Show the CT in another way."""
        if preset is not self.preset:
            self.preset = preset
            self.changed.emit()

    def look(self, camera: Camera) -> None:
        """Move the camera."""
        self.camera = camera
        self.camera_changed.emit()

    def toggle_cut(self, plane: PlaneName, frame: PlaneFrame) -> None:
        """Cut along a plane, taking away what is in front of it, or close the cut."""
        if self._cuts.pop(plane, None) is None:
            self._cuts[plane] = self._far_side(frame)
        self.changed.emit()

    def turn_cuts(self) -> None:
        """Show what was cut away, and cut away what was shown."""
        if self._cuts:
            self._cuts = {plane: -side for plane, side in self._cuts.items()}
            self.changed.emit()

    def set_cuts(self, cuts: dict[PlaneName, int]) -> None:
        """Restore cuts."""
        if cuts != self._cuts:
            self._cuts = dict(cuts)
            self.changed.emit()

    def _far_side(self, frame: PlaneFrame) -> int:
        if self.camera is None:
            return 1
        facing = float(next_slice_direction(frame) @ self.camera.direction)
        return -1 if facing < -_FACING else 1

    def cut_planes(
        self, frames: dict[PlaneName, PlaneFrame], world: ArrayLike
    ) -> tuple[CutPlane, ...]:
        """The cuts as planes through a point, parallel to the slices that the panes show."""
        planes = []
        for name in PLANES:
            if name in self._cuts and name in frames:
                normal = self._cuts[name] * next_slice_direction(frames[name])
                origin = np.asarray(world, dtype=np.float64)
                planes.append(CutPlane(_triple(origin), _triple(normal)))
        return tuple(planes)


def next_slice_direction(frame: PlaneFrame) -> NDArray[np.float64]:
    """``(3,)`` LPS unit vector at right angles to a pane's slices, toward the next one."""
    directions = frame.geometry.directions
    normal = np.cross(directions[frame.axes[1]], directions[frame.axes[2]])
    normal /= np.linalg.norm(normal)
    along = directions[frame.axes[0]] * (-1.0 if frame.flips[0] else 1.0)
    return normal if normal @ along > 0 else -normal


def faces(geometry: Geometry) -> NDArray[np.float64]:
    """``(8, 3)`` LPS corners of a volume, at the outer faces of its voxels."""
    ends = [(-0.5, n - 0.5) for n in geometry.shape]
    grid = np.stack(np.meshgrid(*ends, indexing="ij"), axis=-1)
    return geometry.index_to_world(grid.reshape(-1, geometry.ndim))


def _triple(vector: NDArray[np.float64]) -> tuple[float, float, float]:
    x, y, z = (float(v) for v in vector)
    return x, y, z
