"""Atelectasis: airless lung as a plate at the base, or as a wedge that shrinks a lobe."""

from __future__ import annotations

import numpy as np

from medvlp_training.simulation.canvas import Canvas
from medvlp_training.simulation.case import Lesion, Mask, Request, Side
from medvlp_training.simulation.fields import (
    Array,
    bounding_box,
    distance_mm,
    smooth_noise,
    smoothstep,
)
from medvlp_training.simulation.shapes import edge
from medvlp_training.simulation.wording import choose, lung_location


def add_atelectasis(canvas: Canvas, request: Request) -> Lesion:
    """Place one to three plates, or a dependent wedge of 50 to 110 HU."""
    rng = canvas.rng
    side = request.side or canvas.draw_side()
    severity = request.severity if request.severity is not None else float(rng.beta(1.3, 1.8))
    wedge = severity > 0.45
    alpha = _wedge(canvas, side, severity) if wedge else _plates(canvas, side, severity)
    hu = rng.uniform(30, 55) + 55 * canvas.enhancement
    canvas.blend_lung(alpha, hu, side)
    mask = alpha > 0.35
    if not mask.any():
        mask = alpha >= max(float(alpha.max()), 1e-3)
    location = lung_location(canvas, mask, side)
    options: tuple[str, ...]
    if wedge:
        options = (
            f"Atelectasis of the {location} with volume loss.",
            f"Partial collapse of the {location}.",
            f"Dependent {location} atelectasis.",
        )
    else:
        options = (
            f"Linear atelectasis in the {location}.",
            f"Band-like atelectasis in the {location}.",
            f"Discoid atelectasis at the {side} base, {location}.",
            f"Plate-like subsegmental atelectasis in the {location}.",
        )
    return Lesion("atelectasis", mask, severity, choose(rng, options), side, location)


def _plates(canvas: Canvas, side: Side, severity: float) -> Array:
    """Slightly curved sheets, 3 to 8 mm thick and 30 to 80 mm long, mostly in the lower lung."""
    rng = canvas.rng
    lung = canvas.lung(side)
    low = _lower_part(lung, 0.45)
    alpha = np.zeros(canvas.shape, np.float32)
    voxel = float(np.mean(canvas.spacing))
    for _ in range(int(rng.integers(1, 4))):
        centre = canvas.pick(low)
        length = rng.uniform(25, 35) + 45 * severity
        box, grids = canvas.box_around(centre, length)
        normal = rng.normal(size=3) * (1.0, 0.6, 0.4)
        normal /= np.linalg.norm(normal)
        height = normal[0] * grids[0] + normal[1] * grids[1] + normal[2] * grids[2]
        radius = np.sqrt(grids[0] ** 2 + grids[1] ** 2 + grids[2] ** 2)
        wobble = 3.0 * smooth_noise(radius.shape, canvas.spacing, 25, rng)
        thick = rng.uniform(2.5, 4.0) + 4 * severity
        sheet = edge(thick / 2 - np.abs(height + wobble), voxel)
        sheet *= smoothstep(length / 2 - radius, -4.0, 8.0)
        alpha[box] = np.maximum(alpha[box], sheet * lung[box])
    return alpha


def _wedge(canvas: Canvas, side: Side, severity: float) -> Array:
    """The lowest and most posterior part of the lung next to the spine, airless."""
    rng = canvas.rng
    box = bounding_box(canvas.lung(side), max(canvas.spacing), canvas.spacing)
    lung = canvas.lung(side)[box]
    index = [np.arange(n) * s for n, s in zip(lung.shape, canvas.spacing, strict=True)]
    medial = 1 if side == "right" else -1
    field = (
        index[1][None, :, None]
        - rng.uniform(0.5, 1.1) * index[0][:, None, None]
        + medial * rng.uniform(0.2, 0.7) * index[2][None, None, :]
    ).astype(np.float32)
    field += 0.4 * np.maximum(0, 30 - distance_mm(~lung, canvas.spacing))
    field += 4 * smooth_noise(lung.shape, canvas.spacing, 25, rng)
    share = 0.04 + 0.22 * severity
    alpha = np.zeros(canvas.shape, np.float32)
    alpha[box] = smoothstep(field - float(np.quantile(field[lung], 1 - share)), -5.0, 4.0) * lung
    return alpha


def _lower_part(lung: Mask, share: float) -> Mask:
    levels = np.flatnonzero(lung.any(axis=(1, 2)))
    low = lung.copy()
    low[int(levels[0] + share * (levels[-1] - levels[0])) :] = False
    return low
