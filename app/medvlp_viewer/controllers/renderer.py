"""What the 3D pane needs of the process that draws, and how one is made."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Protocol

from medvlp_viewer.models.volume_scene import RendererEvent, SceneUpdate

Run = Callable[[Callable[[], None]], None]
"""``run(function)``: runs a function elsewhere."""


class RendererPort(Protocol):
    """The part of :class:`medvlp_viewer.views.vtk.process.RenderProcess` that is used here."""

    def start(self) -> None:
        """Start the process."""

    def show(self, update: SceneUpdate) -> None:
        """Draw this."""

    def poll(self) -> Sequence[RendererEvent]:
        """Events since the last call."""

    def close(self) -> None:
        """End the process."""


def render_process() -> RendererPort:
    """The renderer in a process of its own."""
    from medvlp_viewer.views.vtk.process import RenderProcess

    return RenderProcess()


def in_thread(function: Callable[[], None]) -> None:
    """Run beside the event loop."""
    threading.Thread(target=function, name="medvlp-volume", daemon=True).start()
