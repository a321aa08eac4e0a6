"""The run folder: one configuration for its whole life, and the state of a trainer in checkpoints."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from medvlp.errors import MedVLPError
from medvlp.store.atomic import write_bytes_atomically
from medvlp_training.pretraining.checkpoint import Checkpoints
from medvlp_training.pretraining.config import PretrainingConfig
from medvlp_training.pretraining.optimiser import load_optimiser_tensors, optimiser_tensors
from medvlp_training.pretraining.trainer import Trainer

CONFIG, VOCABULARY, CHECKPOINTS = "config.json", "vocabulary.json", "checkpoints"


def open_folder(config: PretrainingConfig) -> None:
    """Write the configuration and its hash, unless the folder has them already.

    Raises
    ------
    MedVLPError
        If the folder belongs to a run with another configuration.
    """
    path = config.out / CONFIG
    values = {"sha256": config.digest(), **config.model_dump(mode="json")}
    if path.is_file():
        before = json.loads(path.read_text(encoding="utf-8"))
        if before.get("sha256") != values["sha256"]:
            changed = sorted(_differences(before, values) - {"sha256", "out", "data.workers"})
            raise MedVLPError(
                f"{config.out} holds a run with another configuration: {', '.join(changed)} differ. "
                "Name another folder under 'out', or restore the values."
            )
    write_bytes_atomically(path, json.dumps(values, indent=1).encode())


def _differences(before: Any, after: Any, name: str = "") -> set[str]:
    if isinstance(before, dict) and isinstance(after, dict):
        keys = before.keys() | after.keys()
        inner = [
            _differences(before.get(key), after.get(key), f"{name}.{key}" if name else str(key))
            for key in keys
        ]
        return set().union(*inner)
    return set() if before == after else {name}


def checkpoint_tensors(trainer: Trainer) -> dict[str, dict[str, Tensor]]:
    """Everything that a trainer needs to go on, apart from numbers."""
    objective = trainer.objective
    return {
        "model": objective.state_dict(),
        "average": trainer.average.state_dict(),
        "optimiser": optimiser_tensors(trainer.optimiser, objective),
    }


def load_checkpoint(trainer: Trainer, checkpoints: Checkpoints, step: int) -> None:
    """Put a checkpoint into a trainer.

    Raises
    ------
    MedVLPError
        If the checkpoint is damaged or is of another objective.
    """
    objective, device = trainer.objective, trainer.accelerator.device
    try:
        objective.load_state_dict(checkpoints.load(step, "model"))
    except RuntimeError as error:
        raise MedVLPError(
            f"{checkpoints.path(step)} does not fit this objective: {error}. Resume with the "
            "version and the configuration that wrote it."
        ) from error
    average = checkpoints.load(step, "average")
    trainer.average.load_state_dict({name: value.to(device) for name, value in average.items()})
    load_optimiser_tensors(trainer.optimiser, objective, checkpoints.load(step, "optimiser"))
    trainer.step = step


def read_run_config(folder: Path) -> PretrainingConfig:
    """The configuration in a run folder.

    Raises
    ------
    MedVLPError
        If there is none, or its hash does not fit it.
    """
    path = Path(folder) / CONFIG
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        digest = values.pop("sha256")
        config = PretrainingConfig.model_validate(values)
    except (OSError, ValueError, KeyError) as error:
        raise MedVLPError(f"{path} is not the configuration of a run ({error}).") from error
    if config.digest() != digest:
        raise MedVLPError(
            f"{path} was changed after the run: its hash is {config.digest()}, expected {digest}. "
            "Restore the file."
        )
    return config


def load_averaged(objective: torch.nn.Module, checkpoints: Checkpoints, step: int) -> None:
    """Put a checkpoint's averaged weights into an objective; what has no average is as trained."""
    objective.load_state_dict(checkpoints.load(step, "model"))
    average = checkpoints.load(step, "average")
    average.pop("updates")
    objective.load_state_dict(average, strict=False)
