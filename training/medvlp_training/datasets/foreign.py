"""Images that are no chest X-ray and volumes that are no CT, for learning to abstain.

Dead-leaves images (occluding discs with power-law sizes) share the statistics of photographs
(Lee, Mumford and Huang, IJCV 2001, doi:10.1023/A:1011109015675).
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor


def dead_leaves(size: int, rng: np.random.Generator) -> Tensor:
    """Photograph-like image in [-1, 1] ``(size, size)``."""
    image = np.full((size, size), rng.random(), dtype=np.float32)
    rows, columns = np.ogrid[:size, :size]
    for _ in range(int(rng.integers(20, 160))):
        radius = 3.0 + size * 0.35 * rng.random() ** 3
        y, x = rng.uniform(0, size, 2)
        if rng.random() < 0.5:
            hit = (rows - y) ** 2 + (columns - x) ** 2 < radius**2
        else:
            hit = (abs(rows - y) < radius) & (abs(columns - x) < radius * rng.uniform(0.3, 2))
        shade = rng.random() + 0.1 * rng.normal() * (rows - y) / radius
        image = np.where(hit, shade, image).astype(np.float32)
    return torch.from_numpy(image).clamp(0, 1) * 2 - 1


def texture(size: int, rng: np.random.Generator) -> Tensor:
    """Noise with a power-law spectrum, or a flat or graded image, in [-1, 1]."""
    frequencies = np.hypot(*np.meshgrid(np.fft.fftfreq(size), np.fft.fftfreq(size)))
    spectrum = np.fft.fft2(rng.normal(size=(size, size)))
    field = np.fft.ifft2(spectrum / np.maximum(frequencies, 1 / size) ** rng.uniform(0, 2)).real
    field = (field - field.min()) / (np.ptp(field) + 1e-9)
    ramp = np.linspace(0, 1, size)[None] * np.ones((size, 1))
    mix = rng.random() ** 2
    return torch.from_numpy((mix * ramp + (1 - mix) * field).astype(np.float32)) * 2 - 1


def foreign_image(size: int, rng: np.random.Generator) -> Tensor:
    """One synthetic image that is no radiograph."""
    return dead_leaves(size, rng) if rng.random() < 0.7 else texture(size, rng)


def foreign_volume(hu: Tensor, rng: np.random.Generator) -> Tensor:
    """A volume that is no CT: tissue contrast re-drawn (as MR would), or plain texture."""
    if rng.random() < 0.3:
        nodes = torch.from_numpy(rng.normal(0, 600, (1, 1, *rng.integers(4, 24, 3)))).float()
        field = F.interpolate(nodes, hu.shape, mode="trilinear", align_corners=True)[0, 0]
        return field + float(rng.normal(0, 300))
    edges = torch.tensor([-2000.0, -700, -150, -40, 20, 70, 160, 400, 4000])
    values = torch.from_numpy(rng.uniform(-1000, 1000, len(edges))).float()
    values[0] = values[1] = -1000.0
    right = torch.bucketize(hu, edges).clamp(1, len(edges) - 1)
    share = (hu - edges[right - 1]) / (edges[right] - edges[right - 1])
    return torch.lerp(values[right - 1], values[right], share.clamp(0, 1))
