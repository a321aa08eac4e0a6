"""Cardiomegaly: the heart grows, mostly to the left and down, and the lungs give way."""

from __future__ import annotations

import numpy as np

from medvlp_training.simulation.canvas import Canvas
from medvlp_training.simulation.case import Lesion, Request, SimulationError
from medvlp_training.simulation.fields import bounding_box, distance_mm, nearest, smoothstep
from medvlp_training.simulation.wording import choose, grade

_GRADES = ((0.3, "mild"), (0.65, "moderate"), (1.1, "marked"))
_MOVED = (
    "heart", "lung_left", "lung_right", "lung_upper_lobe_left", "lung_lower_lobe_left",
    "lung_upper_lobe_right", "lung_middle_lobe_right", "lung_lower_lobe_right",
    "atrial_appendage_left", "pulmonary_vein",
)  # fmt: skip
_REACH_MM = 45.0


def add_cardiomegaly(canvas: Canvas, request: Request) -> Lesion:
    """Magnify the heart by 20 to 60 % about its base on the spine side, with a smooth fall-off."""
    from scipy import ndimage

    rng = canvas.rng
    severity = request.severity if request.severity is not None else float(rng.beta(1.4, 1.8))
    heart = canvas.organ("heart")
    if heart[0].any() or heart.sum() * canvas.voxel_ml < 200:
        raise SimulationError("The heart is cut off by the edge of the scan.")
    factor = 1.2 + 0.4 * severity
    box = bounding_box(heart, 70.0, canvas.spacing)
    source = _source(canvas, box, factor)
    canvas.volume[box] = ndimage.map_coordinates(
        canvas.volume[box], source, order=1, mode="nearest"
    )
    for name in _MOVED:
        if name in canvas.organs:
            moved = canvas.organs[name].copy()
            moved[box] = nearest(moved[box], source)
            canvas.organs[name] = moved
    mask = canvas.organs["heart"]
    word = grade(severity, _GRADES)
    sentence = choose(
        rng,
        (
            f"{word.capitalize()} cardiomegaly.",
            f"The heart is {word}ly enlarged.",
            f"{word.capitalize()} enlargement of the heart.",
            f"There is {word} cardiac enlargement.",
        ),
    )
    return Lesion("cardiomegaly", mask.copy(), severity, sentence, None, "heart")


def _source(canvas: Canvas, box: tuple[slice, ...], factor: float) -> np.ndarray:
    """Index in the host of what lies at each voxel afterwards (inverse map)."""
    from scipy import ndimage

    heart = canvas.organs["heart"][box]
    points = np.argwhere(heart)
    # The anchor is right, posterior and high: great vessels and spine stay, the apex moves.
    low, high = points.min(axis=0), points.max(axis=0)
    anchor = low + (high - low) * (0.6, 0.75, 0.35)
    grid = np.indices(heart.shape, dtype=np.float32)
    lungs = canvas.lung("bilateral")[box]
    # Chest wall and spine must not move: only what is near lung or heart does.
    yielding = distance_mm(~(lungs | ndimage.binary_dilation(heart, iterations=2)), canvas.spacing)
    weight = smoothstep(yielding, 0.0, 12.0)
    near = distance_mm(heart, canvas.spacing, reach_mm=_REACH_MM + 15)
    weight *= smoothstep(near, _REACH_MM + 15, 10.0)
    weight = ndimage.gaussian_filter(weight, 1.5)
    shrink = (1 - 1 / factor) * weight
    return grid - shrink[None] * (grid - anchor[:, None, None, None].astype(np.float32))
