"""AdamW, and its state as named tensors."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from medvlp.errors import MedVLPError
from medvlp_training.pretraining.config import OptimisationConfig


def build_optimiser(module: nn.Module, config: OptimisationConfig) -> torch.optim.AdamW:
    """AdamW over what is trained; weight decay acts on matrices and kernels only."""
    trained = [p for p in module.parameters() if p.requires_grad]
    groups: list[dict[str, Any]] = [
        {"params": [p for p in trained if p.ndim > 1], "weight_decay": config.weight_decay},
        {"params": [p for p in trained if p.ndim <= 1], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, config.learning_rate, config.betas)


def optimiser_tensors(optimiser: torch.optim.Optimizer, module: nn.Module) -> dict[str, Tensor]:
    """State of each parameter as ``name of the parameter|name of the state``."""
    return {
        f"{name}|{key}": torch.as_tensor(value)
        for name, parameter in module.named_parameters()
        for key, value in optimiser.state.get(parameter, {}).items()
    }


def load_optimiser_tensors(
    optimiser: torch.optim.Optimizer, module: nn.Module, tensors: dict[str, Tensor]
) -> None:
    """Inverse of :func:`optimiser_tensors`.

    Raises
    ------
    MedVLPError
        If there is state of a parameter that the module lacks.
    """
    parameters = dict(module.named_parameters())
    optimiser.state.clear()
    for place, value in tensors.items():
        name, key = place.rsplit("|", 1)
        if name not in parameters:
            raise MedVLPError(
                f"The checkpoint has optimiser state of {name}, which this objective lacks. "
                "Resume with the version and the configuration that wrote it."
            )
        parameter = parameters[name]
        # AdamW keeps its step counter on the CPU.
        own = value if key == "step" else value.to(parameter.device)
        optimiser.state[parameter][key] = own
