"""Pleural effusion on an upright film: a meniscus over the costophrenic angle, or a supine veil."""

from __future__ import annotations

import numpy as np

from medvlp_training.simulation.case import Request
from medvlp_training.simulation.fields import smoothstep
from medvlp_training.simulation.radiograph.film import Film, Painted
from medvlp_training.simulation.wording import article, choose, grade

_SIZES = ((0.14, "small"), (0.42, "moderate"), (1.1, "large"))


def paint_effusion(film: Film, request: Request) -> Painted:
    """Homogeneous density below a line that rises toward the chest wall."""
    from scipy import ndimage

    rng = film.rng
    side = request.side or film.draw_side()
    severity = request.severity if request.severity is not None else float(rng.beta(1.2, 2.0))
    lung = film.lungs[side]
    rows = np.nonzero(lung.any(axis=1))[0]
    height = float(np.ptp(rows))
    lateral = film.lateral(side)
    width = float(np.ptp(np.nonzero(lung.any(axis=0))[0]))
    rise = (0.05 + 0.85 * severity) * height
    across = np.clip(lateral / max(width, 1.0), 0, 1)
    # Higher at the wall than in the middle, and slightly higher again at the mediastinum.
    shape = 0.62 + 0.38 * across**2.2 + 0.08 * np.clip(0.25 - across, 0, 1)
    level = rows[-1] - rise * shape + 2.0 * film.unit * film.noise(40)
    depth = film.rows - level
    # What the fluid hides: lung, and the edge of the diaphragm below it.
    hidden = ndimage.binary_dilation(lung, iterations=max(2, int(9 * film.unit)))
    region = ndimage.gaussian_filter(hidden.astype(np.float32), 2.0 * film.unit + 0.5)
    alpha = smoothstep(depth, -10 * film.unit, 14 * film.unit) * region
    opaque = rng.uniform(0.8, 1.0)
    below = hidden & ~lung & (film.rows > rows[-1] - 0.3 * height)
    level_below = float(np.median(film.image[below])) if below.any() else film.soft_tissue
    target = max(film.soft_tissue, level_below) + 0.02 * film.noise(50)
    film.densify(alpha * opaque, target, keep=0.2)
    mask = np.where(lung, smoothstep(depth, -6 * film.unit, 6 * film.unit), 0).astype(np.float32)
    size = grade(severity, _SIZES)
    sentence = choose(
        rng,
        (
            f"{size.capitalize()} {side} pleural effusion.",
            f"There is {article(size)} {side} pleural effusion with blunting of the costophrenic"
            " angle.",
            f"Blunting of the {side} costophrenic angle, consistent with {article(size)} pleural"
            " effusion.",
            f"{size.capitalize()} {side}-sided pleural fluid.",
            f"Opacification of the {side} base with a meniscus, {size} effusion.",
        ),
    )
    return Painted("pleural_effusion", side, mask, severity, sentence)
