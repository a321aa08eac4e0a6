"""What ``medvlp evaluate TASK --data DIR [--model M]`` runs.

Tasks: ``grounding`` (where, on CT and X-ray), ``findings`` (whether, on X-ray), ``abstention``.
Each prints a Markdown table and, as the last line, the path of a JSON file with every figure.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import typer

from medvlp.errors import MedVLPError
from medvlp.models.load import load_model
from medvlp.models.protocol import GroundingModel
from medvlp.store.atomic import write_bytes_atomically

Result = dict[str, object]


def _grounding(model: GroundingModel, data: Path) -> tuple[str, Result]:
    from medvlp_training.evaluation.grounding import evaluate_grounding

    return evaluate_grounding(model, data)


def _findings(model: GroundingModel, data: Path) -> tuple[str, Result]:
    from medvlp_training.evaluation.findings import evaluate_findings

    return evaluate_findings(model, data)


def _abstention(model: GroundingModel, data: Path) -> tuple[str, Result]:
    from medvlp_training.evaluation.foreign import evaluate_abstention

    return evaluate_abstention(model, data)


TASKS: dict[str, Callable[[GroundingModel, Path], tuple[str, Result]]] = {
    "grounding": _grounding,
    "findings": _findings,
    "abstention": _abstention,
}


def evaluate(task: str, data: Path, model: str | None = None, out: Path | None = None) -> None:
    """Run a task and print its table.

    Raises
    ------
    MedVLPError
        If the task is unknown.
    """
    if task not in TASKS:
        raise MedVLPError(f"Unknown task {task!r}: expected one of {', '.join(TASKS)}.")
    loaded = load_model(model)
    table, figures = TASKS[task](loaded, Path(data))
    path = out or Path("runs") / "evaluation" / f"{loaded.name}-{task}.json"
    facts = {"task": task, "model": loaded.model_id, "table": table, **figures}
    write_bytes_atomically(path, (json.dumps(facts, indent=1) + "\n").encode())
    typer.echo(table)
    typer.echo(f"\nAll figures: {path}")
