r"""A compact dense box head at several resolutions, for X-rays and CT.

In the manner of YOLOv3 (Redmon & Farhadi, arXiv 1804.02767), which LoVT uses [P], with one anchor per
cell and the losses of its successors [R]: each cell of each map says whether a box has its centre in
it, where in it, and how large the box is,

.. math::
    \text{centre} = (\text{cell} + \sigma(t_c))\, s, \qquad \text{size} = 4\, s\, e^{t_s}

for cells of side :math:`s`. A box belongs to the map whose anchor :math:`4 s` is nearest to its size
(geometric mean over the axes), and there to the cell of its centre. Scores are trained by the focal
loss (Lin et al., ICCV 2017, arXiv 1708.02002), boxes by 1 - GIoU (Rezatofighi et al., CVPR 2019,
arXiv 1902.09630). As in YOLOv3, a cell whose box overlaps a true one by more than half is no negative.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from monai.data.box_utils import box_iou, non_max_suppression
from monai.losses import FocalLoss
from monai.losses.giou_loss import BoxGIoULoss
from torch import Tensor, nn

ANCHOR = 4.0
LARGEST = 3.0
PRIOR = 0.01
IGNORED_OVERLAP = 0.5
SUPPRESSED_OVERLAP = 0.4
CANDIDATES = 300


@dataclass(frozen=True, eq=False)
class Cells:
    """What the head says of every cell of every map, the maps one after the other.

    Parameters
    ----------
    logits
        ``(B, M)``.
    boxes
        ``(B, M, 2 axes)``: start along each axis, then stop, in pixels (voxels) of the image.
    """

    logits: Tensor
    boxes: Tensor


class BoxHead(nn.Module):
    """One convolution, shared by all maps.

    Parameters
    ----------
    ndim
        Axes of the image, 2 or 3.
    width
        Channels of the maps.
    """

    def __init__(self, ndim: int, width: int) -> None:
        super().__init__()
        self.ndim = ndim
        layer = nn.Conv3d if ndim == 3 else nn.Conv2d
        self.predict = layer(width, 1 + 2 * ndim, 1)
        nn.init.zeros_(self.predict.weight[1:])
        bias = torch.zeros(1 + 2 * ndim)
        bias[0] = math.log(PRIOR / (1 - PRIOR))
        self.predict.bias = nn.Parameter(bias)
        self.focal = FocalLoss(gamma=2.0, alpha=0.25, reduction="none")
        self.giou = BoxGIoULoss(reduction="sum")

    def forward(self, maps: Sequence[Tensor], size: Sequence[int]) -> Cells:
        """Of maps ``(B, width, *grid)`` that cover an image of ``size``."""
        logits, boxes = [], []
        for level in maps:
            raw = self.predict(level).flatten(2).transpose(1, 2).float()
            corner, side = cells(level.shape[2:], size, raw.device)
            centre = corner + raw[..., 1 : 1 + self.ndim].sigmoid() * side
            half = ANCHOR / 2 * side * raw[..., 1 + self.ndim :].clamp(-LARGEST, LARGEST).exp()
            logits.append(raw[..., 0])
            boxes.append(torch.cat([centre - half, centre + half], -1))
        return Cells(torch.cat(logits, 1), torch.cat(boxes, 1))

    def loss(
        self,
        found: Cells,
        true: Sequence[Tensor],
        grids: Sequence[Sequence[int]],
        size: Sequence[int],
    ) -> Tensor:
        """Focal loss and 1 - GIoU, per true box of the batch.

        Parameters
        ----------
        found
            Of the batch.
        true
            Per image, ``(G, 2 axes)``.
        grids
            Cells along each axis, of each map.
        size
            Of the image.
        """
        target = torch.zeros_like(found.logits)
        counted = torch.ones_like(found.logits)
        overlap = found.boxes.sum() * 0
        for row, boxes in enumerate(true):
            if not len(boxes):
                continue
            own = assigned(boxes, grids, size)
            overlaps = torch.as_tensor(box_iou(found.boxes[row].detach(), boxes))
            near = overlaps.amax(1) > IGNORED_OVERLAP
            counted[row, near] = 0
            counted[row, own] = 1
            target[row, own] = 1
            overlap = overlap + self.giou(found.boxes[row, own], boxes)
        focal = self.focal(found.logits.unsqueeze(1), target.unsqueeze(1)).squeeze(1)
        return ((focal * counted).sum() + overlap) / max(sum(map(len, true)), 1)


def cells(grid: Sequence[int], size: Sequence[int], device: torch.device) -> tuple[Tensor, Tensor]:
    """Corner of each cell ``(M, axes)`` and the cells' side ``(axes,)``, in pixels of the image."""
    side = torch.tensor([n / g for n, g in zip(size, grid, strict=True)], device=device)
    index = torch.cartesian_prod(*(torch.arange(g, device=device) for g in grid))
    return index.reshape(-1, len(grid)) * side, side


def assigned(boxes: Tensor, grids: Sequence[Sequence[int]], size: Sequence[int]) -> Tensor:
    """Cell of each box ``(G,)``, counted over all maps: the map by size, the cell by centre."""
    start, stop = boxes.chunk(2, dim=1)
    sides = [cells(grid, size, boxes.device)[1] for grid in grids]
    anchors = torch.stack([(ANCHOR * side).log().mean() for side in sides])
    level = ((stop - start).log().mean(1, keepdim=True) - anchors).abs().argmin(1)
    found = torch.zeros(len(boxes), dtype=torch.int64, device=boxes.device)
    first = 0
    for number, (grid, side) in enumerate(zip(grids, sides, strict=True)):
        index = ((start + stop) / 2 / side).long()
        flat = torch.zeros_like(found)
        for axis, cells_along in enumerate(grid):
            flat = flat * cells_along + index[:, axis].clamp(0, cells_along - 1)
        found = torch.where(level == number, first + flat, found)
        first += math.prod(grid)
    return found


def detections(found: Cells, row: int) -> tuple[Tensor, Tensor]:
    """Boxes ``(D, 2 axes)`` and scores ``(D,)`` of one image, after non-maximum suppression."""
    scores, order = found.logits[row].sigmoid().sort(descending=True)
    boxes, scores = found.boxes[row, order[:CANDIDATES]], scores[:CANDIDATES]
    kept = non_max_suppression(boxes, scores, SUPPRESSED_OVERLAP)
    return boxes[kept], scores[kept]
