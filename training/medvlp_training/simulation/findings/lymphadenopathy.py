"""Mediastinal lymphadenopathy: enlarged nodes in the fat around the airways and great vessels."""

from __future__ import annotations

import numpy as np

from medvlp_training.simulation.canvas import Canvas
from medvlp_training.simulation.case import Lesion, Mask, Request, SimulationError
from medvlp_training.simulation.fields import distance_mm, smooth_noise
from medvlp_training.simulation.shapes import blob
from medvlp_training.simulation.wording import choose, millimetres

_WHOLE_CHEST_MM = 160.0  # height of the lungs below which the upper mediastinum is not in the scan


def add_lymphadenopathy(canvas: Canvas, request: Request) -> Lesion:
    """Place three to eight nodes with a short axis of 11 to 30 mm, 30 to 60 HU."""
    rng = canvas.rng
    severity = request.severity if request.severity is not None else float(rng.beta(1.3, 1.8))
    room = _nodal_fat(canvas)
    first = canvas.pick(room)
    largest = 12.0 + 18.0 * severity
    mask = canvas.empty()
    hu = rng.uniform(30, 50) + 25 * canvas.enhancement
    for k in range(int(rng.integers(3, 9))):
        radius = largest / 2 if k == 0 else largest / 2 * rng.uniform(0.6, 0.95)
        centre = first if k == 0 else canvas.pick(room & _near(canvas, first, 30 + 40 * severity))
        box, grids = canvas.box_around(centre, radius * 1.7)
        alpha = blob(grids, radius, 0.06, float(np.mean(canvas.spacing)), rng)
        alpha = alpha * _free(canvas, box)
        texture = 3 * smooth_noise(alpha.shape, canvas.spacing, 8, rng)
        canvas.blend(alpha, hu + texture, box)
        mask[box] |= alpha > 0.45
    canvas.remove_from_lungs(mask)
    size = millimetres(largest, rng)
    sentence = choose(
        rng,
        (
            f"Enlarged mediastinal lymph nodes, the largest {size} in short axis.",
            f"Mediastinal lymphadenopathy with nodes up to {size}.",
            f"Bulky mediastinal adenopathy, up to {size}.",
            f"Pathologically enlarged mediastinal nodes measuring up to {size}.",
        ),
    )
    return Lesion("lymphadenopathy", mask, severity, sentence, None, "mediastinum")


def _near(canvas: Canvas, centre: np.ndarray, reach_mm: float) -> Mask:
    mask = canvas.empty()
    box, grids = canvas.box_around(centre, reach_mm)
    mask[box] = np.sqrt(grids[0] ** 2 + grids[1] ** 2 + grids[2] ** 2) < reach_mm
    return mask


def _free(canvas: Canvas, box: tuple[slice, ...]) -> Mask:
    """Where a node may lie: not in airway, vessel, gullet, heart or bone."""
    volume = canvas.volume[box]
    free = (volume > -900) & (volume < 250)
    for name in ("trachea", "aorta", "heart", "esophagus", "superior_vena_cava", "spinal_cord"):
        if name in canvas.organs:
            free &= ~canvas.organs[name][box]
    return free


def _nodal_fat(canvas: Canvas) -> Mask:
    """Fat between the lungs, in the upper half of the chest, near the airway, away from the chest wall."""
    lungs = canvas.lung("bilateral")
    between = canvas.empty()
    levels = np.flatnonzero(lungs.any(axis=(1, 2)))
    if len(levels) * canvas.spacing[0] < _WHOLE_CHEST_MM:
        raise SimulationError("Only the lung bases are in the scan: no room for mediastinal nodes.")
    start = int(levels[0] + 0.52 * (levels[-1] - levels[0]))
    stop = int(levels[0] + 0.92 * (levels[-1] - levels[0]))
    for k in range(start, stop):
        right = np.flatnonzero(canvas.lung("right")[k].any(axis=0))
        left = np.flatnonzero(canvas.lung("left")[k].any(axis=0))
        rows = np.flatnonzero(lungs[k].any(axis=1))
        if min(right.size, left.size) == 0:
            continue
        inner, outer = sorted((int(np.median(right)), int(np.median(left))))
        depth = rows[-1] - rows[0]
        between[k, rows[0] + int(0.25 * depth) : rows[0] + int(0.68 * depth), inner:outer] = True
    volume = canvas.volume
    between &= ~lungs & (volume > -150) & (volume < 30)
    for name in ("heart", "aorta", "trachea", "esophagus"):
        if name in canvas.organs:
            between &= distance_mm(canvas.organs[name], canvas.spacing, reach_mm=6) > 3
    if "trachea" in canvas.organs and canvas.organs["trachea"].any():
        between &= distance_mm(canvas.organs["trachea"], canvas.spacing, reach_mm=40) < 40
    if between.sum() < 30:
        raise SimulationError("There is no mediastinal fat in the scan to place nodes in.")
    return between
