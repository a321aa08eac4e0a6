"""Objectives, and settings of them, that a published model cannot be trained with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from medvlp.errors import MedVLPError
from medvlp_training.objectives.registry import objective_class

WORKING = "clip, convirt, lovt, mlip, umcl, ct_glip (with organ masks) and flagship"


def refuse_objective(objective: str, settings: Mapping[str, Any], model: str) -> None:
    """Refuse what the published towers have no part for.

    Parameters
    ----------
    objective
        Name.
    settings
        Of the objective, complete.
    model
        For the message.

    Raises
    ------
    MedVLPError
        With the reason, and what works.
    """
    if objective == "flagship":
        for part in settings["parts"]:
            known = objective_class(part["objective"]).Settings
            complete = known.model_validate(part["settings"]).model_dump(mode="json")
            refuse_objective(part["objective"], complete, model)
        return
    why = ""
    if objective == "unimedi":
        why = (
            "it reads a CT volume and its slices as one sequence of tokens of one encoder, and the "
            "published image tower has no tokeniser for volumes"
        )
    elif objective == "umcl" and settings["context"] == "class":
        why = (
            "context: class puts learned vectors into the text tower's embeddings, for which the "
            "published tower has no place; context: unified denies with the word 'no'"
        )
    elif objective == "ct_glip" and settings["features"] == "dense":
        why = "features: dense reads a decoder, which the published image tower lacks; use tokens"
    if why:
        raise MedVLPError(
            f"{model} cannot be fine-tuned with {objective}: {why}. What works: {WORKING}."
        )
