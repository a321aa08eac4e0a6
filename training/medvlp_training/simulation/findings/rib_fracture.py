"""Rib fracture: a step and a gap in a rib, or callus around a healing one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from medvlp_training.simulation.canvas import Canvas
from medvlp_training.simulation.case import Lesion, Mask, Request, SimulationError
from medvlp_training.simulation.fields import Array, nearest, smoothstep
from medvlp_training.simulation.shapes import edge
from medvlp_training.simulation.wording import choose

_RIBS = range(3, 11)  # the first two are hidden by the shoulder, the last two are short
_REACH_MM = 32.0  # over which the displaced end returns to its place
_SITE_MM = 9.0  # along the rib, on either side of the break, that the mask covers
_ORDINALS = {3: "third", 4: "fourth", 5: "fifth", 6: "sixth", 7: "seventh", 8: "eighth",
             9: "ninth", 10: "tenth"}  # fmt: skip


def add_rib_fracture(canvas: Canvas, request: Request) -> Lesion:
    """Break one rib: displaced by 3 to 9 mm, or healing with callus.

    Raises
    ------
    SimulationError
        If the host has no rib that is long enough on the side.
    """
    rng = canvas.rng
    side = request.side or ("left", "right")[int(rng.integers(2))]
    severity = request.severity if request.severity is not None else float(rng.beta(1.5, 1.8))
    number, centre, along = _draw_site(canvas, str(side))
    rib = f"rib_{side}_{number}"
    healing = bool(rng.random() < 0.3)
    box, grids = canvas.box_around(centre, _REACH_MM + 8)
    axial = np.asarray(sum(a * g for a, g in zip(along, grids, strict=True)), np.float32)
    across = np.sqrt(np.maximum(sum(g * g for g in grids) - axial**2, 0)).astype(np.float32)
    if healing:
        _add_callus(canvas, rib, box, axial, across, severity)
    else:
        _displace(canvas, rib, box, axial, across, along, severity)
    mask = canvas.empty()
    site = (np.abs(axial) < _SITE_MM) & (across < 14)
    mask[box] = site & (canvas.organs[rib][box] | ((np.abs(axial) < 3) & (across < 6)))
    return Lesion("rib_fracture", mask, severity, _sentence(canvas, str(side), number, healing),
                  side, f"{side} rib {number}")  # fmt: skip


def _draw_site(canvas: Canvas, side: str) -> tuple[int, NDArray[np.float64], NDArray[np.float64]]:
    """Rib, voxel of the break and the rib's direction there (towards its front end)."""
    rng = canvas.rng
    step = np.array(canvas.spacing)
    numbers = [n for n in _RIBS if canvas.organs.get(f"rib_{side}_{n}", np.zeros(1, bool)).any()]
    for number in rng.permutation(numbers):
        points = np.argwhere(canvas.organs[f"rib_{side}_{number}"])
        for index in rng.permutation(len(points))[:20]:
            offset = (points - points[index]) * step
            near = offset[np.linalg.norm(offset, axis=1) < 20]
            if len(near) < 8:
                continue
            along = np.linalg.svd(near - near.mean(axis=0), full_matrices=False)[2][0]
            along = along if along[1] < 0 else -along  # index 1 grows to the back
            reach = near @ along
            # Both stumps must be there, and the rib must run in the plane or down, not end here.
            if reach.min() < -14 and reach.max() > 14:
                centre = points[index] + near.mean(axis=0) / step
                return int(number), centre.astype(np.float64), along
    raise SimulationError(f"The host has no {side} rib that is long enough to be broken.")


def _displace(
    canvas: Canvas, rib: str, box: tuple[slice, ...], axial: Array, across: Array,
    along: NDArray[np.float64], severity: float,
) -> None:  # fmt: skip
    """Move what lies in front of the break sideways, least far from it, and open a gap."""
    from scipy import ndimage

    rng = canvas.rng
    aside = rng.normal(size=3)
    aside -= (aside @ along) * along
    aside *= (3.0 + 6.0 * severity) / np.linalg.norm(aside)
    share = smoothstep(axial, _REACH_MM, 6.0) * smoothstep(across, 18.0, 8.0) * (axial > 0)
    source = np.indices(axial.shape, dtype=np.float32)
    for axis in range(3):
        source[axis] -= share * (aside[axis] / canvas.spacing[axis])
    volume = canvas.volume[box]
    canvas.volume[box] = ndimage.map_coordinates(volume, source, order=1, mode="nearest")
    _move_masks(canvas, rib, box, source)
    width = 1.5 + 2.5 * severity
    bone: Mask = canvas.organs[rib][box]
    near = ndimage.binary_dilation(bone)
    distance = (width / 2 - np.abs(axial)).astype(np.float32)
    gap = edge(distance, float(np.mean(canvas.spacing))) * near * (across < 12)
    canvas.blend(gap.astype(np.float32), rng.uniform(35, 60), box)


def _move_masks(canvas: Canvas, rib: str, box: tuple[slice, ...], source: Array) -> None:
    """The rib's mask moves with the bone; other organs give way to it."""
    moved = canvas.organs[rib].copy()
    moved[box] = nearest(moved[box], source)
    canvas.remove_from(tuple(name for name in canvas.organs if name != rib), moved)
    canvas.organs[rib] = moved


def _add_callus(
    canvas: Canvas, rib: str, box: tuple[slice, ...], axial: Array, across: Array, severity: float
) -> None:
    """A spindle of new bone around the rib, with a faint line left in it."""
    voxel = float(np.mean(canvas.spacing))
    radius = 6.0 + 3.0 * severity
    spindle = radius * (1 - (axial / 19.0) ** 2) - across
    alpha = edge(spindle.astype(np.float32), voxel) * 0.85
    canvas.blend(alpha, canvas.rng.uniform(280, 480), box)
    distance = (1.2 - np.abs(axial)).astype(np.float32)
    line = edge(distance, voxel) * (across < radius - 2) * 0.5
    canvas.blend(line.astype(np.float32), 120.0, box)
    grown = canvas.organs[rib].copy()
    grown[box] |= alpha > 0.45
    canvas.remove_from(tuple(name for name in canvas.organs if name != rib), grown)
    canvas.organs[rib] = grown


def _sentence(canvas: Canvas, side: str, number: int, healing: bool) -> str:
    which = f"{side} {_ORDINALS[number]} rib"
    if healing:
        return choose(canvas.rng, (
            f"Healing fracture of the {which} with callus.",
            f"Callus formation around a {which} fracture.",
            f"Old {which} fracture with callus.",
        ))  # fmt: skip
    return choose(canvas.rng, (
        f"Displaced fracture of the {which}.",
        f"Acute displaced {which} fracture.",
        f"There is a {which} fracture with displacement of the fragments.",
        f"{which.capitalize()} fracture with a cortical step.",
    ))  # fmt: skip
