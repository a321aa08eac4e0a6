"""Pericardial effusion: fluid around the heart, behind it first."""

from __future__ import annotations

import numpy as np

from medvlp_training.simulation.canvas import Canvas
from medvlp_training.simulation.case import Lesion, Request
from medvlp_training.simulation.fields import bounding_box, distance_mm, smooth_noise, soften
from medvlp_training.simulation.wording import article, choose, grade

_SIZES = ((10.0, "small"), (20.0, "moderate"), (99.0, "large"))
_YIELDING = (
    "lung_left", "lung_right", "lung_upper_lobe_left", "lung_lower_lobe_left",
    "lung_upper_lobe_right", "lung_middle_lobe_right", "lung_lower_lobe_right",
)  # fmt: skip


def add_pericardial_effusion(canvas: Canvas, request: Request) -> Lesion:
    """Wrap the heart in 4 to 30 mm of fluid at 0 to 20 HU, in place of lung and fat."""
    rng = canvas.rng
    severity = request.severity if request.severity is not None else float(rng.beta(1.3, 2.0))
    heart = canvas.organ("heart")
    thickness = 5.0 + 25.0 * severity
    box = bounding_box(heart, 1.6 * thickness + 6, canvas.spacing)
    filled = canvas.empty()
    filled[box] = _shell(canvas, box, thickness)
    hu = rng.uniform(0, 20)
    canvas.blend(soften(filled[box]) * ~heart[box], hu, box)
    canvas.remove_from(_YIELDING, filled)
    word = grade(thickness, _SIZES)
    sentence = choose(
        rng,
        (
            f"There is {article(word)} pericardial effusion.",
            f"{word.capitalize()} pericardial effusion measuring up to {round(thickness)} mm.",
            f"{word.capitalize()} amount of fluid in the pericardial sac.",
            f"{word.capitalize()} circumferential pericardial effusion.",
            f"Fluid around the heart, {word} in amount.",
        ),
    )
    return Lesion("pericardial_effusion", filled, severity, sentence, None, "pericardium")


def _shell(canvas: Canvas, box: tuple[slice, ...], thickness: float) -> np.ndarray:
    """Voxels near the heart that fluid can take: lung and mediastinal fat, thicker at the back."""
    from scipy import ndimage

    heart = canvas.organs["heart"][box]
    # The pericardium is smoother than the chambers: fill the grooves before measuring.
    sac = ndimage.binary_closing(np.pad(heart, 5), iterations=4)[5:-5, 5:-5, 5:-5] | heart
    distance = distance_mm(sac, canvas.spacing)
    rows = np.nonzero(heart.any(axis=(0, 2)))[0]
    posterior = np.clip((np.arange(heart.shape[1]) - rows[0]) / max(1, np.ptp(rows)), 0, 1)
    levels = np.nonzero(heart.any(axis=(1, 2)))[0]
    upper = np.clip((np.arange(heart.shape[0]) - levels[0]) / max(1, np.ptp(levels)), 0, 1)
    own = (
        thickness * (0.55 + 0.45 * posterior[None, :, None]) * (1 - 0.7 * upper[:, None, None] ** 3)
    )
    own = own * (1 + 0.12 * smooth_noise(heart.shape, canvas.spacing, 30, canvas.rng))
    volume = ndimage.gaussian_filter(canvas.volume[box], 0.7)
    fixed = canvas.other_organs("lung_", "heart")[box]
    free = (volume < -10) & ~fixed
    # Thin walls (pericardium, pleura) between fat and lung give way as well.
    free |= ndimage.binary_closing(free, iterations=1) & ~fixed
    grooves = sac & ~heart & free
    near = ((distance < own) & free & ~sac) | grooves
    near &= np.abs(np.arange(heart.shape[0]) - levels.mean())[:, None, None] <= np.ptp(levels) / 2
    labels, count = ndimage.label(near)
    if count > 1:
        sizes = np.bincount(labels.ravel())[1:]
        near = np.isin(labels, np.flatnonzero(sizes > 0.08 * sizes.max()) + 1)
    return near
