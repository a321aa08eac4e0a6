"""Cardiomegaly on a film: the heart is stretched sideways, lungs give way."""

from __future__ import annotations

import numpy as np

from medvlp_training.simulation.case import Request, SimulationError
from medvlp_training.simulation.fields import smoothstep
from medvlp_training.simulation.radiograph.film import Film, Painted
from medvlp_training.simulation.wording import choose, grade

_GRADES = ((0.3, "mild"), (0.65, "moderate"), (1.1, "marked"))


def paint_cardiomegaly(film: Film, request: Request) -> Painted:
    """Widen the heart until its ratio to the inner chest is 0.53 to 0.72."""
    from scipy import ndimage

    if film.heart is None or film.heart.sum() < 200:
        raise SimulationError("The film has no heart mask.")
    rng = film.rng
    severity = request.severity if request.severity is not None else float(rng.beta(1.3, 1.7))
    columns = np.nonzero(film.heart.any(axis=0))[0]
    chest = np.nonzero((film.lungs["left"] | film.lungs["right"]).any(axis=0))[0]
    ratio = float(np.ptp(columns)) / max(1.0, float(np.ptp(chest)))
    wanted = 0.53 + 0.19 * severity
    factor = float(np.clip(wanted / ratio, 1.08, 1.9))
    rows = np.nonzero(film.heart.any(axis=1))[0]
    anchor_column = columns[0] + 0.33 * np.ptp(columns)
    anchor_row = rows[0] + 0.3 * np.ptp(rows)
    near = ndimage.distance_transform_edt(~film.heart)
    weight = smoothstep(near, 70 * film.unit, 12 * film.unit)
    edges = np.minimum(film.columns - chest[0], chest[-1] - film.columns)
    weight = ndimage.gaussian_filter(weight * smoothstep(edges, 0.0, 18 * film.unit), 3.0)
    source = [
        film.rows - (1 - 1 / (1 + 0.3 * (factor - 1))) * weight * (film.rows - anchor_row),
        film.columns - (1 - 1 / factor) * weight * (film.columns - anchor_column),
    ]
    film.image = ndimage.map_coordinates(film.image, source, order=1, mode="nearest")
    heart = ndimage.map_coordinates(film.heart.astype(np.float32), source, order=1)
    film.heart = heart > 0.5
    for side, lung in film.lungs.items():
        film.lungs[side] = ndimage.map_coordinates(lung.astype(np.float32), source, order=1) > 0.5
    word = grade(severity, _GRADES)
    sentence = choose(
        rng,
        (
            f"{word.capitalize()} cardiomegaly.",
            f"The cardiac silhouette is {word}ly enlarged.",
            f"{word.capitalize()} enlargement of the heart.",
            f"Enlarged heart, {word}.",
        ),
    )
    return Painted("cardiomegaly", None, heart.astype(np.float32), severity, sentence)
