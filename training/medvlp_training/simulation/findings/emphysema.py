"""Emphysema: many air spaces below -950 HU without walls, mostly in the upper lobes."""

from __future__ import annotations

import numpy as np

from medvlp_training.simulation.canvas import Canvas
from medvlp_training.simulation.case import Lesion, Mask, Request
from medvlp_training.simulation.fields import (
    Array,
    bounding_box,
    distance_mm,
    smooth_noise,
    smoothstep,
    soften,
)
from medvlp_training.simulation.shapes import blob
from medvlp_training.simulation.wording import choose, grade

_GRADES = ((0.25, "mild"), (0.6, "moderate"), (1.1, "severe"))


def add_emphysema(canvas: Canvas, request: Request) -> Lesion:
    """Open centrilobular holes in both lungs, and subpleural bullae when severe."""
    from scipy import ndimage

    rng = canvas.rng
    severity = request.severity if request.severity is not None else float(rng.beta(1.4, 1.6))
    box = bounding_box(canvas.lung("bilateral"), 9.0, canvas.spacing)
    lungs = canvas.lung("bilateral")[box]
    likely = _predilection(canvas, lungs)
    holes = smooth_noise(lungs.shape, canvas.spacing, rng.uniform(7, 12), rng)
    threshold = 1.6 - 1.5 * severity - 1.1 * likely
    alpha = smoothstep(holes - threshold, 0.0, 0.6) * lungs
    volume = canvas.volume[box]
    alpha *= 1 - smoothstep(volume, -650.0, -450.0)
    bullae = _bullae(canvas, severity)[box]
    alpha = np.maximum(alpha, bullae)
    volume -= np.float32(35 * severity) * soften(lungs) * (volume < -500)
    canvas.blend(alpha * np.float32(0.9), rng.uniform(-992, -972), box)
    density = ndimage.gaussian_filter(alpha, 2.5)
    mask = canvas.empty()
    mask[box] = lungs & (density > max(0.12, 0.35 * float(density.max())))
    word = grade(severity, _GRADES)
    extra = " with subpleural bullae" if bullae.max() > 0.5 else ""
    sentence = choose(
        rng,
        (
            f"{word.capitalize()} centrilobular emphysema, upper lobe predominant{extra}.",
            f"{word.capitalize()} upper lobe predominant emphysema{extra}.",
            f"{word.capitalize()} emphysematous changes in both lungs{extra}.",
            f"Background of {word} emphysema{extra}.",
        ),
    )
    return Lesion("emphysema", mask, severity, sentence, "bilateral", "both lungs")


def _predilection(canvas: Canvas, lungs: Mask) -> Array:
    """-0.5 at the bases to 1 at the apices, patchy on a scale of 40 mm."""
    levels = np.flatnonzero(lungs.any(axis=(1, 2)))
    height = (np.arange(lungs.shape[0]) - levels[0]) / max(1, levels[-1] - levels[0])
    ramp = (1.5 * np.clip(height, 0, 1) - 0.5).astype(np.float32)[:, None, None]
    return ramp + 0.35 * smooth_noise(lungs.shape, canvas.spacing, 40, canvas.rng)


def _bullae(canvas: Canvas, severity: float) -> Array:
    rng = canvas.rng
    lungs = canvas.lung("bilateral")
    alpha = np.zeros(canvas.shape, np.float32)
    if severity < 0.55 or rng.random() < 0.3:
        return alpha
    levels = np.flatnonzero(lungs.any(axis=(1, 2)))
    rim = lungs & (distance_mm(~lungs, canvas.spacing) < 8)
    rim[: int(levels[0] + 0.6 * (levels[-1] - levels[0]))] = False
    for _ in range(int(rng.integers(2, 8))):
        radius = rng.uniform(5, 18)
        box, grids = canvas.box_around(canvas.pick(rim), radius * 1.6)
        bulla = blob(grids, radius, 0.08, float(np.mean(canvas.spacing)), rng)
        alpha[box] = np.maximum(alpha[box], bulla * lungs[box])
    return alpha
