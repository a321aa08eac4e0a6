"""Ascites: free fluid around liver and spleen, in the gutters and between the bowel loops."""

from __future__ import annotations

import numpy as np

from medvlp_training.simulation.canvas import Canvas
from medvlp_training.simulation.case import Lesion, Mask, Request, SimulationError
from medvlp_training.simulation.fields import bounding_box, distance_mm, smooth_noise, soften
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
    fat &= ~canvas.other_organs(*_PERITONEAL)
    fat &= distance_mm(_behind_peritoneum(canvas), canvas.spacing, reach_mm=15) > 14
    if fat.sum() * canvas.voxel_ml < 40:
        raise SimulationError("There is too little peritoneal fat in the scan to hold ascites.")
    filled = _dependent(canvas, fat, 0.15 + 0.6 * severity)
    filled |= _around_capsules(canvas, cavity, 2.0 + 13.0 * severity)
    hu = rng.uniform(0, 18)
    box = bounding_box(filled, 6.0, canvas.spacing)
    canvas.blend(soften(filled[box]) * filled[box], hu, box)
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
    organs = canvas.organ(*_PERITONEAL)
    cavity = canvas.empty()
    for k in np.flatnonzero(organs.sum(axis=(1, 2)) >= 30):
        cavity[k] = _hull(organs[k])
    lungs = tuple(n for n in canvas.organs if n.startswith("lung_"))
    if lungs:
        cavity &= distance_mm(canvas.organs.union(lungs), canvas.spacing, reach_mm=8) > 6
    return cavity


def _hull(mask: Mask) -> Mask:
    """Convex hull of a mask in two dimensions; nothing if the mask lies on one line."""
    from PIL import Image, ImageDraw
    from scipy.spatial import ConvexHull, QhullError

    points = np.argwhere(mask)
    try:
        corners = points[ConvexHull(points).vertices]
    except QhullError:
        return np.zeros_like(mask)
    picture = Image.new("1", mask.shape[::-1])
    ImageDraw.Draw(picture).polygon([(int(x), int(y)) for y, x in corners], fill=1)
    return np.asarray(picture)


def _dependent(canvas: Canvas, fat: Mask, share: float) -> Mask:
    """The posterior and lateral part of the fat; loops of bowel float in front of it."""
    from scipy import ndimage

    rng = canvas.rng
    box = bounding_box(fat, 9.0, canvas.spacing)
    inside = fat[box]
    _, rows, columns = (np.arange(b.start, b.stop) for b in box)
    posterior = (rows * canvas.spacing[1])[None, :, None]
    middle = float(np.mean(columns[np.nonzero(inside)[2]]))
    lateral = np.abs(columns - middle)[None, None, :] * canvas.spacing[2]
    field = posterior + 0.8 * lateral + 8 * smooth_noise(inside.shape, canvas.spacing, 30, rng)
    filled = inside & (field > float(np.quantile(field[inside], 1 - min(share, 0.85))))
    # Mesenteric vessels and strands inside the fluid are drowned in it.
    filled |= ndimage.binary_closing(filled, iterations=2) & ~canvas.other_organs()[box]
    whole = canvas.empty()
    whole[box] = filled
    return whole


def _around_capsules(canvas: Canvas, cavity: Mask, thickness: float) -> Mask:
    """A rim of liver and spleen next to the abdominal wall: the organs shrink away from it."""
    rim = canvas.empty()
    interior = cavity & (distance_mm(~cavity, canvas.spacing) > thickness + 6)
    for name in _CAPSULE:
        if name not in canvas.organs or not canvas.organs[name].any():
            continue
        box = bounding_box(canvas.organs[name], max(canvas.spacing), canvas.spacing)
        organ = canvas.organs[name][box]
        wavy = 1 + 0.3 * smooth_noise(organ.shape, canvas.spacing, 40, canvas.rng)
        near = distance_mm(~organ, canvas.spacing) <= thickness * wavy
        rim[box] |= organ & near & ~interior[box]
    return rim
