"""Images of samples on the grid the encoder takes: turned, scaled and re-exposed, never mirrored.

Left and right are part of what is learned, so no augmentation swaps them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation
from torch import Tensor

from medvlp.errors import RefusedScanError
from medvlp_training.samples.sample import ImageTextSample

AIR_HU = -1024.0


@dataclass(frozen=True)
class Augmentation:
    """How far images may be changed; all zero leaves them as they are.

    Parameters
    ----------
    degrees
        Largest rotation.
    scale
        Largest relative change of size.
    shift
        Of an X-ray: largest share of its side.
    contrast
        Standard deviation of the log of an X-ray's gamma, and of a CT's relative gain.
    noise
        Standard deviation, of the X-ray's range or of 1000 HU.
    """

    degrees: float = 0.0
    scale: float = 0.0
    shift: float = 0.0
    contrast: float = 0.0
    noise: float = 0.0


@dataclass(frozen=True, eq=False)
class GridImage:
    """An image on the encoder's grid.

    Parameters
    ----------
    pixels
        X-ray ``(H, W)`` in [-1, 1], or CT ``(S, P, L)`` in HU; float32.
    organs
        Organ label of each pixel or voxel, int64, 0 where none or not in the image.
    inside
        bool: where the original image has data.
    """

    pixels: Tensor
    organs: Tensor
    inside: Tensor


def _noise(shape: torch.Size, deviation: float, rng: np.random.Generator) -> Tensor:
    return torch.from_numpy(rng.standard_normal(tuple(shape), np.float32)) * deviation


def place_xray(
    sample: ImageTextSample, size: int, change: Augmentation, rng: np.random.Generator
) -> GridImage:
    """Pad an X-ray to a square with black, resize it to ``size``, and change it."""
    image = _finite(sample).astype(np.float32) / 255
    rows, columns = image.shape
    side = max(rows, columns)
    top, left = (side - rows) // 2, (side - columns) // 2
    margins = (left, side - columns - left, top, side - rows - top)
    organs = sample.organs if sample.organs is not None else np.zeros(image.shape, np.uint8)
    square = F.pad(torch.from_numpy(image), margins)[None, None]
    labels = F.pad(torch.from_numpy(organs.astype(np.float32)), margins)[None, None]
    inside = F.pad(torch.ones(rows, columns), margins)[None, None]
    resized = F.interpolate(square, (size, size), mode="bilinear", antialias=True)
    return changed_square(resized, labels, inside, change, rng)


def changed_square(
    square: Tensor, labels: Tensor, inside: Tensor, change: Augmentation, rng: np.random.Generator
) -> GridImage:
    """A square X-ray turned, scaled, moved and re-exposed.

    Parameters
    ----------
    square
        ``(1, 1, size, size)`` in [0, 1].
    labels, inside
        ``(1, 1, n, n)`` of the same field: organ labels, and 1 where the original image has data.
    """
    grid = _film_grid(square.shape[-1], change, rng)
    picture = F.grid_sample(square, grid, align_corners=False)[0, 0].clamp(0, 1)
    picture = picture ** float(np.exp(rng.normal(0, change.contrast)))
    if change.noise:
        picture = (picture + _noise(picture.shape, change.noise, rng)).clamp(0, 1)

    def nearest(values: Tensor) -> Tensor:
        return F.grid_sample(values, grid, mode="nearest", align_corners=False)[0, 0]

    return GridImage(picture * 2 - 1, nearest(labels).long(), nearest(inside) > 0.5)


def _film_grid(size: int, change: Augmentation, rng: np.random.Generator) -> Tensor:
    angle = np.radians(rng.uniform(-1, 1) * change.degrees)
    scale = 1 + rng.uniform(-1, 1) * change.scale
    shift = rng.uniform(-2, 2, 2) * change.shift
    turn = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    theta = torch.tensor(np.column_stack([turn, shift])[None], dtype=torch.float32)
    return F.affine_grid(theta, [1, 1, size, size], align_corners=False)


def place_ct(
    sample: ImageTextSample,
    voxels: tuple[int, int, int],
    spacing_mm: float | tuple[float, float, float],
    change: Augmentation,
    rng: np.random.Generator,
    centred: bool = False,
) -> GridImage:
    """A crop of a CT, axes S, P, L.

    Parameters
    ----------
    voxels
        Size of the crop.
    spacing_mm
        Of its voxels: of all axes, or of each.
    centred
        Whether it lies in the middle of the scan; otherwise anywhere in it. A scan smaller than
        the crop is padded with air.

    Raises
    ------
    RefusedScanError
        If the sample has no affine: a CT without geometry cannot be resampled.
    """
    volume = _finite(sample)
    if sample.affine is None:
        raise RefusedScanError(
            f"Sample {sample.identity} is a CT without an affine: its voxels have no size. "
            "Write the sample again with the geometry of its scan."
        )
    to_index = np.linalg.inv(sample.affine)
    centre = _crop_centre(sample, voxels, spacing_mm, rng, centred)
    turn = Rotation.from_euler("xyz", rng.uniform(-1, 1, 3) * change.degrees, degrees=True)
    scale = np.broadcast_to(spacing_mm, 3) * (1 + rng.uniform(-1, 1) * change.scale)
    # Columns of the crop's axes (S, P, L) in LPS: z, y, x.
    axes = scale * (turn.as_matrix() @ np.eye(3)[:, ::-1])
    matrix = to_index[:3, :3] @ axes
    start = to_index[:3, :3] @ centre + to_index[:3, 3]
    start = start - matrix @ ((np.array(voxels) - 1) / 2)
    organs = sample.organs if sample.organs is not None else np.zeros(volume.shape, np.uint8)
    pixels, labels, inside = _resample(volume, organs, matrix, start, voxels)
    pixels = pixels * float(np.exp(rng.normal(0, change.contrast / 4)))
    if change.noise:
        pixels = pixels + _noise(pixels.shape, 1000 * change.noise, rng)
    return GridImage(torch.where(inside, pixels, AIR_HU), labels, inside)


def _finite(sample: ImageTextSample) -> NDArray[Any]:
    """The image, if it has the axes of its kind and pixels.

    Raises
    ------
    RefusedScanError
        If it has not, or its organs are of another shape.
    """
    wanted = 3 if sample.modality == "CT" else 2
    image = np.asarray(sample.image)
    if image.ndim != wanted or 0 in image.shape or not np.isfinite(image).all():
        raise RefusedScanError(
            f"Sample {sample.identity}: a {sample.modality} image has {wanted} axes and finite "
            f"values; found shape {image.shape}, {image.dtype}."
        )
    if sample.organs is not None and sample.organs.shape != image.shape:
        raise RefusedScanError(
            f"Sample {sample.identity}: the organ mask has shape {sample.organs.shape}, the image "
            f"{image.shape}; they must lie on one grid."
        )
    return image


def _crop_centre(
    sample: ImageTextSample, voxels: tuple[int, int, int],
    spacing_mm: float | tuple[float, float, float], rng: np.random.Generator, centred: bool,
) -> NDArray[np.float64]:  # fmt: skip
    """LPS millimetres; the crop stays within the scan's bounding box where it fits."""
    assert sample.affine is not None
    last = np.array(sample.image.shape) - 1.0
    corners = np.stack(np.meshgrid(*([0.0, n] for n in last), indexing="ij"), -1).reshape(-1, 3)
    world = corners @ sample.affine[:3, :3].T + sample.affine[:3, 3]
    low, high = world.min(0), world.max(0)
    half = (np.array(voxels) * spacing_mm)[::-1] / 2
    draw = np.full(3, 0.5) if centred else rng.random(3)
    first, end = low + half, high - half
    return np.where(end > first, first + draw * (end - first), (low + high) / 2)


def _resample(
    volume: NDArray[Any], organs: NDArray[np.uint8], matrix: NDArray[np.float64],
    start: NDArray[np.float64], voxels: tuple[int, int, int],
) -> tuple[Tensor, Tensor, Tensor]:  # fmt: skip
    """Sample array index ``matrix @ (i, j, k) + start`` for every voxel of the crop."""
    last = np.array(voxels) - 1.0
    ends = np.stack(np.meshgrid(*([0.0, n] for n in last), indexing="ij"), -1).reshape(-1, 3)
    reached = ends @ matrix.T + start
    # Only the part of the scan that the crop reaches is converted to floating point.
    low = np.clip(np.floor(reached.min(0)).astype(int) - 2, 0, np.array(volume.shape) - 1)
    high = np.clip(np.ceil(reached.max(0)).astype(int) + 3, low + 1, volume.shape)
    part = tuple(slice(a, b) for a, b in zip(low, high, strict=True))
    shape = [int(b - a) for a, b in zip(low, high, strict=True)]
    factors = _coarseness(matrix, shape)
    values = torch.from_numpy(volume[part].astype(np.float32))[None, None]
    # Averaging what one output voxel covers keeps fine slices from aliasing.
    values = F.avg_pool3d(values, factors) if max(factors) > 1 else values
    used = [n // factor * factor for n, factor in zip(shape, factors, strict=True)]
    fine = _places(matrix, start - low, voxels, shape)
    coarse = fine if used == shape else _places(matrix, start - low, voxels, used)
    smooth = F.grid_sample(values, coarse, padding_mode="border", align_corners=False)
    labels = torch.from_numpy(organs[part].astype(np.float32))[None, None]
    nearest = F.grid_sample(labels, fine, mode="nearest", align_corners=False)
    inside = (fine.abs() <= 1).all(-1)[0]
    return smooth[0, 0], nearest[0, 0].long(), inside


def _coarseness(matrix: NDArray[np.float64], shape: Sequence[int]) -> list[int]:
    """Array voxels along each of its axes that one voxel of the crop covers, rounded down."""
    steps = np.abs(matrix).max(axis=1)
    return [int(np.clip(np.floor(s + 0.05), 1, n)) for s, n in zip(steps, shape, strict=True)]


def _places(
    matrix: NDArray[np.float64], start: NDArray[np.float64], voxels: Sequence[int], shape: Sequence[int]
) -> Tensor:  # fmt: skip
    """Array index of each voxel of the crop as grid_sample's coordinates, ``(1, S, P, L, 3)``.

    -1 and 1 are the outer edges of an array of ``shape``, last axis first.
    """
    crop, sizes = np.array(voxels, np.float64), np.array(shape, np.float64)[:, None]
    turn = matrix * crop / sizes
    shift = (2 * (matrix @ ((crop - 1) / 2) + start)[:, None] + 1) / sizes - 1
    theta = np.concatenate([turn[::-1, ::-1], shift[::-1]], axis=1)
    size = [1, 1, *map(int, voxels)]
    return F.affine_grid(torch.tensor(theta[None], dtype=torch.float32), size, align_corners=False)
