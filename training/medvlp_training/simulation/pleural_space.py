"""Fluid or air between lung and chest wall: which part of the chest it fills, how the lung yields."""

from __future__ import annotations

import numpy as np

from medvlp_training.simulation.canvas import Canvas
from medvlp_training.simulation.case import Mask, Side
from medvlp_training.simulation.fields import Array, bounding_box, distance_mm, smooth_noise


def chest_potential(canvas: Canvas, side: Side, gravity: float) -> Array:
    """Millimetres of how readily a point of one lung's bounding box fills, larger first.

    Fluid (``gravity`` 1) sinks to the back and the base and climbs the chest wall as a crescent;
    air (-1) rises to the front; in an upright patient to base and apex. Follows FINDINGS of supine CT: the layer is thickest at the base.
    """
    lung = canvas.lung(side)
    box = bounding_box(lung, 0, canvas.spacing)
    rng = canvas.rng
    inside = distance_mm(~lung, canvas.spacing)[box]
    s, p, _ = (
        np.arange(b.start, b.stop) * step for b, step in zip(box, canvas.spacing, strict=True)
    )
    height = (s - s[0]) / max(s[-1] - s[0], 1.0)
    wall = np.maximum(0, 40.0 - inside)
    crescent = rng.uniform(0.7, 1.5)
    base = rng.uniform(25, 60) if gravity > 0 else rng.uniform(-15, 15)
    field = crescent * wall - base * height[:, None, None]
    if canvas.posture == "supine":
        field = field + gravity * p[None, :, None]
    else:
        field = field - gravity * s[:, None, None] + 0.15 * gravity * p[None, :, None]
    return (field + 3.0 * smooth_noise(inside.shape, canvas.spacing, 60, rng)).astype(np.float32)


def fill(canvas: Canvas, side: Side, potential: Array, volume_ml: float) -> Mask:
    """The ``volume_ml`` of one hemithorax where ``potential`` is highest, as one smooth body.

    Parameters
    ----------
    potential
        Of :func:`chest_potential`.
    """
    from scipy import ndimage

    box = bounding_box(canvas.lung(side), 0, canvas.spacing)
    lung = canvas.lung(side)[box]
    values = potential[lung]
    count = int(np.clip(volume_ml / canvas.voxel_ml, 8, 0.9 * values.size))
    threshold = np.partition(values, -count)[-count]
    filled = lung & (potential >= threshold)
    labels, number = ndimage.label(filled)
    if number > 1:
        sizes = np.bincount(labels.ravel())[1:]
        filled = np.isin(labels, np.flatnonzero(sizes > 0.1 * sizes.max()) + 1)
    # Vessels are holes in some lung masks; nothing of them is left in the filled space.
    solid = ndimage.binary_fill_holes(ndimage.binary_closing(np.pad(filled, 2), iterations=1))
    filled |= solid[2:-2, 2:-2, 2:-2]
    whole = canvas.empty()
    whole[box] = filled & ~canvas.other_organs("lung_")[box]
    return whole


def recoil(canvas: Canvas, side: Side, filled: Mask, reach_mm: float) -> None:
    """Push lung out of ``filled``: nearby lung is squeezed and becomes denser.

    Tissue moves along the gradient of the distance d to the filled space by ``a exp(-d / reach)``;
    with a < reach the map is one to one and density grows by ``1 / (1 - (a / reach) exp(-d/reach))``.
    """
    from scipy import ndimage

    lung = canvas.lung(side)
    box = bounding_box(lung, 6.0, canvas.spacing)
    distance = distance_mm(filled[box], canvas.spacing)
    inside = distance_mm(~filled[box], canvas.spacing)
    amount = min(0.65 * reach_mm, 1.2 * float(np.percentile(inside[filled[box]], 90)))
    smooth = ndimage.gaussian_filter(distance - inside, 1.0)
    gradient = np.stack(np.gradient(smooth, *canvas.spacing))
    gradient /= np.linalg.norm(gradient, axis=0) + 1e-3
    pull = amount * np.exp(-distance / reach_mm)
    grid = np.indices(distance.shape, dtype=np.float32)
    steps = np.array(canvas.spacing, np.float32)[:, None, None, None]
    old = canvas.volume[box]
    lung_box = lung[box]
    tissue = np.where(lung_box, old, np.median(old[lung_box])).astype(np.float32)
    left = lung_box & ~filled[box]
    source = (grid - gradient * pull / steps)[:, left]
    moved = ndimage.map_coordinates(tissue, source, order=1, mode="nearest")
    gain = 1.0 / (1.0 - amount / reach_mm * np.exp(-distance[left] / reach_mm))
    old[left] = np.minimum((moved + 1000) * gain - 1000, np.maximum(moved, 60))
