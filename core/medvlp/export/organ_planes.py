"""Organ masks on the pixels of the images that a scan was read from: one organ at each pixel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from medvlp.export.plane_sampling import cropped_to_level, part_of_plane, values_on_plane
from medvlp.geometry import Geometry
from medvlp.grounding.grid_to_scan import grid_to_scan
from medvlp.grounding.label_maps import LabelMap
from medvlp.grounding.lexicon import load_lexicon
from medvlp.grounding.regions import INSIDE
from medvlp.io.dicom.planes import Plane


class OrganPlanes(Protocol):
    """Organs, numbered from 1 in the order of ``names``; 0 is none of them."""

    @property
    def names(self) -> tuple[str, ...]:
        """Of the organs."""

    def on_plane(self, plane: Plane) -> NDArray[np.uint16]:
        """``(rows, columns)`` numbers at the pixel centres of a CT slice."""

    def on_image(self) -> NDArray[np.uint16]:
        """``(rows, columns)`` numbers on an X-ray."""


class GridOrgans:
    """Organs as probabilities on the token grid; where several are likely, the likeliest.

    Parameters
    ----------
    weights
        ``{organ: (*token shape)}`` in [0, 1].
    wanted
        Names of those to show. A group is left out where all its parts are shown.
    grid, scan
        Geometries of the tokens and of the scan.
    """

    def __init__(
        self,
        weights: Mapping[str, NDArray[np.floating]],
        wanted: Iterable[str],
        grid: Geometry,
        scan: Geometry,
    ) -> None:
        found = [name for name in wanted if name in weights and np.max(weights[name]) >= INSIDE]
        self.names = tuple(name for name in found if not _shown_in_parts(name, found))
        self._grid, self._scan = grid, scan
        self._weights = [np.asarray(weights[name], dtype=np.float32) for name in self.names]

    def on_plane(self, plane: Plane) -> NDArray[np.uint16]:
        """Numbers on a CT slice."""
        best = _LikeliestOrgan(plane.shape)
        for number, weights in enumerate(self._weights, start=1):
            crop = cropped_to_level(weights, self._grid, INSIDE)
            part = None if crop is None else part_of_plane(plane, crop[1])
            if crop is not None and part is not None:
                best.take(number, values_on_plane(*crop, part[1]), part[0])
        return best.numbers

    def on_image(self) -> NDArray[np.uint16]:
        """Numbers on an X-ray."""
        mapping = grid_to_scan(self._grid, self._scan)
        rows, columns = mapping.weights
        best = _LikeliestOrgan((self._scan.shape[0], self._scan.shape[1]))
        whole = (slice(None), slice(None))
        for number, weights in enumerate(self._weights, start=1):
            best.take(number, rows @ mapping.to_scan_axes(weights) @ columns.T, whole)
        return best.numbers


class LabelledOrgans:
    """Organs of a label map on the scan's own grid.

    Parameters
    ----------
    labels
        With integers of the scan's shape.
    scan
        Geometry of the scan.
    """

    def __init__(self, labels: LabelMap, scan: Geometry) -> None:
        ids = [int(i) for i in np.unique(labels.array) if i > 0]
        self.names = tuple(labels.name(i) for i in ids)
        self._array, self._scan = labels.array, scan
        self._numbers = np.zeros(max(ids, default=0) + 1, dtype=np.uint16)
        self._numbers[ids] = np.arange(1, len(ids) + 1)

    def on_plane(self, plane: Plane) -> NDArray[np.uint16]:
        """Numbers on a CT slice: those of the nearest voxels."""
        nearest = values_on_plane(self._array, self._scan, plane, order=0)
        return self._numbers[np.maximum(nearest, 0)]

    def on_image(self) -> NDArray[np.uint16]:
        """Numbers on an X-ray."""
        return self._numbers[np.maximum(self._array, 0)]


class _LikeliestOrgan:
    """For each pixel, the organ of the greatest probability that is at least :data:`INSIDE`."""

    def __init__(self, shape: tuple[int, int]) -> None:
        self.numbers = np.zeros(shape, dtype=np.uint16)
        below = np.nextafter(np.float32(INSIDE), np.float32(0))
        self._best = np.full(shape, below, dtype=np.float32)

    def take(self, number: int, found: NDArray[np.floating], box: tuple[slice, slice]) -> None:
        better = found > self._best[box]
        self._best[box][better] = found[better]
        self.numbers[box][better] = number


def _shown_in_parts(name: str, shown: list[str]) -> bool:
    concept = load_lexicon().concepts.get(name)
    return concept is not None and bool(concept.parts) and set(concept.parts) <= set(shown)
