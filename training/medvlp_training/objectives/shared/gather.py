"""The joined batch of all processes, with gradients and without any memory bank.

Each process computes the loss of the whole joined batch. The backward pass keeps each process's own
rows, times the number of processes, because data-parallel training averages gradients: the average is
then the gradient of the joined batch's loss.
"""

from __future__ import annotations

from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor

from medvlp_training.objectives.batch import Batch, join


class _Gather(torch.autograd.Function):
    @staticmethod
    def forward(context: Any, rows: Tensor) -> Tensor:
        context.rows = rows.shape[0]
        parts = [torch.empty_like(rows) for _ in range(dist.get_world_size())]
        dist.all_gather(parts, rows.contiguous())
        return torch.cat(parts)

    @staticmethod
    def backward(context: Any, *gradients: Tensor) -> Tensor:
        start = dist.get_rank() * context.rows
        return gradients[0][start : start + context.rows] * dist.get_world_size()


def is_distributed() -> bool:
    """Whether several processes train together."""
    return dist.is_available() and dist.is_initialized() and dist.get_world_size() > 1


def gather_rows(rows: Tensor) -> Tensor:
    """Rows of all processes in rank order; every process must have as many."""
    gathered: Tensor = _Gather.apply(rows) if is_distributed() else rows  # type: ignore[no-untyped-call]
    return gathered


def gather_batch(batch: Batch) -> Batch:
    """The batches of all processes as one; images are left out (a zero-size tensor), being encoded."""
    small = Batch(**{**vars(batch), "images": batch.images[..., :0]})
    if not is_distributed():
        return batch
    parts: list[Any] = [None] * dist.get_world_size()
    dist.all_gather_object(parts, small)
    return join(parts)
