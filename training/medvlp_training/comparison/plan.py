"""What is compared: one base configuration, and entries that change the objective or its settings."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from medvlp.errors import MedVLPError
from medvlp_training.objectives.registry import objective_class
from medvlp_training.pretraining.config import PretrainingConfig
from medvlp_training.pretraining.yaml_file import read_yaml

PLAN = Path(__file__).resolve().parents[1] / "configs" / "comparison.yaml"


class Entry(BaseModel):
    """One method or ablation.

    Parameters
    ----------
    name
        Unique; names the result.
    objective, settings
        As in a pre-training configuration.
    kinds
        Images it is trained and measured on, in equal shares.
    text, optimisation
        What differs from the base there, such as the batch size.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    objective: str
    settings: dict[str, Any] = Field(default_factory=dict)
    kinds: tuple[Literal["CT", "XR"], ...]
    text: dict[str, Any] = Field(default_factory=dict)
    optimisation: dict[str, Any] = Field(default_factory=dict)


class Plan(BaseModel):
    """The whole comparison.

    Parameters
    ----------
    start
        How the encoder is trained that all runs start from (:mod:`.start`); with the first seed.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    seeds: tuple[int, ...]
    start: Entry
    base: dict[str, Any]
    entries: tuple[Entry, ...]

    def config(
        self, entry: Entry, seed: int, corpus: Path, out: Path, start: Path | None = None
    ) -> PretrainingConfig:
        """Configuration of one run; ``corpus`` has a folder of shards for each kind of image.

        Raises
        ------
        MedVLPError
            If the base and the entry do not make one.
        """
        values = {
            **self.base,
            "objective": entry.objective,
            "seed": seed,
            "out": out,
            "model": {**self.base["model"], "start": start},
            "data": {
                **self.base["data"],
                "shards": [corpus / kind for kind in entry.kinds],
                "shares": dict.fromkeys(entry.kinds, 1.0),
            },
            "text": {**self.base["text"], **entry.text},
            "optimisation": {**self.base["optimisation"], **entry.optimisation},
        }
        try:
            settings = objective_class(entry.objective).Settings.model_validate(entry.settings)
            values["settings"] = settings.model_dump(mode="json")
            return PretrainingConfig.model_validate(values)
        except ValidationError as error:
            raise MedVLPError(f"Comparison entry {entry.name}: {error}") from error


def read_plan(path: Path = PLAN) -> Plan:
    """Read a plan.

    Raises
    ------
    MedVLPError
        If it is not valid, or two entries share a name.
    """
    try:
        plan = Plan.model_validate(read_yaml(path).values)
    except ValidationError as error:
        raise MedVLPError(f"{path} is not a comparison plan: {error}") from error
    names = [entry.name for entry in plan.entries]
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise MedVLPError(f"{path}: entries share the name {', '.join(repeated)}; rename them.")
    return plan
