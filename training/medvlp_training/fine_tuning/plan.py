"""From what the user says to the complete configuration of a fine-tuning run."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from medvlp.errors import MedVLPError
from medvlp_training.engine.cli import CONFIGS, find_config
from medvlp_training.fine_tuning.start import StartModel
from medvlp_training.objectives.registry import OBJECTIVES, objective_class
from medvlp_training.pretraining.config import PretrainingConfig, explain
from medvlp_training.pretraining.yaml_file import YamlFile, read_yaml
from medvlp_training.samples.shard_set import ShardSet

EPOCHS = 10
FEWEST_STEPS = 20
LARGEST_BATCH = 16
CT_CROP = (96, 80, 96)
RATES = {"lora": 5e-4, "full": 3e-5}
OWN_SECTIONS = ("seed", "text", "data", "optimisation", "output", "adaptation")
"""What a recipe of the user's own may set besides the objective and its settings."""


@dataclass(frozen=True)
class FineTuning:
    """What the user says.

    Parameters
    ----------
    model
        Name or folder of the model to start from.
    manifest
        Table of scans and reports.
    recipe
        Name of an objective, or a YAML file with an ``objective`` and whatever is to be different.
    out
        Run folder.
    method
        ``"lora"`` or ``"full"``; None: as the recipe says, else LoRA.
    steps
        None: about ten passes over the training images.
    name
        Of the new model; None: of the old one and the table.
    skip_bad_rows
        Leave out rows that cannot be used instead of refusing the table.
    cpu
        Leave accelerators alone.
    """

    model: str | Path
    manifest: Path
    recipe: str = "clip"
    out: Path | None = None
    method: Literal["lora", "full"] | None = None
    steps: int | None = None
    name: str | None = None
    skip_bad_rows: bool = False
    cpu: bool = False

    @property
    def folder(self) -> Path:
        """The run folder."""
        return self.out or Path("runs") / "fine-tuning" / self.manifest.stem


def plan(
    wishes: FineTuning, start: StartModel, shards: ShardSet, folder: Path
) -> PretrainingConfig:
    """The configuration of a run on shards that lie in ``folder``.

    Raises
    ------
    MedVLPError
        If the recipe is not one, or one of its values is not valid; the message names it.
    """
    file = read_recipe(wishes.recipe)
    values = _defaults(start, shards, folder) | {
        "objective": file.values["objective"],
        "settings": file.values.get("settings", {}),
        "out": wishes.folder,
    }
    own = {} if file.path.parent == CONFIGS else file.values
    for section in OWN_SECTIONS:
        if section in own:
            given = own[section]
            values[section] = values[section] | given if isinstance(given, dict) else given
    values["adaptation"] |= {"start": start.folder, "fingerprint": start.info.fingerprint}
    values["data"]["shards"] = (folder,)
    if wishes.method is not None:
        values["adaptation"]["method"] = wishes.method
    values["optimisation"].setdefault(
        "learning_rate", RATES.get(values["adaptation"]["method"], RATES["lora"])
    )
    if wishes.steps is not None:
        values["optimisation"]["steps"] = wishes.steps
    return _checked(file, values)


def read_recipe(recipe: str) -> YamlFile:
    """A YAML file with an objective, or that of a shipped one.

    Raises
    ------
    MedVLPError
        If it is neither, or its objective is not known.
    """
    path = find_config(recipe)
    if not path.is_file() or path.suffix not in (".yaml", ".yml"):
        raise MedVLPError(
            f"{recipe!r} is no objective to fine-tune with: expected one of {', '.join(OBJECTIVES)}, "
            "or a YAML file that names one."
        )
    file = read_yaml(path)
    objective_class(str(file.values.get("objective")))
    return file


def _defaults(start: StartModel, shards: ShardSet, folder: Path) -> dict[str, Any]:
    """For a table of some ten to some thousand images."""
    counts = Counter(e.modality for e in shards.entries if e.split == "train")
    batch = max(min(LARGEST_BATCH, *counts.values()), 2)
    steps = max(math.ceil(EPOCHS * sum(counts.values()) / batch), FEWEST_STEPS)
    often = max(steps // 10, 1)
    return {
        "seed": 0,
        "text": {"freeze": "all", "train_prompts": False},
        "data": {
            "shards": (folder,),
            "shares": dict(counts),
            "image_size": start.preprocessing.xr.image_size,
            "spacing_mm": start.preprocessing.ct.spacing_mm,
            "crop_voxels": CT_CROP,
        },
        "optimisation": {
            "steps": steps,
            "batch_size": batch,
            "part_size": 1 if "CT" in counts else 4,
            "weight_decay": 0.01,
            "warmup_share": 0.1,
            "average_decay": 0.99,
        },
        "output": {"save_every": often, "validate_every": often},
        "adaptation": {"method": "lora"},
    }


def _checked(file: YamlFile, values: dict[str, Any]) -> PretrainingConfig:
    try:
        config = PretrainingConfig.model_validate(values)
    except ValidationError as error:
        raise MedVLPError(explain(file, error, ())) from error
    try:
        settings = objective_class(config.objective).Settings.model_validate(config.settings)
    except ValidationError as error:
        raise MedVLPError(explain(file, error, ("settings",))) from error
    return config.model_copy(update={"settings": settings.model_dump(mode="json")})
