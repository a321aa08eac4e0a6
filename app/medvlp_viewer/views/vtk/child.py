"""The renderer's process: takes updates, sends pictures, a quick one first and then a good one."""

from __future__ import annotations

import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from medvlp_viewer.models.volume_scene import (
    Rendered,
    RendererFailed,
    RendererReady,
    SceneUpdate,
)

if TYPE_CHECKING:
    from medvlp_viewer.models.camera import Camera
    from medvlp_viewer.views.vtk.scene import Scene

NO_VTK = "The 3D view needs VTK (%1). Install it with 'pip install medvlp[viewer]'."
# A draft should take no longer than this, so that turning looks like motion.
DRAFT_SECONDS = 0.07
_REDUCTIONS = (1.0, 8.0)
# A picture is made good once nothing has changed for so long.
_REST_SECONDS = 0.12


def run(pipe: Connection) -> None:
    """Draw until told to end. Ends the process by itself where OpenGL is missing."""
    try:
        from vtkmodules.vtkCommonCore import vtkLogger, vtkObject

        from medvlp_viewer.views.vtk.scene import RenderingError, Scene
    except ImportError as error:
        pipe.send(RendererFailed(NO_VTK.replace("%1", str(error))))
        return
    vtkObject.GlobalWarningDisplayOff()
    vtkLogger.SetStderrVerbosity(vtkLogger.VERBOSITY_OFF)
    try:
        scene = Scene()
    except RenderingError as error:
        pipe.send(RendererFailed(str(error)))
        return
    pipe.send(RendererReady(scene.driver, scene.software))
    try:
        Loop(pipe, scene).run()
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return  # the viewer was closed
    finally:
        scene.close()


class Loop:
    """Draws what is new, drafts first."""

    def __init__(
        self, pipe: Connection, scene: Scene, clock: Callable[[], float] = time.perf_counter
    ) -> None:
        self._pipe, self._scene, self._clock = pipe, scene, clock
        self._number = 0
        self._camera: Camera | None = None
        self._size = (0, 0)
        self._reduction = 3.0 if scene.software else 1.0
        self._due: list[str] = []

    def run(self) -> None:
        """Until told to end."""
        while self.step():
            pass

    def step(self) -> bool:
        """Wait for an update, or draw what is due; False at the end."""
        wait = None if not self._due else (_REST_SECONDS if self._due[0] == "final" else 0.0)
        if self._pipe.poll(wait):
            return self._take()
        if self._due:
            self._draw(self._due.pop(0))
        return True

    def _take(self) -> bool:
        """All that has arrived as one update; of many camera movements only the last counts."""
        update: SceneUpdate | None = self._pipe.recv()
        while update is not None and self._pipe.poll():
            later = self._pipe.recv()
            update = None if later is None else update.followed_by(later)
        if update is None:
            return False
        self._number = update.number
        self._camera = update.camera or self._camera
        self._size = update.size or self._size
        self._scene.apply(update)
        self._due = ["draft", "final"] if self._camera is not None and min(self._size) > 0 else []
        return True

    def _draw(self, quality: str) -> None:
        assert self._camera is not None
        draft = quality == "draft"
        finest = self._scene.finest(self._camera, self._size)
        reduction = max(self._reduction, finest) if draft else finest
        start = self._clock()
        picture = self._scene.render(
            self._camera, self._size, reduction, None if draft else self._pipe.poll
        )
        seconds = self._clock() - start
        if picture is None:
            return
        if draft:
            self._adapt(reduction, seconds)
            if reduction == finest and not self._scene.software:
                self._due = []  # a GPU draws nothing better
        self._send(picture, not self._due, seconds)

    def _adapt(self, reduction: float, seconds: float) -> None:
        """Time goes with the number of rays, the square of their density."""
        wanted = reduction * (seconds / DRAFT_SECONDS) ** 0.5
        low, high = _REDUCTIONS
        self._reduction = float(np.clip(0.5 * (self._reduction + wanted), low, high))

    def _send(self, picture: NDArray[np.uint8], final: bool, seconds: float) -> None:
        assert self._camera is not None
        self._pipe.send(Rendered(self._number, picture, self._camera, final, seconds))
