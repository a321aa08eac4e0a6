"""Two-dimensional networks on X-rays, and on CT slice by slice."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from medvlp.models.backends.framing import Framing
from medvlp.models.backends.pictures import Pictures
from medvlp.models.backends.published import Encoded, PublishedModel, unit
from medvlp.models.backends.settings import PlanarPreprocessing
from medvlp.progress import Progress
from medvlp.scan import Scan

if TYPE_CHECKING:
    from torch import Tensor


class PlanarModel(PublishedModel):
    """A network for pictures.

    The cells of a CT are those of its slabs, stacked; where squares overlap, their unit vectors are
    averaged. The pooled vector is that of the published centre square, for a CT the mean over the
    slabs.

    Parameters
    ----------
    preprocessing
        What the network is shown.
    *parts
        As :class:`~medvlp.models.backends.published.PublishedModel` takes them.
    batch_size
        Pictures of one pass, where memory has no room for as many as ``preprocessing`` says.
    """

    def __init__(
        self, preprocessing: PlanarPreprocessing, *parts: Any, batch_size: int | None = None
    ) -> None:
        super().__init__(*parts)
        self.preprocessing = preprocessing
        self.batch_size = batch_size or preprocessing.batch_size

    def _encode(self, scan: Scan, progress: Progress) -> Encoded:
        pictures, batch = Pictures(scan, self.preprocessing), self.batch_size
        count = len(pictures)
        cells, pooled = [], []
        for start in range(0, count, batch):
            stop = min(start + batch, count)

            def report(share: float, first: int = start, last: int = stop) -> None:
                done = (first + share * (last - first)) / count
                said = f"Encoding slices {first + 1}-{last} of {count}"
                progress(0.05 + 0.9 * done, said if count > 1 else "Encoding the picture")

            canvases = np.stack([pictures[k] for k in range(start, stop)])
            dense, vectors = self._encode_canvases(canvases, pictures.framing, report)
            cells.append(dense)
            pooled.append(vectors)
        grid = np.concatenate(cells).reshape(*pictures.geometry.shape, -1)
        return grid, np.concatenate(pooled).mean(axis=0), pictures.geometry

    def _encode_canvases(
        self, canvases: NDArray[np.uint8], framing: Framing, report: Callable[[float], None]
    ) -> tuple[NDArray[np.float16], NDArray[np.float32]]:
        """Cells ``(n, rows, columns, D)`` and unit pooled vectors ``(n, D)``."""
        cell, side = self.preprocessing.cell_pixels, self.preprocessing.image_size
        pixels = self._normalised(canvases)
        rows, columns = (n // cell for n in framing.canvas)
        sums: Tensor | None = None
        centre: Tensor | None = None
        squares = dict.fromkeys((*framing.squares, framing.centre))
        for number, (top, left) in enumerate(squares):
            report(number / len(squares))

            def inside(share: float, done: int = number) -> None:
                report((done + share) / len(squares))

            with self.following(inside):
                dense, pooled = self._forward(pixels[..., top : top + side, left : left + side])
            if sums is None:
                sums = dense.new_zeros(len(canvases), rows, columns, dense.shape[-1])
            if (top, left) in framing.squares:
                r, c, width = top // cell, left // cell, side // cell
                sums[:, r : r + width, c : c + width] += dense
            if (top, left) == framing.centre:
                centre = pooled
        assert sums is not None
        assert centre is not None
        return unit(sums).half().cpu().numpy(), centre.cpu().numpy()

    def _normalised(self, canvases: NDArray[np.uint8]) -> Tensor:
        """``(n, 3, rows, columns)`` float32 on the device."""
        import torch

        pixels = torch.from_numpy(canvases).to(self.placement.device).float() / 255.0
        mean = torch.tensor(self.preprocessing.mean, device=pixels.device)[:, None, None]
        std = torch.tensor(self.preprocessing.std, device=pixels.device)[:, None, None]
        return (pixels - mean) / std

    def _forward(self, squares: Tensor) -> tuple[Tensor, Tensor]:
        """Unit vectors of cells ``(n, side, side, D)`` and of squares ``(n, D)``."""
        with self.running():
            features = self.network.encode_images(squares)
            return unit(features.dense), unit(features.pooled)
