"""What the 3D pane needs of the process that draws, and how one is made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from medvlp_viewer.models.volume_scene import RendererEvent, SceneUpdate


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
