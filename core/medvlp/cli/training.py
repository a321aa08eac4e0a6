"""``medvlp train`` and ``medvlp evaluate``: hand over to the training package, where installed."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from medvlp.errors import MedVLPError

# By name: the library does not import the package that is built on it.
TRAIN = ("medvlp_training.engine.cli", "train")
FINE_TUNE = ("medvlp_training.fine_tuning.cli", "train_from")
EVALUATE = ("medvlp_training.evaluation.cli", "evaluate")


class Adaptation(StrEnum):
    """Which weights of a model are trained further."""

    LORA = "lora"
    FULL = "full"


def train(
    config: Annotated[
        str | None,
        typer.Argument(
            metavar="[CONFIG]", help="Name of a recipe, or its file.", show_default=False
        ),
    ] = None,
    start: Annotated[
        str | None,
        typer.Option("--from", metavar="MODEL", help="Fine-tune this model (needs --manifest)."),
    ] = None,
    manifest: Annotated[
        Path | None, typer.Option("--manifest", help="Table of your scans and reports.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", help="Run folder.", show_default="runs/fine-tuning/<table's name>"
        ),
    ] = None,
    method: Annotated[
        Adaptation | None,
        typer.Option(
            "--method",
            help="Small differences to the weights, or all weights.",
            show_default="lora",
        ),
    ] = None,
    steps: Annotated[
        int | None,
        typer.Option("--steps", min=1, help="Optimiser steps.", show_default="ten passes"),
    ] = None,
    name: Annotated[str | None, typer.Option("--name", help="Of the new model.")] = None,
    skip_bad_rows: Annotated[
        bool, typer.Option("--skip-bad-rows", help="Leave out rows that cannot be used.")
    ] = False,
    cpu: Annotated[bool, typer.Option("--cpu", help="Leave GPUs alone.")] = False,
) -> None:
    """Train a model from a recipe, or fine-tune one on your own table.

    With --from and --manifest, CONFIG is the objective: clip (the default), convirt, lovt, mlip, umcl, unimedi, ct_glip, flagship, or a YAML file. An interrupted run goes on where it stopped.
    """
    if start is None and manifest is None:
        if config is None:
            raise typer.BadParameter("Name a recipe, or give --from and --manifest to fine-tune.")
        training_function(*TRAIN)(config)
        return
    if start is None or manifest is None:
        raise typer.BadParameter("--from and --manifest belong together: give both to fine-tune.")
    chosen = None if method is None else method.value
    training_function(*FINE_TUNE)(
        start, manifest, config, out, chosen, steps, name, skip_bad_rows, cpu
    )


def evaluate(
    task: Annotated[str, typer.Argument(metavar="TASK", help="What to measure.")],
    data: Annotated[Path, typer.Option("--data", help="Folder of the held-out data.")],
    model: Annotated[
        list[str] | None,
        typer.Option(
            "--model",
            "-m",
            help="Name or folder of a model; several are compared.",
            show_default="built-in",
        ),
    ] = None,
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
    """Measure a model on held-out data, or compare several.

    Several --model on the same scans or shards give one table, paired by patient.

    Tasks on real scans: grounding, findings, abstention. Tasks on sample shards: zero-shot, prompts,
    pointing, retrieval, slices, organs, probe, transfer, calibration.
    """
    if not data.is_dir():
        raise typer.BadParameter(f"--data: {data} is no folder.")
    training_function(*EVALUATE)(task, data, model, None, patients, epochs, images)


def training_function(module: str, name: str) -> Callable[..., Any]:
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
