"""Layer shapes onto a volume in millimetre coordinates, keeping a label of the topmost organ."""

from __future__ import annotations

from copy import copy

import numpy as np
from numpy.typing import NDArray

from medvlp_training.simulation.case import Mask
from medvlp_training.simulation.fields import Array, Spacing, bounding_box, smooth_noise

Point = tuple[float, float, float]


class Painter:
    """Volume and labels under construction.

    Coordinates are millimetres: ``z`` up from the dome of the right diaphragm, ``y`` back from the
    middle of the chest, ``x`` to the patient's left from the midline.
    """

    def __init__(
        self,
        shape: tuple[int, int, int],
        spacing: Spacing,
        origin: tuple[float, float, float],
        rng: np.random.Generator,
    ) -> None:
        self.spacing = spacing
        self.origin = np.array(origin)
        self.rng = rng
        self.volume: Array = np.full(shape, -1000.0, np.float32)
        self.labels = np.zeros(shape, np.uint8)
        self.names: dict[str, int] = {}
        lines = [
            (np.arange(n) * s + o).astype(np.float32)
            for n, s, o in zip(shape, spacing, origin, strict=True)
        ]
        self.z = lines[0][:, None, None]
        self.y = lines[1][None, :, None]
        self.x = lines[2][None, None, :]

    def window(self, low: Point, high: Point) -> tuple[Painter, tuple[slice, ...]]:
        """Painter on the part between two corners (millimetres), sharing this one's arrays.

        Returns also the slices of that part, for fields computed on the whole grid.
        """
        start = np.floor((np.array(low) - self.origin) / self.spacing).astype(int)
        stop = np.ceil((np.array(high) - self.origin) / self.spacing).astype(int) + 1
        start = np.clip(start, 0, np.array(self.shape) - 1)
        stop = np.clip(stop, start + 1, self.shape)
        box = tuple(slice(int(a), int(b)) for a, b in zip(start, stop, strict=True))
        part = copy(self)
        part.origin = self.origin + start * self.spacing
        part.volume, part.labels = self.volume[box], self.labels[box]
        part.z, part.y, part.x = self.z[box[0]], self.y[:, box[1]], self.x[:, :, box[2]]
        return part, box

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the volume."""
        return self.volume.shape

    @property
    def voxel(self) -> float:
        """Mean spacing: the width of an anti-aliased edge."""
        return float(np.mean(self.spacing))

    def label(self, name: str) -> int:
        """Value of an organ in ``labels``; a new one for a new name."""
        return self.names.setdefault(name, len(self.names) + 1)

    def organ(self, *names: str) -> Mask:
        """Voxels whose topmost organ is one of ``names``."""
        return np.isin(self.labels, [self.names[n] for n in names if n in self.names])

    def noise(self, scale_mm: float) -> Array:
        """Smooth unit noise over the whole volume."""
        return smooth_noise(self.shape, self.spacing, scale_mm, self.rng)

    def paint(
        self,
        signed_mm: Array,
        hu: float | Array,
        name: str | None = None,
        within: Mask | None = None,
    ) -> None:
        """Cover where ``signed_mm`` (distance inside the surface) is positive; clear labels there.

        ``name`` None means tissue without a label of its own.
        """
        touched = signed_mm > -0.5 * self.voxel
        if within is not None:
            touched = touched & within
        if not touched.any():
            return
        box = bounding_box(touched, 0, self.spacing)
        alpha = np.clip(0.5 + signed_mm[box] / self.voxel, 0, 1).astype(np.float32)
        if within is not None:
            alpha *= within[box]
        value = hu[box] if isinstance(hu, np.ndarray) else hu
        self.volume[box] = self.volume[box] * (1 - alpha) + alpha * value
        self.labels[box] = np.where(alpha > 0.5, self.label(name) if name else 0, self.labels[box])

    def ellipsoid(
        self,
        centre: tuple[float, float, float],
        axes: tuple[float, float, float],
        direction: tuple[float, float, float] | None = None,
        lumps: Array | None = None,
    ) -> Array:
        """Signed distance inside an ellipsoid (approximate), optionally with a tilted long axis.

        ``axes`` are half lengths along ``(z, y, x)``; with ``direction`` (z, y, x) the first is
        along it and the other two across it.
        """
        z, y, x = self.z - centre[0], self.y - centre[1], self.x - centre[2]
        if direction is None:
            r = np.sqrt((z / axes[0]) ** 2 + (y / axes[1]) ** 2 + (x / axes[2]) ** 2)
        else:
            d = np.array(direction) / np.linalg.norm(direction)
            along = d[0] * z + d[1] * y + d[2] * x
            square = np.maximum(z * z + y * y + x * x - along * along, 0)
            r = np.sqrt((along / axes[0]) ** 2 + square / (axes[1] * axes[2]))
        signed = (1 - r) * min(axes)
        return signed if lumps is None else signed + lumps

    def tube(
        self,
        points: NDArray[np.floating],
        radii: NDArray[np.floating],
        hu: float,
        name: str | None = None,
        within: Mask | None = None,
    ) -> None:
        """Draw a tube through ``(n, 3)`` points; thin tubes fade by partial volume."""
        for centre, radius, hu_here in _walk(points, radii, hu, 0.6 * self.voxel):
            self._ball(centre, radius, hu_here, name, within)

    def _ball(
        self,
        centre: NDArray[np.floating],
        radius: float,
        hu: float,
        name: str | None,
        within: Mask | None,
    ) -> None:
        index = (centre - self.origin) / self.spacing
        reach = (radius + self.voxel) / np.array(self.spacing)
        low = np.maximum(np.floor(index - reach).astype(int), 0)
        high = np.minimum(np.ceil(index + reach).astype(int) + 1, self.shape)
        if np.any(low >= high):
            return
        box = tuple(slice(a, b) for a, b in zip(low, high, strict=True))
        distance = np.sqrt(
            (self.z[box[0]] - centre[0]) ** 2
            + (self.y[:, box[1]] - centre[1]) ** 2
            + (self.x[:, :, box[2]] - centre[2]) ** 2
        )
        half = self.voxel / 2
        alpha = np.clip((max(radius, half) + half - distance) / self.voxel, 0, 1)
        alpha = (alpha * min(1.0, (radius / half) ** 2)).astype(np.float32)
        if within is not None:
            alpha = alpha * within[box]
        old = self.volume[box]
        # Balls of one tube overlap: take the stronger effect instead of adding them up.
        new = old * (1 - alpha) + hu * alpha
        self.volume[box] = np.maximum(old, new) if hu > -500 else np.minimum(old, new)
        if name is not None:
            self.labels[box] = np.where(alpha > 0.5, self.label(name), self.labels[box])


def _walk(
    points: NDArray[np.floating], radii: NDArray[np.floating], hu: float, step: float
) -> list[tuple[NDArray[np.floating], float, float]]:
    """Samples every ``step`` millimetres along a polyline."""
    out = []
    for a, b, ra, rb in zip(points[:-1], points[1:], radii[:-1], radii[1:], strict=True):
        count = max(1, int(np.ceil(np.linalg.norm(b - a) / max(step, 0.35 * min(ra, rb)))))
        out += [(a + t * (b - a), float(ra + t * (rb - ra)), hu) for t in np.arange(count) / count]
    out.append((points[-1], float(radii[-1]), hu))
    return out


def curve(points: list[tuple[float, float, float]], samples: int = 40) -> NDArray[np.float64]:
    """Smooth curve through control points (z, y, x)."""
    from scipy.interpolate import PchipInterpolator

    knots = np.array(points, np.float64)
    t = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(knots, axis=0), axis=1) + 1e-6)])
    return PchipInterpolator(t, knots)(np.linspace(0, t[-1], samples))
