"""A whole procedural patient."""

from __future__ import annotations

import numpy as np

from medvlp_training.simulation.fields import Spacing
from medvlp_training.simulation.hosts import (
    ABDOMEN,
    BONES,
    DEVICES,
    THORAX,
    WORKING_SPACING_MM,
    Host,
)
from medvlp_training.simulation.organ_masks import OrganMasks
from medvlp_training.simulation.phantom.abdomen import paint_abdomen
from medvlp_training.simulation.phantom.build import Build
from medvlp_training.simulation.phantom.cage import Cage
from medvlp_training.simulation.phantom.chest import (
    paint_airway,
    paint_heart,
    paint_lungs,
    paint_vessels,
)
from medvlp_training.simulation.phantom.lung_trees import paint_trees
from medvlp_training.simulation.phantom.painter import Painter
from medvlp_training.simulation.phantom.skeleton import paint_skeleton
from medvlp_training.simulation.phantom.walls import paint_walls

# Organs that no procedural patient has: known to be outside the scan.
_OUTSIDE = (
    "urinary_bladder", "prostate", "brain", "skull", "femur_left", "femur_right", "hip_left",
    "hip_right", "sacrum", "gluteus_maximus_left", "gluteus_maximus_right",
)  # fmt: skip


def make_patient(
    rng: np.random.Generator,
    spacing: Spacing = WORKING_SPACING_MM,
    build: Build | None = None,
    below_mm: float | None = None,
) -> Painter:
    """Paint a patient from the kidneys (or ``below_mm`` under the right dome) to the shoulders.

    Returns
    -------
    Painter
        With ``volume`` in HU (noise included) and ``labels``.
    """
    build = build or Build.draw(rng)
    below = below_mm if below_mm is not None else rng.uniform(90, 185)
    above = build.height + rng.uniform(5, 25)
    wide = 2 * (build.half_width * 1.5 + build.muscle + build.fat + 18)
    front = build.half_depth + build.muscle + build.fat + (60 if build.female else 25)
    behind = 1.2 * build.half_depth + build.muscle + build.fat + 60
    size = (below + above, front + behind, wide)
    shape = tuple(int(np.ceil(n / s)) for n, s in zip(size, spacing, strict=True))
    painter = Painter(shape, spacing, (-below, -front, -wide / 2), rng)  # type: ignore[arg-type]
    cage = Cage(painter, build)
    paint_walls(painter, cage, build)
    paint_abdomen(painter, cage, build)
    paint_lungs(painter, cage, build)
    lungs = {side: painter.organ(f"lung_{side}") for side in ("left", "right")}
    paint_heart(painter, cage, build)
    hila = paint_vessels(painter, cage, build)
    for side, lung in lungs.items():
        paint_trees(painter, lung & painter.organ(f"lung_{side}"), hila[side], build.blood, rng)
    paint_airway(painter, cage, build, hila)
    paint_skeleton(painter, cage, build)
    _finish(painter, build)
    return painter


def _finish(painter: Painter, build: Build) -> None:
    """Scanner: point spread and correlated noise, less of it in air."""
    from scipy import ndimage

    sigma = 0.9 / np.array(painter.spacing)
    smooth = ndimage.gaussian_filter(painter.volume, sigma)
    noise = ndimage.gaussian_filter(painter.rng.standard_normal(painter.shape), 0.6)
    noise *= build.noise / noise.std()
    level = np.clip((smooth + 1100) / 1000, 0.35, 1.0)
    painter.volume = np.clip(smooth + noise * level, -1024, 3071).astype(np.float32)


def phantom_host(
    rng: np.random.Generator,
    name: str,
    spacing: Spacing = WORKING_SPACING_MM,
    build: Build | None = None,
    below_mm: float | None = None,
) -> Host:
    """A procedural patient as a host that is known to have no disease at all."""
    painter = make_patient(rng, spacing, build, below_mm)
    voxels = np.bincount(painter.labels.ravel(), minlength=256)
    values = {organ: value for organ, value in painter.names.items() if voxels[value] > 3}
    return Host(
        name,
        f"procedural {name}",
        np.round(painter.volume).astype(np.int16),
        OrganMasks(painter.labels, values),
        tuple(sorted({*painter.names, *_OUTSIDE})),
        spacing,
        (*THORAX, *ABDOMEN, *BONES, *DEVICES),
        synthetic=True,
    )
