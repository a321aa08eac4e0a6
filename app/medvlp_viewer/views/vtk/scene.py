"""The scene and its picture, off screen. Runs in the renderer's process only."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import numpy as np
import vtkmodules.vtkRenderingOpenGL2
import vtkmodules.vtkRenderingVolumeOpenGL2  # noqa: F401
from numpy.typing import NDArray
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkCommand, vtkUnsignedCharArray
from vtkmodules.vtkRenderingCore import vtkRenderer, vtkRenderWindow

from medvlp_viewer.models.camera import Camera
from medvlp_viewer.models.volume_scene import SceneUpdate
from medvlp_viewer.views.vtk.surface_actor import surface_actor
from medvlp_viewer.views.vtk.volume_actor import VolumeActor

# Share of the surface in what is seen of it, by kind.
_OPACITY = {"heat": 0.55, "organ": 0.30}
# So much of the heat shines through whatever lies in front of it.
_GLOW = 0.22
_EYE_MM = 4000.0
_SOFTWARE = ("llvmpipe", "softpipe", "swrast", "software", "swr ")


class RenderingError(Exception):
    """There is no OpenGL to draw with."""


class Scene:
    """CT, surfaces and camera, and the pictures of them.

    VTK sorts translucent surfaces among themselves, but not with a volume. Three pictures are
    mixed instead: the CT alone, the CT with the surfaces in it as if opaque, and the surfaces
    alone. Mixing the first two is exact for the nearest surface (front + T (a surface + (1 - a)
    behind), Porter and Duff, 1984); a little of the third keeps hidden heat in sight.

    Raises
    ------
    RenderingError
        If no OpenGL context can be made.
    """

    def __init__(self) -> None:
        self._renderer = vtkRenderer()
        self._renderer.SetBackground(0.0, 0.0, 0.0)
        self._window = vtkRenderWindow()
        self._window.SetOffScreenRendering(1)
        self._window.SetMultiSamples(0)
        self._window.AddRenderer(self._renderer)
        self._window.SetSize(64, 64)
        self._window.Render()
        facts = self._window.ReportCapabilities() or ""
        found = [line for line in facts.splitlines() if "renderer string" in line]
        if not found:
            raise RenderingError("OpenGL could not be started.")
        self.driver = found[0].split(":", 1)[1].strip()
        self.software = any(word in self.driver.lower() for word in _SOFTWARE)
        self._volume = VolumeActor(self._renderer, self.software)
        self._surfaces: dict[str, list] = {"heat": [], "organ": []}
        self._give_up: Callable[[], bool] | None = None
        self._window.AddObserver(vtkCommand.AbortCheckEvent, lambda *_: self._check())

    def apply(self, update: SceneUpdate) -> None:
        """Take over what has changed."""
        if update.preset is not None:
            self._volume.set_preset(update.preset)
        if update.brick is not None:
            self._volume.set_brick(update.brick)
        if update.cuts is not None:
            self._volume.set_cuts(update.cuts)
        if update.surfaces is not None:
            for actors in self._surfaces.values():
                while actors:
                    self._renderer.RemoveActor(actors.pop())
            for surface in update.surfaces:
                actor = surface_actor(surface)
                if actor is not None:
                    self._surfaces[surface.kind].append(actor)
                    self._renderer.AddActor(actor)

    def render(
        self,
        camera: Camera,
        size: tuple[int, int],
        reduction: float = 1.0,
        give_up: Callable[[], bool] | None = None,
    ) -> NDArray[np.uint8] | None:
        """Draw.

        Parameters
        ----------
        camera
            From where.
        size
            Width and height in pixels.
        reduction
            Rays per pixel side: 2 casts a quarter of the rays.
        give_up
            Asked now and then; True ends the drawing.

        Returns
        -------
        ``(height, width, 3)`` uint8 RGB, the first row on top; None when given up.
        """
        self._give_up = give_up
        finest = self.finest(camera, size)
        self._volume.set_reduction(max(reduction, finest), draft=reduction > finest)
        picture = self._pass(camera, size, volume=True)
        for kind in _OPACITY:
            if picture is not None and self._surfaces[kind]:
                picture = self._mix_in(kind, picture, camera)
        if picture is None or (give_up is not None and give_up()):
            return None
        return np.rint(picture).astype(np.uint8)

    def finest(self, camera: Camera, size: tuple[int, int]) -> float:
        """Reduction below which no ray meets voxels that its neighbours miss.

        A processor casts no more rays than two per voxel; a GPU one per pixel.
        """
        pixel_mm = 2.0 * camera.half_height / size[1]
        return max(1.0, 0.5 * self._volume.spacing / pixel_mm) if self.software else 1.0

    def _mix_in(
        self, kind: str, picture: NDArray[np.float32], camera: Camera
    ) -> NDArray[np.float32] | None:
        """The picture with one kind of surface, which is drawn only where it can be seen."""
        height, width = picture.shape[:2]
        left, top, right, bottom = self._extent(kind, camera, width, height)
        if left >= right or top >= bottom:
            return picture
        window = picture[top:bottom, left:right]
        size = right - left, bottom - top
        part = camera.part((left, top, right, bottom), width, height)
        mixed = self._pass(part, size, kind, volume=True)
        if mixed is None:
            return None
        window += _OPACITY[kind] * (mixed - window)
        if kind == "heat":
            glow = self._pass(part, size, kind, volume=False)
            if glow is None:
                return None
            window += _GLOW * (glow - window) * glow.any(axis=2, keepdims=True)
        return picture

    def _extent(
        self, kind: str, camera: Camera, width: int, height: int
    ) -> tuple[int, int, int, int]:
        """Pixels (left, top, right, bottom) in which surfaces of a kind lie."""
        bounds = np.array([a.GetBounds() for a in self._surfaces[kind]])
        low, high = bounds[:, ::2].min(axis=0), bounds[:, 1::2].max(axis=0)
        corners = [
            camera.on_screen(c, width, height) for c in product(*zip(low, high, strict=True))
        ]
        (x0, y0), (x1, y1) = np.min(corners, axis=0), np.max(corners, axis=0)
        return (
            int(np.clip(x0 - 1, 0, width)),
            int(np.clip(y0 - 1, 0, height)),
            int(np.clip(x1 + 2, 0, width)),
            int(np.clip(y1 + 2, 0, height)),
        )

    def close(self) -> None:
        """Release OpenGL's resources."""
        self._window.Finalize()

    def _pass(
        self, camera: Camera, size: tuple[int, int], kind: str = "", *, volume: bool
    ) -> NDArray[np.float32] | None:
        """One picture of the CT, or not, with one kind of surface, or none."""
        if self._window.GetSize() != size:
            self._window.SetSize(*size)
        self._aim(camera)
        for name, actors in self._surfaces.items():
            for actor in actors:
                actor.SetVisibility(name == kind)
        self._volume.show(volume)
        self._window.SetAbortRender(0)
        self._window.Render()
        if self._window.GetAbortRender():
            return None
        width, height = size
        pixels = vtkUnsignedCharArray()
        self._window.GetPixelData(0, 0, width - 1, height - 1, 0, pixels, 0)
        rgb = vtk_to_numpy(pixels).reshape(height, width, 3)
        return np.ascontiguousarray(rgb[::-1]).astype(np.float32)

    def _aim(self, camera: Camera) -> None:
        eye = self._renderer.GetActiveCamera()
        eye.ParallelProjectionOn()
        eye.SetFocalPoint(*camera.focus)
        eye.SetPosition(*(camera.focus - _EYE_MM * camera.direction))
        eye.SetViewUp(*camera.up)
        eye.SetParallelScale(camera.half_height)
        self._renderer.ResetCameraClippingRange()

    def _check(self) -> None:
        if self._give_up is not None and self._give_up():
            self._window.SetAbortRender(1)
