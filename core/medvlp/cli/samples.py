"""``medvlp samples``: scans to try things on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from medvlp.cli.output import JsonOption, progress_bar, show, stdout_kept_clean

if TYPE_CHECKING:
    from rich.table import Table

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help="Scans to try medvlp on.")


@app.command("list")
def list_samples(as_json: JsonOption = None) -> None:
    """List the samples, and which are on this computer already."""
    from medvlp.io.samples import available_samples

    report = {
        "schema": "medvlp/samples/1",
        "samples": [
            {
                "name": sample.name,
                "title": sample.title,
                "modality": sample.modality,
                "query": sample.query,
                "path": None if sample.path is None else str(sample.path),
                "source": sample.source,
                "licence": sample.licence,
            }
            for sample in available_samples()
        ],
    }
    show(report, as_json, lambda: _table(report))


@app.command("get")
def get(
    name: Annotated[str, typer.Argument(help="From `medvlp samples list`.")],
    as_json: JsonOption = None,
) -> None:
    """Print where a sample lies; download it first if need be."""
    from medvlp.io.samples import get_sample

    with stdout_kept_clean(), progress_bar() as progress:
        path = get_sample(name, progress=progress)
    report = {"schema": "medvlp/sample/1", "name": name, "path": str(path)}
    show(report, as_json, lambda: str(path))


def _table(report: dict[str, Any]) -> Table:
    from medvlp.export.table import plain_table

    rows = [
        (
            s["name"],
            s["modality"],
            s["title"],
            s["query"],
            "yes" if s["path"] else "no",
            s["licence"],
        )
        for s in report["samples"]
    ]
    columns = ("name", "modality", "title", "ask", "here", "licence")
    return plain_table(columns, rows)
