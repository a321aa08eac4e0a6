"""The one point that all panes share."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from psygnal import Signal

from medvlp.geometry import Geometry


class CrosshairModel:
    """A point in LPS, kept inside the scan.

    Events
    ------
    changed
        Emitted after the point moved, or the lines were shown or hidden.
    visibility_changed
        Emitted after the lines were shown or hidden.
    """

    changed = Signal()
    visibility_changed = Signal()

    def __init__(self) -> None:
        self.visible = True
        self.geometry: Geometry | None = None
        self._world: NDArray[np.float64] = np.zeros(3)

    @property
    def world(self) -> NDArray[np.float64]:
        """``(3,)`` LPS position (millimetres, or pixels for an image without spacing)."""
        return self._world

    @property
    def index(self) -> tuple[int, ...]:
        """The voxel that the point lies in; empty without a scan."""
        if self.geometry is None:
            return ()
        return tuple(int(i) for i in np.rint(self.geometry.world_to_index(self._world)))

    def attach(self, geometry: Geometry | None) -> None:
        """Start at the centre of another scan."""
        self.geometry = geometry
        if geometry is not None:
            centre = (np.asarray(geometry.shape) - 1) // 2
            self._world = geometry.index_to_world(centre)
        self.changed.emit()

    def move_to(self, world: ArrayLike) -> None:
        """Move, clamped to the voxel centres of the scan."""
        if self.geometry is None:
            return
        self.move_to_index(self.geometry.world_to_index(world))

    def move_to_index(self, index: ArrayLike) -> None:
        """Move to a (fractional) array index, clamped to the scan."""
        if self.geometry is None:
            return
        last = np.asarray(self.geometry.shape) - 1.0
        inside = np.clip(np.asarray(index, dtype=np.float64), 0.0, last)
        world = self.geometry.index_to_world(inside)
        if not np.allclose(world, self._world, atol=1e-9):
            self._world = world
            self.changed.emit()

    def show(self, visible: bool) -> None:
        """Draw the lines or not."""
        if visible != self.visible:
            self.visible = visible
            self.visibility_changed.emit()
            self.changed.emit()
