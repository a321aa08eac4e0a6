"""``medvlp score``: organ by organ, how likely is each finding?"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

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
    parse_formats,
)
from medvlp.cli.output import JsonOption, progress_bar, show, stdout_kept_clean

if TYPE_CHECKING:
    from medvlp.cli.dicom_objects import TableObjects
    from medvlp.export.organ_planes import OrganPlanes
    from medvlp.grounding.organ_sources import FoundOrgans
    from medvlp.grounding.organs import OrganTable
    from medvlp.models.protocol import GroundingModel
    from medvlp.progress import Progress
    from medvlp.scan import Scan
    from medvlp.session import Session


class Format(StrEnum):
    """What the scores are written as."""

    JSON = "json"
    CSV = "csv"
    DICOM_SEG = "dicom-seg"
    DICOM_SR = "dicom-sr"


DEFAULT_FORMATS = "json,csv"
_NAMES = {
    Format.JSON: "scores.json",
    Format.CSV: "scores.csv",
    Format.DICOM_SEG: "organs.seg.dcm",
    Format.DICOM_SR: "scores.sr.dcm",
}


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
        typer.Option("--out", "-o", help="Folder for the scores; made if missing."),
    ] = None,
    formats: Annotated[
        str | None,
        typer.Option(
            "--format",
            help="Comma-separated: json, csv, dicom-seg (organs as a Segmentation), dicom-sr "
            "(structured report). DICOM carries the patient's identifiers of the source.",
            show_default=DEFAULT_FORMATS,
        ),
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

    if formats is not None and out is None:
        raise typer.BadParameter("--format needs --out, the folder to write to.")
    kinds = parse_formats(DEFAULT_FORMATS if formats is None else formats, Format)
    source = organ_source(organs)
    wanted = None if findings is None else read_findings(findings)
    folder = None if out is None else checked_folder(out)
    job = Job(path, model, device, series, modality, strict, no_cache)
    with stdout_kept_clean(), progress_bar() as progress:
        session, scan = job.run(progress)
        objects = None if folder is None else dicom_objects(kinds, scan, path, session.model)
        masks = source if objects is None else found_organs(source, scan, progress)
        table = session.score(masks, wanted, progress)
        files = {} if folder is None else {k.value: str(folder / _NAMES[k]) for k in kinds}
        if folder is not None and objects is not None:
            planes = organ_planes(session, scan, masks, table)
            files = write_dicom(objects, planes, table, files, progress)
        report = score_report(scan, session.model, table, files, session.timings)
        if folder is not None:
            write_scores(report, files)
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


def write_scores(report: Mapping[str, Any], files: Mapping[str, str]) -> None:
    """Write the report as JSON and as CSV, where these are wanted."""
    from medvlp.export.staging import write_text
    from medvlp.export.table import score_csv

    if Format.JSON in files:
        content = json.dumps(report, indent=1, allow_nan=False) + "\n"
        write_text(Path(files[Format.JSON]), content)
    if Format.CSV in files:
        write_text(Path(files[Format.CSV]), score_csv(report))


def dicom_objects(
    kinds: Sequence[Format], scan: Scan, path: Path, model: GroundingModel
) -> TableObjects | None:
    """What DICOM needs, read or refused before the scores are made; None if none is wanted."""
    from medvlp.cli.dicom_objects import TableObjects
    from medvlp.export.dicom_source import read_images

    names = {Format.DICOM_SEG: "Segmentation", Format.DICOM_SR: "structured report"}
    wanted = [kind for kind in kinds if kind in names]
    if not wanted:
        return None
    source = read_images(path, scan, names[wanted[0]])
    if Format.DICOM_SEG in wanted and scan.is_volume:
        source.placed_planes(names[Format.DICOM_SEG])
    return TableObjects(source, model)


def found_organs(
    source: str | Path | None, scan: Scan, progress: Progress
) -> str | Path | FoundOrgans | None:
    """Masks of somebody else, read once: for the scores and for the Segmentation."""
    from medvlp.grounding.organ_sources import organ_labels

    if source is None or source == "builtin":
        return source
    return organ_labels(source, scan.geometry, scan, progress)


def organ_planes(
    session: Session, scan: Scan, masks: str | Path | FoundOrgans | None, table: OrganTable
) -> OrganPlanes:
    """The organs of the table, to be drawn on the source's images."""
    from medvlp.export.organ_planes import GridOrgans, LabelledOrgans
    from medvlp.grounding.organ_sources import FoundOrgans

    if isinstance(masks, FoundOrgans):
        return LabelledOrgans(masks.labels, scan.geometry)
    encoding = session.encode()
    present = [row.organ for row in table.rows if row.present]
    return GridOrgans(encoding.organs, present, encoding.geometry, scan.geometry)


def write_dicom(
    objects: TableObjects,
    organs: OrganPlanes,
    table: OrganTable,
    files: Mapping[str, str],
    progress: Progress,
) -> dict[str, str]:
    """Write the DICOM files; those of ``files`` that are or will be there."""
    kept = dict(files)
    if Format.DICOM_SEG in files:
        target = Path(files[Format.DICOM_SEG])
        if not objects.write_segmentation(organs, table, target, progress):
            del kept[Format.DICOM_SEG]
    if Format.DICOM_SR in files:
        objects.write_report(table, Path(files[Format.DICOM_SR]))
    return kept
