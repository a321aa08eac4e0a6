"""From a scan to the numbers a model sees, and the geometry of what it sees.

The transform is part of the model: it is stored in ``preprocessing.json`` beside the weights, and
training goes through the same functions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from medvlp.geometry import Geometry
from medvlp.scan import Scan

if TYPE_CHECKING:
    from torch import Tensor

AIR_HU = -1000.0
SLICES_AT_ONCE = 8


class CTPreprocessing(BaseModel):
    """How a CT is prepared."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    orientation: Literal["SPL"] = "SPL"
    spacing_mm: float = Field(3.0, gt=0, description="isotropic voxels the model sees")
    cell_voxels: int = Field(2, ge=1, description="voxels per dense cell, along each axis")
    multiple: int = Field(8, ge=1, description="sizes are padded with air to a multiple of this")
    body_hu: float = Field(-400.0, description="voxels above this make up the body, for cropping")
    margin_voxels: int = Field(2, ge=0)
    slab_slices: int = Field(136, ge=8, description="slices of one pass; longer scans overlap")
    slab_overlap: int = Field(32, ge=0)


class XRPreprocessing(BaseModel):
    """How an X-ray is prepared."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    orientation: Literal["IL"] = "IL"
    image_size: int = Field(384, ge=32)
    cell_pixels: int = Field(8, ge=1)
    percentiles: tuple[float, float] = (0.5, 99.5)


class Preprocessing(BaseModel):
    """Contents of ``preprocessing.json``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    schema_: Literal["medvlp/preprocessing/1"] = Field("medvlp/preprocessing/1", alias="schema")
    ct: CTPreprocessing = CTPreprocessing()
    xr: XRPreprocessing = XRPreprocessing()


@dataclass(frozen=True)
class Prepared:
    """What the network is given.

    Parameters
    ----------
    array
        CT: float32 HU ``(S, P, L)``, padded with air. X-ray: float32 ``(I, L)`` in [-1, 1],
        padded with -1.
    geometry
        Of ``array``, padding included.
    """

    array: NDArray[np.float32]
    geometry: Geometry


def canonical(
    array: NDArray[np.generic], geometry: Geometry
) -> tuple[NDArray[np.generic], Geometry]:
    """View with axes permuted and reversed to run (closest) to S, P, L; an image to I, L.

    No voxel is interpolated: an oblique scan stays oblique.
    """
    volume = geometry.ndim == 3
    wanted = ((2, 1), (1, 1), (0, 1)) if volume else ((2, -1), (0, 1))
    closest = geometry.closest_axes
    if not volume and {axis for axis, _ in closest} != {0, 2}:
        return array, geometry
    order = tuple(next(i for i, (a, _) in enumerate(closest) if a == axis) for axis, _ in wanted)
    flips = tuple(closest[i][1] != sign for i, (_, sign) in zip(order, wanted, strict=True))
    view = array.transpose(order)[tuple(slice(None, None, -1 if f else 1) for f in flips)]
    return view, geometry.permuted(order, flips)


def _resize(images: Tensor, size: tuple[int, int]) -> Tensor:
    """``(n, rows, columns)`` resized with anti-aliasing; outer edges stay where they are."""
    import torch.nn.functional as F

    return F.interpolate(images[:, None], size, mode="bilinear", antialias=True)[:, 0]


def _float_tensor(part: NDArray[np.generic]) -> Tensor:
    """A contiguous float32 copy: by torch's threads, unless numpy alone can read such an array."""
    import torch

    reversed_axes = any(stride < 0 for stride in part.strides)
    if reversed_axes or not part.flags.writeable or not part.dtype.isnative:
        return torch.from_numpy(np.array(part, dtype=np.float32, order="C"))
    return torch.from_numpy(part).to(torch.float32, memory_format=torch.contiguous_format)


def resample(array: NDArray[np.generic], shape: tuple[int, int, int]) -> NDArray[np.float32]:
    """Resample a volume to another number of voxels over the same field of view.

    Planes first, a few slices at a time so that the float copy stays small, then across slices.
    """
    import torch

    planes = torch.empty((array.shape[0], *shape[1:]))
    for first in range(0, array.shape[0], SLICES_AT_ONCE):
        part = _float_tensor(array[first : first + SLICES_AT_ONCE])
        # Rows before columns: whole rows are added at a time, and fewer are left to be gone along.
        fewer = _resize(part, (shape[1], part.shape[2]))
        planes[first : first + SLICES_AT_ONCE] = _resize(fewer, shape[1:])
    if shape[0] == array.shape[0]:
        return planes.numpy()
    flat = _resize(planes.reshape(1, array.shape[0], -1), (shape[0], shape[1] * shape[2]))
    return flat.reshape(shape).numpy()


def to_working_spacing(
    scan_array: NDArray[np.generic], geometry: Geometry, settings: CTPreprocessing
) -> tuple[NDArray[np.float32], Geometry]:
    """Canonical axes and (within half a voxel over the whole field) the model's spacing."""
    array, geometry = canonical(scan_array, geometry)
    shape = tuple(
        max(1, round(n * s / settings.spacing_mm))
        for n, s in zip(geometry.shape, geometry.spacing, strict=True)
    )
    return resample(array, shape), geometry.resampled(shape)  # type: ignore[arg-type]


def body_box(hu: NDArray[np.float32], settings: CTPreprocessing) -> tuple[slice, ...]:
    """Bounding box of everything denser than lung, with a margin; the whole volume if nothing is."""
    body = hu > settings.body_hu
    lines = np.count_nonzero(body, axis=2)
    counts = (lines.sum(axis=1), lines.sum(axis=0), np.count_nonzero(body, axis=(0, 1)))
    box = []
    for axis, count in enumerate(counts):
        hits = np.flatnonzero(count / (hu.size / hu.shape[axis]) > 0.002)
        if hits.size == 0:
            return tuple(slice(0, n) for n in hu.shape)
        low = max(int(hits[0]) - settings.margin_voxels, 0)
        box.append(slice(low, min(int(hits[-1]) + 1 + settings.margin_voxels, hu.shape[axis])))
    return tuple(box)


def prepare_ct(scan: Scan, settings: CTPreprocessing) -> Prepared:
    """Canonical orientation, working spacing, cropped to the body, padded with air."""
    hu, geometry = to_working_spacing(scan.array, scan.geometry, settings)
    box = body_box(hu, settings)
    hu = hu[box]
    padded = tuple(-(-n // settings.multiple) * settings.multiple for n in hu.shape)
    extra = [(0, p - n) for n, p in zip(hu.shape, padded, strict=True)]
    hu = np.pad(hu, extra, constant_values=AIR_HU)
    return Prepared(hu, geometry.cropped(tuple(b.start for b in box), padded))


def normalise_xr(
    image: NDArray[np.generic], percentiles: tuple[float, float]
) -> NDArray[np.float32]:
    """Clip to percentiles and scale to [-1, 1]; a constant image becomes -1."""
    values = np.asarray(image, dtype=np.float32)
    low, high = np.percentile(values, percentiles)
    scaled = (values - low) / max(float(high - low), 1e-6)
    return (np.clip(scaled, 0, 1) * 2 - 1).astype(np.float32)


def prepare_xr(scan: Scan, settings: XRPreprocessing) -> Prepared:
    """Upright, longest side to the model's size, centred on a square."""
    import torch

    array, geometry = canonical(scan.array, scan.geometry)
    size = settings.image_size
    scale = size / max(array.shape)
    shape = tuple(max(1, min(size, round(n * scale))) for n in array.shape)
    image = normalise_xr(array, settings.percentiles)
    small = _resize(torch.from_numpy(np.ascontiguousarray(image))[None], shape)[0].numpy()  # type: ignore[arg-type]
    before = tuple((size - n) // 2 for n in shape)
    extra = [(b, size - n - b) for b, n in zip(before, shape, strict=True)]
    padded = np.pad(small, extra, constant_values=-1.0)
    square = geometry.resampled(shape).cropped(tuple(-b for b in before), (size, size))
    return Prepared(padded.astype(np.float32), square)


def grid_geometry(prepared: Prepared, cell: int) -> Geometry:
    """Geometry of the dense cells, ``cell`` voxels a side."""
    ndim = prepared.geometry.ndim
    shape = tuple(n // cell for n in prepared.array.shape)
    return prepared.geometry.with_cells(shape, (float(cell),) * ndim, (0.0,) * ndim)
