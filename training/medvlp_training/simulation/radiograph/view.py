"""What a projected film shows: the part of it, the pixels, and whether a lesion can be seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from medvlp.geometry import Geometry
from medvlp_training.simulation.case import Mask, SimulatedCase, SimulationError
from medvlp_training.simulation.fields import Array, Spacing
from medvlp_training.simulation.hosts import DEVICES
from medvlp_training.simulation.radiograph.project import Projection, project

ORGANS = (
    "lung_left", "lung_right", "heart", "trachea", "aorta", "liver", "stomach",
    "clavicula_left", "clavicula_right", "scapula_left", "scapula_right",
)  # fmt: skip
SMALLEST_CONTRAST = 0.02
"""Mean change of the film in a lesion, of its grey scale from 0 to 1, from which it counts as seen.

Five of 256 grey levels: less is lost in the noise and the ribs of a real film.
"""
_COVERED = 0.3  # of ``full_mm`` along a ray: where a projected structure counts as there
_COVERED_BY_TUBE = 0.08  # the same of a tube, which is a voxel or two thick


@dataclass(frozen=True, eq=False)
class Frame:
    """Part of a projection, and the size in pixels it is shown at.

    Parameters
    ----------
    window
        Rows and columns of the projection.
    shape
        Rows and columns of the picture; its pixels are square.
    """

    window: tuple[slice, slice]
    shape: tuple[int, int]

    def show(self, values: Array) -> Array:
        """The part of ``values``, resampled, in [0, 1]."""
        from PIL import Image

        picture = Image.fromarray(values[self.window].astype(np.float32))
        resized = picture.resize(self.shape[::-1], Image.Resampling.BICUBIC)
        return np.clip(np.asarray(resized, np.float32), 0, 1)

    def affine(self, spacing: Spacing, slices: int, depth_mm: float) -> NDArray[np.float64]:
        """``(4, 4)`` from pixels to LPS millimetres of the volume, in the plane of the detector.

        Right for parallel rays; a cone magnifies what is far from the detector about the middle.
        """
        steps, starts = [], []
        for part, pixels, step in zip(
            self.window, self.shape, (spacing[0], spacing[2]), strict=True
        ):
            size = (part.stop - part.start) / pixels
            steps.append(size * step)
            starts.append((part.start + 0.5 * size - 0.5) * step)
        affine = np.array(Geometry.radiograph(self.shape, (steps[0], steps[1])).affine)
        affine[:3, 3] = (starts[1], depth_mm, (slices - 1) * spacing[0] - starts[0])
        return affine


def whole_lungs(organs: Mapping[str, Mask]) -> dict[str, Mask]:
    """Both lungs, each the union of its lobes where the host has those.

    Raises
    ------
    SimulationError
        If one of them is not in the scan.
    """
    found = {}
    for side in ("left", "right"):
        parts = [organs[n] for n in organs if n.startswith("lung_") and n.endswith(side)]
        if not parts:
            raise SimulationError(f"The host has no {side} lung: it cannot be a chest film.")
        found[f"lung_{side}"] = np.logical_or.reduce(parts)
    return found


def project_supine(
    volume: NDArray[np.int16],
    spacing: Spacing,
    masks: dict[str, Mask],
    cone: bool = True,
    heavy: Array | None = None,
) -> Projection:
    """Project as an anterior-posterior film of a patient who lies on the detector.

    The film hangs as every film does: the patient's left on its right side.
    """
    turned = {name: mask[:, ::-1] for name, mask in masks.items()}
    turned_volume = np.ascontiguousarray(volume[:, ::-1])
    turned_heavy = None if heavy is None else heavy[:, ::-1]
    return project(turned_volume, spacing, turned, cone, heavy=turned_heavy)


def heavy_parts(host: NDArray[np.int16], case: SimulatedCase) -> Array | None:
    """HU that tubes and metal have added to the host; None without any."""
    masks = [lesion.mask for lesion in case.placed if lesion.finding in DEVICES]
    if not masks:
        return None
    added = np.maximum(case.volume.astype(np.float32) - host, 0)
    return added * np.logical_or.reduce(masks)


def collimate(
    lungs: Array, spacing_mm: tuple[float, float], rng: np.random.Generator
) -> tuple[slice, slice]:
    """Rows and columns that a chest film would show: the projected lungs and a margin around them."""
    inside = lungs > _COVERED
    ends = []
    for axis, low, high in ((0, (15, 50), (30, 90)), (1, (20, 60), (20, 60))):
        there = np.nonzero(inside.any(axis=1 - axis))[0]
        first = int(there[0] - rng.uniform(*low) / spacing_mm[axis])
        last = int(there[-1] + rng.uniform(*high) / spacing_mm[axis]) + 1
        ends.append(slice(max(0, first), min(inside.shape[axis], last)))
    return ends[0], ends[1]


def frame(film: Projection, window: tuple[slice, slice], size: int) -> Frame:
    """Frame whose longer side has ``size`` pixels."""
    extents = [
        (part.stop - part.start) * step for part, step in zip(window, film.spacing_mm, strict=True)
    ]
    scale = size / max(extents)
    return Frame(window, (max(1, round(extents[0] * scale)), max(1, round(extents[1] * scale))))


def covered(crossed: Array, finding: str) -> Mask:
    """Where a projected lesion counts as there."""
    return np.asarray(crossed > (_COVERED_BY_TUBE if finding in DEVICES else _COVERED))


def contrast(film: Array, without: Array, mask: Array, inside: Mask) -> float:
    """Mean change that a lesion makes where it lies, above the change of the film around it.

    Parameters
    ----------
    film, without
        Grey values in [0, 1] with the lesion and without it, alike otherwise.
    mask
        How much of the lesion each ray crosses; 0 where the frame does not show it.
    inside
        Where it counts as there.
    """
    if not inside.any():
        return 0.0
    change = np.abs(film - without)
    return float(change[inside].mean() - np.median(change[mask <= 0.01]))
