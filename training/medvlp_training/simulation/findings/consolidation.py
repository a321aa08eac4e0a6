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
from medvlp_training.simulation.patches import infection_weight, many_radii, patch_extent
from medvlp_training.simulation.wording import choose, lung_location

_MANY = 0.45
"""Share of cases with many patches, as in bronchopneumonia, instead of one territory."""


def add_consolidation(canvas: Canvas, request: Request) -> Lesion:
    """Fill lung with 20 to 60 HU (more with contrast), with a ground-glass border.

    Part of one lobe, or many small patches in one or both lungs, whose airspaces may be filled in part.
    """
    rng = canvas.rng
    severity = request.severity if request.severity is not None else float(rng.beta(1.3, 1.8))
    many = bool(rng.random() < _MANY)
    side = request.side or (
        "bilateral" if many and rng.random() < 0.65 else canvas.draw_side()
    )  # fmt: skip
    territory = canvas.lung(side) if many else _territory(canvas, side)
    box = bounding_box(territory, 0, canvas.spacing)
    inside = territory[box]
    extent = _extent(canvas, inside, severity, many)
    filled = rng.uniform(0.6, 0.96) if many else 0.96
    alpha = smoothstep(extent, -5.0, 6.0) * inside
    halo = smoothstep(extent, -18.0, 0.0) * inside * rng.uniform(0.1, 0.35)
    bronchi = tube_noise(inside.shape, canvas.spacing, 22, 0.16, rng)
    bronchi *= rng.uniform(0.3, 0.9) * (rng.random() < 0.75)
    hu = rng.uniform(20, 50) + 55 * canvas.enhancement
    texture = 10 * smooth_noise(inside.shape, canvas.spacing, 12, rng)
    whole, value = np.zeros(canvas.shape, np.float32), np.zeros(canvas.shape, np.float32)
    whole[box] = np.maximum(alpha * filled, halo)
    value[...] = hu
    value[box] += texture
    canvas.blend_lung(whole, value, side)
    canvas.blend(bronchi * alpha, -850.0, box)
    mask = canvas.empty()
    mask[box] = alpha > 0.4
    location = "both lungs" if side == "bilateral" else lung_location(canvas, mask, side)
    sentence = _sentence(canvas, location, severity, many, bool(bronchi.max() > 0.3))
    return Lesion("consolidation", mask, severity, sentence, side, location)


def _territory(canvas: Canvas, side: Side) -> Mask:
    """One lobe where the host has lobes, otherwise the whole lung."""
    lobes = [m for m in canvas.lobes(side).values() if m.sum() * canvas.voxel_ml > 80]
    if lobes and canvas.rng.random() < 0.85:
        return lobes[int(canvas.rng.integers(len(lobes)))]
    return canvas.lung(side)


def _extent(canvas: Canvas, inside: Mask, severity: float, many: bool) -> Array:
    """Signed millimetres inside one to three merged, ragged patches, or inside many."""
    rng = canvas.rng
    if many:
        return patch_extent(
            canvas, inside, many_radii(canvas, severity), infection_weight(canvas, inside)
        )
    radius = 14 + 50 * severity
    radii = radius * rng.uniform(0.6, 1.0, int(rng.integers(1, 4)))
    return patch_extent(canvas, inside, [float(r) for r in radii])


def _sentence(
    canvas: Canvas, location: str, severity: float, many: bool, bronchograms: bool
) -> str:
    rng = canvas.rng
    sizes = ("Focal", "Patchy") if severity < 0.4 else ("Dense", "Extensive", "Confluent")
    size = choose(rng, ("Multifocal", "Patchy", "Scattered") if many else sizes)
    place = location if location.startswith("both") else f"the {location}"
    text = choose(
        rng,
        (
            f"{size} consolidation in {place}",
            f"{size} airspace consolidation in {place}, consistent with pneumonia",
            f"{size} airspace disease in {place}",
            f"{size} consolidation of {place}",
            f"{size} airspace opacity in {place}",
        ),
    )
    if bronchograms and rng.random() < 0.6:
        text += " with air bronchograms"
    return text + "."
