"""Random crops of a CT, bent, stretched, re-windowed and made noisy, with their labels.

Never mirrored: left and right are part of what is learned.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from medvlp_training.datasets.case import CTCase

OUTSIDE = 255
SHAPES = ((80, 80, 80), (64, 88, 96), (56, 96, 104), (96, 72, 80), (48, 104, 112), (96, 96, 96))
MAX_DEGREES = 12.0
SCALE_RANGE = (0.75, 1.3)
BEND_MM = 9.0


@dataclass(frozen=True, eq=False)
class CTSample:
    """A crop.

    Parameters
    ----------
    hu
        float32 ``(S, P, L)``.
    labels
        int64 ``(S/2, P/2, L/2)``: organ label at each dense cell, 255 outside the scan.
    lesions
        ``{finding: bool (S/2, P/2, L/2)}``.
    case
        Where it came from (for names and what is known).
    """

    hu: Tensor
    labels: Tensor
    lesions: dict[str, Tensor]
    case: CTCase


def _rotation(rng: np.random.Generator) -> NDArray[np.float64]:
    angles = np.radians(rng.uniform(-MAX_DEGREES, MAX_DEGREES, 3))
    matrix = np.eye(3)
    for axis, angle in enumerate(angles):
        a, b = [i for i in range(3) if i != axis]
        turn = np.eye(3)
        turn[a, a] = turn[b, b] = np.cos(angle)
        turn[a, b], turn[b, a] = -np.sin(angle), np.sin(angle)
        matrix = matrix @ turn
    return matrix


def _centre(case: CTCase, rng: np.random.Generator) -> NDArray[np.float64]:
    """Anywhere, or on a lesion, or on an organ drawn uniformly from those present."""
    draw = rng.random()
    mask = None
    if case.lesions and draw < 0.5:
        mask = case.lesions[rng.choice(sorted(case.lesions))]
    elif case.names and draw < 0.8:
        mask = case.organs == rng.choice(sorted(case.names))
    if mask is not None and mask.any():
        points = np.argwhere(mask)
        return points[rng.integers(len(points))] + rng.normal(0, 6, 3)
    return np.array([rng.uniform(0.15, 0.85) * n for n in case.volume.shape])


def _coordinates(
    shape: tuple[int, int, int],
    centre: NDArray[np.float64],
    spacing: float,
    rng: np.random.Generator,
) -> Tensor:
    """``(S, P, L, 3)`` fractional source indices of each voxel of the crop."""
    overall = rng.uniform(*SCALE_RANGE)
    matrix = _rotation(rng) @ np.diag(overall * rng.uniform(0.9, 1.1, 3))
    axes = [torch.arange(n, dtype=torch.float32) - (n - 1) / 2 for n in shape]
    grid = torch.stack(torch.meshgrid(*axes, indexing="ij"), dim=-1)
    points = grid @ torch.tensor(matrix.T, dtype=torch.float32)
    if rng.random() < 0.7:
        nodes = torch.from_numpy(rng.normal(0, BEND_MM / spacing, (1, 3, 5, 5, 5))).float()
        bend = F.interpolate(nodes, shape, mode="trilinear", align_corners=True)[0]
        points = points + bend.movedim(0, -1)
    return points + torch.tensor(centre, dtype=torch.float32)


def _sample_linear(volume: Tensor, points: Tensor, fill: float) -> Tensor:
    sizes = torch.tensor(volume.shape, dtype=torch.float32)
    normalised = (2 * points + 1) / sizes - 1
    shifted = (volume.float() - fill)[None, None]
    sampled = F.grid_sample(shifted, normalised.flip(-1)[None], align_corners=False)
    return sampled[0, 0] + fill


def _nearest_index(points: Tensor, shape: tuple[int, ...]) -> tuple[Tensor, Tensor]:
    """Flat nearest source index of each point, and whether it lies inside."""
    index = points.round().long()
    sizes = torch.tensor(shape)
    inside = ((index >= 0) & (index < sizes)).all(dim=-1)
    index = index.clamp(min=torch.zeros(3, dtype=torch.long), max=sizes - 1)
    return (index[..., 0] * shape[1] + index[..., 1]) * shape[2] + index[..., 2], inside


def _contrast(hu: Tensor, labels: Tensor, rng: np.random.Generator) -> Tensor:
    """Another contrast phase: every organ's density moves a little, alike within the organ."""
    table = torch.from_numpy(rng.normal(0, 14, 256)).float()
    table[0] = table[OUTSIDE] = 0
    soft = (hu > -200) & (hu < 300)
    return hu + torch.where(soft, table[labels], torch.zeros(()))


def _intensity(hu: Tensor, rng: np.random.Generator) -> Tensor:
    """Calibration error, thick slices, kernel and noise of another scanner, cut field of view."""
    hu = hu * float(rng.normal(1, 0.03)) + float(rng.normal(0, 8))
    if rng.random() < 0.35:
        factor = float(rng.uniform(1.4, 2.6))
        coarse = (max(int(hu.shape[0] / factor), 4), *hu.shape[1:])
        thick = F.interpolate(hu[None, None], coarse, mode="area")
        hu = F.interpolate(thick, hu.shape, mode="trilinear", align_corners=False)[0, 0]
    if rng.random() < 0.8:
        sigma = float(rng.gamma(2.0, 9.0))
        noise = torch.randn(
            hu.shape, generator=torch.Generator().manual_seed(int(rng.integers(2**31)))
        )
        if rng.random() < 0.5:
            noise = F.avg_pool3d(noise[None, None], 3, 1, 1)[0, 0] * 4
        hu = hu + noise * sigma
    if rng.random() < 0.15:
        rows, columns = hu.shape[1:]
        y = torch.linspace(-1, 1, rows)[:, None]
        x = torch.linspace(-1, 1, columns)[None]
        hu = torch.where((y**2 + x**2).sqrt() > float(rng.uniform(0.9, 1.3)), -1024.0, hu)
    return hu.clamp(-1024, 3071)


def random_crop(
    case: CTCase, rng: np.random.Generator, shapes: tuple[tuple[int, int, int], ...] = SHAPES
) -> CTSample:
    """Draw a deformed crop of a case."""
    shape = shapes[rng.integers(len(shapes))]
    points = _coordinates(shape, _centre(case, rng), case.spacing_mm, rng)
    hu = _sample_linear(torch.from_numpy(case.volume), points, -1024.0)
    flat, inside = _nearest_index(points, case.volume.shape)
    organs = torch.from_numpy(case.organs).flatten().long()
    labels = torch.where(inside, organs[flat], OUTSIDE)
    lesions = {}
    for name, mask in case.lesions.items():
        hit = torch.from_numpy(mask).flatten()[flat] & inside
        lesions[name] = F.max_pool3d(hit[None].float(), 2)[0] > 0
    if rng.random() < 0.6:
        hu = _contrast(hu, labels, rng)
    corner = rng.integers(0, 2, 3)
    cells = labels[corner[0] :: 2, corner[1] :: 2, corner[2] :: 2]
    return CTSample(_intensity(hu, rng), cells, lesions, case)
