"""``medvlp train`` and ``medvlp evaluate``: hand over to the training package, where installed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from medvlp.cli.arguments import ModelOption
from medvlp.errors import MedVLPError

# By name: the library does not import the package that is built on it.
TRAIN = ("medvlp_training.engine.cli", "train")
EVALUATE = ("medvlp_training.evaluation.cli", "evaluate")


def train(
    config: Annotated[str, typer.Argument(metavar="CONFIG", help="Name of a recipe, or its file.")],
) -> None:
    """Train a model from a recipe; an interrupted run goes on where it stopped."""
    _training_function(*TRAIN)(config)


def evaluate(
    task: Annotated[str, typer.Argument(metavar="TASK", help="What to measure.")],
    data: Annotated[Path, typer.Option("--data", help="Folder of the held-out data.")],
    model: ModelOption = None,
    patients: Annotated[
        int | None, typer.Option("--patients", help="Use no more patients of each split.")
    ] = None,
    epochs: Annotated[
        int | None, typer.Option("--epochs", help="The most epochs of each fit of transfer.")
    ] = None,
    images: Annotated[
        str | None, typer.Option("--images", help="Ask about CT or XR alone.", metavar="CT|XR")
    ] = None,
) -> None:
    """Measure a model on held-out data.

    Tasks on real scans: grounding, findings, abstention. Tasks on sample shards: zero-shot, prompts,
    pointing, retrieval, slices, organs, probe, transfer, calibration.
    """
    if not data.is_dir():
        raise typer.BadParameter(f"--data: {data} is no folder.")
    _training_function(*EVALUATE)(task, data, model, None, patients, epochs, images)


def _training_function(module: str, name: str) -> Callable[..., Any]:
    """The function, or an error that says what to install."""
    from importlib import import_module

    try:
        return getattr(import_module(module), name)
    except ModuleNotFoundError as error:
        missing = error.name or module
        raise MedVLPError(
            f"This needs the training extra: module {missing!r} is not installed. "
            'Install it with: pip install "medvlp[train]".'
        ) from error
