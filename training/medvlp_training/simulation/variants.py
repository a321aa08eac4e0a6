"""Other patients out of the same scan: bent, stretched, turned and noisier copies of a host."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from medvlp_training.simulation.fields import Array, nearest, smooth_noise
from medvlp_training.simulation.hosts import Host
from medvlp_training.simulation.organ_masks import OrganMasks


def vary(host: Host, rng: np.random.Generator, degrees: float = 6.0) -> Host:
    """Host after a random smooth deformation: zoom to 10 %, turned by ``degrees``, 5 mm of bending.

    Left and right are never exchanged. Volume and organs move together; lesions are placed
    afterwards.
    """
    from scipy import ndimage

    source = _source_grid(host, rng, degrees)
    volume = ndimage.map_coordinates(
        host.volume.astype(np.float32), source, order=1, mode="constant", cval=-1024
    )
    noise = rng.standard_normal(volume.shape, dtype=np.float32)
    np.add(volume, rng.uniform(0, 8) * noise, out=volume, where=volume > -1000)
    labels, names = OrganMasks.of(host.organs).label_map()
    organs = OrganMasks.present(nearest(labels, source, outside=0), names)
    grey = np.clip(np.round(volume), -1024, 3071).astype(np.int16)
    return replace(host, volume=grey, organs=organs)


def _source_grid(host: Host, rng: np.random.Generator, degrees: float) -> Array:
    """Index in the host of each voxel of the variant, ``(3, S, P, L)``."""
    shape, spacing = host.volume.shape, host.spacing
    middle = (np.array(shape) - 1) / 2
    turn = np.radians(rng.uniform(-degrees, degrees, 3))
    zoom = rng.uniform(0.92, 1.1) * np.exp(rng.normal(0, 0.03, 3))
    matrix = _rotation(turn) @ np.diag(zoom)
    lines = [np.arange(n) - m for n, m in zip(shape, middle, strict=True)]
    moved = np.empty((3, *shape), np.float32)
    for axis in range(3):
        z, y, x = (a * line for a, line in zip(matrix[axis], lines, strict=True))
        plane = (z[:, None] + y[None] + middle[axis]).astype(np.float32)
        bend = smooth_noise(shape, spacing, rng.uniform(60, 110), rng)
        bend *= rng.uniform(1.0, 4.0) / spacing[axis]
        np.add(bend, plane[:, :, None], out=moved[axis])
        moved[axis] += x.astype(np.float32)
    return moved


def _rotation(angles: NDArray[np.floating]) -> NDArray[np.float64]:
    matrix = np.eye(3)
    for axis, angle in enumerate(angles):
        a, b = (i for i in range(3) if i != axis)
        turn = np.eye(3)
        turn[a, a] = turn[b, b] = np.cos(angle)
        turn[a, b], turn[b, a] = -np.sin(angle), np.sin(angle)
        matrix = matrix @ turn
    return matrix
