"""A CT volume as a posterior-anterior radiograph."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from medvlp_training.simulation.case import Mask
from medvlp_training.simulation.fields import Array, Spacing
from medvlp_training.simulation.lungs import body_mask

_MU_WATER = 0.0195  # per mm, at about 70 keV (120 kVp behind filtration and patient)
_BONE_EXCESS = 0.35  # calcium attenuates more at these energies than its HU at CT energies say
# Metal and barium attenuate two to three times as much as their HU say, which end at 3071; a line that is
# spread over a voxel of 3 mm loses as much again of its contrast.
_HEAVY = 6.0
_SOURCE_MM = 1800.0  # focus to detector


@dataclass(frozen=True, eq=False)
class Projection:
    """A radiograph and what lies in it.

    Attributes
    ----------
    image
        ``(rows, columns)`` float32 in [0, 1].
    masks
        Name to ``(rows, columns)`` float32 in [0, 1]: how much of the structure a ray crosses.
    spacing_mm
        Between rows and between columns, in the plane of the detector.
    """

    image: Array
    masks: dict[str, Array]
    spacing_mm: tuple[float, float]


def project(
    volume: NDArray[np.int16],
    spacing: Spacing,
    masks: dict[str, Mask] | None = None,
    cone: bool = True,
    full_mm: float = 15.0,
    heavy: Array | None = None,
) -> Projection:
    """Project a volume along its second axis, front to back, as an upright PA film is hung.

    Attenuation follows Beer-Lambert: the detector sees ``exp(-sum(mu dl))``, and the film shows its
    negative logarithm. Table and room do not contribute.

    Parameters
    ----------
    volume
        HU, ``(S, P, L)``.
    spacing
        Millimetres.
    masks
        Structures to project as well; ``full_mm`` of a structure along a ray count as 1.
    cone
        Magnify planes far from the detector, which is in front of the patient; parallel otherwise.
    heavy
        HU that metal and the opaque material of tubes have added to each voxel.
    """
    body = body_mask(volume)
    hu = volume.astype(np.float32)
    mu = _MU_WATER * np.clip(1 + hu / 1000, 0, None)
    mu *= 1 + _BONE_EXCESS * np.clip((hu - 150) / 800, 0, 1)
    if heavy is not None:
        mu += (_HEAVY - 1) * _MU_WATER * heavy / 1000
    integral = _rays((mu * body).astype(np.float32), spacing, cone)
    projected = {
        name: np.clip(_rays(mask.astype(np.float32), spacing, cone) / full_mm, 0, 1)
        for name, mask in (masks or {}).items()
    }
    image = develop(integral, _rays(body.astype(np.float32), spacing, cone))
    return Projection(image, projected, (spacing[0], spacing[2]))


def _rays(values: Array, spacing: Spacing, cone: bool) -> Array:
    """Line integrals in units of ``values`` times millimetres, rows to the feet."""
    if not cone:
        return np.ascontiguousarray(values.sum(axis=1)[::-1] * spacing[1])
    rows, _, columns = values.shape
    total = np.zeros((rows, columns), np.float32)
    for plane in np.flatnonzero(values.any(axis=(0, 2))):
        # The chest touches the detector: plane 0 is next to it.
        scale = (_SOURCE_MM - plane * spacing[1]) / _SOURCE_MM
        tall = _magnified(values[:, plane], scale)
        total += _magnified(tall.T, scale).T
    return np.ascontiguousarray(total[::-1] * spacing[1]).astype(np.float32)


def _magnified(plane: Array, scale: float) -> Array:
    """Rows at ``scale``, at most 1, about the middle one, interpolated linearly; columns stay."""
    last = len(plane) - 1
    place = last / 2 + (np.arange(last + 1) - last / 2) * scale
    low = np.minimum(place.astype(int), max(last - 1, 0))
    part = (place - low).astype(np.float32)[:, None]
    upper: Array = plane[np.minimum(low + 1, last)]
    return plane[low] * (1 - part) + upper * part


def develop(integral: Array, thickness: Array) -> Array:
    """Grey levels of a film: lungs dark but readable, abdomen and spine not saturated.

    A large-scale part is compressed and detail is kept, as digital systems process chest films.
    """
    from scipy import ndimage

    inside = thickness > 20
    if not inside.any():
        return np.zeros_like(integral)
    low, high = np.quantile(integral[inside], [0.02, 0.985])
    scaled = np.clip((integral - low) / (high - low + 1e-6), 0, 1.3)
    sigma = 0.035 * min(integral.shape)
    weight = ndimage.gaussian_filter(inside.astype(np.float32), sigma) + 1e-3
    base = ndimage.gaussian_filter(scaled * inside, sigma) / weight
    film = 0.12 + 0.72 * base**0.8 + 0.95 * (scaled - base)
    edge = np.clip(ndimage.gaussian_filter(inside.astype(np.float32), 0.7), 0, 1)
    return np.clip(film * edge, 0, 1).astype(np.float32)
