"""An objective inside another one: the outer one owns and saves the model."""

from __future__ import annotations

from medvlp_training.objectives.objective import Objective


def borrow_model(part: Objective) -> Objective:
    """The part with its model as a plain attribute, so that its weights are listed once."""
    model = part.model
    del part.model
    vars(part)["model"] = model
    return part
