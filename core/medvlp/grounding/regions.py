"""Regions of a token grid: what was scanned, organs, sides of the patient."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from medvlp.errors import CacheError
from medvlp.geometry import Geometry
from medvlp.grounding.grid_to_scan import grid_to_scan
from medvlp.grounding.scan_score import top_cells, top_mean
from medvlp.models.encoding import Encoding

NEIGHBOURHOOD_MM = 20.0
NEIGHBOURHOOD_SHARE = 1.0 / 24.0
INSIDE = 0.5

_SCANS: WeakKeyDictionary[Encoding, Geometry] = WeakKeyDictionary()
_FACTS: WeakKeyDictionary[Encoding, dict[str, float]] = WeakKeyDictionary()


@dataclass(frozen=True, eq=False)
class Region:
    """Part of a token grid.

    Parameters
    ----------
    box
        Bounding box, one slice per grid axis.
    inside
        ``(*box shape)`` bool.
    """

    box: tuple[slice, ...]
    inside: NDArray[np.bool_]

    def geometry(self, grid: Geometry) -> Geometry:
        """Of the box, given that of the grid."""
        return grid.cropped(tuple(s.start for s in self.box), self.inside.shape)


def scan_geometry_of(encoding: Encoding) -> Geometry:
    """Geometry of the scan that was encoded.

    Raises
    ------
    CacheError
        If the encoding does not say; every model writes it to ``extra["scan_geometry"]``.
    """
    known = _SCANS.get(encoding)
    if known is not None:
        return known
    data = encoding.extra.get("scan_geometry")
    if not isinstance(data, dict):
        raise CacheError("The encoding does not hold its scan's geometry. Encode the scan again.")
    return _SCANS.setdefault(encoding, Geometry.from_dict(data))


@lru_cache(maxsize=16)
def scanned_region(grid: Geometry, scan: Geometry) -> Region:
    """Cells that hold some of the scan: a grid may be padded beyond it."""
    mapping, box = grid_to_scan(grid, scan), [slice(0, n) for n in grid.shape]
    for scan_axis, grid_axis in enumerate(mapping.axes):
        cells, covered = mapping.nearest_cells(scan_axis)
        hit = cells[covered]
        if len(hit):
            box[grid_axis] = slice(int(hit.min()), int(hit.max()) + 1)
    inside = np.ones(tuple(s.stop - s.start for s in box), dtype=bool)
    inside.setflags(write=False)  # shared by everyone who asks
    return Region(tuple(box), inside)


def border_cells(grid: Geometry, scan: Geometry) -> NDArray[np.bool_]:
    """``(*token shape)`` bool: cells on the border of the scanned region.

    A grid that was cropped to the body ends inside the scan; such an end is no border.
    """
    mapping, border = grid_to_scan(grid, scan), np.zeros(grid.shape, dtype=bool)
    for scan_axis, grid_axis in enumerate(mapping.axes):
        cells, covered = mapping.nearest_cells(scan_axis)
        for end in (0, -1):
            if covered[end]:
                face: list[slice | int] = [slice(None)] * grid.ndim
                face[grid_axis] = int(cells[end])
                border[tuple(face)] = True
    return border


def surroundings(mask: NDArray[np.bool_], grid: Geometry) -> tuple[slice, ...] | None:
    """Box of ``mask`` and 20 mm around it (1/24 of the longer side where there is no spacing).

    Returns
    -------
    tuple of slice or None
        One per grid axis; None if the mask is empty.
    """
    if not mask.any():
        return None
    box, radius = [], _radius(grid)
    for axis, (size, step) in enumerate(zip(grid.shape, grid.spacing, strict=True)):
        hits = np.flatnonzero(mask.any(axis=tuple(a for a in range(mask.ndim) if a != axis)))
        margin = int(np.ceil(radius / step))
        box.append(slice(max(int(hits[0]) - margin, 0), min(int(hits[-1]) + 1 + margin, size)))
    return tuple(box)


def neighbourhood(mask: NDArray[np.bool_], grid: Geometry) -> Region | None:
    """``mask`` and all within the distance of :func:`surroundings`.

    A finding often lies beside the organ it belongs to: an effusion is outside the lung.

    Returns
    -------
    Region or None
        None if the mask is empty.
    """
    box = surroundings(mask, grid)
    if box is None:
        return None
    return Region(box, _grown(mask[box], grid.spacing, _radius(grid)))


def _grown(mask: NDArray[np.bool_], spacing: tuple[float, ...], radius: float) -> NDArray[np.bool_]:
    """``mask`` and all cells whose centres are at most ``radius`` from one of its own.

    The radius is a few cells: as fast as scipy's distance transform, whose import alone takes a tenth of the
    time from a new Python to the answers about an X-ray.
    """
    reach = [int(radius / step) + 1 for step in spacing]
    places = np.indices([2 * r + 1 for r in reach]).T - reach
    ball = (np.sqrt(np.square(places * spacing).sum(axis=-1)) <= radius).T
    widths = ball.sum(axis=-1) // 2  # of the ball's lines along the last axis
    padded = np.pad(mask, [(r, r) for r in reach])
    lines = {width: _widened(padded, int(width)) for width in np.unique(widths)}
    kept = slice(reach[-1], reach[-1] + mask.shape[-1])
    grown = np.zeros_like(mask)
    for start in np.argwhere(ball.any(axis=-1)):
        moved = tuple(slice(s, s + n) for s, n in zip(start, mask.shape[:-1], strict=True))
        grown |= lines[widths[tuple(start)]][(*moved, kept)]
    return grown


def _widened(mask: NDArray[np.bool_], cells: int) -> NDArray[np.bool_]:
    """``mask`` and so many cells before and behind each of its own along the last axis."""
    wide = mask.copy()
    for step in range(1, cells + 1):
        wide[..., step:] |= mask[..., :-step]
        wide[..., :-step] |= mask[..., step:]
    return wide


def _radius(grid: Geometry) -> float:
    if grid.units != "pixel":
        return NEIGHBOURHOOD_MM
    sides = (n * s for n, s in zip(grid.shape, grid.spacing, strict=True))
    return NEIGHBOURHOOD_SHARE * max(sides)


def organ_presence(encoding: Encoding, organ: str) -> float:
    """How sure the organ head is of the surest 1 ml of an organ that it knows.

    Remembered as long as the encoding lives: most queries ask for it.
    """

    def compute() -> float:
        region = scanned_region(encoding.geometry, scan_geometry_of(encoding))
        cells = region.geometry(encoding.geometry)
        return top_mean(encoding.organs[organ][region.box], cells)

    return _remembered(encoding, f"presence of {organ}", compute)


def side_weights(encoding: Encoding, side: Literal["left", "right"]) -> NDArray[np.float32]:
    """``(*token shape)`` in [0, 1]: 1 on the patient's left (right), a ramp at the midline."""
    grid, sign = encoding.geometry, 1 if side == "left" else -1
    steps = grid.axis_vectors[:, 0]
    offset = float(grid.affine[0, 3]) - midline(encoding)
    per_ramp = sign / (2 * (float(np.abs(steps).max()) or 1.0))
    weights = np.full(grid.shape, 0.5 + offset * per_ramp, dtype=np.float32)
    for axis, (size, step) in enumerate(zip(grid.shape, steps, strict=True)):
        along = (np.arange(size) * step * per_ramp).astype(np.float32)
        weights += along.reshape([-1 if a == axis else 1 for a in range(grid.ndim)])
    return np.clip(weights, 0.0, 1.0, out=weights)


def midline(encoding: Encoding) -> float:
    """Left-right coordinate of the patient's middle (LPS x, in the geometry's units).

    Half way between paired organs where the organ head sees both of a pair; else the centre of all
    it sees; else the centre of the grid's part of the scan.
    """
    return _remembered(encoding, "midline", lambda: _midline(encoding))


def _midline(encoding: Encoding) -> float:
    pairs = []
    for name in encoding.organs:
        other = name.removesuffix("_left") + "_right"
        if name.endswith("_left") and other in encoding.organs:
            centres = [_centre_x(encoding, n) for n in (name, other)]
            if None not in centres:
                pairs.append(np.mean([c for c in centres if c is not None]))
    if pairs:
        return float(np.median(pairs))
    known = [c for c in (_centre_x(encoding, name) for name in encoding.organs) if c is not None]
    if known:
        return float(np.mean(known))
    region = scanned_region(encoding.geometry, scan_geometry_of(encoding))
    return float(region.geometry(encoding.geometry).corners()[:, 0].mean())


def _centre_x(encoding: Encoding, organ: str) -> float | None:
    cells = np.argwhere(encoding.organs[organ] >= INSIDE)
    if len(cells) < top_cells(encoding.geometry):
        return None
    return float(encoding.geometry.index_to_world(cells.mean(axis=0))[0])


def _remembered(encoding: Encoding, fact: str, compute: Callable[[], float]) -> float:
    facts = _FACTS.setdefault(encoding, {})
    if fact not in facts:
        facts[fact] = compute()
    return facts[fact]
