"""Put measured tables into the model card and the README.

    python -m medvlp_training.evaluation.card FILE... --model small \
        --results runs/evaluation benchmarks/quality/results

Each FILE has places marked ``<!-- table: grounding -->`` ... ``<!-- end -->``; what stands between is
replaced by the table of that task, so that no figure is typed by hand. The manifest of a model folder is
written anew with its card, since it holds the card's hash.
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path

import typer

from medvlp.errors import MedVLPError
from medvlp.models.folder import MANIFEST, model_info
from medvlp.store.atomic import write_bytes_atomically

CARD = "MODEL_CARD.md"
PLACE = re.compile(r"(<!-- table: (?P<task>[\w-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def fill(text: str, results: Path, model: str, *others: Path) -> str:
    """Text with every marked place filled from the first folder that has its table.

    Raises
    ------
    MedVLPError
        If a table that a place asks for was not measured.
    """

    def table(match: re.Match[str]) -> str:
        places = [folder / f"{model}-{match['task']}.json" for folder in (results, *others)]
        path = next((place for place in places if place.is_file()), places[0])
        try:
            found = json.loads(path.read_text(encoding="utf-8"))["table"]
        except (OSError, ValueError, KeyError) as error:
            raise MedVLPError(
                f"No table for {match['task']!r}: {path} is missing or has none. Run: {_command(match['task'])}"
            ) from error
        return f"{match[1]}{found}\n{match[3]}"

    return PLACE.sub(table, text)


def _command(task: str) -> str:
    """What measures a table."""
    if task.startswith("quality"):
        return "make quality"
    return f"medvlp evaluate {task} --data DATA"


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--results", type=Path, nargs="+", required=True)
    parser.add_argument("--model", default="small")
    parser.add_argument("files", type=Path, nargs="+")
    arguments = parser.parse_args()
    for path in arguments.files:
        first, *others = arguments.results
        filled = fill(path.read_text(encoding="utf-8"), first, arguments.model, *others)
        write_bytes_atomically(path, filled.encode())
        if path.name == CARD and (path.parent / MANIFEST).is_file():
            _seal(path.parent)
        typer.echo(f"{path}: filled")


def _seal(folder: Path) -> None:
    from medvlp_training.engine.export import seal

    info = model_info(folder)
    seal(folder, info.name, info.parameters)


if __name__ == "__main__":
    main()
