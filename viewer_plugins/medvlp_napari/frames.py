"""Between the patient frame and napari's world.

napari draws the last two axes of an array, rows downward and columns to the right, and slides
through the others. medvlp therefore uses these world axes:

* volumes: ``(z, y, x)`` = millimetres toward the head (S), the back (P), the patient's left (L),
  that is LPS coordinates in reversed order. An axial slice appears as radiologists hang it: front
  up, the patient's left on the right of the screen. A coronal or sagittal view has the feet up
  unless the camera is told otherwise: ``viewer.camera.orientation2d = ("up", "right")``;
* X-rays: ``(row, column)`` = downward and rightward in the detector plane, in millimetres or, where
  no spacing is known, in pixels.

napari cannot cut oblique volumes in 2D (it draws them unrotated), so layers are axis-aligned with
positive scale: axes are permuted and reversed, and a tilted volume is resampled.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from medvlp.geometry import Geometry
from medvlp.scan import Scan

AXIS_LABELS = {3: ("z", "y", "x"), 2: ("y", "x")}
ALIGNMENT_TOLERANCE_MM = 0.1
"""A volume whose corners lie this close to an axis-aligned box is not resampled."""

_AIR_HU = -1024
_LETTER_AXES = {"L": (0, 1), "R": (0, -1), "P": (1, 1), "A": (1, -1), "S": (2, 1), "I": (2, -1)}


@dataclass(frozen=True, eq=False)
class AlignedScan:
    """A scan on axes that napari can slice.

    Parameters
    ----------
    scan
        Array axes run to S, P, L (volumes), or down and right (X-rays).
    scale, translate
        Of the napari layer: world units per index, world coordinates of index 0.
    original
        Geometry of the scan as it was read.
    resampled
        True if the volume was tilted and had to be interpolated.
    """

    scan: Scan
    scale: tuple[float, ...]
    translate: tuple[float, ...]
    original: Geometry
    resampled: bool


def align(scan: Scan) -> AlignedScan:
    """Turn a scan onto napari's axes; resample it only if it is tilted against the patient."""
    if not scan.is_volume:
        return AlignedScan(scan, scan.geometry.spacing, (0.0, 0.0), scan.geometry, False)
    turned = _turned(scan)
    resampled = _misalignment_mm(turned.geometry) > ALIGNMENT_TOLERANCE_MM
    if resampled:
        turned = _resampled(turned)
    translate = turned.geometry.affine[2::-1, 3]
    return AlignedScan(
        turned, turned.geometry.spacing, tuple(map(float, translate)), scan.geometry, resampled
    )


def volume_affine(world: NDArray[np.float64], orientation: str = "SPL") -> NDArray[np.float64]:
    """Affine from array indices to LPS, given the one to napari's world.

    Parameters
    ----------
    world
        ``(4, 4)``: array indices to world ``(z, y, x)`` in millimetres.
    orientation
        Patient directions toward which the world axes z, y, x run: ``"SPL"`` is medvlp's world,
        ``"SAR"`` one that follows NIfTI.

    Raises
    ------
    ValueError
        If the letters do not name three different patient axes.
    """
    pairs = [_LETTER_AXES.get(letter) for letter in orientation.upper()]
    axes = [pair[0] for pair in pairs if pair is not None]
    if sorted(axes) != [0, 1, 2] or len(pairs) != 3:
        raise ValueError(
            f"An orientation is three letters, one of each of S/I, P/A and L/R, such as SPL; "
            f"found {orientation!r}."
        )
    to_lps = np.zeros((4, 4))
    for column, pair in enumerate(pairs):
        if pair is not None:
            to_lps[pair[0], column] = pair[1]
    to_lps[3, 3] = 1.0
    return to_lps @ world


def image_affine(world: NDArray[np.float64]) -> NDArray[np.float64]:
    """``(4, 4)`` affine of an X-ray as in :class:`medvlp.Geometry`, given its ``(3, 3)`` world affine.

    World rows run to the feet and columns to the patient's left, as an X-ray is hung.
    """
    affine = np.zeros((4, 4))
    affine[1, 0] = affine[3, 3] = 1.0
    affine[2, 1:] = -world[0]
    affine[0, 1:] = world[1]
    return affine


def _turned(scan: Scan) -> Scan:
    closest = scan.geometry.closest_axes
    axes = tuple(next(i for i, (axis, _) in enumerate(closest) if axis == a) for a in (2, 1, 0))
    flips = tuple(closest[i][1] < 0 for i in axes)
    array = scan.array.transpose(axes)[tuple(slice(None, None, -1 if f else 1) for f in flips)]
    return _with(scan, array, scan.geometry.permuted(axes, flips))


def _misalignment_mm(geometry: Geometry) -> float:
    """Largest distance of a corner from where an axis-aligned layer would draw it."""
    origin = geometry.affine[2::-1, 3]
    ends = np.stack(np.meshgrid(*[(0, n - 1) for n in geometry.shape], indexing="ij"), axis=-1)
    drawn = ends.reshape(-1, 3) * geometry.spacing + origin
    return float(np.linalg.norm(geometry.corners()[:, ::-1] - drawn, axis=1).max())


def _resampled(scan: Scan) -> Scan:
    """Linear interpolation onto the axis-aligned box around the tilted volume."""
    from scipy.ndimage import affine_transform

    source = scan.geometry
    corners = source.corners()[:, ::-1]
    first, spacing = corners.min(axis=0), np.asarray(source.spacing)
    shape = tuple(int(n) for n in np.ceil((corners.max(axis=0) - first) / spacing - 1e-6) + 1)
    target = Geometry.axial(shape, tuple(map(float, spacing)), tuple(map(float, first[::-1])))  # type: ignore[arg-type]
    index = source.inverse @ target.affine
    outside = min(_AIR_HU, int(scan.array.min()))
    array = affine_transform(
        scan.array, index[:3, :3], index[:3, 3], shape, order=1, cval=outside, mode="constant"
    )
    return _with(scan, array, target)


def _with(scan: Scan, array: NDArray[np.generic], geometry: Geometry) -> Scan:
    return Scan(
        array=array,
        geometry=geometry,
        modality=scan.modality,
        intensity=scan.intensity,
        warnings=scan.warnings,
        provenance=scan.provenance,
        window=scan.window,
    )
