"""What several training processes do together, besides gathering batches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import torch
from accelerate import Accelerator
from torch import nn

from medvlp.errors import MedVLPError

_SIZES = ("WORLD_SIZE", "PMI_SIZE", "OMPI_COMM_WORLD_SIZE", "MV2_COMM_WORLD_SIZE")
"""Variables by which torchrun and the launchers of MPI say how many processes there are."""


def check_launch(environment: Mapping[str, str]) -> None:
    """Refuse a launch that was to start several processes and has started one.

    ``accelerate launch --cpu --num_processes N`` does so unless it is given the hosts of MPI: it says
    where the processes would meet, but not how many there are.

    Raises
    ------
    MedVLPError
        If the variables are those of such a launch.
    """
    by_accelerate = environment.get("ACCELERATE_USE_CPU", "").lower() == "true"
    alone = not any(name in environment for name in _SIZES)
    if by_accelerate and "MASTER_PORT" in environment and alone:
        raise MedVLPError(
            "accelerate launch --cpu has started one process where several were asked for: on the CPU it "
            "starts more only with MPI. Use torchrun --nproc_per_node N -m medvlp_training.pretraining "
            "CONFIG --cpu, or accelerate launch --multi_gpu --num_processes N -m "
            "medvlp_training.pretraining CONFIG --cpu."
        )


def average_gradients(parameters: Iterable[nn.Parameter], accelerator: Accelerator) -> None:
    """Replace each gradient by its mean over the processes.

    A parameter that got none in any process keeps none; one that got none here counts as 0.
    """
    if accelerator.num_processes == 1:
        return
    trained = [p for p in parameters if p.requires_grad]
    has = torch.tensor([p.grad is not None for p in trained], device=accelerator.device)
    used = accelerator.reduce(has.float(), "sum") > 0
    reached = [p for p, known in zip(trained, used.tolist(), strict=True) if known]
    if not reached:
        return
    flat = torch.cat([_gradient(p).flatten().float() for p in reached])
    mean = accelerator.reduce(flat, "mean")
    for parameter, values in zip(reached, mean.split([p.numel() for p in reached]), strict=True):
        parameter.grad = values.view_as(parameter).to(parameter.dtype)


def _gradient(parameter: nn.Parameter) -> torch.Tensor:
    return torch.zeros_like(parameter) if parameter.grad is None else parameter.grad


def total_over_processes(count: int, accelerator: Accelerator) -> int:
    """Sum of a count over the processes; the same answer everywhere."""
    if accelerator.num_processes == 1:
        return count
    value = torch.tensor([count], device=accelerator.device)
    return int(accelerator.reduce(value, "sum").item())
