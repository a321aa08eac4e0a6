"""A heatmap as an array that is computed slice by slice, when napari asks for it."""

from __future__ import annotations

import operator
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

if TYPE_CHECKING:
    from medvlp.grounding.heatmap import Heatmap


class HeatArray:
    """What napari needs of an array: shape, dtype, indexing. float32 in [0, 1] on the scan's grid.

    One plane along any axis costs two small matrix products; the whole volume is only made when
    all of it is asked for, as in napari's 3D view.

    Parameters
    ----------
    heatmap
        The answer to draw.
    """

    dtype = np.dtype(np.float32)

    def __init__(self, heatmap: Heatmap) -> None:
        self.heatmap = heatmap
        self.shape = tuple(heatmap.scan_geometry.shape)

    @property
    def ndim(self) -> int:
        """Number of axes."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """Number of elements."""
        return prod(self.shape)

    @property
    def nbytes(self) -> int:
        """Bytes that the whole array would take."""
        return self.size * self.dtype.itemsize

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, key: Any) -> NDArray[np.float32]:
        keys = _full_key(key, self.ndim)
        if self.ndim == 2:
            return self.heatmap.slice(0)[keys]
        for axis, item in enumerate(keys):
            if not isinstance(item, slice):
                plane = self.heatmap.slice(_inside(item, self.shape[axis]), axis)
                return plane[keys[:axis] + keys[axis + 1 :]]
        chosen = range(self.shape[0])[keys[0]]
        planes = [self.heatmap.slice(k)[keys[1:]] for k in chosen]
        return np.stack(planes) if planes else np.empty((0, *self.shape[1:]), self.dtype)

    def __array__(
        self, dtype: DTypeLike | None = None, copy: bool | None = None
    ) -> NDArray[np.generic]:
        return np.asarray(self[...], dtype=dtype)


def _full_key(key: Any, ndim: int) -> tuple[Any, ...]:
    """Basic index for every axis: integers and slices, the ellipsis written out."""
    keys = key if isinstance(key, tuple) else (key,)
    if any(item is Ellipsis for item in keys):
        place = next(i for i, item in enumerate(keys) if item is Ellipsis)
        missing = ndim - (len(keys) - 1)
        keys = keys[:place] + (slice(None),) * missing + keys[place + 1 :]
    if len(keys) > ndim:
        raise IndexError(f"Too many indices for {ndim} axes: {key!r}.")
    keys = keys + (slice(None),) * (ndim - len(keys))
    return tuple(item if isinstance(item, slice) else operator.index(item) for item in keys)


def _inside(index: int, size: int) -> int:
    if not -size <= index < size:
        raise IndexError(f"Index {index} is out of bounds for an axis of size {size}.")
    return index % size
