"""Nodules and masses on a film, also behind heart, ribs and diaphragm."""

from __future__ import annotations

import numpy as np

from medvlp_training.simulation.case import Mask, Request, Side
from medvlp_training.simulation.fields import Array
from medvlp_training.simulation.radiograph.film import Film, Painted
from medvlp_training.simulation.radiograph.opacity import zone
from medvlp_training.simulation.wording import choose, millimetres

_TYPICAL_CONTRAST = float(np.log(0.05))
"""Real nodules are faint: on 89 films of JSRT (the patients for training) they rise by 0.01 to 0.08 of the
grey scale above what is around them (10th and 90th percentile; median 0.04): ``radiograph/contrast.py`` measures it."""


def paint_nodule(film: Film, request: Request) -> Painted:
    """One nodule of 8 to 30 mm: the chord length through a ball gives its density profile."""
    rng = film.rng
    side = request.side or film.draw_side()
    severity = request.severity if request.severity is not None else float(rng.beta(1.2, 1.6))
    diameter = 8 + 22 * severity
    alpha = _ball(film, _room(film, side), diameter, rough=0.07)
    contrast = float(np.clip(rng.lognormal(_TYPICAL_CONTRAST, 0.5), 0.015, 0.2))
    contrast *= 0.8 + 0.4 * severity
    film.image = np.clip(film.image + contrast * alpha, 0, 1).astype(np.float32)
    where, size = zone(film, side, alpha), millimetres(diameter, rng)
    sentence = choose(
        rng,
        (
            f"{size} nodule in the {where}.",
            f"There is a {size} pulmonary nodule projecting over the {where}.",
            f"{where.capitalize()} nodular opacity measuring {size}.",
            f"Rounded nodule of {size} in the {where}.",
        ),
    )
    mask = np.clip(alpha * 3, 0, 1).astype(np.float32)
    return Painted("lung_nodule", side, mask, severity, sentence)


def paint_mass(film: Film, request: Request) -> Painted:
    """One mass of 31 to 90 mm with an irregular border."""
    rng = film.rng
    side = request.side or film.draw_side()
    severity = request.severity if request.severity is not None else float(rng.beta(1.2, 2.0))
    diameter = 31 + 58 * severity
    alpha = _ball(film, _room(film, side), diameter, rough=rng.uniform(0.06, 0.16))
    film.densify(alpha * rng.uniform(0.6, 0.95), film.soft_tissue, keep=0.5)
    where, size = zone(film, side, alpha), millimetres(diameter, rng)
    sentence = choose(
        rng,
        (
            f"{size} mass in the {where}.",
            f"Large mass projecting over the {where}, {size}.",
            f"{where.capitalize()} lung mass measuring {size}.",
            f"Rounded mass-like opacity in the {where}, {size}.",
        ),
    )
    mask = np.clip(alpha * 2, 0, 1).astype(np.float32)
    return Painted("lung_mass", side, mask, severity, sentence)


def _room(film: Film, side: Side) -> Mask:
    """The lung, and one time in six what of it the heart or the diaphragm hides."""
    from scipy import ndimage

    lung = film.lungs[side]
    if film.rng.random() < 1 / 6:
        wide = ndimage.binary_closing(np.pad(lung, 40), iterations=25)[40:-40, 40:-40]
        hidden = wide & ~lung
        if film.heart is not None:
            hidden |= film.heart & (film.lateral(side) > 0)
        if hidden.sum() > 50:
            return hidden
    return ndimage.binary_erosion(lung, iterations=3) if lung.sum() > 800 else lung


def _ball(film: Film, room: Mask, diameter_mm: float, rough: float) -> Array:
    """Relative chord length through a lumpy ball."""
    from scipy import ndimage

    rng = film.rng
    points = np.argwhere(room)
    centre = points[int(rng.integers(len(points)))]
    radius = max(2.5, diameter_mm / 2 * film.unit)
    dy, dx = film.rows - centre[0], film.columns - centre[1]
    stretch = np.exp(rng.normal(0, 0.12))
    angle = np.arctan2(dy, dx)
    outline = np.ones_like(angle)
    for order in range(2, 7):
        outline += rough * 2 / order * rng.normal() * np.cos(order * angle + rng.uniform(0, 7))
    r = np.hypot(dy * stretch, dx / stretch) / (radius * np.clip(outline, 0.5, 1.6))
    chord = np.sqrt(np.clip(1 - r**2, 0, None))
    return ndimage.gaussian_filter(chord, 0.5 + 0.5 * film.unit).astype(np.float32)
