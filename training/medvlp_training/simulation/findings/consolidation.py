"""Consolidation: airspaces filled, vessels hidden, air bronchograms left."""

from __future__ import annotations

import numpy as np

from medvlp_training.simulation.canvas import Canvas
from medvlp_training.simulation.case import Lesion, Mask, Request, Side
from medvlp_training.simulation.fields import (
    Array,
    bounding_box,
    smooth_noise,
    smoothstep,
    tube_noise,
)
from medvlp_training.simulation.wording import choose, lung_location


def add_consolidation(canvas: Canvas, request: Request) -> Lesion:
    """Fill part of a lobe with 20 to 60 HU (more with contrast), with a ground-glass border."""
    rng = canvas.rng
    side = request.side or canvas.draw_side()
    severity = request.severity if request.severity is not None else float(rng.beta(1.3, 1.8))
    territory = _territory(canvas, side)
    box = bounding_box(territory, 0, canvas.spacing)
    inside = territory[box]
    extent = _extent(canvas, inside, 14 + 50 * severity)
    alpha = smoothstep(extent, -5.0, 6.0) * inside
    halo = smoothstep(extent, -18.0, 0.0) * inside * rng.uniform(0.1, 0.35)
    bronchi = tube_noise(inside.shape, canvas.spacing, 22, 0.16, rng)
    bronchi *= rng.uniform(0.3, 0.9) * (rng.random() < 0.75)
    hu = rng.uniform(20, 50) + 55 * canvas.enhancement
    texture = 10 * smooth_noise(inside.shape, canvas.spacing, 12, rng)
    whole, value = np.zeros(canvas.shape, np.float32), np.zeros(canvas.shape, np.float32)
    whole[box] = np.maximum(alpha * 0.96, halo)
    value[...] = hu
    value[box] += texture
    canvas.blend_lung(whole, value, side)
    canvas.blend(bronchi * alpha, -850.0, box)
    mask = canvas.empty()
    mask[box] = alpha > 0.4
    location = lung_location(canvas, mask, side)
    sentence = _sentence(canvas, location, severity, bool(bronchi.max() > 0.3))
    return Lesion("consolidation", mask, severity, sentence, side, location)


def _territory(canvas: Canvas, side: Side) -> Mask:
    """One lobe where the host has lobes, otherwise the whole lung."""
    lobes = [m for m in canvas.lobes(side).values() if m.sum() * canvas.voxel_ml > 80]
    if lobes and canvas.rng.random() < 0.85:
        return lobes[int(canvas.rng.integers(len(lobes)))]
    return canvas.lung(side)


def _extent(canvas: Canvas, inside: Mask, radius: float) -> Array:
    """Signed millimetres inside one to three merged, ragged patches."""
    rng = canvas.rng
    points = np.argwhere(inside)
    grids = [
        (np.arange(n) * step).astype(np.float32)
        for n, step in zip(inside.shape, canvas.spacing, strict=True)
    ]
    extent = np.full(inside.shape, -1e3, np.float32)
    for _ in range(int(rng.integers(1, 4))):
        centre = points[int(rng.integers(len(points)))] * np.array(canvas.spacing)
        own = radius * rng.uniform(0.6, 1.0)
        distance = np.sqrt(
            (grids[0][:, None, None] - centre[0]) ** 2
            + (grids[1][None, :, None] - centre[1]) ** 2
            + (grids[2][None, None, :] - centre[2]) ** 2
        )
        extent = np.maximum(extent, own - distance)
    ragged = smooth_noise(inside.shape, canvas.spacing, 25, rng) * 0.28 * radius
    return extent + ragged + 2.5 * smooth_noise(inside.shape, canvas.spacing, 9, rng)


def _sentence(canvas: Canvas, location: str, severity: float, bronchograms: bool) -> str:
    rng = canvas.rng
    size = (
        choose(rng, ("Focal", "Patchy"))
        if severity < 0.4
        else choose(rng, ("Dense", "Extensive", "Confluent"))
    )
    text = choose(
        rng,
        (
            f"{size} consolidation in the {location}",
            f"{size} airspace consolidation in the {location}, consistent with pneumonia",
            f"{size} airspace disease in the {location}",
            f"{size} {location} consolidation",
            f"{size} airspace opacity in the {location}",
        ),
    )
    if bronchograms and rng.random() < 0.6:
        text += " with air bronchograms"
    return text + "."
