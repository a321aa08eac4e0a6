r"""The image tower of a published model as the objectives see an encoder.

Its tokens are the cells that a user's heat map is made of, in the common space, and its summary is the
pooled vector, so that what a method teaches reaches the map. Both are unit vectors times
:math:`\sqrt{D}`: components of the size that hidden states behind a layer norm have.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from medvlp.models.backends.network import ImageFeatures, PlanarNetwork
from medvlp.models.backends.settings import PlanarPreprocessing
from medvlp.models.vision import TokenOutput


class PublishedVision(nn.Module):
    """The image tower; its weights belong to another module, which lists and saves them.

    Parameters
    ----------
    network
        Both towers.
    preprocessing
        What it is shown.
    """

    mean: Tensor
    std: Tensor

    def __init__(self, network: PlanarNetwork, preprocessing: PlanarPreprocessing) -> None:
        super().__init__()
        vars(self)["network"] = network
        for name in ("mean", "std"):
            value = torch.tensor(getattr(preprocessing, name))[:, None, None]
            self.register_buffer(name, value, persistent=False)

    def features(self, images: Tensor) -> ImageFeatures:
        """Unit vectors of a batch of one kind; the pooled vector of slabs is the mean of theirs.

        Parameters
        ----------
        images
            X-rays ``(B, 1, rows, columns)``, or CT slabs in three windows ``(B, 3, S, rows,
            columns)``, in [-1, 1].
        """
        volumetric = images.ndim == 5
        pictures = images.transpose(1, 2).flatten(0, 1) if volumetric else images
        shown = ((pictures + 1) / 2 - self.mean) / self.std
        network: PlanarNetwork = self.network  # type: ignore[assignment]
        found = network.encode_images(shown.expand(-1, 3, -1, -1))
        dense, pooled = _unit(found.dense), _unit(found.pooled)
        if volumetric:
            slabs = images.shape[2]
            dense = dense.unflatten(0, (-1, slabs))
            pooled = _unit(pooled.unflatten(0, (-1, slabs)).mean(1))
        return ImageFeatures(dense, pooled)

    def encode_tokens(self, images: Tensor) -> TokenOutput:
        """Cells and pooled vector of a batch of one kind."""
        found = self.features(images)
        size = math.sqrt(found.pooled.shape[-1])
        grid = tuple(found.dense.shape[1:-1])
        return TokenOutput(found.dense.flatten(1, -2) * size, found.pooled * size, grid)


def _unit(vectors: Tensor) -> Tensor:
    return F.normalize(vectors.float(), dim=-1)
