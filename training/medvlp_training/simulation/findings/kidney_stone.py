"""Kidney stone: a few millimetres of calcium in the collecting system."""

from __future__ import annotations

import numpy as np

from medvlp_training.simulation.canvas import Canvas
from medvlp_training.simulation.case import Lesion, Request
from medvlp_training.simulation.fields import distance_mm
from medvlp_training.simulation.findings.renal_cyst import draw_kidney
from medvlp_training.simulation.shapes import blob
from medvlp_training.simulation.wording import choose


def add_kidney_stone(canvas: Canvas, request: Request) -> Lesion:
    """Place one to three stones of 3 to 20 mm and 200 to 1500 HU, deep in one kidney."""
    rng = canvas.rng
    side = request.side or draw_kidney(canvas)
    kidney = canvas.organ(f"kidney_{side}")
    severity = request.severity if request.severity is not None else float(rng.beta(1.2, 2.0))
    largest = 4.0 + 16.0 * severity
    depth = distance_mm(~kidney, canvas.spacing)
    core = kidney & (depth > min(7.0, 0.6 * float(depth.max())))
    mask = canvas.empty()
    voxel = float(np.mean(canvas.spacing))
    hu = rng.uniform(500, 1400)
    count = 1 if rng.random() < 0.65 else int(rng.integers(2, 4))
    for k in range(count):
        radius = (largest if k == 0 else largest * rng.uniform(0.5, 0.9)) / 2
        centre = canvas.pick(core)
        box, grids = canvas.box_around(centre, radius * 1.8 + 2)
        # A stone smaller than a voxel fills part of it: its density is diluted, not its place.
        alpha = blob(grids, radius, 0.12, max(voxel, 1.6 * radius), rng) * kidney[box]
        canvas.blend(alpha, max(hu, 300.0), box)
        mask[box] |= alpha > 0.25
        mask[tuple(np.round(centre).astype(int))] = True
    size = f"{round(largest)} mm"
    many = "stones, the largest" if count > 1 else "stone"
    sentence = choose(
        rng,
        (
            f"{size} non-obstructing stone in the {side} kidney."
            if count == 1
            else f"Non-obstructing {side} renal stones up to {size}.",
            f"{side.capitalize()} nephrolithiasis, {size}.",
            f"{side.capitalize()} renal {many} measuring {size}.",
            f"{side.capitalize()} kidney calculus of {size}."
            if count == 1
            else f"{side.capitalize()} kidney calculi up to {size}.",
        ),
    )
    return Lesion("kidney_stone", mask, severity, sentence, side, f"{side} kidney")
