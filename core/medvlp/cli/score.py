"""``medvlp score``: organ by organ, how likely is each finding?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from medvlp.cli.arguments import (
    Device,
    DeviceOption,
    ModalityOption,
    ModelOption,
    NoCacheOption,
    ScanPath,
    SeriesOption,
    StrictOption,
    checked_folder,
    organ_source,
)
from medvlp.cli.output import JsonOption, progress_bar, show, stdout_kept_clean


def score(
    path: ScanPath,
    organs: Annotated[
        str,
        typer.Option(
            "--organs",
            metavar="builtin|totalsegmentator|FILE|none",
            help="Whose organ masks: the model's own, TotalSegmentator's, a label map, or none.",
        ),
    ] = "builtin",
    findings: Annotated[
        Path | None,
        typer.Option("--findings", help="Text file, one finding a line, instead of the built-in."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="Folder for scores.json and scores.csv; made if missing."),
    ] = None,
    model: ModelOption = None,
    device: DeviceOption = Device.AUTO,
    series: SeriesOption = None,
    modality: ModalityOption = None,
    strict: StrictOption = False,
    no_cache: NoCacheOption = False,
    as_json: JsonOption = None,
) -> None:
    """Score the findings of every organ: probability, peak, volume, cut off or not."""
    from medvlp.cli.running import Job
    from medvlp.export.reports import score_report
    from medvlp.export.table import score_table

    source = organ_source(organs)
    wanted = None if findings is None else read_findings(findings)
    folder = None if out is None else checked_folder(out)
    job = Job(path, model, device, series, modality, strict, no_cache)
    with stdout_kept_clean(), progress_bar() as progress:
        session, scan = job.run(progress)
        table = session.score(source, wanted, progress)
        files = {} if folder is None else {k: str(folder / f"scores.{k}") for k in ("json", "csv")}
        report = score_report(scan, session.model, table, files, session.timings)
        if folder is not None:
            write_scores(report, folder)
    show(report, as_json, lambda: score_table(report))


def read_findings(path: Path) -> list[str]:
    """Findings of a text file: one a line; empty lines and lines starting with # are skipped.

    Raises
    ------
    typer.BadParameter
        If the file cannot be read as text, or holds none.
    QueryError
        If one of them cannot be used as a query.
    """
    from medvlp.grounding.query import parse_query

    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8 text"
        raise typer.BadParameter(f"--findings: {path} cannot be read ({reason}).") from error
    kept = [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]
    if not kept:
        raise typer.BadParameter(f"--findings: {path} holds no findings; expected one a line.")
    for finding in kept:
        parse_query(finding)
    return kept


def write_scores(report: Mapping[str, Any], folder: Path) -> None:
    """Write ``scores.json`` and ``scores.csv``."""
    from medvlp.export.staging import write_text
    from medvlp.export.table import score_csv

    write_text(folder / "scores.json", json.dumps(report, indent=1, allow_nan=False) + "\n")
    write_text(folder / "scores.csv", score_csv(report))
