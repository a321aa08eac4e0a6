"""Position priors: where a thing was in the training patients, relative to the body's box.

They never look at what is inside the body. Together with the middle of that box and a random point
of the body they are what a model must beat before it can be said to see anything.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from medvlp.geometry import Geometry

Mask = NDArray[np.bool_]
CELLS = 48
BODY_HU = -300
WITHIN_MM = 5.0
_MANY_VOXELS = 400_000


@dataclass(frozen=True)
class Box:
    """Part of a scan's array, and which way its axes run in the patient.

    Parameters
    ----------
    start, stop
        Along each axis of the array; ``stop`` is exclusive.
    axes
        Array axis that runs along each axis of the patient: feet to head, front to back, right to
        left. A film is hung as usual: its rows run to the feet, its columns to the patient's left.
    flipped
        Whether that array axis runs the other way.
    """

    start: tuple[int, ...]
    stop: tuple[int, ...]
    axes: tuple[int, ...]
    flipped: tuple[bool, ...]

    @classmethod
    def whole(cls, shape: tuple[int, ...]) -> Box:
        """All of an array whose axes run as the patient's."""
        count = len(shape)
        return cls((0,) * count, shape, tuple(range(count)), (False,) * count)

    @classmethod
    def around(cls, mask: Mask, geometry: Geometry | None = None) -> Box:
        """The smallest box around a mask; without a geometry its axes run as the patient's."""
        others = [tuple(set(range(mask.ndim)) - {axis}) for axis in range(mask.ndim)]
        sides = [np.flatnonzero(mask.any(axis=other)) for other in others]
        axes, flipped = tuple(range(mask.ndim)), (False,) * mask.ndim
        if geometry is not None:
            runs = [axis for axis, _ in geometry.closest_axes]
            axes = tuple(runs.index(world) for world in (2, 1, 0))  # LPS the other way round
            flipped = tuple(geometry.closest_axes[axis][1] < 0 for axis in axes)
        return cls(
            tuple(int(s[0]) for s in sides), tuple(int(s[-1]) + 1 for s in sides), axes, flipped
        )

    @property
    def size(self) -> NDArray[np.intp]:
        """Along each axis of the array."""
        return np.asarray(self.stop) - np.asarray(self.start)

    @property
    def window(self) -> tuple[slice, ...]:
        """Of the array."""
        return tuple(slice(a, b) for a, b in zip(self.start, self.stop, strict=True))

    def index(self, share: NDArray[np.floating]) -> tuple[int, ...]:
        """Array index at a place that is given in shares of the box along the patient's axes."""
        own = np.empty(len(self.axes))
        for value, axis, flip in zip(share, self.axes, self.flipped, strict=True):
            own[axis] = 1 - value if flip else value
        found = np.asarray(self.start) + own * self.size
        last = np.asarray(self.stop) - 1
        return tuple(int(i) for i in np.clip(np.floor(found), self.start, last))

    @property
    def centre(self) -> tuple[int, ...]:
        """Index of the middle."""
        return self.index(np.full(len(self.start), 0.5))


def body(array: NDArray[np.integer]) -> Mask:
    """The largest connected part that is denser than -300 HU, at the scan's resolution."""
    from scipy.ndimage import binary_opening, label

    solid = binary_opening(array > BODY_HU, iterations=1)
    labels, count = label(solid)
    if not count:
        return np.ones(array.shape, dtype=bool)
    return labels == 1 + int(np.argmax(np.bincount(labels.ravel())[1:]))


@dataclass
class Atlas:
    """Mean mask of each name over patients, on a grid of the body's box."""

    _sums: dict[str, dict[str, list[NDArray[np.float16]]]] = field(default_factory=dict)

    def add(self, name: str, patient: str, mask: Mask, box: Box) -> None:
        """One more mask; a patient's masks are averaged before patients are."""
        if mask.any():
            self._sums.setdefault(name, {}).setdefault(patient, []).append(_shares(mask, box))

    def grid(self, name: str, without: str | None = None) -> NDArray[np.float64] | None:
        """Share of patients that have it there; None if no other patient has it."""
        known = {p: maps for p, maps in self._sums.get(name, {}).items() if p != without}
        if not known:
            return None
        means = [np.mean([m.astype(np.float64) for m in maps], axis=0) for maps in known.values()]
        return np.asarray(np.mean(means, axis=0))

    def peak(self, name: str, box: Box, without: str | None = None) -> tuple[int, ...] | None:
        """Array index where it is most often."""
        from scipy.ndimage import gaussian_filter

        grid = self.grid(name, without)
        if grid is None:
            return None
        smooth = gaussian_filter(grid, 1.0)
        cell = np.unravel_index(int(np.argmax(smooth)), grid.shape)
        return box.index((np.asarray(cell) + 0.5) / CELLS)

    def mask(
        self, name: str, box: Box, shape: tuple[int, ...], without: str | None = None
    ) -> Mask | None:
        """Where at least half of the patients have it, on the scan's array."""
        grid = self.grid(name, without)
        if grid is None:
            return None
        hot = np.flip(grid >= 0.5, tuple(c for c, flip in enumerate(box.flipped) if flip))
        hot = hot.transpose(np.argsort(box.axes))
        for axis, size in enumerate(box.size):
            nearest = np.minimum(((np.arange(size) + 0.5) * CELLS / size).astype(int), CELLS - 1)
            hot = hot.take(nearest, axis=axis)
        out = np.zeros(shape, dtype=bool)
        out[box.window] = hot
        return out


def _shares(mask: Mask, box: Box) -> NDArray[np.float16]:
    """Share of each cell of the box that the mask fills."""
    places = np.argwhere(mask)
    size = box.size
    cells = np.floor((places - np.asarray(box.start) + 0.5) * CELLS / size).astype(int)
    for axis, flip in zip(box.axes, box.flipped, strict=True):
        if flip:
            cells[:, axis] = CELLS - 1 - cells[:, axis]
    cells = cells[:, list(box.axes)]
    kept = cells[((cells >= 0) & (cells < CELLS)).all(axis=1)]
    shape = (CELLS,) * mask.ndim
    counts = np.bincount(np.ravel_multi_index(tuple(kept.T), shape), minlength=CELLS**mask.ndim)
    return (counts.reshape(shape) / np.prod(np.maximum(size / CELLS, 1.0))).astype(np.float16)


def distance_mm(
    point: tuple[int, ...] | None, mask: Mask, spacing: tuple[float, ...]
) -> float | None:
    """From a voxel to the nearest one of a mask, in mm; None without a point or a mask."""
    if point is None or not mask.any():
        return None
    if mask[point]:
        return 0.0
    offsets = (np.argwhere(mask) - np.asarray(point)) * np.asarray(spacing)
    return float(np.sqrt((offsets**2).sum(1).min()))


def near_share(
    mask: Mask, inside: Mask, spacing: tuple[float, ...], within: float = WITHIN_MM
) -> float:
    """Share of the voxels of ``inside`` that lie within so many mm of a mask: a random point's chance."""
    from scipy.ndimage import distance_transform_edt

    box = Box.around(mask)
    margin = np.ceil(within / np.asarray(spacing)).astype(int)
    window = tuple(
        slice(max(a - m, 0), b + m) for a, b, m in zip(box.start, box.stop, margin, strict=True)
    )
    part, body_part = mask[window], inside[window]
    step = 1 if part.size < _MANY_VOXELS else 2
    every = (slice(None, None, step),) * mask.ndim
    sampling = np.asarray(spacing) * step
    near = distance_transform_edt(~part[every], sampling=sampling) <= within
    found = int((near & body_part[every]).sum()) * step**mask.ndim
    return float(min(1.0, found / max(int(inside.sum()), 1)))


def overlap(predicted: Mask | None, mask: Mask) -> float | None:
    """Dice; None without a prediction."""
    if predicted is None:
        return None
    return float(2 * (predicted & mask).sum() / max(int(predicted.sum() + mask.sum()), 1))
