"""The joined batch of all processes, with gradients and without any memory bank.

Each process computes the loss of the whole joined batch. The backward pass keeps each process's own
rows, times the number of processes, because data-parallel training averages gradients: the average is
then the gradient of the joined batch's loss.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import chain
from typing import Any

import torch
import torch.distributed as dist
import torch.nn.functional as F
from safetensors.torch import load, save
from torch import Tensor

from medvlp_training.objectives.batch import Batch, join


def pad_axes(rows: Tensor, sizes: Sequence[int]) -> Tensor:
    """Zeros after the end of every axis that is shorter than ``sizes`` says."""
    missing = [wanted - found for wanted, found in zip(sizes, rows.shape, strict=True)]
    # torch pads from the last axis on.
    return F.pad(rows, [*chain.from_iterable((0, n) for n in reversed(missing))])


class _Gather(torch.autograd.Function):
    @staticmethod
    def forward(context: Any, rows: Tensor) -> Tensor:
        shape = torch.tensor(rows.shape, device=rows.device)
        shapes = [torch.empty_like(shape) for _ in range(dist.get_world_size())]
        dist.all_gather(shapes, shape)
        padded = pad_axes(rows, torch.stack(shapes).amax(0).tolist()).contiguous()
        parts = [torch.empty_like(padded) for _ in shapes]
        dist.all_gather(parts, padded)
        counts = [int(found[0]) for found in shapes]
        context.start = sum(counts[: dist.get_rank()])
        context.shape = rows.shape
        return torch.cat([part[:count] for part, count in zip(parts, counts, strict=True)])

    @staticmethod
    def backward(context: Any, *gradients: Tensor) -> Tensor:
        mine = gradients[0][context.start : context.start + context.shape[0]]
        unpadded = tuple(slice(n) for n in context.shape)
        return mine[unpadded] * dist.get_world_size()


def is_distributed() -> bool:
    """Whether several processes train together."""
    return dist.is_available() and dist.is_initialized() and dist.get_world_size() > 1


def gather_rows(rows: Tensor) -> Tensor:
    """Rows of all processes in rank order; shorter texts are padded as :func:`join` pads them."""
    gathered: Tensor = _Gather.apply(rows) if is_distributed() else rows  # type: ignore[no-untyped-call]
    return gathered


def gather_batch(batch: Batch) -> Batch:
    """The batches of all processes as one; images are left out (a zero-size tensor), being encoded."""
    if not is_distributed():
        return batch
    device = batch.input_ids.device
    parts = [decode_batch(part) for part in gather_bytes(encode_batch(batch), device)]
    return join(parts).to(device)


def encode_batch(batch: Batch) -> bytes:
    """A batch without its images as safetensors; patients are JSON in a tensor of bytes.

    Nothing that a process receives is unpickled.
    """
    tensors = {k: v.cpu().contiguous() for k, v in vars(batch).items() if isinstance(v, Tensor)}
    tensors["images"] = batch.images[..., :0].cpu().contiguous()
    tensors["patients"] = _as_tensor(json.dumps(batch.patients).encode())
    return save(tensors)


def decode_batch(encoded: bytes) -> Batch:
    """The batch that :func:`encode_batch` wrote, on the CPU."""
    tensors: dict[str, Any] = load(encoded)
    patients = json.loads(tensors.pop("patients").numpy().tobytes())
    return Batch(**tensors, patients=tuple(patients))


def gather_bytes(own: bytes, device: torch.device) -> list[bytes]:
    """What each process gives, in rank order: lengths first, then all padded to the longest."""
    length = torch.tensor([len(own)], device=device)
    lengths = [torch.empty_like(length) for _ in range(dist.get_world_size())]
    dist.all_gather(lengths, length)
    counts = [int(found) for found in lengths]
    padded = pad_axes(_as_tensor(own).to(device), [max(counts)])
    parts = [torch.empty_like(padded) for _ in counts]
    dist.all_gather(parts, padded)
    return [part[:count].cpu().numpy().tobytes() for part, count in zip(parts, counts, strict=True)]


def _as_tensor(values: bytes) -> Tensor:
    return torch.frombuffer(bytearray(values), dtype=torch.uint8)
