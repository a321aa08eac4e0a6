"""What the controllers know of the 3D pane."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from psygnal import Signal

from medvlp_viewer.models.camera import Camera
from medvlp_viewer.views.keep import Picture


@dataclass(frozen=True)
class SurfaceKey:
    """A line of the legend: ``label`` in words, ``rgb`` of the surface in [0, 255]."""

    label: str
    rgb: tuple[int, int, int]


@dataclass(frozen=True, eq=False)
class VolumeText:
    """What is written over the 3D picture: lines in the corner, and the camera for the letters.

    ``crosshair`` is the LPS point to mark, or None. ``keys`` name the surfaces.
    """

    lines: tuple[str, ...]
    camera: Camera
    crosshair: NDArray[np.float64] | None = None
    keys: tuple[SurfaceKey, ...] = ()


class VolumeView(ABC):
    """The 3D picture with its annotations.

    Events
    ------
    turned(float, float)
        Dragged to the right and down, in radians.
    moved(float, float)
        Dragged to the right and down with the middle button, in fractions of the height.
    zoomed(float)
        Factor of magnification.
    resized()
        :attr:`size` has changed.
    ticked()
        Now and then while the pane is on screen: time to see what the renderer has drawn.
    retry_requested()
        The user wants another try after a failure.
    maximise_requested()
        By double click.
    activated()
        The pane got the keyboard.
    """

    turned = Signal(float, float)
    moved = Signal(float, float)
    zoomed = Signal(float)
    resized = Signal()
    ticked = Signal()
    retry_requested = Signal()
    maximise_requested = Signal()
    activated = Signal()

    @property
    @abstractmethod
    def size(self) -> tuple[int, int]:
        """Width and height of the picture in pixels of the screen."""

    @abstractmethod
    def set_picture(self, picture: NDArray[np.uint8] | None) -> None:
        """Show ``(height, width, 3)`` RGB, or nothing."""

    @abstractmethod
    def set_text(self, text: VolumeText | None) -> None:
        """Show letters, texts and scale bar."""

    @abstractmethod
    def set_annotated(self, annotated: bool) -> None:
        """Draw the annotations."""

    @abstractmethod
    def set_notice(self, notice: str, *, can_retry: bool = False) -> None:
        """Say why there is no picture yet; empty for nothing to say."""

    @abstractmethod
    def picture(self) -> Picture:
        """The pane as it is on screen, with the research notice."""

    @abstractmethod
    def focus(self) -> None:
        """Give the pane the keyboard."""
