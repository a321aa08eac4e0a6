"""Consolidation (dense, ill-defined) and faint haze on a film."""

from __future__ import annotations

import numpy as np

from medvlp_training.simulation.case import Request, Side
from medvlp_training.simulation.fields import Array, smoothstep
from medvlp_training.simulation.radiograph.film import Film, Painted
from medvlp_training.simulation.wording import choose


def paint_consolidation(film: Film, request: Request) -> Painted:
    """One to three ill-defined patches in one lung, 40 to 85 % opaque, textured."""
    rng = film.rng
    side = request.side or film.draw_side()
    severity = request.severity if request.severity is not None else float(rng.beta(1.3, 1.6))
    alpha = _patches(film, side, severity)
    texture = 1 + 0.3 * film.noise(9 * film.unit + 2) * (1 - 0.5 * severity)
    strength = rng.uniform(0.4, 0.7) + 0.2 * severity
    film.densify(np.clip(alpha * strength * texture, 0, 0.92), film.soft_tissue, keep=0.6)
    where = zone(film, side, alpha)
    sentence = choose(
        rng,
        (
            f"Consolidation in the {where}.",
            f"Airspace consolidation in the {where}, suspicious for pneumonia.",
            f"{where.capitalize()} airspace opacity.",
            f"Patchy consolidation in the {where}.",
        ),
    )
    return Painted("consolidation", side, alpha, severity, sentence)


def paint_haze(film: Film, request: Request) -> Painted:
    """Faint, wide, ill-defined increase of density on one or both sides."""
    rng = film.rng
    side = request.side or ("bilateral" if rng.random() < 0.5 else film.draw_side())
    severity = request.severity if request.severity is not None else float(rng.beta(1.3, 1.6))
    sides: tuple[Side, ...] = ("left", "right") if side == "bilateral" else (side,)
    alpha = np.zeros(film.image.shape, np.float32)
    for own in sides:
        alpha = np.maximum(alpha, _patches(film, own, 0.3 + 0.7 * severity))
    texture = 1 + 0.25 * film.noise(14 * film.unit + 2)
    strength = rng.uniform(0.18, 0.35) + 0.12 * severity
    film.densify(np.clip(alpha * strength * texture, 0, 0.6), film.soft_tissue, keep=0.9)
    where = "both lungs" if side == "bilateral" else f"the {zone(film, side, alpha)}"
    sentence = choose(
        rng,
        (
            f"Hazy opacity in {where}.",
            f"Ground-glass opacity in {where}.",
            f"Faint hazy opacification of {where}.",
            f"Ill-defined ground glass haze in {where}.",
        ),
    )
    return Painted("ground_glass_opacity", side, alpha, severity, sentence)


def _patches(film: Film, side: Side, severity: float) -> Array:
    from scipy import ndimage

    rng = film.rng
    lung = film.lungs[side]
    points = np.argwhere(lung)
    weights = 0.4 + (points[:, 0] - points[:, 0].min()) / max(1, np.ptp(points[:, 0]))
    extent = np.full(lung.shape, -1e3, np.float32)
    radius = (16 + 55 * severity) * film.unit
    for _ in range(int(rng.integers(1, 4))):
        centre = points[rng.choice(len(points), p=weights / weights.sum())]
        squash = np.exp(rng.normal(0, 0.25))
        distance = np.hypot((film.rows - centre[0]) * squash, (film.columns - centre[1]) / squash)
        extent = np.maximum(extent, radius * rng.uniform(0.6, 1.0) - distance)
    extent += 0.35 * radius * film.noise(0.9 * radius + 2) + 0.1 * radius * film.noise(
        0.3 * radius + 2
    )
    # Lung lies behind heart and diaphragm too: the patch may fade over the edge of the mask.
    soft = ndimage.gaussian_filter(lung.astype(np.float32), 3 * film.unit + 0.5)
    return (smoothstep(extent, -0.35 * radius, 0.45 * radius) * soft).astype(np.float32)


def zone(film: Film, side: Side, alpha: Array) -> str:
    """``"left lower zone"`` and the like, from the centre of mass."""
    own = film.lungs[side if side != "bilateral" else "right"]
    rows = np.nonzero(own.any(axis=1))[0]
    total = float(alpha.sum())
    middle = float((alpha * film.rows).sum()) / total if total else float(rows.mean())
    fraction = (middle - rows[0]) / max(1, np.ptp(rows))
    name = "upper" if fraction < 0.36 else "mid" if fraction < 0.64 else "lower"
    return f"{side} {name} {choose(film.rng, ('zone', 'lung', 'lung zone'))}"
