"""``medvlp pacs``: find, fetch and store images in a PACS or on a DICOMweb server."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from medvlp.cli.arguments import checked_folder
from medvlp.cli.output import JsonOption, notice, progress_bar, show, stdout_kept_clean
from medvlp.errors import MedVLPError
from medvlp.network.server import DEFAULT_AET, DEFAULT_TIMEOUT

if TYPE_CHECKING:
    from medvlp.network.server import Server, StudyFilter

app = typer.Typer(
    rich_markup_mode=None,
    no_args_is_help=True,
    help="Find, fetch and store images in a PACS.",
)

Address = Annotated[
    str,
    typer.Argument(
        metavar="SERVER",
        help="AET@host:port (DIMSE) or https://host/path (DICOMweb).",
        show_default=False,
    ),
]
AetOption = Annotated[
    str, typer.Option("--aet", help="AE title that this computer calls itself by (DIMSE).")
]
TimeoutOption = Annotated[
    float,
    typer.Option("--timeout", min=0.1, help="Seconds without an answer before giving up."),
]
_MOST_STUDIES = 50


@app.command("echo", short_help="Check that a server answers and accepts this computer.")
def echo(
    server: Address,
    aet: AetOption = DEFAULT_AET,
    timeout: TimeoutOption = DEFAULT_TIMEOUT,
    as_json: JsonOption = None,
) -> None:
    """Check that a server answers and accepts this computer."""
    with stdout_kept_clean():
        archive = _open(server, aet, timeout)
        archive.echo()
    report = {"schema": "medvlp/pacs-echo/1", "server": archive.name}
    show(report, as_json, lambda: f"{archive.name} answers.")


@app.command("find", short_help="List the studies that match, or the series of one.")
def find(
    server: Address,
    patient_id: Annotated[
        str, typer.Option("--patient-id", help="Id of the patient; * and ? are wildcards.")
    ] = "",
    accession: Annotated[str, typer.Option("--accession", help="Accession number.")] = "",
    earliest: Annotated[
        str, typer.Option("--from", metavar="DATE", help="First day, YYYY-MM-DD.")
    ] = "",
    latest: Annotated[str, typer.Option("--to", metavar="DATE", help="Last day.")] = "",
    modality: Annotated[
        str, typer.Option("--modality", help="CT, CR, DX, ...: studies that have such a series.")
    ] = "",
    description: Annotated[
        str, typer.Option("--description", help="Text in the description of the study.")
    ] = "",
    study: Annotated[
        str | None, typer.Option("--study", metavar="UID", help="List the series of this study.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="Most studies.")] = (
        _MOST_STUDIES
    ),
    show_names: Annotated[
        bool, typer.Option("--show-names", help="Show names and ids of patients.")
    ] = False,
    aet: AetOption = DEFAULT_AET,
    timeout: TimeoutOption = DEFAULT_TIMEOUT,
    as_json: JsonOption = None,
) -> None:
    """List the studies that match all that is asked for, without names of patients.

    With --study, list the series of one study instead. The exit status is 3 when nothing matches.
    """
    from medvlp.cli import pacs_report
    from medvlp.network.server import StudyFilter

    if study is not None:
        _list_series(server, study, aet, timeout, as_json)
        return
    for option, text in (
        *(("--patient-id", patient_id), ("--accession", accession)),
        *(("--modality", modality), ("--description", description)),
    ):
        _refuse_unusable(option, text)
    days = _days(earliest, latest)
    wanted = StudyFilter(patient_id, accession, *days, modality, description, limit)
    with stdout_kept_clean():
        archive = _open(server, aet, timeout)
        studies = archive.find(wanted)
    report = pacs_report.found(archive.name, studies, show_names)
    show(report, as_json, lambda: pacs_report.studies_table(report, show_names))
    _say_what_is_lacking(len(studies), archive, wanted)


@app.command("get", short_help="Fetch a study, or some of its series, into a folder.")
def get(
    server: Address,
    study: Annotated[str, typer.Argument(metavar="STUDY_UID", help="From `medvlp pacs find`.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder; made if missing.")],
    series: Annotated[
        list[str] | None,
        typer.Option("--series", metavar="UID", help="Only this series; may be repeated."),
    ] = None,
    aet: AetOption = DEFAULT_AET,
    timeout: TimeoutOption = DEFAULT_TIMEOUT,
    as_json: JsonOption = None,
) -> None:
    """Fetch a study into a folder: one folder per series, files named by the UIDs of the images.

    Every file is whole or absent. Run it again after an interruption: what is there is kept, and
    only the rest is fetched. The files hold the names of their patients.
    """
    from medvlp.cli import pacs_report
    from medvlp.network.inbox import Inbox
    from medvlp.network.uids import checked_uid

    wanted = [checked_uid(uid, "series UID") for uid in series or ()]
    inbox = Inbox(checked_folder(out), study)
    with stdout_kept_clean(), progress_bar() as progress:
        archive = _open(server, aet, timeout)
        archive.get(inbox, wanted, progress)
    report = pacs_report.fetched(archive.name, inbox)
    show(report, as_json, lambda: pacs_report.fetched_table(report))
    for reason, count in inbox.refused.items():
        notice(f"{count} images were turned away: {reason}.")
    if inbox.missing:
        notice(
            f"{inbox.missing} images of the study did not come whole. Run the command again to "
            "fetch them."
        )
    if inbox.refused or inbox.missing:
        raise typer.Exit(MedVLPError.exit_status)


@app.command("send", short_help="Store DICOM files and folders on a server.")
def send(
    server: Address,
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH...", help="DICOM files, or folders with some."),
    ],
    aet: AetOption = DEFAULT_AET,
    timeout: TimeoutOption = DEFAULT_TIMEOUT,
    as_json: JsonOption = None,
) -> None:
    """Store DICOM files on a server, such as those of `medvlp ground --format dicom`.

    A file that is refused is reported and the others go on; the exit status is then 3.
    """
    from medvlp.cli import pacs_report
    from medvlp.network.outbox import files_to_send

    with stdout_kept_clean(), progress_bar() as progress:
        archive = _open(server, aet, timeout)
        results = archive.send(files_to_send(paths), progress)
    report = pacs_report.sent(archive.name, results)
    show(report, as_json, lambda: pacs_report.sent_table(report))
    refused = sum(not result.stored for result in results)
    if refused:
        notice(f"{refused} of {len(results)} files were not stored.")
        raise typer.Exit(MedVLPError.exit_status)


def _open(address: str, aet: str, timeout: float) -> Server:
    from medvlp.network.server import open_server

    return open_server(address, aet=aet, timeout=timeout)


def _list_series(server: str, study: str, aet: str, timeout: float, as_json: bool | None) -> None:
    from medvlp.cli import pacs_report

    with stdout_kept_clean():
        archive = _open(server, aet, timeout)
        series = archive.series(study)
    report = pacs_report.series_found(archive.name, study.strip(), series)
    show(report, as_json, lambda: pacs_report.series_table(report))


def _say_what_is_lacking(found: int, archive: Server, wanted: StudyFilter) -> None:
    if not found:
        notice(
            f"No study on {archive.name} matches. Ask for less, or with wildcards: archives compare "
            "whole values, some of them with upper and lower case."
        )
        raise typer.Exit(MedVLPError.exit_status)
    if found >= wanted.limit:
        notice(f"There may be more than these {found} studies; --limit shows more.")


def _days(earliest: str, latest: str) -> tuple[str, str]:
    """Both ends of a range, each as DICOM writes it."""
    days = _day("--from", earliest), _day("--to", latest)
    if all(days) and days[0] > days[1]:
        raise typer.BadParameter("--from is after --to.")
    return days


def _day(option: str, text: str) -> str:
    """A day as DICOM writes it; "" for none."""
    if not text:
        return ""
    try:
        if not re.fullmatch(r"\d{4}-?\d{2}-?\d{2}", text.strip(), re.ASCII):
            raise ValueError
        return date.fromisoformat(text.strip()).strftime("%Y%m%d")
    except ValueError:
        raise typer.BadParameter(
            f"{option}: expected a day as 2026-01-31; found {text!r}."
        ) from None


def _refuse_unusable(option: str, text: str) -> None:
    """A backslash separates values in DICOM: what is typed is one value."""
    if "\\" in text or not text.isprintable():
        raise typer.BadParameter(f"{option}: expected one value, without a backslash.")
