"""Where an array lies in the patient: indices <-> LPS millimetres.

Conventions, used everywhere in medvlp:

* index order is array order: ``(slice, row, column)`` for volumes, ``(row, column)`` for images;
* world coordinates are the DICOM patient frame (PS3.3 C.7.6.2.1.1): +x to the patient's **L**\\ eft,
  +y to **P**\\ osterior, +z to the head (**S**\\ uperior), in millimetres;
* an integer index is the *centre* of a voxel (highdicom's convention);
* an image (X-ray) has ``units="mm"`` only if its file states the spacing *in the detector plane*
  or the patient; otherwise ``units="pixel"``, and nothing is invented.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from medvlp.errors import GeometryError

Units = Literal["mm", "pixel"]

_LETTERS = (("L", "R"), ("P", "A"), ("S", "I"))


@dataclass(frozen=True, eq=False)
class Geometry:
    """Shape of an array and the affine from its indices to the patient frame.

    Parameters
    ----------
    shape
        ``(slices, rows, columns)`` or ``(rows, columns)``.
    affine
        ``(4, 4)``: maps ``(slice, row, column, 1)`` to ``(x, y, z, 1)`` in LPS. For an image the
        first column is the unit normal of the image plane and the slice index is always 0.
    units
        ``"mm"``, or ``"pixel"`` for an image without a known pixel spacing.

    Raises
    ------
    GeometryError
        If the shape is not 2D or 3D and positive, or the affine is not finite and invertible.
    """

    shape: tuple[int, ...]
    affine: NDArray[np.float64]
    units: Units = "mm"

    def __post_init__(self) -> None:
        shape = tuple(int(n) for n in self.shape)
        if len(shape) not in (2, 3) or any(n < 1 for n in shape):
            raise GeometryError(f"A geometry needs 2 or 3 positive sizes; found {self.shape}.")
        affine = np.array(self.affine, dtype=np.float64) + 0.0  # no negative zeros: equal is equal
        if affine.shape != (4, 4) or not np.all(np.isfinite(affine)):
            raise GeometryError(f"An affine is a finite 4 x 4 matrix; found {affine.tolist()}.")
        if not np.allclose(affine[3], (0, 0, 0, 1)):
            raise GeometryError(f"The last row of an affine is 0 0 0 1; found {affine[3]}.")
        if abs(np.linalg.det(affine[:3, :3])) < 1e-9:
            raise GeometryError("The affine is singular: two axes of the image are parallel.")
        affine.setflags(write=False)
        object.__setattr__(self, "shape", shape)
        object.__setattr__(self, "affine", affine)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Geometry):
            return NotImplemented
        same = self.shape == other.shape and self.units == other.units
        return same and np.array_equal(self.affine, other.affine)

    def __hash__(self) -> int:
        return hash((self.shape, self.units, self.affine.tobytes()))

    @classmethod
    def axial(
        cls,
        shape: tuple[int, ...],
        spacing: tuple[float, ...],
        origin: tuple[float, float, float] = (0.0, 0.0, 0.0),
    ) -> Geometry:
        """Unrotated volume: slices to the head, rows to the back, columns to the left."""
        affine = np.zeros((4, 4))
        affine[2, 0], affine[1, 1], affine[0, 2] = spacing
        affine[:3, 3] = origin
        affine[3, 3] = 1.0
        return cls(shape, affine)

    @classmethod
    def radiograph(
        cls, shape: tuple[int, int], pixel_spacing: tuple[float, float] | None = None
    ) -> Geometry:
        """Frontal X-ray as it is hung: rows run to the feet, columns to the patient's left.

        ``pixel_spacing`` is ``(between rows, between columns)`` in millimetres, or None.
        """
        row_mm, column_mm = pixel_spacing or (1.0, 1.0)
        affine = np.zeros((4, 4))
        affine[1, 0], affine[2, 1], affine[0, 2], affine[3, 3] = 1.0, -row_mm, column_mm, 1.0
        return cls(shape, affine, "mm" if pixel_spacing else "pixel")

    @property
    def ndim(self) -> int:
        """Number of array axes: 2 or 3."""
        return len(self.shape)

    @property
    def axis_vectors(self) -> NDArray[np.float64]:
        """``(ndim, 3)``: the step in LPS for one index along each array axis."""
        return self.affine[:3, 3 - self.ndim : 3].T

    @property
    def spacing(self) -> tuple[float, ...]:
        """Distance between neighbours along each array axis, in ``units``."""
        return tuple(float(s) for s in np.linalg.norm(self.axis_vectors, axis=1))

    @property
    def spacing_mm(self) -> tuple[float, ...] | None:
        """Spacing in millimetres, or None when it is not known."""
        return self.spacing if self.units == "mm" else None

    @property
    def directions(self) -> NDArray[np.float64]:
        """``(ndim, 3)`` unit vectors of the array axes in LPS."""
        return self.axis_vectors / np.asarray(self.spacing)[:, None]

    @cached_property
    def inverse(self) -> NDArray[np.float64]:
        """``(4, 4)``: LPS to index."""
        return np.asarray(np.linalg.inv(self.affine), dtype=np.float64)

    @cached_property
    def closest_axes(self) -> tuple[tuple[int, int], ...]:
        """For each array axis ``(patient axis 0..2, sign)``, each patient axis used at most once."""
        directions = self.directions
        best: tuple[float, tuple[int, ...]] = (-1.0, ())
        from itertools import permutations

        for axes in permutations(range(3), self.ndim):
            score = float(sum(abs(directions[i, a]) for i, a in enumerate(axes)))
            if score > best[0] + 1e-9:
                best = (score, axes)
        return tuple((a, 1 if directions[i, a] >= 0 else -1) for i, a in enumerate(best[1]))

    @property
    def orientation(self) -> str:
        """Letters toward which each array axis runs, such as ``"SPL"``."""
        return "".join(_LETTERS[a][0 if sign > 0 else 1] for a, sign in self.closest_axes)

    @property
    def obliqueness_degrees(self) -> float:
        """Largest angle between an array axis and its closest patient axis."""
        cosines = [abs(self.directions[i, a]) for i, (a, _) in enumerate(self.closest_axes)]
        return float(np.degrees(np.arccos(np.clip(min(cosines), 0.0, 1.0))))

    def index_to_world(self, index: ArrayLike) -> NDArray[np.float64]:
        """Map ``(..., ndim)`` (fractional) indices to ``(..., 3)`` LPS coordinates."""
        points = np.asarray(index, dtype=np.float64)
        return points @ self.axis_vectors + self.affine[:3, 3]

    def world_to_index(self, world: ArrayLike) -> NDArray[np.float64]:
        """Map ``(..., 3)`` LPS coordinates to ``(..., ndim)`` fractional indices.

        For an image the point is projected onto the image plane.
        """
        points = np.asarray(world, dtype=np.float64)
        index = points @ self.inverse[:3, :3].T + self.inverse[:3, 3]
        return index[..., 3 - self.ndim :]

    def contains(self, index: ArrayLike) -> bool:
        """Whether an index lies inside the array, to half a voxel."""
        point = np.asarray(index, dtype=np.float64)
        return bool(np.all(point >= -0.5) and np.all(point < np.asarray(self.shape) - 0.5))

    def permuted(self, axes: tuple[int, ...], flips: tuple[bool, ...]) -> Geometry:
        """Geometry of ``array.transpose(axes)`` followed by reversing the axes in ``flips``."""
        matrix = self.affine.copy()
        first = 3 - self.ndim
        vectors = [self.affine[:3, first + a] for a in axes]
        shape = tuple(self.shape[a] for a in axes)
        for i, (vector, flip) in enumerate(zip(vectors, flips, strict=True)):
            if flip:
                matrix[:3, 3] += vector * (shape[i] - 1)
            matrix[:3, first + i] = -vector if flip else vector
        return Geometry(shape, matrix, self.units)

    def cropped(self, start: tuple[int, ...], shape: tuple[int, ...]) -> Geometry:
        """Geometry of ``array[start[0]:start[0]+shape[0], ...]``."""
        matrix = self.affine.copy()
        matrix[:3, 3] = self.index_to_world(start)
        return Geometry(shape, matrix, self.units)

    def resampled(self, shape: tuple[int, ...]) -> Geometry:
        """Same field of view (outer voxel faces) divided into another number of voxels."""
        factors = np.asarray(self.shape, dtype=np.float64) / np.asarray(shape)
        return self.with_cells(shape, tuple(factors), (0.0,) * self.ndim)

    def with_cells(
        self, shape: tuple[int, ...], factors: tuple[float, ...], start: tuple[float, ...]
    ) -> Geometry:
        """Grid of cells, each ``factors`` voxels wide, whose first cell starts at voxel face ``start``.

        Face 0 is the outer face of voxel 0, half a voxel before its centre.
        """
        matrix = self.affine.copy()
        first = 3 - self.ndim
        for i, factor in enumerate(factors):
            matrix[:3, first + i] = self.affine[:3, first + i] * factor
        centre = np.asarray(start) + np.asarray(factors) / 2 - 0.5
        matrix[:3, 3] = self.index_to_world(centre)
        return Geometry(shape, matrix, self.units)

    def is_close(self, other: Geometry, tolerance_mm: float = 1e-3) -> bool:
        """Same shape and units, and every corner within ``tolerance_mm``."""
        if self.shape != other.shape or self.units != other.units:
            return False
        difference = np.abs(self.corners() - other.corners())
        return bool(np.all(difference <= tolerance_mm))

    def corners(self) -> NDArray[np.float64]:
        """``(2**ndim, 3)`` LPS coordinates of the centres of the corner voxels."""
        ends = [(0, n - 1) for n in self.shape]
        grid = np.stack(np.meshgrid(*ends, indexing="ij"), axis=-1)
        return self.index_to_world(grid.reshape(-1, self.ndim))

    def to_dict(self) -> dict[str, object]:
        """Plain numbers for JSON and safetensors metadata."""
        return {"shape": list(self.shape), "affine": self.affine.tolist(), "units": self.units}

    @classmethod
    def from_dict(cls, data: dict[str, object]) -> Geometry:
        """Inverse of :meth:`to_dict`."""
        return cls(tuple(data["shape"]), np.asarray(data["affine"]), data["units"])  # type: ignore[arg-type]
