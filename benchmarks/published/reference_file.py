"""A file of what another package computed, beside the tests that read it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors.torch import save_file

TARGET = Path(__file__).parents[2] / "tests/core/models/backends/data"


def write(
    name: str, state: Mapping[str, torch.Tensor], kept: Mapping[str, torch.Tensor], command: str
) -> None:
    """Keep the shapes of ``state`` and what came out; the values come from seeded.py."""
    shapes = {k: list(v.shape) for k, v in state.items()}
    header = {"shapes": json.dumps(shapes), "command": command}
    TARGET.mkdir(exist_ok=True)
    save_file({k: v.contiguous() for k, v in kept.items()}, TARGET / name, metadata=header)
    print(f"{name}: {(TARGET / name).stat().st_size / 1024:.0f} KiB")
