"""Tubes along a course: smooth paths, and their partial volume on a coarse grid."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from medvlp_training.simulation.canvas import Canvas
from medvlp_training.simulation.case import Mask, SimulationError
from medvlp_training.simulation.fields import Array

Points = NDArray[np.float64]
"""``(n, 3)`` millimetres along (S, P, L) from the centre of the first voxel."""
_STEP_MM = 0.5
_ACROSS = 9  # samples across a tube
_SEEN = 0.1  # share of a voxel from which it belongs to the mask


@dataclass(frozen=True)
class Tube:
    """A tube's cross-section.

    Parameters
    ----------
    outer_mm, inner_mm
        Diameters; an inner one of 0 is a solid wire.
    wall_hu, lumen_hu
        Attenuation of the wall, and of what fills the lumen.
    """

    outer_mm: float
    inner_mm: float
    wall_hu: float
    lumen_hu: float = 0.0


def smooth_course(points: Points) -> Points:
    """A cubic spline through points, sampled every half millimetre.

    Raises
    ------
    SimulationError
        If there are fewer than two places.
    """
    from scipy.interpolate import CubicSpline

    lengths = np.linalg.norm(np.diff(points, axis=0), axis=1)
    kept = np.concatenate([points[:1], points[1:][lengths > 0.1]])
    if len(kept) < 2:
        raise SimulationError("A course needs two places; the structure has fewer in this scan.")
    along = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(kept, axis=0), axis=1))])
    places = np.arange(0, along[-1] + _STEP_MM, _STEP_MM).clip(max=along[-1])
    course: Points = CubicSpline(along, kept, bc_type="natural")(places)
    return course


def centreline(mask: Mask, spacing: tuple[float, float, float]) -> Points:
    """Centre of a mask in each slice that it meets, from feet to head, smoothed over 9 mm."""
    from scipy import ndimage

    levels = np.flatnonzero(mask.any(axis=(1, 2)))
    middle = np.array([[k, *np.argwhere(mask[k]).mean(axis=0)] for k in levels], float)
    points: Points = middle.reshape(-1, 3) * spacing
    points[:, 1:] = ndimage.gaussian_filter1d(
        points[:, 1:], 9.0 / spacing[0] / 2, axis=0, mode="nearest"
    )
    return points


def draw_tube(canvas: Canvas, course: Points, tube: Tube) -> Mask:
    """Lay a tube into the scan; the mask of the voxels of which it takes a tenth or more.

    Walls thinner than a voxel are diluted, not lost: what a ray through the scan sums up is that of
    the tube. Parts of the course outside the scan are not drawn.
    """
    frame = _frames(course)
    span = (np.arange(_ACROSS) + 0.5) / _ACROSS - 0.5
    u, v = (a.ravel() * tube.outer_mm for a in np.meshgrid(span, span, indexing="ij"))
    radius = np.hypot(u, v)
    hollow = radius <= tube.inner_mm / 2
    solid = (radius <= tube.outer_mm / 2) & ~hollow
    areas = np.pi / 4 * np.array([tube.outer_mm**2 - tube.inner_mm**2, tube.inner_mm**2])
    wall, lumen = (
        _deposit(canvas, course, frame, u[ring], v[ring]) * (area * _STEP_MM / max(ring.sum(), 1))
        for ring, area in zip((solid, hollow), areas / np.prod(canvas.spacing), strict=True)
    )
    total = wall + lumen
    over = np.maximum(total, 1.0)
    canvas.volume += wall / over * (tube.wall_hu - canvas.volume)
    canvas.volume += lumen / over * (tube.lumen_hu - canvas.volume)
    return np.asarray(total >= _SEEN)


def _frames(course: Points) -> tuple[Points, Points]:
    """Two directions across the course at each of its points."""
    along = np.gradient(course, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True) + 1e-9
    least = np.eye(3)[np.abs(along).argmin(axis=1)]
    first = np.cross(along, least)
    first /= np.linalg.norm(first, axis=1, keepdims=True)
    return first, np.cross(along, first)


def _deposit(
    canvas: Canvas, course: Points, frame: tuple[Points, Points], u: Points, v: Points
) -> Array:
    """How many of the points at ``(u, v)`` across the course fall to each voxel, shared linearly."""
    offsets = u[:, None, None] * frame[0] + v[:, None, None] * frame[1]
    index = (course + offsets).reshape(-1, 3) / canvas.spacing
    low = np.floor(index).astype(int)
    part = index - low
    flat = np.zeros(int(np.prod(canvas.shape)))
    for corner in np.ndindex(2, 2, 2):
        place = low + corner
        weight = np.prod(np.where(corner, part, 1 - part), axis=1)
        inside = ((place >= 0) & (place < canvas.shape)).all(axis=1)
        where = np.ravel_multi_index(tuple(place[inside].T), canvas.shape)
        flat += np.bincount(where, weight[inside], minlength=flat.size)
    return flat.reshape(canvas.shape).astype(np.float32)
