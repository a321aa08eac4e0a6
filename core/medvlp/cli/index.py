"""``medvlp index``: search a folder of encodings without opening an image."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from medvlp.cli.arguments import Device, DeviceOption, ModelOption
from medvlp.cli.output import JsonOption, notice, show, stdout_kept_clean
from medvlp.errors import CacheError

if TYPE_CHECKING:
    from rich.table import Table

    from medvlp.grounding.query import Query
    from medvlp.models.encoding import Encoding
    from medvlp.models.protocol import GroundingModel

app = typer.Typer(
    rich_markup_mode=None, no_args_is_help=True, help="Search encoded scans by words."
)


@app.callback()
def _group() -> None:
    """Keep ``search`` a command of its own while it is the only one."""


@app.command("search", short_help="List the encoded scans in which a text is most probable.")
def search(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="Finding or organ, in words.")],
    store: Annotated[
        Path, typer.Option("--store", help="Folder that `medvlp encode --out` filled.")
    ],
    where: Annotated[
        str | None,
        typer.Option("--where", metavar="modality=CT|XR", help="Keep scans of one modality."),
    ] = None,
    top: Annotated[int, typer.Option("--top", "-n", min=1, help="How many hits to show.")] = 20,
    model: ModelOption = None,
    device: DeviceOption = Device.AUTO,
    as_json: JsonOption = None,
) -> None:
    """List the encoded scans in which TEXT is most probable, with the hottest spot of each.

    Every encoding is compared (a few milliseconds each): made for thousands of scans, not millions.
    """
    from medvlp.cli.running import start_session
    from medvlp.grounding.query import parse_query

    query = parse_query(text)
    modality = parse_where(where)
    if not store.is_dir():
        raise typer.BadParameter(f"--store: {store} is no folder. `medvlp encode --out` makes one.")
    with stdout_kept_clean():
        loaded = start_session(model, device).model
        hits, skipped = _rank(loaded, query, encodings(store, modality))
    if skipped:
        notice(f"{skipped} encodings by other models were skipped: encode those scans again.")
    report = {
        "schema": "medvlp/search/1",
        "query": text,
        "model": {"name": loaded.name, "sha256": loaded.sha256},
        "searched": len(hits),
        "skipped": skipped,
        "hits": hits[:top],
    }
    show(report, as_json, lambda: _table(report))


def parse_where(expression: str | None) -> str | None:
    """The modality that ``modality=CT`` asks for.

    Raises
    ------
    typer.BadParameter
        For anything else.
    """
    if expression is None:
        return None
    field, _, value = (part.strip() for part in expression.partition("="))
    if field != "modality" or value.upper() not in ("CT", "XR"):
        raise typer.BadParameter(
            f"--where: expected modality=CT or modality=XR; found {expression!r}."
        )
    return value.upper()


def encodings(store: Path, modality: str | None) -> Iterator[tuple[Path, Encoding]]:
    """Readable encodings in a folder, one at a time; damaged files are reported and passed over."""
    from medvlp.models.encoding import Encoding

    for path in sorted(store.rglob("*.safetensors")):
        try:
            encoding = Encoding.load(path)
        except CacheError as error:
            notice(error.at_the_prompt)
            continue
        if modality in (None, encoding.modality):
            yield path, encoding


def _rank(
    model: GroundingModel, query: Query, candidates: Iterator[tuple[Path, Encoding]]
) -> tuple[list[dict[str, Any]], int]:
    """Hits by falling probability, unanswerable ones last; and how many were of another model."""
    from medvlp.grounding.ground import ground

    hits: list[dict[str, Any]] = []
    skipped = 0
    for path, encoding in candidates:
        if encoding.model_id != model.model_id:
            skipped += 1
            continue
        heatmap = ground(model, encoding, [query])[0]
        peak = heatmap.peak
        hits.append(
            {
                "scan_id": encoding.scan_id,
                "modality": encoding.modality,
                "probability": heatmap.probability,
                "abstained": heatmap.abstained,
                "peak": {"index": None, "mm": None} if peak is None else peak.to_dict(),
                "file": str(path),
            }
        )
    hits.sort(key=lambda hit: -1.0 if hit["abstained"] else hit["probability"], reverse=True)
    return hits, skipped


def _table(report: dict[str, Any]) -> Table:
    from medvlp.export.table import plain_table

    rows: Sequence[tuple[str, ...]] = [
        (
            "not sure" if hit["abstained"] else f"{hit['probability']:.2f}",
            hit["modality"],
            hit["scan_id"][:16],
            hit["file"],
        )
        for hit in report["hits"]
    ]
    return plain_table(("probability", "modality", "scan", "encoding"), rows)
