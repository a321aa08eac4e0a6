"""Cut display panes out of a scan and its heatmap, the way radiologists look at them.

Axial: seen from the feet. Coronal: seen from the front. Sagittal: seen from the left. The patient's
left is on the right-hand side of axial and coronal panes, the head is at the top of coronal and
sagittal ones. A tilted scan is cut along its own axes; each axis goes by the patient axis that it
is closest to.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from medvlp.scan import Scan

if TYPE_CHECKING:
    from medvlp.grounding.heatmap import Heatmap

Plane = Literal["axial", "coronal", "sagittal"]

# Plane -> patient axis (0 L, 1 P, 2 S) of its normal, its rows and its columns, with directions.
_DISPLAY: dict[Plane, tuple[int, tuple[int, int], tuple[int, int]]] = {
    "axial": (2, (1, 1), (0, 1)),
    "coronal": (1, (2, -1), (0, 1)),
    "sagittal": (0, (2, -1), (1, 1)),
}
_LETTERS = {(0, 1): "L", (0, -1): "R", (1, 1): "P", (1, -1): "A", (2, 1): "S", (2, -1): "I"}
PLANES: tuple[Plane, ...] = ("axial", "coronal", "sagittal")


@dataclass(frozen=True, eq=False)
class Pane:
    """One plane of a scan, ready to be coloured and scaled.

    Parameters
    ----------
    title
        ``"axial 43/122"``, or empty for an X-ray.
    image
        ``(height, width)`` in the scan's units.
    heat
        ``(height, width)`` float32 in [0, 1].
    spacing
        Distance between rows and between columns; only their ratio matters.
    letters
        Patient directions at the top, bottom, left and right edge.
    peak
        ``(row, column)`` of the hottest point of the map; None without heat.
    """

    title: str
    image: NDArray[np.generic]
    heat: NDArray[np.float32]
    spacing: tuple[float, float]
    letters: tuple[str, str, str, str]
    peak: tuple[int, ...] | None


def panes_at_peak(scan: Scan, heatmap: Heatmap) -> list[Pane]:
    """The panes through the hottest point: three for a volume, one for an image or a lone slice.

    Without heat, through the middle of the scan.
    """
    if not scan.is_volume:
        return [_image_pane(scan, heatmap)]
    normals = {plane: _array_axis(scan, _DISPLAY[plane][0])[0] for plane in PLANES}
    if min(scan.array.shape) == 1:
        thin = int(np.argmin(scan.array.shape))
        normals = {plane: axis for plane, axis in normals.items() if axis == thin}
    centre = _centre(scan, heatmap)
    return [cut(scan, heatmap, plane, centre[axis]) for plane, axis in normals.items()]


def cut(scan: Scan, heatmap: Heatmap, plane: Plane, index: int) -> Pane:
    """The pane of a volume at ``index`` along the array axis that is closest to the plane's normal."""
    normal, rows, columns = _DISPLAY[plane]
    axis = _array_axis(scan, normal)[0]
    row_axis, row_sign = _array_axis(scan, rows[0])
    column_axis, column_sign = _array_axis(scan, columns[0])
    flips = (row_sign != rows[1], column_sign != columns[1])

    def upright(array: NDArray) -> NDArray:
        turned = array if row_axis < column_axis else array.T
        return turned[:: -1 if flips[0] else 1, :: -1 if flips[1] else 1]

    spacing = scan.geometry.spacing
    peak = heatmap.peak_index
    if peak is not None:
        ends = [scan.array.shape[a] - 1 for a in (row_axis, column_axis)]
        at = (peak[row_axis], peak[column_axis])
        peak = tuple(n - i if flip else i for i, n, flip in zip(at, ends, flips, strict=True))
    return Pane(
        title=f"{plane} {index + 1}/{scan.array.shape[axis]}",
        image=upright(np.take(scan.array, index, axis=axis)),
        heat=upright(heatmap.slice(index, axis)),
        spacing=(spacing[row_axis], spacing[column_axis]),
        letters=_edge_letters(rows, columns),
        peak=peak,
    )


def _image_pane(scan: Scan, heatmap: Heatmap) -> Pane:
    """An X-ray as it is stored; its letters say how it hangs."""
    axes = scan.geometry.closest_axes
    return Pane(
        title="",
        image=scan.array,
        heat=heatmap.slice(0),
        spacing=(scan.geometry.spacing[0], scan.geometry.spacing[1]),
        letters=_edge_letters(axes[0], axes[1]),
        peak=heatmap.peak_index,
    )


def _centre(scan: Scan, heatmap: Heatmap) -> tuple[int, ...]:
    return heatmap.peak_index or tuple(n // 2 for n in scan.array.shape)


def _array_axis(scan: Scan, patient_axis: int) -> tuple[int, int]:
    """Array axis closest to a patient axis, and whether it runs along (1) or against (-1) it."""
    axes = scan.geometry.closest_axes
    found = next(i for i, (a, _) in enumerate(axes) if a == patient_axis)
    return found, axes[found][1]


def _edge_letters(rows: tuple[int, int], columns: tuple[int, int]) -> tuple[str, str, str, str]:
    """Letters at the top, bottom, left, right for axes that run down and to the right."""
    (row_axis, row_sign), (column_axis, column_sign) = rows, columns
    return (
        _LETTERS[row_axis, -row_sign],
        _LETTERS[row_axis, row_sign],
        _LETTERS[column_axis, -column_sign],
        _LETTERS[column_axis, column_sign],
    )
