"""Enteric tube: down the oesophagus into the stomach."""

from __future__ import annotations

import numpy as np

from medvlp_training.simulation.canvas import Canvas
from medvlp_training.simulation.case import Lesion, Request, SimulationError
from medvlp_training.simulation.devices.tube import (
    Points,
    Tube,
    centreline,
    draw_tube,
    smooth_course,
)
from medvlp_training.simulation.wording import choose


def add_enteric_tube(canvas: Canvas, request: Request) -> Lesion:
    """Place a tube of 4 to 6 mm; its tip lies in the stomach or, in the severe, in the oesophagus.

    Raises
    ------
    SimulationError
        If the host has no oesophagus of 8 cm, or no stomach for the tip.
    """
    rng = canvas.rng
    severity = request.severity if request.severity is not None else float(rng.random())
    line = centreline(canvas.organ("esophagus"), canvas.spacing)[::-1]
    if line[0, 0] - line[-1, 0] < 80:
        raise SimulationError("Less than 8 cm of the oesophagus is in the scan.")
    high = severity > 0.85
    if high:
        points = line[line[:, 0] > line[-1, 0] + rng.uniform(20, 50)]
    else:
        points = np.concatenate([line, _in_stomach(canvas)])
    outer = rng.uniform(4.0, 6.0)
    tube = Tube(outer, outer - 1.6, rng.uniform(700, 1300), rng.uniform(-900, 20))
    course = smooth_course(points)
    mask = draw_tube(canvas, course, tube) | draw_tube(
        canvas, course, Tube(1.6, 0.0, rng.uniform(3000, 5000))
    )
    sentence = choose(rng, (
        "Enteric tube with its tip in the distal esophagus.",
        "The nasogastric tube ends in the lower esophagus and should be advanced.",
    ) if high else (
        "Enteric tube with its tip in the stomach.",
        "Nasogastric tube courses below the diaphragm, tip in the stomach.",
        "NG tube terminates in the stomach.",
        "The feeding tube ends in the gastric body.",
    ))  # fmt: skip
    return Lesion("enteric_tube", mask, severity, sentence, None, "esophagus")


def _in_stomach(canvas: Canvas) -> Points:
    """From the upper end of the stomach to its middle."""
    places = np.argwhere(canvas.organ("stomach")) * canvas.spacing
    heights = places[:, 0]
    part = [
        places[np.abs(heights - np.quantile(heights, q)) < 6].mean(axis=0)
        for q in (0.8, 0.55, 0.35)
    ]
    return np.asarray(part, float)
