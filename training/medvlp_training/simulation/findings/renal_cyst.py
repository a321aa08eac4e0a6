"""Renal cyst: a water-filled ball at the surface of a kidney, partly outside it."""

from __future__ import annotations

import numpy as np

from medvlp_training.simulation.canvas import Canvas
from medvlp_training.simulation.case import Lesion, Request, Side, SimulationError
from medvlp_training.simulation.fields import distance_mm
from medvlp_training.simulation.shapes import blob
from medvlp_training.simulation.wording import choose, millimetres


def draw_kidney(canvas: Canvas, smallest_ml: float = 40.0) -> Side:
    """A side whose kidney is in the scan.

    Raises
    ------
    SimulationError
        If neither kidney has ``smallest_ml`` in the scan.
    """
    sides: list[Side] = [
        side  # type: ignore[misc]
        for side in ("left", "right")
        if canvas.organs.get(f"kidney_{side}", np.zeros(1, bool)).sum() * canvas.voxel_ml
        > smallest_ml
    ]
    if not sides:
        raise SimulationError("The host has no mask of a kidney.")
    return sides[int(canvas.rng.integers(len(sides)))]


def add_renal_cyst(canvas: Canvas, request: Request) -> Lesion:
    """Place a cyst of 10 to 70 mm; other organs and bone are left alone."""
    rng = canvas.rng
    side = request.side or draw_kidney(canvas)
    kidney = canvas.organ(f"kidney_{side}")
    severity = request.severity if request.severity is not None else float(rng.beta(1.2, 2.0))
    radius = (10.0 + 60.0 * severity) / 2
    depth = distance_mm(~kidney, canvas.spacing)
    cortex = kidney & (depth < 9)
    box, grids = canvas.box_around(canvas.pick(cortex), radius * 1.3)
    alpha = blob(grids, radius, 0.03, float(np.mean(canvas.spacing)), rng)
    free = kidney[box] | ((canvas.volume[box] > -200) & (canvas.volume[box] < 90))
    free &= ~canvas.other_organs(f"kidney_{side}")[box]
    alpha = alpha * free
    canvas.blend(np.asarray(alpha, np.float32), rng.uniform(-3, 15), box)
    mask = canvas.empty()
    mask[box] = alpha > 0.45
    pole = _pole(kidney, mask)
    size = millimetres(2 * radius, rng)
    sentence = choose(
        rng,
        (
            f"{size} simple cyst in the {pole} of the {side} kidney.",
            f"Simple {side} renal cyst measuring {size}.",
            f"{side.capitalize()} kidney cyst, {size}, {pole}.",
            f"There is a {size} cortical cyst of the {side} kidney.",
        ),
    )
    return Lesion("renal_cyst", mask, severity, sentence, side, f"{side} kidney")


def _pole(kidney: np.ndarray, mask: np.ndarray) -> str:
    levels = np.nonzero(kidney.any(axis=(1, 2)))[0]
    height = (np.mean(np.nonzero(mask)[0]) - levels[0]) / max(1, np.ptp(levels))
    return (
        "lower pole" if height < 1 / 3 else "interpolar region" if height < 2 / 3 else "upper pole"
    )
