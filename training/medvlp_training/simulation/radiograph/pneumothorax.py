"""Pneumothorax on an upright film: a pleural line, nothing but ribs beyond it."""

from __future__ import annotations

import numpy as np

from medvlp_training.simulation.case import Request
from medvlp_training.simulation.radiograph.film import Film, Painted
from medvlp_training.simulation.wording import article, choose, grade

_SIZES = ((0.2, "small"), (0.55, "moderate"), (1.1, "large"))


def paint_pneumothorax(film: Film, request: Request) -> Painted:
    """Retract the lung from the apex and the lateral wall; remove its markings there."""
    from scipy import ndimage

    rng = film.rng
    side = request.side or film.draw_side()
    severity = request.severity if request.severity is not None else float(rng.beta(1.2, 1.8))
    lung = film.lungs[side]
    rows = np.nonzero(lung.any(axis=1))[0]
    height, top = float(np.ptp(rows)), float(rows[0])
    # Distance to the chest wall only: the mediastinum and the diaphragm are no wall.
    lateral = film.lateral(side)
    width = float(np.ptp(np.nonzero(lung.any(axis=0))[0]))
    open_side = lung | ((lateral < 0.3 * width) & (film.rows > top + 0.12 * height))
    lowest = np.where(lung.any(axis=0), lung.shape[0] - 1 - np.argmax(lung[::-1], axis=0), 10**6)
    open_side |= (film.rows >= lowest[None] - 1) & (lateral > -5)
    wall = ndimage.distance_transform_edt(np.pad(open_side, ((1, 0), (1, 1))))[1:, 1:-1]
    down = np.clip((film.rows - top) / height, 0, 1)
    taper = 1.3 - down * rng.uniform(0.5, 1.35)
    gap = (6 + 85 * severity) * film.unit * taper + (2 + 6 * severity) * film.unit * film.noise(70)
    signed = gap - wall
    air = np.clip(signed / 1.5 + 0.5, 0, 1) * lung
    coarse = ndimage.gaussian_filter(film.image, 1.3 * film.unit + 0.4)
    darker = coarse * rng.uniform(0.86, 0.98) - 0.01
    grain = film.image - ndimage.gaussian_filter(film.image, 0.8)
    film.image = np.clip(film.image * (1 - air) + (darker + grain) * air, 0, 1)
    line = np.exp(-((signed / (0.9 * film.unit + 0.3)) ** 2)) * lung
    collapsed = (1 - air) * lung * np.exp(-np.clip(-signed, 0, None) / (40 * film.unit))
    bright = rng.uniform(0.05, 0.12) * line + 0.09 * severity * collapsed
    film.image = np.clip(film.image + bright, 0, 1).astype(np.float32)
    size = grade(severity, _SIZES)
    sentence = choose(
        rng,
        (
            f"{size.capitalize()} {side} pneumothorax.",
            f"There is {article(size)} {side} apical pneumothorax.",
            f"{size.capitalize()} {side}-sided pneumothorax with visible pleural line.",
            f"Lucency beyond a pleural line on the {side}, {size} pneumothorax.",
        ),
    )
    return Painted("pneumothorax", side, air.astype(np.float32), severity, sentence)
