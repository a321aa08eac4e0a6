"""How an array is laid out on screen: which axes, in which direction, with which letters.

The panes follow the radiological convention whatever the array's own order: axial and coronal
show the patient's left on the right of the screen, sagittal shows the front on the left, the head
is up, and "next slice" runs toward the feet, the back and the patient's left.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from medvlp.geometry import Geometry

PlaneName = Literal["axial", "coronal", "sagittal"]

# Patient axis and direction (LPS: 0 left, 1 posterior, 2 superior) of (slices, rows, columns).
_LAYOUT: dict[PlaneName, tuple[tuple[int, int], tuple[int, int], tuple[int, int]]] = {
    "axial": ((2, -1), (1, 1), (0, 1)),
    "coronal": ((1, 1), (2, -1), (0, 1)),
    "sagittal": ((0, 1), (2, -1), (1, 1)),
}
PLANES: tuple[PlaneName, ...] = ("axial", "coronal", "sagittal")
_LETTERS = (("L", "R"), ("P", "A"), ("S", "I"))
_OPPOSITE = str.maketrans("LRPASI", "RLAPIS")
# sin(14 degrees): below it a second letter says less than it distracts.
_SECOND_LETTER = 0.25


class EdgeLetters(NamedTuple):
    """Patient directions at the four edges of a pane."""

    left: str
    right: str
    top: str
    bottom: str


def direction_letters(direction: ArrayLike) -> str:
    """Name an LPS direction: ``"L"``, or ``"LA"`` when it is clearly oblique.

    Letters come in the order of decreasing component, as in DICOM Patient Orientation
    (PS3.3 C.7.6.1.1.1).
    """
    vector = np.asarray(direction, dtype=np.float64)
    vector = vector / np.linalg.norm(vector)
    order = np.argsort(-np.abs(vector), kind="stable")
    kept = [a for n, a in enumerate(order) if n == 0 or abs(vector[a]) >= _SECOND_LETTER]
    return "".join(_LETTERS[a][0 if vector[a] > 0 else 1] for a in kept)


@dataclass(frozen=True)
class PlaneFrame:
    """One pane's view of an array: a choice of axes and directions, never a resampling.

    Parameters
    ----------
    name
        The canonical plane that the array plane is closest to.
    geometry
        Of the array.
    axes
        Array axes that become (slices, rows, columns); for an image only (rows, columns).
    flips
        Whether each of ``axes`` runs against the screen.
    """

    name: PlaneName
    geometry: Geometry
    axes: tuple[int, ...]
    flips: tuple[bool, ...]

    @classmethod
    def of(cls, geometry: Geometry, name: PlaneName) -> PlaneFrame:
        """Lay a volume out as a canonical plane."""
        by_patient_axis = {a: (i, sign) for i, (a, sign) in enumerate(geometry.closest_axes)}
        axes, flips = [], []
        for patient_axis, wanted in _LAYOUT[name]:
            if patient_axis in by_patient_axis:
                axis, sign = by_patient_axis[patient_axis]
                axes.append(axis)
                flips.append(sign != wanted)
        return cls(name, geometry, tuple(axes), tuple(flips))

    @classmethod
    def all_of(cls, geometry: Geometry) -> tuple[PlaneFrame, ...]:
        """Every plane that the array can show: three for a volume, one for an image."""
        if geometry.ndim == 3:
            return tuple(cls.of(geometry, name) for name in PLANES)
        present = {a for a, _ in geometry.closest_axes}
        names = [n for n in PLANES if _LAYOUT[n][0][0] not in present]
        return (cls.of(geometry, names[0]),)

    @property
    def shape(self) -> tuple[int, int]:
        """``(rows, columns)`` on screen."""
        rows, columns = (self.geometry.shape[a] for a in self.axes[-2:])
        return rows, columns

    @property
    def n_slices(self) -> int:
        """Number of slices; 1 for an image."""
        return self.geometry.shape[self.axes[0]] if self.geometry.ndim == 3 else 1

    @property
    def pixel_size(self) -> tuple[float, float]:
        """``(height, width)`` of a pixel in the geometry's units."""
        height, width = (self.geometry.spacing[a] for a in self.axes[-2:])
        return height, width

    @property
    def letters(self) -> EdgeLetters:
        """Patient directions at the edges, from the affine."""
        directions = self.geometry.directions
        down, right = (
            directions[axis] * (-1 if flip else 1)
            for axis, flip in zip(self.axes[-2:], self.flips[-2:], strict=True)
        )
        to_right, to_bottom = direction_letters(right), direction_letters(down)
        return EdgeLetters(
            to_right.translate(_OPPOSITE), to_right, to_bottom.translate(_OPPOSITE), to_bottom
        )

    def extract(self, array: NDArray[Any], position: int) -> NDArray[Any]:
        """``(rows, columns)`` view of slice ``position``, as laid out on screen."""
        if self.geometry.ndim == 3:
            where: list[Any] = [slice(None)] * 3
            where[self.axes[0]] = self.array_slice(position)
            array = array[tuple(where)]
        return self.arrange(array)

    def arrange(self, plane: NDArray[Any]) -> NDArray[Any]:
        """Turn a plane whose axes are in array order into screen order. Never copies."""
        row_axis, column_axis = self.axes[-2:]
        if row_axis > column_axis:
            plane = plane.T
        flip_rows, flip_columns = self.flips[-2:]
        return plane[:: -1 if flip_rows else 1, :: -1 if flip_columns else 1]

    @property
    def slice_axis(self) -> int | None:
        """Array axis that is scrolled, or None for an image."""
        return self.axes[0] if self.geometry.ndim == 3 else None

    def array_slice(self, position: int) -> int:
        """Index along :attr:`slice_axis` of the slice shown at ``position``."""
        if self.geometry.ndim == 2:
            return 0
        return self.n_slices - 1 - position if self.flips[0] else position

    def to_pane(self, world: ArrayLike) -> NDArray[np.float64]:
        """LPS point to fractional ``(slice, row, column)`` on screen; slice is 0 for an image."""
        index = self.geometry.world_to_index(world)
        screen = [
            self.geometry.shape[a] - 1 - index[a] if flip else index[a]
            for a, flip in zip(self.axes, self.flips, strict=True)
        ]
        return np.array([0.0] * (3 - len(screen)) + screen)

    def to_index(self, slice_: float, row: float, column: float) -> NDArray[np.float64]:
        """Screen position to a fractional array index."""
        index = np.empty(self.geometry.ndim)
        screen = (slice_, row, column)[3 - self.geometry.ndim :]
        for axis, flip, value in zip(self.axes, self.flips, screen, strict=True):
            index[axis] = self.geometry.shape[axis] - 1 - value if flip else value
        return index

    def to_world(self, slice_: float, row: float, column: float) -> NDArray[np.float64]:
        """Screen position to LPS."""
        return self.geometry.index_to_world(self.to_index(slice_, row, column))
