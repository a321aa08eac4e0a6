"""Vertebral fracture: the upper endplate of one body sinks in, as a wedge or a dent."""

from __future__ import annotations

import re

import numpy as np

from medvlp_training.simulation.canvas import Canvas
from medvlp_training.simulation.case import Lesion, Mask, Request, SimulationError
from medvlp_training.simulation.fields import Array, bounding_box, distance_mm, nearest, smoothstep
from medvlp_training.simulation.wording import choose, grade

_LEVEL = re.compile(r"vertebrae_(T([4-9]|1[0-2])|L[1-4])")
_BODY_DEPTH_MM = 34.0
_DISC_MM = 7.0


def add_vertebral_fracture(canvas: Canvas, request: Request) -> Lesion:
    """Take 20 to 50 % of the height off one thoracic or lumbar body.

    The body is compressed towards its lower endplate and the disc above follows the sunken upper
    one; the rest of the spine stays where it is.

    Raises
    ------
    SimulationError
        If the host has no whole vertebra between T4 and L4.
    """
    rng = canvas.rng
    severity = request.severity if request.severity is not None else float(rng.beta(1.5, 1.5))
    name, body = _draw_body(canvas)
    wedge = bool(rng.random() < 0.65)
    mask = _compress(canvas, name, body, 0.2 + 0.3 * severity, wedge)
    level = name.removeprefix("vertebrae_")
    return Lesion("vertebral_fracture", mask, severity, _sentence(canvas, level, severity, wedge),
                  None, level)  # fmt: skip


def _draw_body(canvas: Canvas) -> tuple[str, Mask]:
    """Name of a vertebra that is whole in the scan, and the columns ``(P, L)`` of its body."""
    rng = canvas.rng
    slices = canvas.shape[0]
    for name in rng.permutation([n for n in canvas.organs if _LEVEL.fullmatch(n)]):
        mask = canvas.organs[str(name)]
        levels = np.flatnonzero(mask.any(axis=(1, 2)))
        if levels.size == 0 or levels[0] == 0 or levels[-1] + _DISC_MM >= slices:
            continue
        front = int(np.flatnonzero(mask.any(axis=(0, 2)))[0])
        height = mask.sum(axis=0)
        tall = height > 0.55 * np.quantile(height[height > 0], 0.9)
        depth = (np.arange(mask.shape[1]) - front) * canvas.spacing[1]
        body = tall & (depth < _BODY_DEPTH_MM)[:, None]
        if body.sum() * canvas.spacing[1] * canvas.spacing[2] > 300:
            return str(name), body
    raise SimulationError("The host has no whole vertebra between T4 and L4.")


def _compress(canvas: Canvas, name: str, body: Mask, loss: float, wedge: bool) -> Mask:
    """Pull the upper endplate down by ``loss`` of the height; the body that is left."""
    from scipy import ndimage

    own = canvas.organs[name] & body[None]
    levels = [np.flatnonzero(own[:, p, q]) for p, q in np.argwhere(body)]
    step = canvas.spacing[0]
    low = float(np.median([k[0] for k in levels])) - 0.5
    high = float(np.median([k[-1] for k in levels])) + 0.5
    sunk = (high - low) * loss * _profile(canvas, body, wedge)
    gap = _DISC_MM / step
    box = (slice(max(0, int(low) - 1), min(canvas.shape[0], int(high + gap) + 2)),
           *bounding_box(sunk[None] > 0.01, 0, canvas.spacing)[1:])  # fmt: skip
    z = np.arange(box[0].start, box[0].stop, dtype=np.float32)[:, None, None]
    depth = sunk[box[1:]][None]
    inside = low + (z - low) * (high - low) / (high - low - depth)
    above = high + (z - high + depth) * gap / (gap + depth)
    moved = np.where(z < low, z, np.where(z < high - depth, inside, np.minimum(above, high + gap)))
    moved = np.where(z >= high + gap, z, moved)
    source = np.indices(moved.shape, dtype=np.float32)
    source[0] = moved - box[0].start
    part = ndimage.map_coordinates(canvas.volume[box], source, order=1, mode="nearest")
    band = smoothstep(np.abs(z - (high - depth - 2.0 / step)), 4.0 / step, 0.0)
    share = band * np.clip(depth * step / 4, 0, 1)
    canvas.volume[box] = part + share * canvas.rng.uniform(120, 220) * body[box[1:]]
    mask = canvas.organs[name].copy()
    mask[box] = nearest(mask[box], source)
    canvas.organs[name] = mask
    lesion = mask & body[None]
    lesion[box] |= (z < high) & (z >= high - depth) & body[box[1:]][None] & (depth * step > 2)
    return lesion


def _profile(canvas: Canvas, body: Mask, wedge: bool) -> Array:
    """``(P, L)``, 0 to 1: how far each column sinks, none outside the body."""
    rows = np.flatnonzero(body.any(axis=1))
    along = (np.arange(body.shape[0]) - rows[0]) / max(1, rows[-1] - rows[0])
    flat = (1.0, canvas.spacing[1], canvas.spacing[2])
    outside = distance_mm(body[None], flat)[0]
    inside = distance_mm(~body[None], flat)[0]
    fade = smoothstep(outside, 5.0, 0.0)
    if wedge:
        shape = np.clip(1.0 - 0.75 * along, 0.25, 1.0)[:, None] * np.ones_like(fade)
    else:
        shape = 0.4 + 0.6 * inside / max(float(inside.max()), 1e-3)
    return np.asarray(shape * fade, np.float32)


def _sentence(canvas: Canvas, level: str, severity: float, wedge: bool) -> str:
    how = grade(severity, ((0.3, "mild"), (0.7, "moderate"), (2.0, "severe")))
    percent = 5 * round((20 + 30 * severity) / 5)
    kind = "wedge" if wedge else "compression"
    return choose(canvas.rng, (
        f"{how.capitalize()} {kind} fracture of {level}.",
        f"{level} compression fracture with about {percent} % loss of height.",
        f"Vertebral fracture of {level} with {how} height loss.",
        f"There is a {how} compression deformity of the {level} vertebral body, a fracture.",
    ))  # fmt: skip
