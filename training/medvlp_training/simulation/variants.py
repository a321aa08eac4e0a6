"""Other patients out of the same scan: bent, stretched, turned and noisier copies of a host."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from medvlp_training.simulation.fields import smooth_noise
from medvlp_training.simulation.hosts import Host


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
    noise = rng.uniform(0, 8) * rng.standard_normal(volume.shape).astype(np.float32)
    volume = np.where(volume > -1000, volume + noise, volume)
    labels = np.zeros(host.volume.shape, np.uint8)
    names = sorted(host.organs)
    for value, name in enumerate(names, start=1):
        labels[host.organs[name]] = value
    moved = ndimage.map_coordinates(labels, source, order=0, mode="constant", cval=0)
    organs = {n: moved == v for v, n in enumerate(names, start=1) if (moved == v).any()}
    return replace(
        host,
        volume=np.clip(np.round(volume), -1024, 3071).astype(np.int16),
        organs=organs,
    )


def _source_grid(host: Host, rng: np.random.Generator, degrees: float) -> NDArray[np.float32]:
    """Index in the host of each voxel of the variant."""
    shape, spacing = host.volume.shape, host.spacing
    centre = (np.array(shape, np.float32) - 1)[:, None, None, None] / 2
    grid = np.indices(shape, dtype=np.float32) - centre
    turn = np.radians(rng.uniform(-degrees, degrees, 3))
    zoom = rng.uniform(0.92, 1.1) * np.exp(rng.normal(0, 0.03, 3))
    matrix = _rotation(turn) @ np.diag(zoom)
    moved = np.einsum("ij,jabc->iabc", matrix.astype(np.float32), grid) + centre
    for axis in range(3):
        bend = smooth_noise(shape, spacing, rng.uniform(60, 110), rng)
        moved[axis] += rng.uniform(1.0, 4.0) / spacing[axis] * bend
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
