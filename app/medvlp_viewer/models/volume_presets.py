"""How Hounsfield units become colour and opacity in the 3D pane."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Stop:
    """Colour and opacity of one value; between two stops both run linearly.

    ``opacity`` in [0, 1] is per millimetre of depth, ``rgb`` in [0, 1].
    """

    hounsfield: float
    opacity: float
    rgb: tuple[float, float, float]


@dataclass(frozen=True)
class VolumePreset:
    """A named look of the volume.

    Parameters
    ----------
    name
        Stable, kebab-case.
    title
        In menus.
    stops
        In the order of their values; below the first and above the last the ends hold.
    ambient, diffuse, specular
        Shares of the light (Phong).
    shaded
        Whether surfaces are lit; without them a haze shows all depths alike, and faster.
    """

    name: str
    title: str
    stops: tuple[Stop, ...]
    ambient: float = 0.25
    diffuse: float = 0.8
    specular: float = 0.15
    shaded: bool = True


VOLUME_PRESETS: tuple[VolumePreset, ...] = (
    VolumePreset(
        "bone",
        "Bone",
        (
            Stop(130.0, 0.0, (0.62, 0.30, 0.20)),
            Stop(220.0, 0.10, (0.86, 0.60, 0.42)),
            Stop(450.0, 0.60, (0.98, 0.90, 0.76)),
            Stop(1200.0, 0.95, (1.0, 0.98, 0.94)),
        ),
    ),
    VolumePreset(
        "lung",
        "Lung",
        (
            Stop(-960.0, 0.0, (0.15, 0.25, 0.45)),
            Stop(-880.0, 0.004, (0.25, 0.42, 0.66)),
            Stop(-760.0, 0.012, (0.42, 0.62, 0.82)),
            Stop(-600.0, 0.05, (0.80, 0.88, 0.95)),
            Stop(-420.0, 0.03, (0.96, 0.88, 0.80)),
            Stop(-250.0, 0.0, (0.96, 0.84, 0.74)),
            Stop(200.0, 0.0, (0.98, 0.94, 0.86)),
            Stop(500.0, 0.02, (1.0, 0.97, 0.92)),
        ),
        shaded=False,
    ),
    VolumePreset(
        "soft-tissue",
        "Soft tissue",
        (
            Stop(-260.0, 0.0, (0.72, 0.45, 0.36)),
            Stop(-120.0, 0.10, (0.80, 0.52, 0.42)),
            Stop(20.0, 0.30, (0.86, 0.56, 0.46)),
            Stop(90.0, 0.55, (0.90, 0.62, 0.52)),
            Stop(250.0, 0.90, (0.98, 0.90, 0.78)),
        ),
        ambient=0.4,
        diffuse=0.65,
    ),
)
