"""Moving a napari viewer to places of a layer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from napari.components import ViewerModel
    from napari.layers import Layer


def jump_to(viewer: ViewerModel, source: Layer, index: Sequence[float]) -> None:
    """Move the sliders to an index of ``source``; centre the camera there if it is out of sight."""
    corners = np.asarray(source.corner_pixels)[:, list(viewer.dims.displayed)[-2:]]
    world = [float(v) for v in source.data_to_world(tuple(index))]
    first = viewer.dims.ndim - len(world)
    for i, value in enumerate(world):
        viewer.dims.set_point(first + i, value)
    place = np.asarray(index, dtype=float)[list(viewer.dims.displayed)[-2:]]
    if viewer.dims.ndisplay == 2 and np.all((corners[0] < place) & (place < corners[1])):
        return
    shown = [world[axis - first] for axis in viewer.dims.displayed if axis >= first]
    # napari 0.9 moved the camera to the scene.
    camera = getattr(viewer, "scene", viewer).camera
    camera.center = tuple([0.0] * (3 - len(shown)) + shown)


def show_slice(viewer: ViewerModel, source: Layer, k: int) -> None:
    """Move the slider of the first axis of a volume to slice ``k``; the others stay."""
    point = np.asarray(source.world_to_data(tuple(viewer.dims.point[-source.ndim :])))
    point[0] = k
    world = source.data_to_world(tuple(point))
    for i, value in enumerate(world):
        viewer.dims.set_point(viewer.dims.ndim - len(world) + i, float(value))


def current_slice(viewer: ViewerModel, source: Layer) -> int:
    """Index of ``source`` along its first axis at the viewer's current point."""
    point = tuple(viewer.dims.point[-source.ndim :])
    index = np.rint(np.asarray(source.world_to_data(point), dtype=float))
    return int(np.clip(index[0], 0, source.data.shape[0] - 1))
