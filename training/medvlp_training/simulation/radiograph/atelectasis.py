"""Plate atelectasis on a film: one to three bands across the lower lung."""

from __future__ import annotations

import numpy as np

from medvlp_training.simulation.case import Request
from medvlp_training.simulation.radiograph.film import Film, Painted
from medvlp_training.simulation.radiograph.opacity import zone
from medvlp_training.simulation.wording import choose


def paint_atelectasis(film: Film, request: Request) -> Painted:
    """Slightly tilted and curved bands, 2 to 9 mm thick."""
    rng = film.rng
    side = request.side or film.draw_side()
    severity = request.severity if request.severity is not None else float(rng.beta(1.3, 1.7))
    lung = film.lungs[side]
    points = np.argwhere(lung)
    low = points[points[:, 0] > points[:, 0].min() + 0.5 * np.ptp(points[:, 0])]
    alpha = np.zeros(lung.shape, np.float32)
    for _ in range(int(rng.integers(1, 4))):
        row, column = low[int(rng.integers(len(low)))]
        tilt = np.radians(rng.normal(0, 18))
        along = (film.columns - column) * np.cos(tilt) + (film.rows - row) * np.sin(tilt)
        across = (film.rows - row) * np.cos(tilt) - (film.columns - column) * np.sin(tilt)
        across = across + 0.003 * rng.normal() * along**2 / film.unit
        thick = (1.2 + 3.5 * severity * rng.random()) * film.unit + 0.4
        length = rng.uniform(14, 26 + 25 * severity) * film.unit
        band = np.exp(-((across / thick) ** 2)) * np.exp(-((along / length) ** 4))
        alpha = np.maximum(alpha, band * lung)
    film.densify(alpha * rng.uniform(0.35, 0.7), film.soft_tissue, keep=0.8)
    where = zone(film, side, alpha)
    sentence = choose(
        rng,
        (
            f"Linear atelectasis in the {where}.",
            f"Plate-like atelectasis in the {where}.",
            f"Band-like opacity in the {where}, consistent with subsegmental atelectasis.",
            f"Discoid atelectasis, {where}.",
        ),
    )
    return Painted("atelectasis", side, alpha, severity, sentence)
