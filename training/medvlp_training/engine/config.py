"""Everything a training run depends on, in one typed file."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from medvlp.errors import MedVLPError


class TrainingConfig(BaseModel):
    """A training run. Relative paths are relative to the working folder.

    ``steps`` optimiser steps, each of ``ct_per_step`` CT crops and ``xr_per_step`` X-rays, of which
    one in ``foreign_one_in`` is replaced by an image of another kind.
    """

    model_config = ConfigDict(extra="forbid")

    name: str = "small"
    size: Literal["tiny", "small", "base"] = "small"
    overrides: dict[str, Any] = Field(default_factory=dict)
    seed: int = 0
    steps: int = Field(4000, ge=1)
    warmup: int = 100
    learning_rate: float = 6e-4
    final_rate: float = Field(0.02, description="of the learning rate, at the last step")
    weight_decay: float = 0.03
    gradient_clip: float = 1.0
    average_decay: float = Field(0.998, description="exponential moving average of the weights")
    ct_per_step: int = 1
    xr_per_step: int = 4
    foreign_one_in: int = 8
    uniform_cells: int = 12000
    cells_per_label: int = 48
    max_texts: int = 150
    weights: dict[str, float] = Field(
        default_factory=lambda: {
            "sigmoid": 1.0,
            "rate": 4.0,
            "dice": 1.0,
            "infonce": 0.5,
            "pooled": 0.5,
            "whether": 0.5,
            "domain": 0.2,
        }
    )
    text_tower: Path
    start_from: str | None = Field(
        None, description="name or folder of the model whose weights a new run starts with"
    )
    ct_cases: dict[str, float] = Field(description="glob of CT cases: share of the samples")
    xr_cases: dict[str, float] = Field(description="glob of X-ray cases: share of the samples")
    workers: int = 1
    save_every: int = 100
    out: Path


def read_config(path: Path) -> TrainingConfig:
    """Read a JSON configuration.

    Raises
    ------
    MedVLPError
        If it is missing or a value is not of its type; the message names the field.
    """
    try:
        return TrainingConfig.model_validate_json(Path(path).read_bytes())
    except OSError as error:
        raise MedVLPError(f"The training configuration {path} cannot be read ({error}).") from error
    except ValidationError as error:
        raise MedVLPError(f"{path} is not a training configuration: {error}") from error
