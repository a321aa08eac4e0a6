"""Pleural effusion: fluid in the dependent pleural space, compressing the lung next to it."""

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
    soften,
)
from medvlp_training.simulation.pleural_space import chest_potential, fill, recoil
from medvlp_training.simulation.wording import article, choose, grade

_SIZES = ((100.0, "trace"), (350.0, "small"), (900.0, "moderate"), (1e9, "large"))


def add_pleural_effusion(canvas: Canvas, request: Request) -> Lesion:
    """Fill the back and base of one hemithorax with 0 to 20 HU (blood: 30 to 60)."""
    rng = canvas.rng
    side = request.side or canvas.draw_side()
    severity = request.severity if request.severity is not None else float(rng.beta(1.3, 2.2))
    capacity = float(canvas.lung(side).sum()) * canvas.voxel_ml
    volume_ml = min(30.0 + 1700.0 * severity**1.5, 0.65 * capacity)
    filled = fill(canvas, side, chest_potential(canvas, side, gravity=1.0), volume_ml)
    recoil(canvas, side, filled, reach_mm=12 + 35 * severity)
    collapsed = _collapse_next_to(canvas, side, filled, severity)
    blood = rng.random() < 0.1
    hu = rng.uniform(30, 60) if blood else rng.uniform(0, 20)
    box = bounding_box(filled, 9.0, canvas.spacing)
    alpha = np.zeros(canvas.shape, np.float32)
    alpha[box] = _fluid(filled[box], canvas.lung(side)[box])
    canvas.blend_lung(alpha, hu, side)
    canvas.remove_from_lungs(filled)
    depth = float(distance_mm(~filled, canvas.spacing).max()) * 2
    adjective = grade(volume_ml, _SIZES)
    sentence = _sentence(canvas, adjective, side, depth, collapsed)
    return Lesion("pleural_effusion", filled, severity, sentence, side, f"{side} pleural space")


def _fluid(filled: Mask, lung: Mask) -> Array:
    """Soft toward the lung only: at the chest wall the fluid is in contact."""
    with_wall = soften(filled | ~lung)
    return np.maximum(with_wall * soften(filled), filled * with_wall)


def _collapse_next_to(canvas: Canvas, side: Side, filled: Mask, severity: float) -> bool:
    """Compressive atelectasis: a band of airless lung along the fluid, thicker at the base."""
    rng = canvas.rng
    thickness = rng.uniform(0, 6) + 22 * severity * rng.random()
    if thickness < 3:
        return False
    box = bounding_box(filled, 2.5 * thickness + 4.0, canvas.spacing)
    distance = distance_mm(filled[box], canvas.spacing)
    ragged = thickness * (1 + 0.35 * smooth_noise(distance.shape, canvas.spacing, 18, rng))
    alpha = np.zeros(canvas.shape, np.float32)
    alpha[box] = smoothstep(ragged - distance, -3.0, 4.0)
    hu = rng.uniform(25, 50) + 50 * canvas.enhancement
    canvas.blend_lung(alpha * 0.95, hu, side)
    return thickness > 6


def _sentence(canvas: Canvas, size: str, side: str, depth: float, collapsed: bool) -> str:
    rng = canvas.rng
    text = choose(
        rng,
        (
            f"There is {article(size)} {side} pleural effusion",
            f"{size.capitalize()} {side} pleural effusion",
            f"{side.capitalize()}-sided {size} pleural effusion is noted",
            f"{size.capitalize()} layering fluid in the {side} pleural space",
            f"{size.capitalize()} {side}-sided pleural fluid collection layering dependently",
            f"{size.capitalize()} {side} hydrothorax",
        ),
    )
    if rng.random() < 0.3 and depth > 8:
        text += f", up to {round(depth)} mm in depth"
    if collapsed:
        text += choose(
            rng,
            (
                " with adjacent compressive atelectasis",
                " with passive collapse of the adjacent lung",
                " and associated relaxation atelectasis",
            ),
        )
    return text + "."
