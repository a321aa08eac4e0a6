"""Ascites: free fluid around liver and spleen, in the gutters and between the bowel loops."""

from __future__ import annotations

import numpy as np

from medvlp_training.simulation.canvas import Canvas
from medvlp_training.simulation.case import Lesion, Mask, Request, SimulationError
from medvlp_training.simulation.fields import distance_mm, smooth_noise, soften
from medvlp_training.simulation.wording import article, choose, grade

_SIZES = ((0.3, "small"), (0.65, "moderate"), (1.1, "large"))
_PERITONEAL = (
    "liver", "spleen", "stomach", "gallbladder", "small_bowel", "colon", "urinary_bladder",
)  # fmt: skip
_RETROPERITONEAL = (
    "kidney_left",
    "kidney_right",
    "aorta",
    "spine",
    "iliopsoas_left",
    "iliopsoas_right",
)
_CAPSULE = ("liver", "spleen")


def add_ascites(canvas: Canvas, request: Request) -> Lesion:
    """Replace peritoneal fat by fluid, dependent parts first, and draw liver and spleen inwards."""
    rng = canvas.rng
    canvas.organ("liver")
    severity = request.severity if request.severity is not None else float(rng.beta(1.5, 1.6))
    cavity = _cavity(canvas)
    fat = cavity & (canvas.volume > -170) & (canvas.volume < -25)
    for name, mask in canvas.organs.items():
        if name not in _PERITONEAL:
            fat &= ~mask
    fat &= distance_mm(_behind_peritoneum(canvas), canvas.spacing) > 14
    if fat.sum() * canvas.voxel_ml < 40:
        raise SimulationError("There is too little peritoneal fat in the scan to hold ascites.")
    filled = _dependent(canvas, fat, 0.15 + 0.6 * severity)
    filled |= _around_capsules(canvas, cavity, 2.0 + 13.0 * severity)
    hu = rng.uniform(0, 18)
    canvas.blend(soften(filled) * filled, hu)
    canvas.remove_from(_PERITONEAL, filled)
    word = grade(severity, _SIZES)
    sentence = choose(
        rng,
        (
            f"There is {article(word)} amount of ascites.",
            f"{word.capitalize()} volume ascites.",
            f"{word.capitalize()} amount of free intraperitoneal fluid.",
            f"{word.capitalize()} ascites around the liver and spleen.",
            f"{word.capitalize()} amount of free fluid in the abdomen.",
        ),
    )
    return Lesion("ascites", filled, severity, sentence, None, "peritoneal cavity")


def _behind_peritoneum(canvas: Canvas) -> Mask:
    names = [n for n in canvas.organs if n in _RETROPERITONEAL or n.startswith("vertebrae_")]
    return canvas.organ(*names) if names else canvas.empty()


def _cavity(canvas: Canvas) -> Mask:
    """Slice by slice, the convex hull of the peritoneal organs in front of the spine."""
    from scipy.spatial import Delaunay, QhullError

    organs = canvas.organ(*_PERITONEAL)
    cavity = canvas.empty()
    grid = np.argwhere(np.ones(canvas.shape[1:], bool))
    for k in range(canvas.shape[0]):
        points = np.argwhere(organs[k])
        if len(points) < 30:
            continue
        try:
            inside = Delaunay(points[:: max(1, len(points) // 400)]).find_simplex(grid) >= 0
        except QhullError:
            continue
        cavity[k] = inside.reshape(canvas.shape[1:])
    lungs = [m for n, m in canvas.organs.items() if n.startswith("lung_")]
    if lungs:
        cavity &= distance_mm(np.logical_or.reduce(lungs), canvas.spacing) > 6
    return cavity


def _dependent(canvas: Canvas, fat: Mask, share: float) -> Mask:
    """The posterior and lateral part of the fat; loops of bowel float in front of it."""
    from scipy import ndimage

    rng = canvas.rng
    posterior = (np.arange(canvas.shape[1]) * canvas.spacing[1])[None, :, None]
    columns = np.arange(canvas.shape[2])
    middle = float(np.mean(np.nonzero(fat)[2]))
    lateral = np.abs(columns - middle)[None, None, :] * canvas.spacing[2]
    field = posterior + 0.8 * lateral + 8 * smooth_noise(canvas.shape, canvas.spacing, 30, rng)
    filled = fat & (field > float(np.quantile(field[fat], 1 - min(share, 0.85))))
    # Mesenteric vessels and strands inside the fluid are drowned in it.
    organs = np.logical_or.reduce(list(canvas.organs.values()))
    return filled | (ndimage.binary_closing(filled, iterations=2) & ~organs)


def _around_capsules(canvas: Canvas, cavity: Mask, thickness: float) -> Mask:
    """A rim of liver and spleen next to the abdominal wall: the organs shrink away from it."""
    rim = canvas.empty()
    interior = cavity & (distance_mm(~cavity, canvas.spacing) > thickness + 6)
    wavy = thickness * (1 + 0.3 * smooth_noise(canvas.shape, canvas.spacing, 40, canvas.rng))
    for name in _CAPSULE:
        organ = canvas.organs.get(name)
        if organ is not None and organ.any():
            rim |= organ & (distance_mm(~organ, canvas.spacing) <= wavy) & ~interior
    return rim
