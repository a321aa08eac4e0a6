"""Ground glass: lung denser by a fraction, vessels still visible through it."""

from __future__ import annotations

import numpy as np

from medvlp_training.simulation.canvas import Canvas
from medvlp_training.simulation.case import Lesion, Mask, Request, Side, SimulationError
from medvlp_training.simulation.fields import (
    Array,
    bounding_box,
    distance_mm,
    smooth_noise,
    smoothstep,
)
from medvlp_training.simulation.patches import infection_weight, many_radii, patch_extent
from medvlp_training.simulation.wording import choose, lung_location

_SMALLEST_ML = 300.0
_PATTERNS = ("peripheral", "patchy", "diffuse", "focal", "multifocal")
_SHARES = (0.2, 0.15, 0.1, 0.2, 0.35)


def add_ground_glass_opacity(canvas: Canvas, request: Request) -> Lesion:
    """Replace 12 to 45 % of the air of some regions by fluid: -850 HU becomes -740 to -450.

    Many patches have thickened septa in them now and then: "crazy paving".
    """
    rng = canvas.rng
    severity = request.severity if request.severity is not None else float(rng.beta(1.4, 1.8))
    pattern = str(rng.choice(_PATTERNS, p=_SHARES))
    side = request.side or _draw_extent(canvas, pattern)
    if canvas.lung(side).sum() * canvas.voxel_ml < _SMALLEST_ML:
        raise SimulationError("Only the lung bases are in the scan: too little for ground glass.")
    box = bounding_box(canvas.lung(side), 0, canvas.spacing)
    lung = canvas.lung(side)[box]
    alpha = smoothstep(_field(canvas, lung, pattern, severity), 0.0, 0.45) * lung
    fraction = rng.uniform(0.12, 0.45)
    fine = 1 + 0.12 * smooth_noise(lung.shape, canvas.spacing, 6, rng)
    if rng.random() < 0.25:
        fine += rng.uniform(0.2, 0.6) * _septa(canvas, lung)
    share = np.clip(alpha * np.float32(fraction) * fine, 0, 0.7)
    # Mixing toward water keeps vessels, which are near water already, as they are.
    canvas.volume[box] += share * (30 - canvas.volume[box])
    mask = canvas.empty()
    mask[box] = alpha > 0.5
    if not mask.any():
        mask[box] = alpha >= max(float(alpha.max()), 1e-3)
    location = "both lungs" if side == "bilateral" else lung_location(canvas, mask, side)
    return Lesion(
        "ground_glass_opacity", mask, severity, _sentence(canvas, pattern, location), side, location
    )


def _draw_extent(canvas: Canvas, pattern: str) -> Side:
    if pattern == "focal" or canvas.rng.random() < 0.2:
        return canvas.draw_side()
    return "bilateral"


def _field(canvas: Canvas, lung: Mask, pattern: str, severity: float) -> Array:
    """Positive where the lung, in its bounding box, is affected; its quantile sets the extent."""
    rng = canvas.rng
    noise = smooth_noise(lung.shape, canvas.spacing, rng.uniform(22, 45), rng)
    noise += 0.35 * smooth_noise(lung.shape, canvas.spacing, 10, rng)
    if pattern == "peripheral":
        depth = distance_mm(np.pad(~lung, 1, constant_values=True), canvas.spacing)
        noise += 1.6 * smoothstep(depth[1:-1, 1:-1, 1:-1], 30.0, 4.0)
        noise += 0.5 * np.linspace(1, -1, lung.shape[0], dtype=np.float32)[:, None, None]
        noise += 0.4 * np.linspace(-1, 1, lung.shape[1], dtype=np.float32)[None, :, None]
    if pattern == "multifocal":
        weight = infection_weight(canvas, lung)
        return patch_extent(canvas, lung, many_radii(canvas, severity), weight) / 12.0
    if pattern == "focal":
        points = np.argwhere(lung)
        centre = points[int(rng.integers(len(points)))]
        z, y, x = (
            (np.arange(n) - c) * step
            for n, c, step in zip(lung.shape, centre, canvas.spacing, strict=True)
        )
        reach = 10 + 30 * severity
        distance = np.sqrt(z[:, None, None] ** 2 + y[None, :, None] ** 2 + x[None, None] ** 2)
        return ((reach - distance) / 12.0 + 0.5 * noise).astype(np.float32)
    share = (0.55 if pattern == "diffuse" else 0.04) + 0.4 * severity
    return noise - float(np.quantile(noise[lung], 1 - min(share, 0.9)))


def _septa(canvas: Canvas, lung: Mask) -> Array:
    """Net of thin sheets, 1 on them: where a field of a lobule's size changes its sign."""
    field = smooth_noise(lung.shape, canvas.spacing, 9, canvas.rng)
    return np.exp(-((field / 0.25) ** 2)).astype(np.float32)


def _sentence(canvas: Canvas, pattern: str, location: str) -> str:
    rng = canvas.rng
    return choose(
        rng,
        (
            f"{pattern.capitalize()} ground-glass opacity in {_the(location)}.",
            f"{pattern.capitalize()} ground glass opacities in {_the(location)}.",
            f"There is {pattern} hazy ground-glass attenuation in {_the(location)}.",
            f"{pattern.capitalize()} GGO involving {_the(location)}.",
        ),
    )


def _the(location: str) -> str:
    return location if location.startswith("both") else f"the {location}"
