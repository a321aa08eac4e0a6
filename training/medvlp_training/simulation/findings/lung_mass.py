"""Lung mass: over 30 mm, lobulated or spiculated, often with a necrotic centre."""

from __future__ import annotations

import numpy as np

from medvlp_training.simulation.canvas import Canvas
from medvlp_training.simulation.case import Lesion, Request
from medvlp_training.simulation.fields import distance_mm, smooth_noise, smoothstep
from medvlp_training.simulation.shapes import edge, lumpy_radius, spicules
from medvlp_training.simulation.wording import choose, lung_location, millimetres


def add_lung_mass(canvas: Canvas, request: Request) -> Lesion:
    """Place one mass of 31 to 90 mm."""
    rng = canvas.rng
    side = request.side or canvas.draw_side()
    severity = request.severity if request.severity is not None else float(rng.beta(1.2, 2.2))
    radius = (31.0 + 60.0 * severity) / 2
    lung = canvas.lung(side)
    depth = distance_mm(~lung, canvas.spacing)
    room = depth > min(0.55 * radius, 0.8 * float(depth.max()))
    centre = canvas.pick(room)
    box, grids = canvas.box_around(centre, radius * 1.7 + 16)
    distance, surface = lumpy_radius(grids, radius, rng.uniform(0.06, 0.16), rng)
    body = edge(surface - distance, float(np.mean(canvas.spacing)) * 1.2)
    spiculated = rng.random() < 0.55
    alpha = body
    if spiculated:
        spikes = spicules(grids, radius, rng.uniform(8, 18), int(rng.integers(14, 28)), rng)
        alpha = np.maximum(body, spikes)
    tissue = rng.uniform(25, 50) + 35 * canvas.enhancement
    necrosis = rng.uniform(0, 25) * smoothstep(surface * 0.7 - distance, 0, 8)
    texture = 6 * smooth_noise(alpha.shape, canvas.spacing, 10, rng)
    inside = lung[box]
    whole, value = np.zeros(canvas.shape, np.float32), np.full(canvas.shape, tissue, np.float32)
    whole[box] = alpha
    value[box] += texture - necrosis
    canvas.blend_lung(whole, value, side)
    mask = canvas.empty()
    mask[box] = (body > 0.4) & inside
    location = lung_location(canvas, mask, side)
    size = millimetres(2 * radius, rng)
    look = "spiculated" if spiculated else "lobulated"
    sentence = choose(
        rng,
        (
            f"{size} {look} mass in the {location}.",
            f"There is a large {look} lung mass in the {location} measuring {size}.",
            f"{look.capitalize()} {location} mass, {size}, suspicious for primary lung cancer.",
            f"Soft tissue mass of {size} with {look} margins in the {location}.",
        ),
    )
    return Lesion("lung_mass", mask, severity, sentence, side, location)
