"""The text tower of a finished model, as the folder that training reads.

    python -m medvlp_training.text.shipped --model small --out runs/text_tower

A model holds its tower in its own weights. To meet its vectors, in a run that goes on from it or
beside it, training wants the tower alone.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import typer

from medvlp.errors import ModelMismatchError
from medvlp.models.load import find_model, load_model
from medvlp.models.native import NativeModel
from medvlp_training.text.tower import save_tower


def keep_tower(model: str | Path | None, out: Path) -> None:
    """Write the text tower of a model.

    Raises
    ------
    ModelMismatchError
        If the model is not one of ours.
    """
    loaded = load_model(model, device="cpu")
    if not isinstance(loaded, NativeModel):
        raise ModelMismatchError(
            f"{loaded.name} has a text tower of another kind: expected one of our unified models."
        )
    save_tower(loaded.network.text, find_model(model), out, facts={"from": loaded.model_id})


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        prog="python -m medvlp_training.text.shipped", description=__doc__
    )
    parser.add_argument("--model", help="name or folder; the default model if omitted")
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    keep_tower(given.model, given.out)
    typer.echo(f"The text tower is in {given.out}")


if __name__ == "__main__":
    main()
