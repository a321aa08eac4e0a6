"""What the 3D picture is made of, and what comes back: plain data that crosses to its process."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from medvlp_viewer.models.camera import Camera
from medvlp_viewer.models.volume_presets import VolumePreset


@dataclass(frozen=True, eq=False)
class Brick:
    """A reduced CT: ``array`` ``(slices, rows, columns)`` int16 HU; ``affine`` to LPS mm.

    Its axes (column, row, slice) are right-handed.
    """

    array: NDArray[np.int16]
    affine: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Surface:
    """Where values on a grid reach a level, drawn as a translucent surface.

    Parameters
    ----------
    name
        What it shows.
    kind
        ``"heat"`` or ``"organ"``.
    values
        ``(i, j, k)`` float32; outside the grid they are 0.
    affine
        ``(4, 4)``: indices of ``values`` to LPS mm.
    level
        Above 0.
    rgb
        In [0, 255].
    box
        ``(2, 3)``: lowest and highest fractional index that the surface may reach.
    """

    name: str
    kind: str
    values: NDArray[np.float32]
    affine: NDArray[np.float64]
    level: float
    rgb: tuple[int, int, int]
    box: NDArray[np.float64]


@dataclass(frozen=True)
class CutPlane:
    """Only the side of the plane that ``normal`` points to is drawn; both in LPS."""

    origin: tuple[float, float, float]
    normal: tuple[float, float, float]


@dataclass(frozen=True, eq=False)
class SceneUpdate:
    """What has changed; None means as before.

    ``number`` grows from update to update; a picture carries that of the last one it shows.
    """

    number: int
    brick: Brick | None = None
    preset: VolumePreset | None = None
    cuts: tuple[CutPlane, ...] | None = None
    surfaces: tuple[Surface, ...] | None = None
    camera: Camera | None = None
    size: tuple[int, int] | None = None

    def followed_by(self, later: SceneUpdate) -> SceneUpdate:
        """Both updates as one."""
        changes = {f.name: getattr(later, f.name) for f in fields(later)}
        return replace(self, **{name: v for name, v in changes.items() if v is not None})


@dataclass(frozen=True, eq=False)
class Rendered:
    """A picture: ``(height, width, 3)`` uint8 RGB, the first row on top.

    ``final`` is False for a quick draft. ``camera`` is the one it was drawn with.
    """

    number: int
    picture: NDArray[np.uint8]
    camera: Camera
    final: bool
    seconds: float


@dataclass(frozen=True)
class RendererReady:
    """The process can draw; ``renderer`` names the driver, ``software`` says it has no GPU."""

    renderer: str
    software: bool


@dataclass(frozen=True)
class RendererFailed:
    """The process could not draw or has ended; ``message`` is for people."""

    message: str


RendererEvent = Rendered | RendererReady | RendererFailed
