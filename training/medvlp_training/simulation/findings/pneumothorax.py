"""Pneumothorax: air in the non-dependent pleural space, beyond a thin pleural line."""

from __future__ import annotations

import numpy as np

from medvlp_training.simulation.canvas import Canvas
from medvlp_training.simulation.case import Lesion, Request
from medvlp_training.simulation.fields import bounding_box, distance_mm, soften
from medvlp_training.simulation.pleural_space import chest_potential, fill, recoil
from medvlp_training.simulation.wording import article, choose, grade

_SIZES = ((0.08, "tiny"), (0.2, "small"), (0.4, "moderate"), (1.0, "large"))


def add_pneumothorax(canvas: Canvas, request: Request) -> Lesion:
    """Fill 3 to 65 % of one hemithorax with air from the front and let the lung recoil."""
    rng = canvas.rng
    side = request.side or canvas.draw_side()
    severity = request.severity if request.severity is not None else float(rng.beta(1.3, 2.0))
    capacity = float(canvas.lung(side).sum()) * canvas.voxel_ml
    fraction = 0.03 + 0.62 * severity
    filled = fill(canvas, side, chest_potential(canvas, side, gravity=-1.0), fraction * capacity)
    recoil(canvas, side, filled, reach_mm=15 + 60 * severity)
    lung = canvas.lung(side) & ~filled
    box = bounding_box(filled, 12.0, canvas.spacing)
    canvas.blend(soften(filled[box]) * filled[box], rng.uniform(-1000, -985), box)
    # The visceral pleura is thinner than a voxel: it shows as a faint partial-volume line.
    line = np.exp(-((distance_mm(filled[box], canvas.spacing) - 1.5) ** 2) / 4.0) * lung[box]
    canvas.blend((0.16 * line).astype(np.float32), 30.0, box)
    canvas.remove_from_lungs(filled)
    size = grade(fraction, _SIZES)
    sentence = choose(
        rng,
        (
            f"There is {article(size)} {side} pneumothorax.",
            f"{size.capitalize()} {side} pneumothorax.",
            f"{size.capitalize()} {side}-sided pneumothorax, anterior, with partial collapse of the"
            " lung.",
            f"Free air in the {side} pleural space, consistent with {article(size)} pneumothorax.",
            f"{size.capitalize()} anterior pneumothorax on the {side}.",
        ),
    )
    return Lesion("pneumothorax", filled, severity, sentence, side, f"{side} pleural space")
