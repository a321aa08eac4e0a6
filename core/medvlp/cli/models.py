"""``medvlp models``: which models there are, what they are, whether they are whole."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from medvlp.cli.output import JsonOption, progress_bar, show, stdout_kept_clean
from medvlp.errors import ModelMismatchError

if TYPE_CHECKING:
    from rich.console import Group
    from rich.table import Table

    from medvlp.models.folder import ModelInfo

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help="List, check and add models.")

NameOrFolder = Annotated[str, typer.Argument(metavar="MODEL", help="Name or folder of a model.")]
NewName = Annotated[
    str | None, typer.Option("--name", help="What to call it.", show_default="its own name")
]


@app.command("list")
def list_models(as_json: JsonOption = None) -> None:
    """List shipped and imported models."""
    from medvlp.models import load

    report = {"schema": "medvlp/models/1", "models": [_facts(m) for m in load.list_models()]}
    show(report, as_json, lambda: _table(report))


@app.command("show", short_help="Show a model's facts and its card.")
def show_model(model: NameOrFolder, as_json: JsonOption = None) -> None:
    """Show a model's facts and its card: data, method, measured quality, licence."""
    from medvlp.models.folder import model_info
    from medvlp.models.load import builtin_folder, find_model

    folder = find_model(model)
    card = folder / "MODEL_CARD.md"
    report = {
        "schema": "medvlp/model/1",
        **_facts(model_info(folder, builtin=folder.parent == builtin_folder())),
        "card": card.read_text(encoding="utf-8", errors="replace") if card.is_file() else "",
    }
    show(report, as_json, lambda: _card(report))


@app.command("verify", short_help="Check every file of a model against its hash.")
def verify(model: NameOrFolder = "small", as_json: JsonOption = None) -> None:
    """Check every file of a model against its hash; exit status 3 if it is not whole."""
    from medvlp.models.load import verify_model

    problems = verify_model(model)
    report = {
        "schema": "medvlp/verify/1",
        "model": model,
        "whole": not problems,
        "problems": problems,
    }
    show(report, as_json, lambda: "\n".join(problems) or f"{model}: every file is as it was made.")
    if problems:
        raise typer.Exit(ModelMismatchError.exit_status)


@app.command("import", short_help="Copy a model folder to where medvlp finds it.")
def import_model(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A model folder.")],
    name: NewName = None,
    as_json: JsonOption = None,
) -> None:
    """Copy a model folder to where medvlp finds it by name, once every hash fits."""
    from medvlp.models.install import install

    with stdout_kept_clean():
        target = install(folder, name)
    _show_installed(target, as_json)


@app.command("pull", short_help="Download a model from a hub.")
def pull(
    repository: Annotated[
        str, typer.Argument(metavar="OWNER/NAME", help="Repository of a Hugging Face hub.")
    ],
    revision: Annotated[str | None, typer.Option("--revision", help="Commit, tag, branch.")] = None,
    name: NewName = None,
    as_json: JsonOption = None,
) -> None:
    """Download a model from a hub (safetensors, JSON and text files only) and import it.

    Needs a network. On a computer without one, copy the folder there and use `models import`.
    """
    from medvlp.models.install import pull as download

    with stdout_kept_clean(), progress_bar() as progress:
        target = download(repository, revision, name, progress)
    _show_installed(target, as_json)


def _show_installed(target: Path, as_json: bool | None) -> None:
    from medvlp.models.folder import model_info

    report = {"schema": "medvlp/model/1", **_facts(model_info(target))}
    report["name"] = target.name
    show(report, as_json, lambda: f"Installed: use it with --model {target.name}")


def _facts(info: ModelInfo) -> dict[str, Any]:
    return {
        "name": info.name,
        "title": info.title,
        "modalities": list(info.modalities),
        "parameters": info.parameters,
        "sha256": info.sha256,
        "licence": info.licence,
        "builtin": info.builtin,
        "path": str(info.path),
    }


def _table(report: dict[str, Any]) -> Table:
    from medvlp.export.table import plain_table

    rows = [
        (
            m["name"],
            m["title"],
            ", ".join(m["modalities"]),
            f"{m['parameters'] / 1e6:.1f} M",
            m["licence"],
            "shipped" if m["builtin"] else "imported",
        )
        for m in report["models"]
    ]
    columns = ("name", "title", "modalities", "parameters", "licence", "origin")
    return plain_table(columns, rows)


def _card(report: dict[str, Any]) -> Group:
    from rich.console import Group
    from rich.markdown import Markdown

    from medvlp.export.table import plain_table

    facts = [(key, report[key]) for key in ("name", "parameters", "sha256", "licence", "path")]
    return Group(plain_table(("model", ""), facts), Markdown(report["card"]))
