"""Organ probabilities on a model's token grid become labels that lie on the scan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from medvlp.geometry import Geometry
from medvlp.grounding.grid_to_scan import grid_to_scan

if TYPE_CHECKING:
    from medvlp.grounding.organs import OrganTable

LABEL_MM = 3.0
LABEL_PIXELS_X_RAY = 512
PRESENT = 0.5


def organ_labels(
    organs: Mapping[str, NDArray[np.float16]], grid: Geometry, scan: Geometry
) -> tuple[NDArray[np.uint8], NDArray[np.float64], list[str]]:
    """Most probable organ at each place, where its probability is at least one half.

    Parameters
    ----------
    organs
        ``{organ: (*token shape)}`` probabilities.
    grid, scan
        Geometries of the tokens and of the scan.

    Returns
    -------
    tuple
        Labels on a grid with the scan's axes, interpolated to about :data:`LABEL_MM`; the affine
        ``(ndim + 1, ndim + 1)`` from their indices to scan indices; organ names, label 1 first.
    """
    fine = scan.resampled(_label_shape(scan))
    weights = grid_to_scan(grid, fine).weights
    axes = grid_to_scan(grid, fine).axes
    best = np.full(fine.shape, PRESENT, dtype=np.float32)
    labels = np.zeros(fine.shape, dtype=np.uint8)
    names = list(organs)
    for value, name in enumerate(names, start=1):
        values = np.asarray(organs[name], dtype=np.float32).transpose(axes)
        for axis, weight in enumerate(weights):
            values = np.moveaxis(np.tensordot(weight, values, axes=(1, axis)), 0, axis)
        better = values >= best
        labels[better] = value
        best[better] = values[better]
    first = 3 - scan.ndim
    return labels, (scan.inverse @ fine.affine)[first:, first:], names


def organ_features(names: list[str], table: OrganTable | None = None) -> dict[str, list[Any]]:
    """Columns of the labels layer: index, organ and, with a table, its leading finding."""
    rows = [table.row(name) if table is not None else None for name in names]
    leading = [row.leading if row is not None else None for row in rows]
    return {
        "index": [0, *range(1, len(names) + 1)],
        "organ": ["background", *names],
        "volume_ml": [None, *(row.volume_ml if row is not None else None for row in rows)],
        "truncated": [None, *(row.truncated if row is not None else None for row in rows)],
        "finding": ["", *(f.display if f is not None else "" for f in leading)],
        "probability": [None, *(f.probability if f is not None else None for f in leading)],
    }


def _label_shape(scan: Geometry) -> tuple[int, ...]:
    if scan.ndim == 2:
        factor = max(1.0, max(scan.shape) / LABEL_PIXELS_X_RAY)
        return tuple(max(1, round(n / factor)) for n in scan.shape)
    return tuple(
        max(1, min(n, round(n * step / LABEL_MM)))
        for n, step in zip(scan.shape, scan.spacing, strict=True)
    )
