"""Lung nodule: a round opacity up to 30 mm: solid, part-solid, ground glass, calcified, cavitary."""

from __future__ import annotations

import numpy as np

from medvlp_training.simulation.canvas import Canvas
from medvlp_training.simulation.case import Lesion, Request
from medvlp_training.simulation.fields import distance_mm
from medvlp_training.simulation.shapes import edge, lumpy_radius, spicules
from medvlp_training.simulation.wording import choose, lung_location, millimetres

_KINDS = ("solid", "part-solid", "ground glass", "calcified", "cavitary", "spiculated")
_CHANCES = (0.5, 0.12, 0.08, 0.12, 0.06, 0.12)


def add_lung_nodule(canvas: Canvas, request: Request) -> Lesion:
    """Place one nodule of 5 to 30 mm, sometimes with up to four smaller companions."""
    rng = canvas.rng
    side = request.side or canvas.draw_side()
    severity = request.severity if request.severity is not None else float(rng.beta(1.2, 1.8))
    diameter = 5.0 + 25.0 * severity
    kind = str(rng.choice(_KINDS, p=_CHANCES))
    if kind in ("cavitary", "spiculated", "part-solid"):
        diameter = max(diameter, 10.0)
    mask = _place(canvas, side, diameter, kind)
    location = lung_location(canvas, mask, side)
    companions = int(rng.integers(1, 4)) if rng.random() < 0.15 else 0
    for _ in range(companions):
        mask |= _place(canvas, side, diameter * rng.uniform(0.4, 0.9), kind)
    sentence = _sentence(canvas, kind, diameter, location, companions)
    return Lesion("lung_nodule", mask, severity, sentence, side, location)


def _place(canvas: Canvas, side: str, diameter: float, kind: str) -> np.ndarray:
    rng = canvas.rng
    radius = diameter / 2
    lung = canvas.lung(side)  # type: ignore[arg-type]
    depth = distance_mm(~lung, canvas.spacing)
    # Mostly surrounded by lung; one in four touches the pleura.
    clearance = 0.5 * radius if rng.random() < 0.25 else radius + 4
    room = (depth > clearance) & (canvas.volume < -500)
    centre = canvas.pick(room if room.any() else lung)
    box, grids = canvas.box_around(centre, radius * 1.8 + 12)
    distance, surface = lumpy_radius(grids, radius, 0.07, rng)
    voxel = float(np.mean(canvas.spacing))
    alpha = edge(surface - distance, voxel)
    body = alpha.copy()
    hu: np.ndarray | float = rng.uniform(20, 50) + 30 * canvas.enhancement
    if kind == "spiculated":
        alpha = np.maximum(alpha, spicules(grids, radius, rng.uniform(4, 10), 9, rng))
    elif kind == "calcified":
        hu = rng.uniform(250, 700)
    elif kind == "ground glass":
        alpha = alpha * rng.uniform(0.3, 0.5)
    elif kind == "part-solid":
        core = edge(surface * rng.uniform(0.4, 0.7) - distance, voxel)
        alpha = np.maximum(alpha * 0.4, core)
    elif kind == "cavitary":
        hole = edge(surface * rng.uniform(0.4, 0.6) - distance, voxel)
        hu = hu * (1 - hole) - 980 * hole
    inside = lung[box]
    alpha = alpha * inside
    canvas.blend(alpha, hu, box)
    mask = canvas.empty()
    mask[box] = (body > 0.3) & inside
    if not mask.any():
        mask[tuple(np.round(centre).astype(int))] = True
    return mask


def _sentence(canvas: Canvas, kind: str, size: float, location: str, companions: int) -> str:
    rng = canvas.rng
    length = millimetres(size, rng)
    lead = choose(
        rng,
        (
            f"{length} {kind} nodule in the {location}.",
            f"There is a {kind} pulmonary nodule measuring {length} in the {location}.",
            f"{kind.capitalize()} {location} nodule measuring {length}.",
            f"A {length} {kind} lung nodule is seen in the {location}.",
        ),
    )
    if companions:
        lead += choose(rng, (" Additional smaller nodules.", " Further nodules in the same lung."))
    return lead
