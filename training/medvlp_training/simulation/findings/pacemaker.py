"""Pacemaker: a metal case under the skin of the left chest, a lead to the right ventricle, streaks."""

from __future__ import annotations

import numpy as np

from medvlp_training.simulation.canvas import Canvas
from medvlp_training.simulation.case import Lesion, Mask, Request, Side, SimulationError
from medvlp_training.simulation.devices.streaks import add_streaks
from medvlp_training.simulation.devices.tube import Points, Tube, draw_tube, smooth_course
from medvlp_training.simulation.fields import Array
from medvlp_training.simulation.findings.central_venous_catheter import venous_course
from medvlp_training.simulation.shapes import edge
from medvlp_training.simulation.wording import choose

_METAL_HU = 3071.0  # where scanners stop counting
_LEAD_HU = 8000.0  # of platinum and cobalt, before partial volume dilutes it
_DEPTH_MM = 11.0  # of the case's middle under the skin


def add_pacemaker(canvas: Canvas, request: Request) -> Lesion:
    """Place a titanium case of 40 to 55 mm and 8 mm and one lead, or two with an atrial one.

    Raises
    ------
    SimulationError
        If the host lacks the heart or the superior vena cava, or shows no upper chest.
    """
    rng = canvas.rng
    side: Side = request.side or ("left" if rng.random() < 0.85 else "right")
    severity = request.severity if request.severity is not None else float(rng.random())
    heart = canvas.organ("heart")
    vein = venous_course(canvas, side)
    lungs = canvas.lung("bilateral")
    centre, normal = _pocket(canvas, side, lungs)
    box, inside = _case(canvas, centre, normal, rng.uniform(40, 46) + 9 * severity)
    voxel = float(np.mean(canvas.spacing))
    # Skin and fat that the case lifts where it lies less deep than it is thick.
    over = edge(inside + 5.0, voxel) * (canvas.volume[box] < -200) * ~lungs[box]
    canvas.blend(over.astype(np.float32), 10.0, box)
    metal = np.zeros(canvas.shape, np.float32)
    metal[box] = edge(inside, voxel)
    canvas.volume += metal * (_METAL_HU - canvas.volume)
    mask = metal > 0.3
    double = bool(rng.random() < 0.5)
    for target in (_apex, _atrium)[: 2 if double else 1]:
        # A lead joins the vein under the collar bone, not in the neck.
        joined = vein[vein[:, 0] <= centre[0] + 45]
        end = target(heart, canvas)
        course = smooth_course(np.concatenate([centre[None], joined[1:], end]))
        mask |= draw_tube(canvas, course, Tube(2.0, 0.0, _LEAD_HU))
        mask |= draw_tube(canvas, course[-16:], Tube(3.0, 0.0, _LEAD_HU))
    add_streaks(canvas, metal)
    np.clip(canvas.volume, -1024, _METAL_HU, out=canvas.volume)
    return Lesion("pacemaker", mask, severity, _sentence(canvas, side, double), side,
                  f"{side} chest wall")  # fmt: skip


def _pocket(canvas: Canvas, side: Side, lungs: Mask) -> tuple[Points, Points]:
    """Middle of the case, under the skin of the front below the collar bone; the skin's normal."""
    from scipy import ndimage

    levels = np.flatnonzero(lungs.any(axis=(1, 2)))
    level = int(levels[-1] - canvas.rng.uniform(40, 60) / canvas.spacing[0])
    outer = 0.72 if side == "left" else 0.28
    column = int(np.quantile(np.argwhere(canvas.lung(side))[:, 2], outer))
    body = np.flatnonzero(canvas.volume[level, :, column] > -300)
    if level < levels[0] or not body.size:
        raise SimulationError("The upper chest is not in the scan: no room for a pacemaker.")
    skin = np.array([level, body[0], column], float)
    box, _ = canvas.box_around(skin, 30.0)
    inside = ndimage.gaussian_filter((canvas.volume[box] > -300).astype(np.float32), 3)
    place = tuple(int(s - b.start) for s, b in zip(skin, box, strict=True))
    outwards = -np.array([g[place] for g in np.gradient(inside, *canvas.spacing)], float)
    outwards /= np.linalg.norm(outwards) + 1e-9
    return skin * canvas.spacing - _DEPTH_MM * outwards, outwards


def _case(
    canvas: Canvas, centre: Points, normal: Points, diameter: float
) -> tuple[tuple[slice, ...], Array]:
    """A box around the case, and millimetres inside a disc of 8 mm across ``normal``."""
    box, grids = canvas.box_around(centre / canvas.spacing, diameter)
    height = sum(n * g for n, g in zip(normal, grids, strict=True))
    across = np.sqrt(np.maximum(sum(g * g for g in grids) - height**2, 0))
    return box, np.asarray(np.minimum(4.0 - np.abs(height), diameter / 2 - across), np.float32)


def _apex(heart: Mask, canvas: Canvas) -> Points:
    """Through the right atrium to the apex of the right ventricle: low, in front, to the left."""
    return _in_heart(heart, canvas, ((0.62, 0.55, 0.2), (0.32, 0.4, 0.32), (0.18, 0.25, 0.62)))


def _atrium(heart: Mask, canvas: Canvas) -> Points:
    """A bow in the right atrium, up to its appendage."""
    return _in_heart(heart, canvas, ((0.6, 0.6, 0.2), (0.48, 0.5, 0.2), (0.62, 0.3, 0.26)))


def _in_heart(
    heart: Mask, canvas: Canvas, shares: tuple[tuple[float, float, float], ...]
) -> Points:
    """Voxels of the heart nearest to shares of its extent along each axis."""
    places = np.argwhere(heart)
    low, high = np.quantile(places, 0.02, axis=0), np.quantile(places, 0.98, axis=0)
    wanted = low + (high - low) * np.array(shares)
    nearest = [
        places[np.linalg.norm((places - w) * canvas.spacing, axis=1).argmin()] for w in wanted
    ]
    return np.array(nearest, float) * canvas.spacing


def _sentence(canvas: Canvas, side: Side, double: bool) -> str:
    leads = (
        "leads in the right atrium and right ventricle" if double else "lead in the right ventricle"
    )
    kind = "Dual-chamber" if double else "Single-chamber"
    return choose(canvas.rng, (
        f"{str(side).capitalize()} chest wall pacemaker with {leads}.",
        f"{kind} pacemaker in the {side} chest wall.",
        f"{str(side).capitalize()}-sided pacemaker, {leads}.",
        f"{kind} {side} pectoral pacemaker with metallic streak artefact.",
    ))  # fmt: skip
