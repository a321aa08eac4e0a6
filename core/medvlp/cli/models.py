"""``medvlp models``: which models there are, what they are, whether they are whole."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from medvlp.cli.arguments import Device, DeviceOption
from medvlp.cli.models_bridge import bridge
from medvlp.cli.output import JsonOption, progress_bar, show, stdout_kept_clean
from medvlp.errors import ModelMismatchError

if TYPE_CHECKING:
    from medvlp.models.install import Wishes

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help="List, check and add models.")

app.command("bridge")(bridge)

NameOrFolder = Annotated[str, typer.Argument(metavar="MODEL", help="Name or folder of a model.")]
NewName = Annotated[
    str | None, typer.Option("--name", help="What to call it.", show_default="its own name")
]
AcceptLicence = Annotated[
    bool, typer.Option("--accept-licence", help="I have read the licence and accept it.")
]
KnownAs = Annotated[
    str | None,
    typer.Option("--as", metavar="OWNER/NAME", help="Hub id of the published model that it is."),
]
Changes = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="FIELD=VALUE", help="Change a field of the published preprocessing."
    ),
]


@app.command("list")
def list_models(
    known: Annotated[
        bool, typer.Option("--all", help="Also published models that can be pulled.")
    ] = False,
    as_json: JsonOption = None,
) -> None:
    """List shipped and imported models; --all adds published ones."""
    from medvlp.cli.models_report import facts, model_table, published_facts
    from medvlp.models import load

    models = load.list_models()
    report: dict[str, Any] = {"schema": "medvlp/models/1", "models": [facts(m) for m in models]}
    if known:
        report["published"] = published_facts({m.repository for m in models})
    show(report, as_json, lambda: model_table(report))


@app.command("show")
def show_model(
    model: NameOrFolder, accept_licence: AcceptLicence = False, as_json: JsonOption = None
) -> None:
    """Show a model's facts, licence and card."""
    from medvlp.cli.models_report import card_view, details
    from medvlp.models.folder import model_info
    from medvlp.models.licences import accept
    from medvlp.models.load import builtin_folder, find_model, user_folder

    folder = find_model(model)
    info = model_info(folder, builtin=folder.parent == builtin_folder())
    if accept_licence and info.must_accept:
        accept(info, user_folder())
    report = {"schema": "medvlp/model/1", **details(info)}
    show(report, as_json, lambda: card_view(report))


@app.command("verify")
def verify(model: NameOrFolder = "small", as_json: JsonOption = None) -> None:
    """Check every file of a model against its hash.

    The exit status is 3 if it is not whole.
    """
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


@app.command("import")
def import_model(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="A model folder, or a model as published.")
    ],
    name: NewName = None,
    known_as: KnownAs = None,
    changes: Changes = None,
    accept_licence: AcceptLicence = False,
    as_json: JsonOption = None,
) -> None:
    """Add a model from a folder.

    Either a folder that medvlp wrote, or a model as it was published, which is converted once.
    """
    from medvlp.models.install import install

    wishes = _wishes(name, known_as, changes, accept_licence)
    with stdout_kept_clean(), progress_bar() as progress:
        target = install(folder, wishes, progress)
    _show_installed(target, as_json)


@app.command("pull")
def pull(
    repository: Annotated[
        str, typer.Argument(metavar="OWNER/NAME", help="Repository of a Hugging Face hub.")
    ],
    revision: Annotated[str | None, typer.Option("--revision", help="Commit, tag, branch.")] = None,
    name: NewName = None,
    known_as: KnownAs = None,
    changes: Changes = None,
    accept_licence: AcceptLicence = False,
    as_json: JsonOption = None,
) -> None:
    """Download a model from a hub and import it.

    An interrupted download goes on where it stopped. Code is never downloaded. Needs a network. On a computer without one, copy the folder there and use `models import`.
    """
    from medvlp.models.install import pull as download

    wishes = _wishes(name, known_as, changes, accept_licence)
    with stdout_kept_clean(), progress_bar() as progress:
        target = download(repository, revision, wishes, progress)
    _show_installed(target, as_json)


@app.command("remove")
def remove(
    name: Annotated[str, typer.Argument(metavar="NAME", help="One of your own models.")],
    as_json: JsonOption = None,
) -> None:
    """Delete an imported model.

    Its encodings stay in the cache until they are the oldest.
    """
    from medvlp.models.install import remove as delete

    freed = delete(name)
    report = {"schema": "medvlp/removed/1", "name": name, "bytes": freed}
    show(report, as_json, lambda: f"Removed {name}: {freed / 1e6:.1f} MB freed.")


@app.command("benchmark")
def benchmark(
    models: Annotated[
        list[str] | None, typer.Argument(metavar="[MODEL]...", help="Names; without any, all.")
    ] = None,
    scan: Annotated[
        Path | None, typer.Option("--scan", help="Scan to encode.", show_default="bundled ones")
    ] = None,
    device: DeviceOption = Device.AUTO,
    as_json: JsonOption = None,
) -> None:
    """Measure speed, memory and grid on this machine.

    Each model is loaded in a process of its own.
    """
    from medvlp.cli.models_benchmark import measure, measurement_table

    with stdout_kept_clean(), progress_bar() as progress:
        report = measure(models, scan, device.value, progress)
    show(report, as_json, lambda: measurement_table(report))


def _wishes(
    name: str | None, known_as: str | None, changes: list[str] | None, accepted: bool
) -> Wishes:
    from medvlp.models.install import Wishes

    overrides = {}
    for change in changes or []:
        key, sign, value = change.partition("=")
        if not sign:
            raise typer.BadParameter(f"--set takes FIELD=VALUE; found {change!r}.")
        try:
            overrides[key] = json.loads(value)
        except ValueError:
            overrides[key] = value
    return Wishes(name, known_as, overrides, accepted)


def _show_installed(target: Path, as_json: bool | None) -> None:
    from medvlp.cli.models_report import facts
    from medvlp.models.folder import model_info

    report = {"schema": "medvlp/model/1", **facts(model_info(target))}
    show(report, as_json, lambda: f"Installed: use it with --model {target.name}")
