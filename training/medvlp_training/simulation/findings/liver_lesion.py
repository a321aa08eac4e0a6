"""Liver lesions: cysts (sharp, water) and metastases (blurred, darker than liver)."""

from __future__ import annotations

import numpy as np

from medvlp_training.simulation.canvas import Canvas
from medvlp_training.simulation.case import Lesion, Mask, Request, SimulationError
from medvlp_training.simulation.fields import distance_mm
from medvlp_training.simulation.shapes import edge, lumpy_radius
from medvlp_training.simulation.wording import choose, millimetres


def add_liver_lesion(canvas: Canvas, request: Request) -> Lesion:
    """Place one to six blurred hypodense lesions of 8 to 70 mm in the liver."""
    return _add(canvas, request, cyst=False)


def add_liver_cyst(canvas: Canvas, request: Request) -> Lesion:
    """Place one to six sharply bounded balls of water of 8 to 70 mm in the liver."""
    return _add(canvas, request, cyst=True)


def _add(canvas: Canvas, request: Request, cyst: bool) -> Lesion:
    rng = canvas.rng
    liver = canvas.organ("liver")
    if liver.sum() * canvas.voxel_ml < 150:
        raise SimulationError("Too little of the liver is in the scan.")
    severity = request.severity if request.severity is not None else float(rng.beta(1.3, 1.8))
    count = 1 if rng.random() < 0.5 else int(rng.integers(2, 7))
    largest = 8.0 + 60.0 * severity
    background = float(np.median(canvas.volume[liver]))
    depth = distance_mm(~liver, canvas.spacing)
    mask = canvas.empty()
    for k in range(count):
        size = largest if k == 0 else largest * rng.uniform(0.3, 0.9)
        mask |= _place(canvas, liver, depth, max(size, 7.0) / 2, cyst, background)
    sentence = _sentence(canvas, "cyst" if cyst else "hypodense lesion", largest, count)
    finding = "liver_cyst" if cyst else "liver_lesion"
    return Lesion(finding, mask, severity, sentence, None, "liver")


def _sentence(canvas: Canvas, what: str, largest: float, count: int) -> str:
    size = millimetres(largest, canvas.rng)
    single = (
        f"{size} {what} in the liver.",
        f"There is a {size} hepatic {what}.",
        f"Single liver {what} measuring {size}.",
    )
    several = (
        f"Multiple hepatic {what}s, the largest measuring {size}.",
        f"Several liver {what}s up to {size}.",
        f"Numerous {what}s throughout the liver, up to {size}.",
    )
    return choose(canvas.rng, single if count == 1 else several)


def _place(
    canvas: Canvas, liver: Mask, depth: np.ndarray, radius: float, cyst: bool, background: float
) -> Mask:
    rng = canvas.rng
    room = depth > min(0.7 * radius, 0.8 * float(depth.max()))
    box, grids = canvas.box_around(canvas.pick(room), radius * 1.8)
    distance, surface = lumpy_radius(grids, radius, 0.04 if cyst else 0.1, rng)
    voxel = float(np.mean(canvas.spacing))
    inside = liver[box]
    alpha = edge(surface - distance, voxel if cyst else voxel + 4) * inside
    if cyst:
        hu: np.ndarray | float = rng.uniform(-2, 15)
    else:
        drop = rng.uniform(25, 45) + 30 * canvas.enhancement
        ring = 15 * canvas.enhancement * np.exp(-(((surface * 0.85 - distance) / 4) ** 2))
        hu = max(background - drop, 15.0) + ring
    canvas.blend(alpha, hu, box)
    mask = canvas.empty()
    mask[box] = alpha > 0.45
    return mask
