"""Central venous catheter: down a great vein into the superior vena cava."""

from __future__ import annotations

import numpy as np

from medvlp_training.simulation.canvas import Canvas
from medvlp_training.simulation.case import Lesion, Request, Side, SimulationError
from medvlp_training.simulation.devices.tube import (
    Points,
    Tube,
    centreline,
    draw_tube,
    smooth_course,
)
from medvlp_training.simulation.wording import choose

_SHORTEST_MM = 25.0


def add_central_venous_catheter(canvas: Canvas, request: Request) -> Lesion:
    """Place a line of 1.8 to 2.6 mm from one side of the neck; the severe end in the atrium.

    Raises
    ------
    SimulationError
        If the host has too little of the superior vena cava.
    """
    rng = canvas.rng
    side: Side = request.side or ("right" if rng.random() < 0.75 else "left")
    severity = request.severity if request.severity is not None else float(rng.beta(1.4, 1.6))
    below = 35.0 * severity - 22.0  # of the junction with the atrium, at the cava's lower end
    course = smooth_course(np.concatenate([venous_course(canvas, side), _tip(canvas, below)]))
    mask = draw_tube(canvas, course, Tube(rng.uniform(2.0, 2.7), 0.6, rng.uniform(2400, 3400)))
    where = "right atrium" if below > 4 else "cavoatrial junction" if below > -8 else "SVC"
    sentence = choose(rng, (
        f"{str(side).capitalize()} internal jugular central venous catheter with its tip in the {where}.",
        f"Central venous catheter from the {side}, tip in the {where}.",
        f"{str(side).capitalize()} central line terminates in the {where}.",
        f"{str(side).capitalize()}-sided central venous line ending in the {where}.",
    ))  # fmt: skip
    return Lesion("central_venous_catheter", mask, severity, sentence, side, "superior vena cava")


def venous_course(canvas: Canvas, side: Side) -> Points:
    """From the top of the scan through the brachiocephalic vein of a side to the middle of the cava.

    Where the host has no mask of that vein, the course from the cava upwards is that of the jugular.

    Raises
    ------
    SimulationError
        If the host has too little of the superior vena cava.
    """
    cava = centreline(canvas.organ("superior_vena_cava"), canvas.spacing)[::-1]
    if cava[0, 0] - cava[-1, 0] < _SHORTEST_MM:
        raise SimulationError("Less than 25 mm of the superior vena cava is in the scan.")
    lateral = 1.0 if side == "left" else -1.0  # columns grow to the patient's left
    top = (canvas.shape[0] - 1) * canvas.spacing[0]
    vein = canvas.organs.get(f"brachiocephalic_vein_{side}")
    if vein is not None and vein.any():
        upper = _along_vein(canvas, vein, side)
    else:
        # The left vein crosses to the cava in front of the great arteries.
        across, ahead = (55.0, -12.0) if side == "left" else (8.0, 0.0)
        end = cava[0] + (30.0, ahead, lateral * across)
        upper = end[None] if side == "left" else np.empty((0, 3))
    start = upper[0] if len(upper) else cava[0] + (25.0, 0.0, lateral * 8.0)
    neck = np.array([[top, start[1] + 4.0, start[2] + lateral * 12.0]])
    above = neck if top > start[0] + 10 else np.empty((0, 3))
    return np.concatenate([above, upper[::2], cava[: max(len(cava) // 2, 2) : 2]])


def _along_vein(canvas: Canvas, vein: np.ndarray, side: Side) -> Points:
    """Middle of the vein from its outer end to the inner one, in steps of one centimetre."""
    places = np.argwhere(vein) * canvas.spacing
    outer = places[:, 2] if side == "left" else -places[:, 2]
    along = outer + places[:, 0]  # it descends while it runs inwards
    edges = np.arange(along.min(), along.max() + 10, 10)
    parts = [places[(along >= low) & (along < low + 10)] for low in edges[::-1]]
    return np.array([part.mean(axis=0) for part in parts if len(part)])


def _tip(canvas: Canvas, below_mm: float) -> Points:
    """The lower half of the cava, to ``below_mm`` under its lower end (above it if negative)."""
    cava = centreline(canvas.organ("superior_vena_cava"), canvas.spacing)[::-1]
    lower = cava[len(cava) // 2 :]
    end = cava[-1, 0] - below_mm
    if below_mm <= 0:
        kept = lower[lower[:, 0] >= end]
        return kept if len(kept) else lower[:1]
    atrium = cava[-1] + (-below_mm, -0.3 * below_mm, 0.1 * below_mm)
    return np.concatenate([lower, atrium[None]])
