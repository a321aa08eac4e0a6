"""Endotracheal tube: down the trachea, its tip above the carina, a radiopaque line in its wall."""

from __future__ import annotations

import numpy as np

from medvlp_training.simulation.canvas import Canvas
from medvlp_training.simulation.case import Lesion, Mask, Request, SimulationError
from medvlp_training.simulation.devices.tube import (
    Tube,
    centreline,
    draw_tube,
    smooth_course,
)
from medvlp_training.simulation.wording import choose

_SHORTEST_MM = 15.0  # of the tube that is in the scan


def add_endotracheal_tube(canvas: Canvas, request: Request) -> Lesion:
    """Place a tube of 9 to 11 mm whose tip is 15 to 65 mm above the carina, lower in the severe.

    Raises
    ------
    SimulationError
        If the host has no trachea, or too little of it above the carina.
    """
    rng = canvas.rng
    trachea = canvas.organ("trachea")
    severity = request.severity if request.severity is not None else float(rng.beta(1.5, 1.5))
    line = centreline(trachea, canvas.spacing)
    carina = carina_mm(trachea, canvas.spacing)
    room = float(line[-1, 0]) - carina - _SHORTEST_MM
    height = min(65.0 - 50.0 * severity, room)
    if height < 10:
        raise SimulationError("Too little of the trachea above the carina is in the scan.")
    course = smooth_course(line[line[:, 0] >= carina + height][::-1])
    outer = rng.uniform(9.0, 11.0)
    mask = draw_tube(canvas, course, Tube(outer, outer - 2.5, rng.uniform(180, 320), -1000.0))
    front = np.array([0.0, -(outer / 2 - 0.7), 0.0])  # where the opaque line runs in the wall
    mask |= draw_tube(canvas, course + front, Tube(1.5, 0.0, rng.uniform(3000, 5000)))
    sentence = _sentence(canvas, float(course[-1, 0]) - carina)
    return Lesion("endotracheal_tube", mask, severity, sentence, None, "trachea")


def carina_mm(trachea: Mask, spacing: tuple[float, float, float]) -> float:
    """Height above the first slice where the trachea divides; its lower end if it does nowhere."""
    from scipy import ndimage

    levels = np.flatnonzero(trachea.any(axis=(1, 2)))
    widths = np.array([int(trachea[k].any(axis=0).sum()) for k in levels])
    usual = float(np.median(widths[len(widths) // 2 :]))
    for k, width in zip(levels[::-1], widths[::-1], strict=True):
        parts = ndimage.label(trachea[k])[1]
        if (parts > 1 or width > 1.8 * usual) and k < levels[-1]:
            return float((k + 1) * spacing[0])
    return float(levels[0] * spacing[0])


def _sentence(canvas: Canvas, height_mm: float) -> str:
    centimetres = f"{height_mm / 10:.1f} cm"
    return choose(canvas.rng, (
        f"Endotracheal tube with its tip {centimetres} above the carina.",
        f"The endotracheal tube terminates {centimetres} above the carina.",
        f"ET tube tip is {centimetres} above the carina.",
        f"Endotracheal tube in place, {centimetres} above the carina.",
    ))  # fmt: skip
