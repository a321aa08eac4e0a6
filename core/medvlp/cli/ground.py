"""``medvlp ground``: where in this scan is what these words say?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
    from medvlp.cli.dicom_objects import QueryObjects
    from medvlp.grounding.heatmap import Heatmap
    from medvlp.models.protocol import GroundingModel
    from medvlp.scan import Scan

    Writer = Callable[[Heatmap, Path], bool | None]


class Format(StrEnum):
    """What a heatmap is written as."""

    NPY = "npy"
    NIFTI = "nifti"
    PNG = "png"
    DICOM = "dicom"
    DICOM_SEG = "dicom-seg"
    DICOM_SR = "dicom-sr"
    DICOM_SC = "dicom-sc"


DEFAULT_FORMATS = "png,nifti"
_SUFFIXES = {
    Format.NPY: ".npy",
    Format.NIFTI: ".nii.gz",
    Format.PNG: ".png",
    Format.DICOM: ".dcm",
    Format.DICOM_SEG: ".seg.dcm",
    Format.DICOM_SC: ".sc.dcm",
}
_REPORT = "answers.sr.dcm"


def ground(
    path: ScanPath,
    queries: Annotated[
        list[str],
        typer.Argument(
            metavar="QUERY...", help="Findings or organs, in words.", show_default=False
        ),
    ],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Folder for the heatmaps; made if missing.")
    ] = None,
    formats: Annotated[
        str | None,
        typer.Option(
            "--format",
            help="Comma-separated: npy (float32), nifti, png (overlay), dicom (Parametric Map), "
            "dicom-seg (Segmentation), dicom-sr (structured report), dicom-sc (Secondary Capture). "
            "DICOM carries the patient's identifiers of the source.",
            show_default=DEFAULT_FORMATS,
        ),
    ] = None,
    threshold: Annotated[
        float,
        typer.Option(
            "--threshold", min=0.01, max=1.0, help="Least heat of what dicom-seg outlines."
        ),
    ] = 0.5,
    organs: Annotated[
        str,
        typer.Option(
            "--organs",
            metavar="builtin|totalsegmentator|FILE",
            help="Whose organ masks questions about places use.",
        ),
    ] = "builtin",
    model: ModelOption = None,
    device: DeviceOption = Device.AUTO,
    series: SeriesOption = None,
    modality: ModalityOption = None,
    strict: StrictOption = False,
    no_cache: NoCacheOption = False,
    as_json: JsonOption = None,
) -> None:
    """Show where the words are true: one heatmap and one probability per query."""
    from medvlp.cli.running import Job
    from medvlp.export.reports import ground_report
    from medvlp.export.table import ground_table
    from medvlp.grounding.query import parse_query

    if formats is not None and out is None:
        raise typer.BadParameter("--format needs --out, the folder to write to.")
    wanted = parse_formats(DEFAULT_FORMATS if formats is None else formats, Format)
    folder = None if out is None else checked_folder(out)
    parsed = [parse_query(text) for text in queries]
    source = organ_source(organs)
    if source is None:
        raise typer.BadParameter("--organs: none is for score; expected builtin, or other masks.")
    job = Job(path, model, device, series, modality, strict, no_cache)
    with stdout_kept_clean(), progress_bar() as progress:
        session, scan = job.run(progress)
        if source != "builtin":
            session.use_organs(source, progress)
        heatmaps = session.ask(parsed)
        files: list[dict[str, str]] = [{} for _ in heatmaps]
        if folder is not None:
            objects = dicom_objects(wanted, scan, path, session.model)
            files = export(heatmaps, folder, make_writers(wanted, scan, objects, threshold))
            if objects is not None and Format.DICOM_SR in wanted:
                objects.write_report(heatmaps, folder / _REPORT)
                files = [{**f, Format.DICOM_SR.value: str(folder / _REPORT)} for f in files]
        report = ground_report(scan, session.model, heatmaps, files, session.timings)
    show(report, as_json, lambda: ground_table(report))


def export(
    heatmaps: Sequence[Heatmap], folder: Path, writers: Mapping[Format, Writer]
) -> list[dict[str, str]]:
    """Write every heatmap in every format; file names come from the queries alone.

    A writer that returns False had nothing to write: its file is not listed.
    """
    from medvlp.export.names import unique_slugs

    stems = unique_slugs([heatmap.query.text for heatmap in heatmaps])
    files: list[dict[str, str]] = []
    for heatmap, stem in zip(heatmaps, stems, strict=True):
        targets = {kind: folder / (stem + _SUFFIXES[kind]) for kind in writers}
        written = [k for k, target in targets.items() if writers[k](heatmap, target) is not False]
        files.append({kind.value: str(targets[kind]) for kind in written})
    return files


def dicom_objects(
    formats: Sequence[Format], scan: Scan, path: Path, model: GroundingModel
) -> QueryObjects | None:
    """What DICOM needs, read or refused before anything is written; None if none is wanted."""
    from medvlp.cli.dicom_objects import QueryObjects
    from medvlp.export.dicom_source import read_images

    names = {
        Format.DICOM: "Parametric Map",
        Format.DICOM_SEG: "Segmentation",
        Format.DICOM_SR: "structured report",
        Format.DICOM_SC: "Secondary Capture",
    }
    wanted = [kind for kind in formats if kind in names]
    if not wanted:
        return None
    source = read_images(path, scan, names[wanted[0]])
    for kind in wanted:
        if kind is Format.DICOM or (kind is Format.DICOM_SEG and scan.is_volume):
            source.placed_planes(names[kind])
    return QueryObjects(source, scan, model)


def make_writers(
    formats: Sequence[Format], scan: Scan, objects: QueryObjects | None, threshold: float
) -> dict[Format, Writer]:
    """A writer for every format that has one file per query."""
    from medvlp.export import images, volumes

    made: dict[Format, Writer] = {
        Format.NPY: lambda heatmap, target: volumes.write_npy(heatmap, scan, target),
        Format.NIFTI: lambda heatmap, target: volumes.write_nifti(heatmap, scan, target),
        Format.PNG: lambda heatmap, target: images.write_png(heatmap, scan, target),
    }
    if objects is not None:
        made[Format.DICOM] = objects.write_map
        made[Format.DICOM_SEG] = partial(objects.write_segmentation, threshold=threshold)
        made[Format.DICOM_SC] = objects.write_capture
    return {kind: made[kind] for kind in formats if kind in made}
