"""A recipe of three steps for the tests of fine-tuning, and the columns of their tables."""

from __future__ import annotations

from pathlib import Path

COLUMNS = ("image", "modality", "patient", "report", "split")
_RECIPE = """
objective: {objective}
data: {{{data}workers: 0}}
optimisation: {{steps: 3, batch_size: 4, part_size: 2, precision: float32}}
output: {{save_every: 1, validate_every: 3, tensorboard: false}}
"""


def recipe(folder: Path, objective: str = "clip", more: str = "", *, data: str = "") -> str:
    """Write a recipe; ``data`` are settings of the images and ``more`` whole lines."""
    path = folder / f"{objective}.yaml"
    path.write_text(_RECIPE.format(objective=objective, data=data) + more)
    return str(path)
