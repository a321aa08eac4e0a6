"""``medvlp ground``: where in this scan is what these words say?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
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
)
from medvlp.cli.output import JsonOption, progress_bar, show, stdout_kept_clean

if TYPE_CHECKING:
    from medvlp.grounding.heatmap import Heatmap
    from medvlp.scan import Scan

    Writer = Callable[[Heatmap, Path], None]


class Format(StrEnum):
    """What a heatmap is written as."""

    NPY = "npy"
    NIFTI = "nifti"
    PNG = "png"
    DICOM = "dicom"


DEFAULT_FORMATS = "png,nifti"
_SUFFIXES = {
    Format.NPY: ".npy",
    Format.NIFTI: ".nii.gz",
    Format.PNG: ".png",
    Format.DICOM: ".dcm",
}


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
            help="Comma-separated: npy (float32), nifti, png (overlay), dicom (Parametric Map; "
            "carries the patient's identifiers of the source).",
            show_default=DEFAULT_FORMATS,
        ),
    ] = None,
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
    wanted = parse_formats(DEFAULT_FORMATS if formats is None else formats)
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
            writers = make_writers(wanted, scan, path, session.model.name)
            files = export(heatmaps, folder, writers)
        report = ground_report(scan, session.model, heatmaps, files, session.timings)
    show(report, as_json, lambda: ground_table(report))


def parse_formats(text: str) -> list[Format]:
    """``"npy,png"`` to formats, in order and without repeats.

    Raises
    ------
    typer.BadParameter
        For an unknown or empty one.
    """
    names = [name.strip().lower() for name in text.split(",")]
    known = {f.value: f for f in Format}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise typer.BadParameter(
            f"--format: {unknown[0]!r} is not one of {', '.join(known)}; separate with commas."
        )
    return [known[name] for name in dict.fromkeys(names)]


def export(
    heatmaps: Sequence[Heatmap], folder: Path, writers: Mapping[Format, Writer]
) -> list[dict[str, str]]:
    """Write every heatmap in every format; file names come from the queries alone."""
    from medvlp.export.names import unique_slugs

    stems = unique_slugs([heatmap.query.text for heatmap in heatmaps])
    files: list[dict[str, str]] = []
    for heatmap, stem in zip(heatmaps, stems, strict=True):
        targets = {kind: folder / (stem + _SUFFIXES[kind]) for kind in writers}
        for kind, target in targets.items():
            writers[kind](heatmap, target)
        files.append({kind.value: str(target) for kind, target in targets.items()})
    return files


def make_writers(
    formats: Sequence[Format], scan: Scan, path: Path, model_name: str
) -> dict[Format, Writer]:
    """A writer for every format; what DICOM needs is read, or refused, before any is used."""
    from medvlp.export import dicom, images, volumes
    from medvlp.export.dicom_source import read_source

    source = read_source(path, scan) if Format.DICOM in formats else None
    made: dict[Format, Writer] = {
        Format.NPY: lambda heatmap, target: volumes.write_npy(heatmap, scan, target),
        Format.NIFTI: lambda heatmap, target: volumes.write_nifti(heatmap, scan, target),
        Format.PNG: lambda heatmap, target: images.write_png(heatmap, scan, target),
    }
    if source is not None:
        made[Format.DICOM] = lambda heatmap, target: dicom.write_parametric_map(
            heatmap, source, target, model_name
        )
    return {kind: made[kind] for kind in formats}
