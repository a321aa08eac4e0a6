"""Three-dimensional networks on CT."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from medvlp.models.backends.published import Encoded, PublishedModel, unit
from medvlp.models.backends.settings import VolumetricPreprocessing
from medvlp.models.backends.volumes import prepare_cubes
from medvlp.progress import Progress
from medvlp.scan import Scan


class VolumetricModel(PublishedModel):
    """A network for cubes of a CT.

    Where cubes overlap, the unit vectors of their cells are averaged; the pooled vector is the mean
    over the cubes.

    Parameters
    ----------
    preprocessing
        What the network is shown.
    *parts
        As :class:`~medvlp.models.backends.published.PublishedModel` takes them.
    """

    def __init__(self, preprocessing: VolumetricPreprocessing, *parts: Any) -> None:
        super().__init__(*parts)
        self.preprocessing = preprocessing

    def _encode(self, scan: Scan, progress: Progress) -> Encoded:
        settings = self.preprocessing
        cubes = prepare_cubes(scan, settings)
        sides, cells = settings.sides, settings.cells
        widths = [side // cell for side, cell in zip(sides, cells, strict=True)]
        count, origin = len(cubes.starts), cubes.starts[0]
        sums: torch.Tensor | None = None
        pooled = []
        for number, start in enumerate(cubes.starts):

            def report(share: float, done: int = number) -> None:
                said = f"Encoding cube {done + 1} of {count}"
                progress(0.05 + 0.9 * (done + share) / count, said)

            report(0.0)
            box = tuple(slice(s, s + n) for s, n in zip(start, sides, strict=True))
            cube = torch.from_numpy(np.ascontiguousarray(cubes.array[box]))
            with self.running(), self.following(report):
                features = self.network.encode_images(cube[None, None].to(self.placement.device))
                dense, vector = unit(features.dense)[0], unit(features.pooled)[0]
            if sums is None:
                sums = dense.new_zeros(*cubes.geometry.shape, dense.shape[-1])
            at = [(s - o) // cell for s, o, cell in zip(start, origin, cells, strict=True)]
            sums[tuple(slice(a, a + n) for a, n in zip(at, widths, strict=True))] += dense
            pooled.append(vector.cpu().numpy())
        assert sums is not None
        return unit(sums).half().cpu().numpy(), np.mean(pooled, axis=0), cubes.geometry
