"""A U-Net-like decoder on the maps of any encoder (Ronneberger et al., MICCAI 2015,
arXiv 1505.04597), of MONAI's blocks.
"""

from __future__ import annotations

from collections.abc import Sequence

from monai.networks.blocks import Convolution
from monai.networks.nets.basic_unet import UpCat
from torch import Tensor, nn


class Decoder(nn.Module):
    """Upsample, join the next finer map, convolve twice; until the finest.

    Parameters
    ----------
    ndim
        Axes of the image, 2 or 3.
    channels
        Of the encoder's maps, coarsest first; each is twice as fine as the one before.
    width
        Channels of every map that comes out, a multiple of 8. Normalised in 8 groups: batches are
        small.
    """

    def __init__(self, ndim: int, channels: Sequence[int], width: int) -> None:
        super().__init__()
        norm = ("group", {"num_groups": 8})
        self.first = Convolution(ndim, channels[0], width, kernel_size=3, act="gelu", norm=norm)
        self.up = nn.ModuleList(
            UpCat(
                ndim,
                width,
                skip,
                width,
                act="gelu",
                norm=norm,
                bias=True,
                upsample="nontrainable",
                align_corners=False,
                halves=False,
            )
            for skip in channels[1:]
        )

    def forward(self, maps: Sequence[Tensor]) -> list[Tensor]:
        """Maps ``(B, width, *sizes)`` at every resolution, coarsest first."""
        found = [self.first(maps[0])]
        for up, skip in zip(self.up, maps[1:], strict=True):
            found.append(up(found[-1], skip))
        return found
