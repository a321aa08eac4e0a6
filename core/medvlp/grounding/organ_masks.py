"""Organs on the token grid: from the model's own organ head, or from a label map."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from medvlp.geometry import Geometry
from medvlp.grounding.grid_to_scan import grid_to_scan
from medvlp.grounding.label_maps import MAX_LABEL, LabelMap, labels_on_faces
from medvlp.grounding.regions import (
    INSIDE,
    border_cells,
    organ_presence,
    scan_geometry_of,
    scanned_region,
)
from medvlp.models.encoding import Encoding

# The organ head is not exact: an organ is cut off when more of it than this lies on the border.
_BORDER_SHARE = 0.01


@dataclass(frozen=True, eq=False)
class OrganMask:
    """One organ.

    Parameters
    ----------
    organ
        Name.
    present
        Whether it is in the scanned region.
    truncated
        Whether it reaches the border of the scanned region.
    volume_ml
        Of what was scanned; None for an X-ray.
    weights
        ``(*token shape)`` float32: probability, or share of the cell that the organ fills.
    """

    organ: str
    present: bool
    truncated: bool
    volume_ml: float | None
    weights: NDArray[np.float32]

    @property
    def cells(self) -> NDArray[np.bool_]:
        """``(*token shape)``: cells that are mostly the organ; for a tiny organ, all it touches."""
        mostly = self.weights >= INSIDE
        return mostly if mostly.any() else self.weights > 0


def builtin_masks(encoding: Encoding, threshold: float) -> list[OrganMask]:
    """What the organ head sees: present where it is sure of 1 ml, cells of at least 0.5 inside.

    Parameters
    ----------
    encoding
        With organ maps.
    threshold
        ``Calibration.organ_present``.
    """
    grid, scan = encoding.geometry, scan_geometry_of(encoding)
    border, region = border_cells(grid, scan), scanned_region(grid, scan)
    cell_ml = _element_ml(grid)
    masks = []
    for organ, organ_map in encoding.organs.items():
        weights = np.zeros(grid.shape, dtype=np.float32)
        weights[region.box] = organ_map[region.box]
        inside = weights >= INSIDE
        count = int(inside.sum())
        on_border = int((inside & border).sum())
        masks.append(
            OrganMask(
                organ=organ,
                present=organ_presence(encoding, organ) >= threshold,
                truncated=on_border > _BORDER_SHARE * count,
                volume_ml=None if cell_ml is None else count * cell_ml,
                weights=weights,
            )
        )
    return masks


def label_map_masks(labels: LabelMap, grid: Geometry, scan: Geometry) -> list[OrganMask]:
    """The organs that occur in a label map on the scan's grid."""
    present = _labels_in(labels.array)
    if not present:
        return []
    lookup = np.zeros(max(present) + 1, dtype=np.intp)
    lookup[present] = np.arange(1, len(present) + 1)
    shares, voxels = _shares(labels.array, lookup, grid, scan)
    cut = labels_on_faces(labels.array) | labels.cut
    voxel_ml = _element_ml(scan)
    return [
        OrganMask(
            organ=labels.name(label),
            present=True,
            truncated=label in cut,
            volume_ml=None if voxel_ml is None else float(voxels[i]) * voxel_ml,
            weights=shares[i],
        )
        for i, label in enumerate(present, start=1)
    ]


def _element_ml(geometry: Geometry) -> float | None:
    if geometry.ndim != 3:
        return None
    return abs(float(np.linalg.det(geometry.affine[:3, :3]))) / 1000.0


def _labels_in(array: NDArray[np.integer]) -> list[int]:
    counts = np.zeros(MAX_LABEL + 1, dtype=np.int64)
    for plane in array:  # a histogram: np.unique would sort every voxel
        found = np.bincount(np.maximum(plane, 0).ravel())
        counts[: len(found)] += found
    return [int(label) for label in np.flatnonzero(counts) if label > 0]


def _shares(
    array: NDArray[np.integer], lookup: NDArray[np.intp], grid: Geometry, scan: Geometry
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Share of every cell that each label fills, and voxels of each label in the whole scan.

    Each voxel counts for its nearest cell. A slice is one histogram over (cell, label).
    """
    mapping, n_labels = grid_to_scan(grid, scan), int(lookup.max()) + 1
    nearest = [mapping.nearest_cells(axis) for axis in range(scan.ndim)]
    sizes = [grid.shape[axis] for axis in mapping.axes]
    if scan.ndim == 2:  # one slice, one layer of cells
        nearest.insert(0, (np.zeros(1, dtype=np.intp), np.ones(1, dtype=bool)))
        sizes, array = [1, *sizes], array[None]
    (layers, in_layers), (rows, in_rows), (columns, in_columns) = nearest
    flat_cell = (rows[in_rows][:, None] * sizes[2] + columns[in_columns]) * n_labels
    per_layer = sizes[1] * sizes[2] * n_labels
    counts = np.zeros((sizes[0], per_layer), dtype=np.int32)
    voxels = np.zeros(n_labels, dtype=np.int64)
    for k, plane in enumerate(array):
        compact = lookup[np.clip(plane, 0, len(lookup) - 1)]
        voxels += np.bincount(compact.ravel(), minlength=n_labels)
        if in_layers[k]:
            inside = compact[np.ix_(in_rows, in_columns)]
            counts[layers[k]] += np.bincount((flat_cell + inside).ravel(), minlength=per_layer)
    by_label = np.moveaxis(counts.reshape(*sizes, n_labels), -1, 0)
    filled = by_label / np.maximum(by_label.sum(axis=0), 1)
    on_scan_axes = filled.reshape(n_labels, *(grid.shape[axis] for axis in mapping.axes))
    back = np.argsort(mapping.axes) + 1
    return on_scan_axes.transpose(0, *back).astype(np.float32), voxels
