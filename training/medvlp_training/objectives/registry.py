"""Objectives by name."""

from __future__ import annotations

from importlib import import_module

from medvlp.errors import MedVLPError
from medvlp_training.objectives.objective import Objective

OBJECTIVES = {
    "clip": "medvlp_training.objectives.clip:Clip",
    "convirt": "medvlp_training.objectives.convirt:ConVirt",
    "lovt": "medvlp_training.objectives.lovt:LoVT",
    "mlip": "medvlp_training.objectives.mlip:MLIP",
    "umcl": "medvlp_training.objectives.umcl:UMCL",
    "unimedi": "medvlp_training.objectives.unimedi:UniMedI",
    "ct_glip": "medvlp_training.objectives.ct_glip:CTGLIP",
    "flagship": "medvlp_training.objectives.flagship:Flagship",
}


def objective_class(name: str) -> type[Objective]:
    """The class of a named objective.

    Raises
    ------
    MedVLPError
        If there is none of that name.
    """
    if name not in OBJECTIVES:
        raise MedVLPError(f"Unknown objective {name!r}: expected one of {', '.join(OBJECTIVES)}.")
    module, attribute = OBJECTIVES[name].split(":")
    found: type[Objective] = getattr(import_module(module), attribute)
    return found
