"""``medvlp models bridge``: words for an image encoder that knows none."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

# By name: the library does not import the package that is built on it.
BRIDGE = ("medvlp_training.bridge.cli", "bridge")


def bridge(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="RAD-DINO, or another DINOv2, as published.")
    ],
    data: Annotated[
        Path, typer.Option("--data", help="Sample shards: X-rays with reports or labels.")
    ],
    name: Annotated[
        str | None, typer.Option("--name", help="What to call it.", show_default="its own name")
    ] = None,
    known_as: Annotated[
        str | None, typer.Option("--as", metavar="OWNER/NAME", help="Hub id of what it is.")
    ] = None,
    text_model: Annotated[
        str | None,
        typer.Option("--text-model", help="Whose text tower to use.", show_default="built-in"),
    ] = None,
    hidden: Annotated[
        int, typer.Option("--hidden", min=0, help="Width of a middle layer; 0: a linear map.")
    ] = 0,
    epochs: Annotated[int, typer.Option("--epochs", min=1, help="The most epochs.")] = 50,
    patients: Annotated[
        int | None, typer.Option("--patients", min=1, help="No more patients of each split.")
    ] = None,
    accept_licence: Annotated[
        bool, typer.Option("--accept-licence", help="I have read the licence and accept it.")
    ] = False,
) -> None:
    """Fit words to an image encoder that knows none.

    The map from our texts and both towers are installed as one model. Needs the training extra.
    """
    from medvlp.cli.output import stdout_kept_clean
    from medvlp.cli.training import training_function
    from medvlp.models.install import Wishes

    for option, path in (("FOLDER", folder), ("--data", data)):
        if not path.is_dir():
            raise typer.BadParameter(f"{option}: {path} is no folder.")
    wishes = Wishes(name, known_as, accept_licence=accept_licence)
    with stdout_kept_clean():
        fit = training_function(*BRIDGE)
        target, said = fit(folder, data, wishes, text_model, hidden, epochs, patients)
    typer.echo(f"{said}\nInstalled: use it with --model {target.name}")
