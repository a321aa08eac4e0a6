"""From what the user says to the complete configuration of a fine-tuning run."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from medvlp.errors import MedVLPError
from medvlp.models.backends.settings import PlanarPreprocessing
from medvlp_training.engine.cli import CONFIGS, find_config
from medvlp_training.fine_tuning.published.load import longest_text
from medvlp_training.fine_tuning.published.refusals import refuse_objective
from medvlp_training.fine_tuning.start import StartModel
from medvlp_training.objectives.registry import OBJECTIVES, objective_class
from medvlp_training.pretraining.config import PretrainingConfig, explain
from medvlp_training.pretraining.yaml_file import YamlFile, read_yaml
from medvlp_training.samples.manifest import Manifest
from medvlp_training.samples.shard_set import ShardSet

EPOCHS = 10
FEWEST_STEPS = 20
LARGEST_BATCH = 16
CT_CROP = (96, 80, 96)
CT_SLABS, SLABS_OF_ORGANS = (8, 64, 64), (40, 64, 64)
"""For a published model: slabs of a CT that are shown, and as many as hold whole organs. Its own image
size stands for the rest."""
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
    slabs = SLABS_OF_ORGANS if file.values["objective"] == "ct_glip" else CT_SLABS
    values = _defaults(start, shards, folder, slabs) | {
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
    config = _checked(file, values)
    if start.is_published:
        _check_published(config, start)
    return config


def check_recipe(recipe: str, start: StartModel, manifest: Manifest) -> None:
    """Refuse a recipe before any image is read.

    Raises
    ------
    MedVLPError
        If it is none, or the model or the table cannot be used with its objective.
    """
    file = read_recipe(recipe)
    objective = str(file.values["objective"])
    if objective == "ct_glip" and not any(row.get("organs") for _, row in manifest.rows):
        raise MedVLPError(
            f"ct_glip compares organs inside their masks, and no row of {manifest.path.name} has one "
            "(column organs: a label map). Add them, or use another objective."
        )
    kinds = {row["modality"] for _, row in manifest.rows} - set(start.info.modalities)
    if kinds:
        raise MedVLPError(
            f"{start.info.name} is a model of {' and '.join(start.info.modalities)}; "
            f"{manifest.path.name} holds {' and '.join(sorted(kinds))}, too. Leave those rows out, or "
            "train another model."
        )
    if start.is_published:
        settings = _settings(file, objective, file.values.get("settings", {}))
        refuse_objective(objective, settings, start.info.name)


def read_recipe(recipe: str) -> YamlFile:
    """A YAML file with an objective, or that of a shipped one.

    Raises
    ------
    MedVLPError
        If it is neither, or its objective is not known.
    """
    path = find_config(recipe) if recipe in OBJECTIVES else Path(recipe)
    if not path.is_file() or path.suffix not in (".yaml", ".yml"):
        raise MedVLPError(
            f"{recipe!r} is no objective to fine-tune with: expected one of {', '.join(OBJECTIVES)}, "
            "or a YAML file that names one."
        )
    file = read_yaml(path)
    objective_class(str(file.values.get("objective")))
    return file


def _defaults(
    start: StartModel, shards: ShardSet, folder: Path, slabs: tuple[int, int, int]
) -> dict[str, Any]:
    """For a table of some ten to some thousand images."""
    counts = Counter(e.modality for e in shards.entries if e.split == "train")
    batch = max(min(LARGEST_BATCH, *counts.values()), 2)
    steps = max(math.ceil(EPOCHS * sum(counts.values()) / batch), FEWEST_STEPS)
    often = max(steps // 10, 1)
    return {
        "seed": 0,
        "text": {"freeze": "all", "train_prompts": False},
        "data": {"shards": (folder,), "shares": dict(counts)} | _sizes(start, slabs),
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


def _sizes(start: StartModel, slabs: tuple[int, int, int]) -> dict[str, Any]:
    """Of the data: what the model is shown. A published model has an image size of its own."""
    shown = start.preprocessing
    if isinstance(shown, PlanarPreprocessing):
        return {"crop_voxels": slabs, "max_tokens": longest_text(start.folder)}
    return {
        "image_size": shown.xr.image_size,
        "spacing_mm": shown.ct.spacing_mm,
        "crop_voxels": CT_CROP,
    }


def _check_published(config: PretrainingConfig, start: StartModel) -> None:
    """Refuse what a published model has no part for."""
    refuse_objective(config.objective, config.settings, start.info.name)
    longest = longest_text(start.folder)
    if config.data.max_tokens > longest:
        raise MedVLPError(
            f"data.max_tokens is {config.data.max_tokens}, but the text tower of {start.info.name} "
            f"reads {longest}. Leave the key out, or name as many or fewer."
        )


def _checked(file: YamlFile, values: dict[str, Any]) -> PretrainingConfig:
    try:
        config = PretrainingConfig.model_validate(values)
    except ValidationError as error:
        raise MedVLPError(explain(file, error, ())) from error
    settings = _settings(file, config.objective, config.settings)
    return config.model_copy(update={"settings": settings})


def _settings(file: YamlFile, objective: str, given: Any) -> dict[str, Any]:
    """Of an objective, complete."""
    try:
        settings = objective_class(objective).Settings.model_validate(given)
    except ValidationError as error:
        raise MedVLPError(explain(file, error, ("settings",))) from error
    return settings.model_dump(mode="json")
